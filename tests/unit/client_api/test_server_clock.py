"""The paid clock as the client sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_api.server_clock import (
    DRIFT_PPM,
    ClockOffset,
    ServerClock,
    epoch_ns,
    estimate_offset,
)
from client_api.wire import ClockState, SessionClock
from tests.fakes.calls import clock as session_clock
from tests.fakes.clock import FakeClock

NS = st.integers(0, 2**62)


@given(server_ns=NS, sent_ns=NS, there_ns=st.integers(0, 10**10), back_ns=st.integers(0, 10**10))
def test_the_true_offset_lies_within_the_stated_error(
    server_ns: int, sent_ns: int, there_ns: int, back_ns: int
) -> None:
    received_ns = sent_ns + there_ns + back_ns
    truth = server_ns - (sent_ns + there_ns)

    offset = estimate_offset(server_ns, sent_ns, received_ns)

    assert abs(offset.offset_ns - truth) <= offset.error_ns + 1


def test_an_answer_before_its_question_is_a_mix_up() -> None:
    with pytest.raises(ValueError, match="two clocks"):
        estimate_offset(0, 2, 1)


@given(st.integers(0, 2**52))
def test_a_time_keeps_its_microseconds(since_epoch_us: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=since_epoch_us)

    assert epoch_ns(at) == since_epoch_us * 1000


DELAYS = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**10)),
    min_size=1,
    max_size=12,
)


@given(DELAYS)
def test_many_answers_bound_the_true_offset_as_closely_as_the_quickest_ways_allow(
    delays_ns: list[tuple[int, int, int]],
) -> None:
    """The quickest way there and the quickest way back need not be those of one answer."""
    machine = FakeClock()
    ours = ServerClock(machine)
    truth = 7 * 10**18
    started_ns = machine.monotonic_ns()

    for there_ns, back_ns, pause_ns in delays_ns:
        sent_ns = machine.monotonic_ns()
        machine.move((there_ns + back_ns) / 1e9)
        received_ns = max(machine.monotonic_ns(), sent_ns + there_ns)
        ours.add_offset(estimate_offset(truth + sent_ns + there_ns, sent_ns, received_ns))
        machine.move(pause_ns / 1e9)

    offset = ours.offset
    assert offset is not None
    drift_ns = (machine.monotonic_ns() - started_ns) * DRIFT_PPM // 1_000_000
    rounding_ns = 2 * len(delays_ns) + 2_000
    assert abs(offset.offset_ns - truth) <= offset.error_ns + rounding_ns
    quickest_ns = min(there for there, _, _ in delays_ns) + min(back for _, back, _ in delays_ns)
    assert offset.error_ns <= quickest_ns // 2 + drift_ns + rounding_ns


def test_two_slow_answers_tell_more_than_the_better_of_them() -> None:
    ours = ServerClock(FakeClock())

    ours.add_offset(ClockOffset(offset_ns=100, error_ns=50))
    ours.add_offset(ClockOffset(offset_ns=180, error_ns=60))

    assert ours.offset == ClockOffset(135, 15)


def test_a_worse_answer_within_what_is_known_changes_nothing() -> None:
    ours = ServerClock(FakeClock())

    ours.add_offset(ClockOffset(20, 2))
    ours.add_offset(ClockOffset(70, 70))

    assert ours.offset == ClockOffset(20, 2)


def test_an_answer_that_contradicts_all_before_it_is_believed() -> None:
    """The service moved, or its clock was set: what was known of it is of another clock."""
    ours = ServerClock(FakeClock())

    ours.add_offset(ClockOffset(20, 2))
    ours.add_offset(ClockOffset(500, 100))

    assert ours.offset == ClockOffset(500, 100)


def test_what_is_known_loses_worth_with_time() -> None:
    """Over an hour two clocks may part by more than the paid clock may be wrong."""
    machine = FakeClock()
    ours = ServerClock(machine)
    ours.add_offset(ClockOffset(0, 1_000_000))

    machine.move(3600)
    drifted = ours.offset
    ours.add_offset(ClockOffset(200_000_000, 5_000_000))

    assert drifted == ClockOffset(0, 361_000_000)
    assert ours.offset == ClockOffset(200_000_000, 5_000_000)


def test_a_doubted_sample_serves_until_the_next_one() -> None:
    machine = FakeClock()
    ours, _ = running(machine)

    ours.doubt_offsets()
    assert ours.remaining_seconds() == pytest.approx(3600)
    ours.add_offset(ClockOffset(77, 9_000_000_000))

    assert ours.offset == ClockOffset(77, 9_000_000_000)


def running(machine: FakeClock) -> tuple[ServerClock, SessionClock]:
    clock = session_clock()
    ours = ServerClock(machine)
    ours.add_offset(ClockOffset(epoch_ns(clock.server_now) - machine.monotonic_ns(), 1_000_000))
    ours.apply(clock)
    return ours, clock


def test_a_running_clock_counts_down_with_time() -> None:
    machine = FakeClock()
    ours, _ = running(machine)

    machine.move(100.5)

    assert ours.remaining_seconds() == pytest.approx(3499.5)
    assert ours.server_now() == session_clock().server_now + timedelta(seconds=100.5)


def test_a_changed_wall_clock_moves_nothing() -> None:
    machine = FakeClock()
    ours, _ = running(machine)

    machine.set_wall_clock(datetime(2031, 1, 1, tzinfo=UTC))
    machine.move(1)

    assert ours.remaining_seconds() == pytest.approx(3599)


def test_the_clock_stops_at_zero() -> None:
    machine = FakeClock()
    ours, _ = running(machine)

    machine.move(9999)

    assert ours.remaining_seconds() == 0


@pytest.mark.parametrize("state", [ClockState.PAUSED, ClockState.NOT_STARTED, ClockState.ENDED])
def test_a_clock_that_does_not_run_stands(state: ClockState) -> None:
    machine = FakeClock()
    ours, _ = running(machine)
    ours.apply(session_clock(state, 4))

    machine.move(100)

    assert ours.remaining_seconds() == 3600


@given(st.permutations(range(1, 7)))
def test_the_highest_revision_wins_whatever_the_order(revisions: list[int]) -> None:
    ours = ServerClock(FakeClock())

    for revision in revisions:
        clock = session_clock(revision=revision)
        taken = ours.apply(clock)
        assert taken is (revision == max(revisions[: revisions.index(revision) + 1]))

    assert ours.session_clock == session_clock(revision=6)


def test_before_the_first_answer_nothing_is_known() -> None:
    ours = ServerClock(FakeClock())

    assert ours.remaining_seconds() is None
    assert ours.server_now() is None


def test_an_event_before_the_first_poll_serves_as_the_time() -> None:
    machine = FakeClock()
    ours = ServerClock(machine)
    ours.apply(session_clock())

    machine.move(10)

    assert ours.remaining_seconds() == pytest.approx(3590)
    assert ours.offset is None


def test_an_extension_grows_the_clock_at_once() -> None:
    machine = FakeClock()
    ours, clock = running(machine)
    assert clock.ends_at is not None

    ours.apply(
        msgspec.structs.replace(
            clock, revision=4, ends_at=clock.ends_at + timedelta(minutes=15), total_seconds=4500
        )
    )

    assert ours.remaining_seconds() == pytest.approx(4500)
