"""Sessions, their clock and their end; requests; what follows an end."""

from typing import Annotated, Literal

from pydantic import Field

from liftbay_backend.domain.end_rules import EndedBy, EndReason
from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_clock import ClockState
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import PaymentStatus, ReadinessState, SettlementState
from liftbay_backend.openapi.answers.base import (
    Cents,
    Count,
    Counterpart,
    Currency,
    Moment,
    Seconds,
    SessionVehicle,
    Shape,
    Uuid,
)
from liftbay_backend.openapi.answers.files import SharedFile

Urgency = Literal["now", "soon", "whenever"]


class Clock(Shape):
    """The service's account of paid time; clients ignore one with a lower revision."""

    revision: Count
    server_now: Moment
    state: ClockState
    started_at: Moment | None
    ends_at: Moment | None = Field(description="Null unless the clock runs.")
    remaining_seconds: Seconds
    total_seconds: Count
    paused_seconds: Seconds
    warnings: list[int] = Field(description="Remaining seconds at which clients warn.")


class SideReadiness(Shape):
    """How far one side says it is."""

    state: ReadinessState
    rung: Annotated[int, Field(ge=0, le=6)] | None = Field(description="Its publish rung.")


class BothReadiness(Shape):
    """How far both sides say they are."""

    customer: SideReadiness
    mechanic: SideReadiness


class SideReadinessSeen(SideReadiness):
    """How far one side says it is, and whether the media server sees it."""

    in_room: bool


class BothReadinessSeen(Shape):
    """Both sides, as they say and as the media server sees them."""

    customer: SideReadinessSeen
    mechanic: SideReadinessSeen


class End(Shape):
    """How a session came to its end."""

    reason: EndReason
    ended_by: EndedBy
    ended_at: Moment
    duration_seconds: Seconds
    billable: bool


class Settlement(Shape):
    """How far what follows the end is.

    What concerns the payout is null to a customer, and in a session's own stream, which both read;
    a payout that does not move leaves `state` at done to them.
    """

    state: SettlementState
    payout_cents: Cents | None
    payout_state: Literal["pending", "not_due", "paid", "failed", "reversed"] | None
    payout_error: Literal["no_account", "declined", "provider_down"] | None = Field(
        description="Why money has not moved so far."
    )
    crm_state: Literal["pending", "not_due", "delivered", "failed"]
    upsell_count: Count


class Session(Shape):
    """One consultation as the caller's side sees it."""

    id: Uuid
    type: SessionType
    status: SessionStatus
    plan: str
    total_seconds: Count
    price_cents: Cents
    currency: Currency
    payment_status: PaymentStatus
    mechanic_share_cents: Cents | None = Field(description="Null to a customer.")
    created_at: Moment
    accepted_at: Moment | None
    scheduled_for: Moment | None
    started_at: Moment | None
    ended_at: Moment | None
    vehicle: SessionVehicle
    concern: str
    urgency: Urgency
    request_id: Uuid | None
    my_role: Literal["customer", "mechanic", "support"]
    counterpart: Counterpart | None
    clock: Clock
    readiness: BothReadiness
    end: End | None
    settlement: Settlement | None


class Sessions(Shape):
    """A page of sessions, newest first."""

    sessions: list[Session] = Field(max_length=50)
    next_before: str | None = Field(description="`before` of the next page; null on the last.")


class Payment(Shape):
    """How far a payment is, and the page to pay on where there is one to be filled in."""

    status: PaymentStatus
    checkout_url: str | None


class StartedIntake(Shape):
    """The session of an intake, and where to pay for it."""

    session: Session
    payment: Payment


class OpenRequest(Shape):
    """A request as mechanics see it: nothing says who the customer is."""

    id: Uuid
    session_id: Uuid
    plan: str
    type: SessionType
    total_seconds: Count
    mechanic_share_cents: Cents
    currency: Currency
    vehicle: SessionVehicle
    concern: str
    urgency: Urgency
    opened_at: Moment
    expires_at: Moment
    scheduled_for: Moment | None


class OpenRequests(Shape):
    """Every open, paid request, newest first."""

    requests: list[OpenRequest]


class AcceptedRequest(Shape):
    """The session that a mechanic has now."""

    session: Session


class RoomToken(Shape):
    """The way into the session's room."""

    url: str
    token: str
    room: str
    identity: str
    role: Side
    attempt: Uuid


class StartedSession(Shape):
    """The paid time runs."""

    status: SessionStatus
    clock: Clock


class EndedSession(Shape):
    """How the session stands after the wish to end it; `end` is null where it was ignored."""

    status: SessionStatus
    end: End | None
    settlement: Settlement | None


class Finding(Shape):
    """One finding of the mechanic."""

    title: str
    detail: str
    severity: Literal["now", "soon", "watch", "ok"]
    cost_low_cents: Cents | None
    cost_high_cents: Cents | None


class Rating(Shape):
    """What the customer thought of it."""

    stars: Annotated[int, Field(ge=1, le=5)]
    comment: str


class Upsell(Shape):
    """An offer after a session."""

    id: Uuid
    code: str
    title: str
    detail: str
    action: str


class Upsells(Shape):
    """A session's offers; none before its settlement."""

    upsells: list[Upsell]


class SummaryLine(Shape):
    """One thing that was paid for."""

    label: str
    minutes: Count
    amount_cents: Cents


class Summary(Shape):
    """The report of an ended session."""

    session_id: Uuid
    status: SessionStatus
    my_role: Literal["customer", "mechanic", "support"]
    counterpart: Counterpart | None
    vehicle: SessionVehicle
    concern: str
    started_at: Moment | None
    ended_at: Moment | None
    duration_seconds: Seconds
    end: End | None
    findings: list[Finding]
    notes_text: str
    snapshots: list[SharedFile]
    files: list[SharedFile]
    lines: list[SummaryLine]
    paid_cents: Annotated[Cents, Field(ge=0, description="What came in, refunds not taken off.")]
    refunded_cents: Annotated[Cents, Field(ge=0, description="What went back of it.")]
    currency: Currency
    mechanic_share_cents: Cents | None = Field(description="Null to a customer.")
    rating: Rating | None
    settlement: Settlement | None
    upsells: list[Upsell]


class EarningsRow(Shape):
    """What one session brought."""

    session_id: Uuid
    customer_name: str
    vehicle: SessionVehicle
    ended_at: Moment | None
    duration_seconds: Seconds
    amount_cents: Cents
    state: Literal["paid", "owed", "failed", "reversed"] = Field(
        description="failed: the payout was refused so far; it is owed, and tried again."
    )


class Earnings(Shape):
    """What a mechanic was paid and is owed; `owed_cents` is below zero while some goes back."""

    currency: Currency
    settled_cents: Cents
    owed_cents: Cents
    sessions: list[EarningsRow]
