"""Service time never jumps; the fake keeps the same promises."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.clock import Clock, SystemClock, TimeReading, wire_time
from tests.fakes.service_clock import NOON, FakeServiceClock


class Ticks:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 500.0

    def __call__(self) -> float:
        return self.seconds


def reading(
    moment: datetime, ticks: Ticks, *, way_there_s: float = 0.0, way_back_s: float = 0.0
) -> TimeReading:
    """Let time pass for a question, and return what a clock that says `moment` then answers."""
    asked_at = ticks.seconds
    ticks.seconds += way_there_s + way_back_s
    return TimeReading(moment, asked_at, ticks.seconds)


def test_the_clock_goes_on_from_its_anchor_whatever_the_machine_says() -> None:
    last_year = datetime(2025, 1, 1, tzinfo=UTC)
    ticks = Ticks()
    clock = SystemClock(last_year, monotonic=ticks)

    ticks.seconds += 90

    assert clock.now() == last_year + timedelta(seconds=90)


def test_without_an_anchor_it_begins_with_the_machines_time() -> None:
    assert abs(SystemClock().now().timestamp() - time.time()) < 1


def test_it_takes_the_databases_time_at_once() -> None:
    ticks = Ticks()
    clock = SystemClock(NOON, monotonic=ticks)

    moved = clock.set_by(reading(NOON + timedelta(hours=3), ticks, way_there_s=0.1, way_back_s=0.1))

    # Half of the way there and back had passed since the database looked.
    assert clock.now() == NOON + timedelta(hours=3, seconds=0.1)
    assert moved == pytest.approx(3 * 3600 - 0.1)


@pytest.mark.parametrize("drift_s", [1.0, -1.0])
def test_drift_is_made_good_slowly_and_never_backwards(drift_s: float) -> None:
    ticks = Ticks()
    clock = SystemClock(NOON, monotonic=ticks)

    behind = clock.follow(reading(NOON + timedelta(seconds=drift_s), ticks))

    assert behind == drift_s
    seen = [clock.now()]
    for _ in range(400):
        ticks.seconds += 1
        seen.append(clock.now())
    steps = [(after - before).total_seconds() for before, after in pairwise(seen)]
    assert max(abs(step - 1) for step in steps) < 0.0051
    assert seen[0] == NOON
    assert seen[-1] == NOON + timedelta(seconds=400 + drift_s)


@pytest.mark.parametrize("step_s", [2.1, -2.1, 86_400.0])
def test_a_step_of_the_other_clock_moves_nothing(step_s: float) -> None:
    ticks = Ticks()
    clock = SystemClock(NOON, monotonic=ticks)

    told = clock.follow(reading(NOON + timedelta(seconds=step_s), ticks))
    ticks.seconds += 1000

    assert told == step_s
    assert clock.now() == NOON + timedelta(seconds=1000)


def test_what_a_reading_cannot_know_is_no_drift() -> None:
    ticks = Ticks()
    clock = SystemClock(NOON, monotonic=ticks)

    clock.follow(reading(NOON + timedelta(seconds=0.4), ticks, way_there_s=0.4, way_back_s=0.4))
    ticks.seconds += 100

    assert clock.now() == NOON + timedelta(seconds=100.8)


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(-5, 5)), max_size=30))
def test_service_time_never_goes_back_whatever_it_follows(
    moves: list[tuple[float, float]],
) -> None:
    ticks = Ticks()
    clock = SystemClock(NOON, monotonic=ticks)
    last = clock.now()
    for passes_s, ahead_s in moves:
        ticks.seconds += passes_s
        clock.follow(reading(clock.now() + timedelta(seconds=ahead_s), ticks))
        now = clock.now()
        assert now >= last
        last = now


@pytest.mark.parametrize("clock", [SystemClock(), FakeServiceClock()])
def test_every_clock_is_aware_and_only_grows(clock: Clock) -> None:
    first, second = clock.now(), clock.now()

    assert first.utcoffset() == timedelta(0)
    assert second >= first
    assert clock.monotonic() <= clock.monotonic()


def test_the_fake_moves_both_clocks_together() -> None:
    clock = FakeServiceClock()
    before = clock.monotonic()

    clock.advance(minutes=5)

    assert clock.now() == NOON + timedelta(minutes=5)
    assert clock.monotonic() - before == 300


def test_the_fake_never_goes_back() -> None:
    with pytest.raises(ValueError, match="back"):
        FakeServiceClock().advance(seconds=-1)


def test_wire_times_have_milliseconds_and_an_offset() -> None:
    moment = datetime(2026, 11, 22, 12, 0, 41, 250_400, tzinfo=UTC)

    assert wire_time(moment) == "2026-11-22T12:00:41.250+00:00"
