"""Paid time under start, pause, resume, extension and stop."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.domain.session_clock import (
    ClockState,
    SessionClock,
    extend,
    pause,
    resume,
    start,
    stop,
)

T0 = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def fresh(total_seconds: int = 3600) -> SessionClock:
    return SessionClock(1, ClockState.NOT_STARTED, total_seconds, None, None, None, 0.0, None)


def test_a_started_clock_ends_after_its_total() -> None:
    clock = start(fresh(90), at(0))

    assert clock.state is ClockState.RUNNING
    assert clock.ends_at == at(90)
    assert clock.remaining_seconds(at(30)) == 60
    assert clock.remaining_seconds(at(91)) == 0


def test_starting_twice_changes_nothing() -> None:
    clock = start(fresh(), at(0))

    assert start(clock, at(50)) is clock


def test_a_pause_dated_back_gives_the_seconds_back() -> None:
    clock = pause(start(fresh(100), at(0)), at(40))

    assert clock.state is ClockState.PAUSED
    assert clock.ends_at is None
    assert clock.remaining_seconds(at(75)) == 60
    assert clock.paused_seconds_until(at(75)) == 35


def test_a_resumed_clock_ends_later_by_the_pause() -> None:
    clock = resume(pause(start(fresh(100), at(0)), at(40)), at(70))

    assert clock.state is ClockState.RUNNING
    assert clock.ends_at == at(130)
    assert clock.paused_seconds == 30


def test_no_second_is_given_back_twice_when_two_absences_overlap() -> None:
    """The second one's absence is dated back into the first pause."""
    clock = resume(pause(start(fresh(100), at(0)), at(40)), at(50))

    again = pause(clock, at(45))

    assert again.paused_at == at(50)
    assert again.remaining_seconds(at(60)) == 60


def test_a_pause_is_never_dated_before_the_start() -> None:
    clock = pause(start(fresh(100), at(0)), at(-20))

    assert clock.remaining_seconds(at(5)) == 100


def test_an_extension_moves_the_end_of_a_running_clock() -> None:
    clock = extend(start(fresh(100), at(0)), 900)

    assert clock.ends_at == at(1000)
    assert clock.total_seconds == 1000


def test_an_extension_during_a_pause_waits_with_the_rest() -> None:
    clock = extend(pause(start(fresh(100), at(0)), at(40)), 900)

    assert clock.ends_at is None
    assert clock.remaining_seconds(at(500)) == 960


def test_an_ended_clock_refuses_an_extension() -> None:
    with pytest.raises(ValueError, match="ended"):
        extend(stop(start(fresh(), at(0)), at(1)), 60)


@pytest.mark.parametrize("seconds", [0, -1])
def test_an_extension_of_nothing_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        extend(fresh(), seconds)


def test_stopping_keeps_what_was_left_for_ever() -> None:
    clock = stop(start(fresh(100), at(0)), at(30))

    assert clock.state is ClockState.ENDED
    assert clock.remaining_seconds(at(9999)) == 70
    assert clock.paid_seconds(at(9999)) == 30


def test_stopping_in_a_pause_counts_the_pause_but_no_paid_time() -> None:
    clock = stop(pause(start(fresh(100), at(0)), at(40)), at(640))

    assert clock.paused_seconds == 600
    assert clock.paid_seconds(at(700)) == 40


def test_a_clock_that_never_started_used_nothing() -> None:
    assert stop(fresh(100), at(5)).paid_seconds(at(5)) == 0


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["pause", "resume", "extend", "stop"]),
        st.floats(0, 300, allow_nan=False),
        st.floats(0, 25, allow_nan=False),
    ),
    max_size=12,
)


@given(MOVES)
def test_paid_and_paused_time_always_add_up_to_the_time_since_the_start(
    moves: list[tuple[str, float, float]],
) -> None:
    clock = start(fresh(7200), at(0))
    now = 0.0
    for move, wait, back in moves:
        now += wait
        before = clock.revision
        match move:
            case "pause":
                clock = pause(clock, at(now - back))
            case "resume":
                clock = resume(clock, at(now))
            case "extend" if clock.state is not ClockState.ENDED:
                clock = extend(clock, 60)
            case _:
                break
        assert clock.revision in (before, before + 1)

    if clock.state is not ClockState.ENDED and clock.remaining_seconds(at(now)) > 0:
        total = clock.paid_seconds(at(now)) + clock.paused_seconds_until(at(now))
        assert total == pytest.approx(now, abs=1e-3)
        assert (clock.ends_at is not None) == (clock.state is ClockState.RUNNING)
