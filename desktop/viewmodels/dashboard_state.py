"""What the dashboards show: rows of sessions, requests, and what can be done with each."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

from client_api.wire import (
    OpenRequest,
    PaymentStatus,
    Plan,
    ReadinessState,
    RequestId,
    Role,
    Session,
    SessionEndReason,
    SessionId,
    SessionStatus,
    SessionType,
    Urgency,
    Vehicle,
    WorkState,
)
from desktop.viewmodels.command import Command, On
from desktop.viewmodels.service_time import ServiceTime
from desktop.viewmodels.trouble import Trouble

SessionCommand: TypeAlias = On[SessionId]

ACTIVE_STATUSES = (SessionStatus.WAITING, SessionStatus.LIVE, SessionStatus.RECONNECTING)
AHEAD_STATUSES = (SessionStatus.PENDING, SessionStatus.SCHEDULED, SessionStatus.ACCEPTED)


class Phase(Enum):
    """How far a page's first fetch is."""

    LOADING = auto()
    READY = auto()
    FAILED = auto()


class NewsKind(Enum):
    """Short notices of a dashboard."""

    FASTER = auto()
    ACCEPTED_BY_ME = auto()
    MECHANIC_FOUND = auto()
    NEW_REQUEST = auto()
    REQUEST_GONE = auto()
    NOT_DONE = auto()
    OTHER_SIDE_READY = auto()
    SETTING_IGNORED = auto()


class Setting(Enum):
    """What a profile's settings say of the service, the machine and the look."""

    SERVICE = "service"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    THEME = "theme"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class IgnoredSetting:
    """A setting that cannot be used, so that its default holds.

    Attributes:
        code: what is wrong with it, for support.
        words: the same for a person at a terminal, with what they wrote; never for a log.
    """

    setting: Setting
    code: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class News:
    """One notice. A higher ``number`` is a new one, even with the same words."""

    number: int
    kind: NewsKind
    name: str = ""
    trouble: Trouble | None = None
    ignored: IgnoredSetting | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that is still to come or runs.

    Attributes:
        their_readiness: how far the other side is on the way into the room.
        age_s: seconds since it was accepted, or else submitted.
        left_s: paid seconds left; None before the start.
        join: opens the preflight; None where there is nothing to join from here.
    """

    session: SessionId
    status: SessionStatus
    type: SessionType
    my_role: Role
    name: str
    vehicle: Vehicle
    concern: str
    plan: Plan
    minutes: int
    payment: PaymentStatus
    their_readiness: ReadinessState
    age_s: int | None
    left_s: int | None
    join: SessionCommand | None
    cancel: SessionCommand | None


@dataclass(frozen=True, slots=True)
class PastRow:
    """A session that is over. ``ended_at_iso`` is the service's time, with offset."""

    session: SessionId
    status: SessionStatus
    reason: SessionEndReason | None
    name: str
    vehicle: Vehicle
    ended_at_iso: str
    minutes: int
    amount_cents: int
    currency: str
    payout: WorkState | None
    payment: PaymentStatus
    open: SessionCommand


@dataclass(frozen=True, slots=True)
class RequestCard:
    """An open request as a mechanic sees it. ``accept`` is None while one is being accepted."""

    request: RequestId
    vehicle: Vehicle
    concern: str
    urgency: Urgency
    plan: Plan
    type: SessionType
    minutes: int
    share_cents: int
    currency: str
    age_s: int | None
    scheduled_for_iso: str | None
    is_accepting: bool
    accept: On[RequestId] | None


@dataclass(frozen=True, slots=True)
class DashboardState:
    """What a dashboard shows, for either role.

    Attributes:
        is_offline: nothing new arrives now; what is shown may be old.
        is_available: whether the mechanic takes requests; None for a customer.
    """

    role: Role
    phase: Phase = Phase.LOADING
    trouble: Trouble | None = None
    is_offline: bool = False
    active: tuple[SessionRow, ...] = ()
    ahead: tuple[SessionRow, ...] = ()
    past: tuple[PastRow, ...] = ()
    requests: tuple[RequestCard, ...] = ()
    is_available: bool | None = None
    news: News | None = None
    toggle_available: Command | None = None
    new_consultation: Command | None = None
    all_sessions: Command | None = None
    retry: Command | None = None


def session_row(
    session: Session,
    time: ServiceTime,
    *,
    join: SessionCommand | None,
    cancel: SessionCommand | None,
) -> SessionRow:
    """Return the row of a session that is not over."""
    is_live = session.status in (SessionStatus.LIVE, SessionStatus.RECONNECTING)
    sides = session.readiness
    theirs = sides.mechanic if session.my_role is Role.CUSTOMER else sides.customer
    return SessionRow(
        session=session.id,
        status=session.status,
        type=session.type,
        my_role=session.my_role,
        name=session.counterpart.name if session.counterpart else "",
        vehicle=session.vehicle,
        concern=session.concern,
        plan=session.plan,
        minutes=session.total_seconds // 60,
        payment=session.payment_status,
        their_readiness=theirs.state,
        age_s=time.age_s(session.accepted_at or session.created_at),
        left_s=time.left_s(session.clock) if is_live else None,
        join=join,
        cancel=cancel,
    )


def past_row(session: Session, open_it: SessionCommand) -> PastRow:
    """Return the row of a session that is over; money as this role sees it."""
    is_mechanic = session.my_role is Role.MECHANIC
    share = session.mechanic_share_cents or 0
    settlement = session.settlement
    payout = settlement.payout_state if settlement and is_mechanic else None
    if is_mechanic and settlement and settlement.payout_cents is not None:
        share = settlement.payout_cents
    status = session.status
    if status is SessionStatus.REFUNDED and session.payment_status is PaymentStatus.PAID:
        # The money was on its way back and came to nothing; the status cannot go back (0051).
        status = SessionStatus.COMPLETED
    ended = session.end.ended_at if session.end else session.ended_at or session.created_at
    seconds = session.end.duration_seconds if session.end else 0.0
    return PastRow(
        session=session.id,
        status=status,
        reason=session.end.reason if session.end else None,
        name=session.counterpart.name if session.counterpart else "",
        vehicle=session.vehicle,
        ended_at_iso=ended.isoformat(),
        minutes=round(seconds / 60),
        amount_cents=share if is_mechanic else session.price_cents,
        currency=session.currency,
        payout=payout,
        payment=session.payment_status,
        open=open_it,
    )


def request_card(
    request: OpenRequest, time: ServiceTime, *, is_accepting: bool, accept: On[RequestId] | None
) -> RequestCard:
    """Return the card of an open request."""
    later = request.scheduled_for
    return RequestCard(
        request=request.id,
        vehicle=request.vehicle,
        concern=request.concern,
        urgency=request.urgency,
        plan=request.plan,
        type=request.type,
        minutes=request.total_seconds // 60,
        share_cents=request.mechanic_share_cents,
        currency=request.currency,
        age_s=time.age_s(request.opened_at),
        scheduled_for_iso=later.isoformat() if later else None,
        is_accepting=is_accepting,
        accept=accept,
    )
