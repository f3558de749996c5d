"""What is written down about a session: chat, notes, quality, rating, money, summary.

Frozen wire types as in `client_api.wire`, with the same rules.
"""

from __future__ import annotations

from client_api.wire import (
    ClientMessageId,
    Counterpart,
    FileId,
    FileKind,
    Payment,
    PaymentStatus,
    Role,
    SessionClock,
    SessionEnd,
    SessionId,
    SessionStatus,
    Settlement,
    Severity,
    Time,
    Vehicle,
    Wire,
    WorkState,
)


class Message(Wire, frozen=True):
    """One chat message; ``id`` orders them."""

    id: int
    client_id: ClientMessageId
    session_id: SessionId
    author: Role
    text: str
    sent_at: Time


class MessagePage(Wire, frozen=True):
    """GET /api/sessions/{id}/messages, ordered by id."""

    messages: tuple[Message, ...]


class Finding(Wire, frozen=True):
    """One thing the mechanic found."""

    title: str
    detail: str
    severity: Severity
    cost_low_cents: int | None
    cost_high_cents: int | None


class NotesDraft(Wire, frozen=True):
    """PUT /api/sessions/{id}/notes, the body."""

    findings: tuple[Finding, ...]
    text: str


class Notes(Wire, frozen=True):
    """The mechanic's notes; a write names the version it builds on."""

    version: int
    findings: tuple[Finding, ...]
    text: str
    updated_at: Time | None


class QualitySample(Wire, frozen=True):
    """One second of a call as one side measured it. None where the SDK gave no figure."""

    at: Time
    rtt_ms: float | None
    loss_up_percent: float | None
    loss_down_percent: float | None
    jitter_ms: float | None
    up_kbps: float | None
    down_kbps: float | None
    fps_sent: float | None
    fps_received: float | None
    width: int | None
    height: int | None
    freezes: int


class QualityAccepted(Wire, frozen=True):
    """POST /api/sessions/{id}/quality."""

    accepted: int


class Rating(Wire, frozen=True):
    """The customer's stars, 1 to 5, and a comment."""

    stars: int
    comment: str | None


class EarningRow(Wire, frozen=True):
    """What one session brought the mechanic."""

    session_id: SessionId
    customer_name: str
    vehicle: Vehicle
    ended_at: Time
    duration_seconds: float
    amount_cents: int
    state: WorkState


class Earnings(Wire, frozen=True):
    """GET /api/earnings."""

    currency: str
    settled_cents: int
    owed_cents: int
    sessions: tuple[EarningRow, ...]


class Upsell(Wire, frozen=True):
    """A next step offered to the customer."""

    id: str
    code: str
    title: str
    detail: str
    action: str


class Upsells(Wire, frozen=True):
    """GET /api/sessions/{id}/upsells."""

    upsells: tuple[Upsell, ...]


class SharedFile(Wire, frozen=True):
    """A file that has arrived as a whole. ``sha256`` is that of its bytes, in hex."""

    id: FileId
    session_id: SessionId
    kind: FileKind
    name: str
    type: str
    bytes: int
    sha256: str
    author: Role
    shared_at: Time


class SharedFiles(Wire, frozen=True):
    """GET /api/sessions/{id}/files."""

    files: tuple[SharedFile, ...]


class BegunFile(Wire, frozen=True):
    """POST /api/sessions/{id}/files. ``received_bytes`` is more than 0 for one that goes on."""

    id: FileId
    session_id: SessionId
    bytes: int
    received_bytes: int
    expires_at: Time


class ExtensionOffer(Wire, frozen=True):
    """Paid minutes that a running session can be given, at the service's price."""

    extension: str
    minutes: int
    price_cents: int
    currency: str


class ExtensionOffers(Wire, frozen=True):
    """GET /api/sessions/{id}/extensions/offers, shortest first."""

    offers: tuple[ExtensionOffer, ...]


class ExtensionChoice(Wire, frozen=True):
    """POST /api/sessions/{id}/extensions, the body: an offer by its name, never a price."""

    extension: str


class ExtensionStarted(Wire, frozen=True):
    """POST /api/sessions/{id}/extensions, the answer; the clock has grown where it is paid."""

    extension: ExtensionOffer
    payment: Payment
    clock: SessionClock


class RefundWish(Wire, frozen=True):
    """POST /api/sessions/{id}/refund, the body; without an amount it is all that is left."""

    reason: str
    amount_cents: int | None


class RefundOrdered(Wire, frozen=True):
    """POST /api/sessions/{id}/refund, the answer; the money goes back within seconds."""

    session_id: SessionId
    status: SessionStatus
    payment_status: PaymentStatus
    reason: str
    refund_cents: int
    left_cents: int
    currency: str


class SummaryLine(Wire, frozen=True):
    """One line of the bill: the plan or an extension."""

    label: str
    minutes: int
    amount_cents: int


class Summary(Wire, frozen=True):
    """GET /api/sessions/{id}/summary. ``mechanic_share_cents`` only for the mechanic."""

    session_id: SessionId
    status: SessionStatus
    my_role: Role
    counterpart: Counterpart | None
    vehicle: Vehicle
    concern: str
    started_at: Time | None
    ended_at: Time | None
    duration_seconds: float
    end: SessionEnd | None
    findings: tuple[Finding, ...]
    notes_text: str
    snapshots: tuple[SharedFile, ...]
    files: tuple[SharedFile, ...]
    lines: tuple[SummaryLine, ...]
    paid_cents: int
    refunded_cents: int
    currency: str
    mechanic_share_cents: int | None
    rating: Rating | None
    settlement: Settlement | None
    upsells: tuple[Upsell, ...]


class SideConsent(Wire, frozen=True):
    """What one side has said about being recorded; ``at`` is None where it has said nothing."""

    consents: bool
    at: Time | None


class RecordingConsents(Wire, frozen=True):
    """GET and PUT /api/sessions/{id}/recording-consent. Record only while ``may_record``.

    Contract: tests/contract/recording_consent.json
    """

    customer: SideConsent
    mechanic: SideConsent
    may_record: bool
