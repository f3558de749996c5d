"""Service time never jumps; the fake keeps the same promises."""

from datetime import UTC, datetime, timedelta

import pytest

from liftbay_backend.clock import Clock, SystemClock, wire_time
from tests.fakes.service_clock import NOON, FakeServiceClock


def test_the_systems_clock_goes_on_from_its_anchor_whatever_the_wall_says() -> None:
    last_year = datetime(2025, 1, 1, tzinfo=UTC)

    clock = SystemClock(last_year)

    assert timedelta(0) <= clock.now() - last_year < timedelta(seconds=5)
    assert clock.wall_step_seconds() > 300 * 86400


def test_a_fresh_system_clock_agrees_with_the_wall() -> None:
    assert abs(SystemClock().wall_step_seconds()) < 1


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
