"""How a session ends: which status follows, who is named, and what came too late to count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from liftbay_backend.domain.ids import AttemptId
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import SessionStatus

BILLABLE_MINIMUM_SECONDS: Final = 60
CLOCK_TOLERANCE: Final = timedelta(seconds=2)
"""How far a client's estimate of our time may be ahead; it is off by half a round trip at most."""
ROOM_OPEN_AFTER_END_SECONDS: Final = 10.0
"""Clients leave first; a room deleted under them can strand a capture thread (livekit.md 7.4)."""


class EndReason(StrEnum):
    """Why a session is over; a person's press, or the service's own decision."""

    ENDED_BY_CUSTOMER = "ended_by_customer"
    ENDED_BY_MECHANIC = "ended_by_mechanic"
    WINDOW_CLOSED = "window_closed"
    TIME_UP = "time_up"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNATTENDED = "unattended"


class EndedBy(StrEnum):
    """Who ended a session."""

    CUSTOMER = "customer"
    MECHANIC = "mechanic"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class EndVerdict:
    """What an end makes of a live session."""

    status: SessionStatus
    billable: bool


@dataclass(frozen=True, slots=True)
class LastJoin:
    """A person's latest arrival in the room; `attempt` is None when the SFU did not tell it."""

    attempt: AttemptId | None
    at: datetime


def judge_end(paid_seconds: float, minimum_seconds: float = BILLABLE_MINIMUM_SECONDS) -> EndVerdict:
    """Decide what an end makes of a started session: a session of a few seconds is never paid."""
    if paid_seconds >= minimum_seconds:
        return EndVerdict(SessionStatus.COMPLETED, billable=True)
    return EndVerdict(SessionStatus.CANCELLED, billable=False)


def start_due_at(
    accepted_at: datetime | None, scheduled_for: datetime | None, window_seconds: float
) -> datetime | None:
    """Return the instant from which on an unstarted session is over; None if nothing is promised.

    The window begins at the acceptance or at the booked time, whichever is later: a request that
    was booked for soon may be accepted after that.
    """
    promised = [one for one in (accepted_at, scheduled_for) if one is not None]
    return max(promised) + timedelta(seconds=window_seconds) if promised else None


def reason_of_press(asked: EndReason, side: Side) -> EndReason:
    """Return the reason that is recorded: nobody can end a session in the other one's name."""
    if asked is EndReason.WINDOW_CLOSED:
        return asked
    if side is Side.CUSTOMER:
        return EndReason.ENDED_BY_CUSTOMER
    return EndReason.ENDED_BY_MECHANIC


def is_superseded(
    pressed_at: datetime, attempt: AttemptId | None, last_join: LastJoin | None, now: datetime
) -> bool:
    """Tell whether that person joined again, with another attempt, after pressing End.

    A full reconnect of the SDK keeps its attempt and so takes no press back. A press without an
    attempt, or a join without one, is judged by its time alone. A time that has not come yet is of
    a clock that is wrong, and tells no order: such a press is judged by its attempt alone.

    Args:
        pressed_at: as the client says.
        now: the service's time.
    """
    if last_join is None:
        return False
    both_tell = attempt is not None and last_join.attempt is not None
    if pressed_at > now + CLOCK_TOLERANCE:
        return both_tell and attempt != last_join.attempt
    if last_join.at <= min(pressed_at, now):
        return False
    return not both_tell or attempt != last_join.attempt
