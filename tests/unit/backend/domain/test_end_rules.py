"""What an end makes of a session, and which late presses count no more."""

from datetime import UTC, datetime, timedelta

import pytest

from liftbay_backend.domain.end_rules import (
    EndReason,
    LastJoin,
    is_superseded,
    judge_end,
    reason_of_press,
    start_due_at,
)
from liftbay_backend.domain.ids import AttemptId
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import SessionStatus

T0 = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST, SECOND = AttemptId("first"), AttemptId("second")


@pytest.mark.parametrize(
    ("paid_seconds", "status"),
    [
        (59.999, SessionStatus.CANCELLED),
        (60.0, SessionStatus.COMPLETED),
        (3600.0, SessionStatus.COMPLETED),
    ],
)
def test_a_session_of_a_few_seconds_is_never_paid(
    paid_seconds: float, status: SessionStatus
) -> None:
    verdict = judge_end(paid_seconds)

    assert verdict.status is status
    assert verdict.billable == (status is SessionStatus.COMPLETED)


@pytest.mark.parametrize("asked", [EndReason.ENDED_BY_CUSTOMER, EndReason.ENDED_BY_MECHANIC])
def test_nobody_ends_a_session_in_the_other_ones_name(asked: EndReason) -> None:
    assert reason_of_press(asked, Side.CUSTOMER) is EndReason.ENDED_BY_CUSTOMER
    assert reason_of_press(asked, Side.MECHANIC) is EndReason.ENDED_BY_MECHANIC


def test_a_closed_window_is_recorded_as_one() -> None:
    assert reason_of_press(EndReason.WINDOW_CLOSED, Side.MECHANIC) is EndReason.WINDOW_CLOSED


@pytest.mark.parametrize(
    ("attempt", "last_join", "superseded"),
    [
        (FIRST, None, False),
        (FIRST, LastJoin(FIRST, T0 - timedelta(seconds=9)), False),
        (FIRST, LastJoin(SECOND, T0 - timedelta(seconds=9)), False),
        (FIRST, LastJoin(SECOND, T0 + timedelta(seconds=9)), True),
        (FIRST, LastJoin(FIRST, T0 + timedelta(seconds=9)), False),
        (None, LastJoin(SECOND, T0 + timedelta(seconds=9)), True),
        (FIRST, LastJoin(None, T0 + timedelta(seconds=9)), True),
    ],
    ids=[
        "never joined",
        "joined before",
        "other attempt before",
        "came back with another attempt",
        "SDK reconnect keeps the attempt",
        "press without attempt",
        "join without attempt",
    ],
)
def test_a_press_counts_no_more_after_a_later_join(
    attempt: AttemptId | None, last_join: LastJoin | None, superseded: bool
) -> None:
    assert is_superseded(T0, attempt, last_join, T0 + timedelta(minutes=1)) is superseded


@pytest.mark.parametrize(
    ("ahead_seconds", "attempt", "joined", "superseded"),
    [
        (3600, FIRST, SECOND, True),
        (3600, FIRST, FIRST, False),
        (3600, None, SECOND, False),
        (3600, FIRST, None, False),
        (2, FIRST, SECOND, False),
        (2.1, FIRST, SECOND, True),
    ],
)
def test_a_press_from_the_future_is_judged_by_its_attempt_alone(
    ahead_seconds: float, attempt: AttemptId | None, joined: AttemptId | None, superseded: bool
) -> None:
    now = T0 + timedelta(minutes=1)
    last_join = LastJoin(joined, T0 + timedelta(seconds=9))

    pressed_at = now + timedelta(seconds=ahead_seconds)

    assert is_superseded(pressed_at, attempt, last_join, now) is superseded


@pytest.mark.parametrize(
    ("accepted", "booked", "due"),
    [(0, None, 15), (0, 120, 135), (14, 1, 29), (None, 3, 18), (None, None, None)],
)
def test_the_window_to_start_begins_at_the_later_of_acceptance_and_booked_time(
    accepted: int | None, booked: int | None, due: int | None
) -> None:
    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None else T0 + timedelta(minutes=minutes)

    assert start_due_at(at(accepted), at(booked), 900) == at(due)
