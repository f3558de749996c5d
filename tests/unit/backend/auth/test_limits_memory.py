"""Counting hits in memory costs no thread for each of them, and forgets what is over."""

import asyncio
import threading

import pytest
from limits.storage import MemoryStorage

from liftbay_backend.auth import limits
from liftbay_backend.auth.limits import Limits
from liftbay_backend.problems import Problem

HITS = 200


async def test_hits_start_hardly_any_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[threading.Timer] = []

    class Counted(threading.Timer):
        def start(self) -> None:
            started.append(self)
            super().start()

    monkeypatch.setattr("limits.storage.memory.threading.Timer", Counted)
    counted = Limits()
    for number in range(HITS):
        await counted.hit("1000/minute", "messages", f"session-{number}")
        # As apart as requests are: the library's own thread has ended by then.
        await asyncio.sleep(0.001)
    for timer in started:
        timer.join()

    assert 1 <= len(started) <= 3


async def test_what_is_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FORGET_EVERY_SECONDS", 0.0)
    counted = Limits()
    storage = counted._own.storage
    assert isinstance(storage, MemoryStorage)
    await counted.hit("1/second", "one", "key")
    with pytest.raises(Problem):
        await counted.hit("1/second", "one", "key")
    await asyncio.sleep(1.2)

    async with asyncio.timeout(10):
        while any(events for name, events in storage.events.items() if "/one/" in name):
            await counted.hit("1000/minute", "another")
            await asyncio.sleep(0.05)

    await counted.hit("1/second", "one", "key")
    storage.timer.join()
