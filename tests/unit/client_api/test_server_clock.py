"""The paid clock as the client sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_api.server_clock import ClockOffset, ServerClock, epoch_ns, estimate_offset
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


def test_the_sample_with_the_shortest_round_trip_is_kept() -> None:
    ours = ServerClock(FakeClock())

    for error_ns, offset_ns in ((5, 50), (9, 90), (2, 20), (2, 21), (7, 70)):
        ours.add_offset(ClockOffset(offset_ns, error_ns))

    assert ours.offset == ClockOffset(21, 2)


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
