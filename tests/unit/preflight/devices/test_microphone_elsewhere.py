"""A microphone's process can be ended at every moment of its life."""

import sys
import threading
import time

import psutil
import pytest

from preflight.devices.microphone_elsewhere import ElsewhereReader
from preflight.devices.source_thread import OpenFailed

SILENT = (sys.executable, "-c", "import sys; sys.stdin.read()")
"""Opens for ever, as a driver that hangs."""
DEAF = (sys.executable, "-c", "import time; time.sleep(600)")
WITHIN_S = 20.0


def children() -> set[int]:
    return {one.pid for one in psutil.Process().children()}


def test_one_that_is_killed_before_it_began_starts_no_process() -> None:
    before = children()
    reader = ElsewhereReader(SILENT)

    reader.kill()
    with pytest.raises(OpenFailed):
        reader.open()

    reader.close()
    assert children() == before


def test_one_that_hangs_while_it_opens_is_ended_by_a_kill() -> None:
    before = children()
    reader = ElsewhereReader(DEAF)
    faults: list[OpenFailed] = []

    def open_it() -> None:
        with pytest.raises(OpenFailed) as caught:
            reader.open()
        faults.append(caught.value)

    opening = threading.Thread(target=open_it)
    opening.start()
    until_s = time.monotonic() + WITHIN_S
    while children() == before and time.monotonic() < until_s:
        time.sleep(0.01)
    reader.kill()
    opening.join(WITHIN_S)

    reader.close()
    assert len(faults) == 1
    assert children() == before
