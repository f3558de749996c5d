"""Cyclic garbage ends on the window's thread."""

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.app.collector import GarbageCollector


class Cycle:
    """Garbage that only the collector finds, and that notes where it ended."""

    def __init__(self, ended_on: list[int]) -> None:
        self._me = self
        self._ended_on = ended_on

    def __del__(self) -> None:
        self._ended_on.append(threading.get_ident())


def make_many_objects() -> None:
    """Allocate until the interpreter would have collected every generation by itself."""
    kept: list[list[int]] = []
    for _ in range(300_000):
        kept.append([])
        if len(kept) > 20_000:
            kept.clear()


def on_another_thread() -> int:
    idents: list[int] = []

    def work() -> None:
        idents.append(threading.get_ident())
        make_many_objects()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return idents[0]


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    made = GarbageCollector()
    yield made
    made.stop()


def test_the_interpreter_alone_ends_garbage_on_any_thread() -> None:
    ended_on: list[int] = []
    Cycle(ended_on)

    other = on_another_thread()

    assert ended_on == [other]


def test_garbage_waits_for_the_windows_thread(qtbot: QtBot, collector: GarbageCollector) -> None:
    ended_on: list[int] = []
    collector.start()
    Cycle(ended_on)

    on_another_thread()
    before = list(ended_on)
    qtbot.waitUntil(lambda: bool(ended_on), timeout=10_000)

    assert before == []
    assert ended_on == [threading.get_ident()]


def test_afterwards_the_interpreter_collects_again(collector: GarbageCollector) -> None:
    collector.start()
    while_it_runs = gc.isenabled()
    collector.stop()

    assert not while_it_runs
    assert gc.isenabled()
