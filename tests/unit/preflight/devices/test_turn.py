"""Turns at what is there once per process: one after the other, and past who hangs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from preflight.devices.turn import Turn


def test_a_turn_waits_for_the_one_before_and_undoes_it_first() -> None:
    turn, told, inside = Turn(patience_s=30), list[str](), threading.Event()

    def second() -> None:
        with turn.taken(lambda: told.append("second"), lambda: told.append("second left")):
            inside.set()

    with ThreadPoolExecutor() as pool:
        with turn.taken(lambda: told.append("first"), lambda: told.append("first left")):
            waiting = pool.submit(second)
            assert not inside.wait(0.05)
        waiting.result(timeout=5)

    assert told == ["first", "first left", "second", "second left"]


def test_who_hangs_is_overtaken_and_left_once_and_late_comers_do_not_wait_for_it() -> None:
    turn, told, free, begun = Turn(patience_s=0.05), list[str](), threading.Event(), []

    def stuck() -> None:
        with turn.taken(lambda: begun.append(1), lambda: told.append("stuck left")):
            free.wait(5)

    with ThreadPoolExecutor() as pool:
        hung = pool.submit(stuck)
        while not begun:
            hung.done()
        for name in ("second", "third"):
            with turn.taken(partial(told.append, name), partial(told.append, f"{name} left")):
                assert not hung.done()
        free.set()
        hung.result(timeout=5)
        with turn.taken(lambda: told.append("last")):
            told.append("inside")

    assert told == [
        *("stuck left", "second", "second left", "third", "third left"),
        *("last", "inside"),
    ]


def test_an_error_inside_ends_the_turn() -> None:
    turn, told = Turn(patience_s=30), list[str]()

    try:
        with turn.taken(leave=lambda: told.append("left")):
            raise OSError("made up")
    except OSError:
        told.append("raised")
    with turn.taken():
        told.append("next")

    assert told == ["left", "raised", "next"]
