"""The absolute schedule of made sources."""

import threading

from preflight.devices.pacing import Pacer

MS = 1_000_000


def test_lateness_of_one_tick_shortens_the_next_wait() -> None:
    pacer = Pacer(10 * MS)
    pacer.plan(1000 * MS)

    waits = [pacer.plan(1004 * MS), pacer.plan(1017 * MS), pacer.plan(1020 * MS)]

    assert waits == [6 * MS, 3 * MS, 10 * MS]


def test_ticks_that_are_due_come_at_once_until_we_are_on_time_again() -> None:
    pacer = Pacer(10 * MS)
    pacer.plan(1000 * MS)

    waits = [pacer.plan(1035 * MS) for _ in range(4)]

    assert waits == [0, 0, 0, 5 * MS]


def test_after_a_sleep_of_the_machine_nothing_is_made_up_for() -> None:
    pacer = Pacer(10 * MS)
    pacer.plan(1000 * MS)

    waits = [pacer.plan(9000 * MS), pacer.plan(9000 * MS)]

    assert waits == [0, 10 * MS]


def test_sound_makes_up_for_a_longer_pause() -> None:
    pacer = Pacer(10 * MS, 100)
    pacer.plan(1000 * MS)

    waits = [pacer.plan(1900 * MS) for _ in range(90)]

    assert waits == [0] * 90
    assert pacer.plan(1900 * MS) == 10 * MS


def test_a_stop_ends_the_wait() -> None:
    pacer = Pacer(60_000 * MS)
    stop = threading.Event()
    pacer.wait(stop)
    stop.set()

    assert pacer.wait(stop) is False
