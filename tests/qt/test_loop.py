"""The loop of the client, in a process of its own: it may run only once in one."""

import os
import subprocess
import sys

from desktop.app.loop import WORKERS

RUN = """
import asyncio, threading, time
from PySide6.QtWidgets import QApplication
from desktop.app import loop as qt_loop

def work():
    time.sleep(0.02)
    return threading.current_thread().name

async def start(_loop):
    before = threading.active_count()
    await asyncio.to_thread(work)
    after_one = threading.active_count() - before
    names = await asyncio.gather(*(asyncio.to_thread(work) for _ in range(40)))
    print(after_one, len(set(names)))
    return 7

async def clean_up():
    return None

print(qt_loop.run(QApplication([]), start, lambda: None, clean_up))
"""


def test_blocking_work_gets_threads_as_needed_and_never_more_than_a_few() -> None:
    told = subprocess.run(
        [sys.executable, "-c", RUN],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    after_one, most, status = (int(word) for word in told.stdout.split())

    assert after_one == 1
    assert 1 < most <= WORKERS
    assert status == 7
