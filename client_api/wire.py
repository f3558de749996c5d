"""What travels between client and service, as frozen types.

Every type is the shape of a fixture in tests/contract. A field the client does not know is
ignored, a missing or wrongly typed one makes the answer broken (`BrokenAnswer`). Times are
timezone-aware, money is integer cents, durations are seconds unless the name says otherwise.
The ids and enums live in `client_api.terms` and are offered here as well; what is written down
about a session (chat, notes, quality, money, summary) is in `client_api.records`.

Must not import anything but msgspec and its neighbours `secret` and `terms`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeAlias

import msgspec

from client_api.secret import Secret
from client_api.terms import OVER_STATUSES as OVER_STATUSES
from client_api.terms import AccountId as AccountId
from client_api.terms import AttemptId as AttemptId
from client_api.terms import ClientMessageId as ClientMessageId
from client_api.terms import ClockState as ClockState
from client_api.terms import FileId as FileId
from client_api.terms import FileKind as FileKind
from client_api.terms import IdempotencyKey as IdempotencyKey
from client_api.terms import MechanicId as MechanicId
from client_api.terms import PaymentStatus as PaymentStatus
from client_api.terms import PayoutError as PayoutError
from client_api.terms import Plan as Plan
from client_api.terms import PreflightTrigger as PreflightTrigger
from client_api.terms import PresenceState as PresenceState
from client_api.terms import ReadinessState as ReadinessState
from client_api.terms import ReportId as ReportId
from client_api.terms import RequestCloseReason as RequestCloseReason
from client_api.terms import RequestId as RequestId
from client_api.terms import Role as Role
from client_api.terms import RunId as RunId
from client_api.terms import SessionEndReason as SessionEndReason
from client_api.terms import SessionId as SessionId
from client_api.terms import SessionStatus as SessionStatus
from client_api.terms import SessionType as SessionType
from client_api.terms import Severity as Severity
from client_api.terms import Urgency as Urgency
from client_api.terms import UserId as UserId
from client_api.terms import WorkState as WorkState

Time: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The base of everything in this module: immutable and tolerant of new fields."""


class Health(Wire, frozen=True):
    """GET /api/health. ``checks`` maps a part of the service to its state, `ok` if well."""

    status: str
    server_now: Time
    version: str
    min_client_version: str
    allow_synthetic: bool
    checks: dict[str, str]


class Me(Wire, frozen=True):
    """GET /api/me. A mechanic has both ids, and they always differ."""

    user_id: UserId
    mechanic_id: MechanicId | None
    name: str
    email: str
    roles: tuple[Role, ...]


def account_of(me: Me, role: Role) -> AccountId:
    """Return whose sign-in this is; a person who is both has two, with rights of their own."""
    if role is Role.MECHANIC and me.mechanic_id is not None:
        return AccountId(f"mechanic-{me.mechanic_id}")
    return AccountId(f"customer-{me.user_id}")


class MechanicSignedIn(Wire, frozen=True):
    """POST /api/mechanic/login. The sign-in itself is in the cookies, not here."""

    user_id: UserId
    mechanic_id: MechanicId
    name: str
    expires_in: int


class Availability(Wire, frozen=True):
    """PUT /api/me/presence: whether the mechanic takes requests now."""

    available: bool


class PlanOffer(Wire, frozen=True):
    """One plan with the service's price."""

    plan: Plan
    type: SessionType
    minutes: int
    price_cents: int
    currency: str


class PlanOffers(Wire, frozen=True):
    """GET /api/plans."""

    plans: tuple[PlanOffer, ...]


class Vehicle(Wire, frozen=True):
    """The car in question."""

    year: int
    make: str
    model: str
    vin: str | None = None
    plate: str | None = None
    odometer_km: int | None = None


class Intake(Wire, frozen=True):
    """POST /api/intake/start, the body. It names a plan, never an amount."""

    plan: Plan
    vehicle: Vehicle
    concern: str
    urgency: Urgency
    scheduled_for: Time | None = None


class Payment(Wire, frozen=True):
    """How the intake's payment stands; ``checkout_url`` only where a browser is needed."""

    status: PaymentStatus
    checkout_url: str | None


class OpenRequest(Wire, frozen=True):
    """An offer that mechanics see and one of them accepts."""

    id: RequestId
    session_id: SessionId
    plan: Plan
    type: SessionType
    total_seconds: int
    mechanic_share_cents: int
    currency: str
    vehicle: Vehicle
    concern: str
    urgency: Urgency
    opened_at: Time
    expires_at: Time
    scheduled_for: Time | None


class OpenRequests(Wire, frozen=True):
    """GET /api/mechanics/requests, newest first."""

    requests: tuple[OpenRequest, ...]


class SessionClock(Wire, frozen=True):
    """The service's account of a session's paid time.

    A client ignores a lower ``revision`` than it has seen. ``ends_at`` is null unless the
    clock runs. ``warnings`` are remaining seconds at which both sides are warned.
    """

    revision: int
    server_now: Time
    state: ClockState
    started_at: Time | None
    ends_at: Time | None
    remaining_seconds: float
    total_seconds: int
    paused_seconds: float
    warnings: tuple[int, ...]


class Counterpart(Wire, frozen=True):
    """The other person of a session."""

    name: str
    role: Role


class SideReadiness(Wire, frozen=True, omit_defaults=True):
    """How far one side is, and which rung of the publish ladder its preflight allows.

    ``in_room`` is the media server's word, with any device; None where the answer does not say it
    (a session's own ``readiness``).
    """

    state: ReadinessState
    rung: int | None
    in_room: bool | None = None


class Readiness(Wire, frozen=True):
    """GET and PUT /api/sessions/{id}/readiness."""

    customer: SideReadiness
    mechanic: SideReadiness


class SessionEnd(Wire, frozen=True):
    """How a session ended. ``duration_seconds`` is paid time."""

    reason: SessionEndReason
    ended_by: str | None
    ended_at: Time
    duration_seconds: float
    billable: bool


class Settlement(Wire, frozen=True):
    """What follows an end, and how far it is. A customer gets nothing of the payout."""

    state: WorkState
    payout_cents: int | None
    payout_state: WorkState | None
    crm_state: WorkState
    upsell_count: int
    payout_error: PayoutError | None = None


class Session(Wire, frozen=True):
    """One consultation as this account may see it."""

    id: SessionId
    type: SessionType
    status: SessionStatus
    plan: Plan
    total_seconds: int
    price_cents: int
    currency: str
    payment_status: PaymentStatus
    mechanic_share_cents: int | None
    created_at: Time
    accepted_at: Time | None
    scheduled_for: Time | None
    started_at: Time | None
    ended_at: Time | None
    request_id: RequestId | None
    my_role: Role
    counterpart: Counterpart | None
    vehicle: Vehicle
    concern: str
    urgency: Urgency
    clock: SessionClock
    readiness: Readiness
    end: SessionEnd | None
    settlement: Settlement | None


class SessionPage(Wire, frozen=True):
    """GET /api/sessions. ``next_before`` asks for the page after this one."""

    sessions: tuple[Session, ...]
    next_before: str | None


class IntakeStarted(Wire, frozen=True):
    """POST /api/intake/start, the answer."""

    session: Session
    payment: Payment


class RequestAccepted(Wire, frozen=True):
    """POST /api/mechanics/requests/{id}/accept, the winner's answer."""

    session: Session


class StartedSession(Wire, frozen=True):
    """POST /api/sessions/{id}/start."""

    status: SessionStatus
    clock: SessionClock


class EndedSession(Wire, frozen=True):
    """POST /api/sessions/{id}/end. ``end`` is None when the service ignored a late end."""

    status: SessionStatus
    end: SessionEnd | None
    settlement: Settlement | None


class RoomTicket(Wire, frozen=True):
    """POST /api/sessions/{id}/token: the way into one room, for two minutes."""

    url: str
    token: Secret
    room: str
    identity: str
    role: Role
    attempt: AttemptId


class ProbeRoom(Wire, frozen=True):
    """A throw-away room for the preflight; ``tokens`` by participant name (a, b, join, relay)."""

    url: str
    room: str
    tokens: dict[str, Secret]


class PreflightRun(Wire, frozen=True):
    """POST /api/preflight. Anonymous callers get no run and no nonce.

    ``gate`` is the gate's table as in gate.json; `preflight.model` knows how to read it.
    """

    run_id: RunId | None
    nonce: str | None
    gate_version: str
    expires_at: Time
    gate: dict[str, Any]
    probe: ProbeRoom


class PreflightVerdict(Wire, frozen=True):
    """POST /api/preflight/{id}/report: the service's own verdict over the measured values."""

    report_id: ReportId
    short_code: str
    passed: bool
    blocking: tuple[str, ...]
    arrived_at: Time
    valid_for_s: int


class SentDiagnostic(Wire, frozen=True):
    """POST /api/diagnostics: under which code support finds the report, and until when."""

    code: str
    arrived_at: Time
    expires_at: Time


class BundledFile(Wire, frozen=True):
    """One file of a bundle; ``bytes`` unpacked."""

    name: str
    bytes: int


class SentBundle(Wire, frozen=True):
    """The bundle that somebody sent for a report."""

    sha256: str
    files: tuple[BundledFile, ...]
    arrived_at: Time


class KeptBundle(Wire, frozen=True):
    """PUT /api/diagnostics/{code}/bundle. Contract: tests/contract/bundle.json"""

    code: str
    sha256: str
    files: tuple[BundledFile, ...]
    arrived_at: Time
    expires_at: Time


class EarlierRun(Wire, frozen=True):
    """One earlier report of the same machine; a figure is None where that run has none."""

    code: str
    arrived_at: Time
    passed: bool
    blocking: tuple[str, ...]
    measured: dict[str, float | None]


class FoundReport(Wire, frozen=True):
    """GET /api/diagnostics/{code}. ``report`` is what anybody may have sent: believe nothing.

    Contract: tests/contract/diagnostic_found.json
    """

    code: str
    kind: str
    arrived_at: Time
    expires_at: Time
    passed: bool
    blocking: tuple[str, ...]
    report: dict[str, Any]
    earlier: tuple[EarlierRun, ...]
    bundle: SentBundle | None = None


class Problem(Wire, frozen=True):
    """Every error's body (application/problem+json). ``detail`` is for logs, never for people."""

    code: str
    title: str
    status: int
    type: str = "about:blank"
    detail: str | None = None
    request_id: str | None = None
    reason: str | None = None
    blocking: tuple[str, ...] = ()
    current: str | None = None
    requested: str | None = None


def read_secret(kind: type, value: object) -> object:
    """Let msgspec decode `Secret` fields (its ``dec_hook``).

    Raises:
        TypeError: the value is no text, or the type is none of ours.
    """
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise TypeError(f"expected text for {kind.__name__}")
