"""Every table of the service, typed. The status rules are triggers, see `db.triggers`.

Groups: accounts and tokens, sessions and requests, events, money, preflight, life in the room,
what follows an end, housekeeping. JSON columns hold wire objects that no query looks into.
"""

from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from liftbay_backend.db.types import UtcDateTime
from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_clock import ClockState
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import (
    PaymentKind,
    PaymentStatus,
    PresenceState,
    ReadinessState,
    SettlementState,
    WorkState,
)

Id = String(36)
# SQLite numbers rows by itself only in an INTEGER primary key.
BigId = BigInteger().with_variant(Integer, "sqlite")


def _words(kind: type[Enum]) -> SqlEnum:
    """Store an enum by its value as plain text: no native type to migrate."""
    return SqlEnum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda members: [str(member.value) for member in members],
    )


class Base(DeclarativeBase):
    """The metadata that migrations are compared with."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        SessionStatus: _words(SessionStatus),
        RequestStatus: _words(RequestStatus),
        SessionType: _words(SessionType),
        ClockState: _words(ClockState),
        Side: _words(Side),
        PaymentStatus: _words(PaymentStatus),
        PaymentKind: _words(PaymentKind),
        PresenceState: _words(PresenceState),
        ReadinessState: _words(ReadinessState),
        SettlementState: _words(SettlementState),
        WorkState: _words(WorkState),
    }


# Accounts and tokens -----------------------------------------------------------------------------


class UserRow(Base):
    """An account. `email` is stored lower-case."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_support: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class MechanicRow(Base):
    """A mechanic. `mechanic_id` never equals `user_id`: access, rooms and payout use it alone."""

    __tablename__ = "mechanics"

    mechanic_id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    is_available: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class RefreshTokenRow(Base):
    """One refresh token of a user's sign-in; `sign_in_id` is the family, `session_id` on the wire.

    Only a hash is stored. A rotated token is accepted again for some seconds.
    """

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sign_in_id: Mapped[str] = mapped_column(Id, index=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class MechanicTokenRow(Base):
    """One refresh cookie of a mechanic's sign-in, as `RefreshTokenRow`."""

    __tablename__ = "mechanic_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sign_in_id: Mapped[str] = mapped_column(Id, index=True)
    mechanic_id: Mapped[str] = mapped_column(Id, ForeignKey("mechanics.mechanic_id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


# Sessions and requests ---------------------------------------------------------------------------


class SessionRow(Base):
    """One consultation, from intake to archive, with the columns of its clock.

    `event_seq` is the number of the newest session event; it is only changed under this row's lock.
    `clock_*`, `ends_at`, `held_remaining_seconds`, `paused_*`, `resumed_at` follow
    `domain.session_clock`; `absence_*` follow `domain.presence`.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    mechanic_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("mechanics.mechanic_id"), index=True
    )
    type: Mapped[SessionType]
    status: Mapped[SessionStatus]
    plan: Mapped[str] = mapped_column(String(40))
    price_cents: Mapped[int]
    extensions_cents: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3))
    payment_status: Mapped[PaymentStatus]
    vehicle: Mapped[dict[str, Any]]
    concern: Mapped[str] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    scheduled_for: Mapped[datetime | None]

    clock_state: Mapped[ClockState] = mapped_column(default=ClockState.NOT_STARTED)
    clock_revision: Mapped[int] = mapped_column(default=1)
    total_seconds: Mapped[int]
    started_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    held_remaining_seconds: Mapped[float | None]
    paused_seconds: Mapped[float] = mapped_column(default=0.0)
    paused_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]

    absence_used_seconds: Mapped[float] = mapped_column(default=0.0)
    absence_open_since: Mapped[datetime | None]
    absence_closed_at: Mapped[datetime | None]

    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
    ended_by: Mapped[str | None] = mapped_column(String(24))
    duration_seconds: Mapped[float | None]
    billable: Mapped[bool | None]
    room_close_due_at: Mapped[datetime | None]
    room_closed_at: Mapped[datetime | None]

    event_seq: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_sessions_status_ends_at", "status", "ends_at"),)


class RequestRow(Base):
    """The open offer of a session; mechanics see it while it is pending and paid."""

    __tablename__ = "requests"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), unique=True)
    status: Mapped[RequestStatus]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(Id, ForeignKey("mechanics.mechanic_id"))
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_requests_status_expires_at", "status", "expires_at"),)


# Events ------------------------------------------------------------------------------------------


class SessionEventRow(Base):
    """One event of a session's stream; append-only."""

    __tablename__ = "session_events"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(24))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class AccountEventRow(Base):
    """One event of the dashboards' streams; append-only, one numbering for all accounts.

    `audience` is ``customer:<user id>``, ``mechanic:<mechanic id>`` or ``mechanics``. `data` is
    null where the stream renders the present state for its reader (`session.changed`).
    """

    __tablename__ = "account_events"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    audience: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(24))
    session_id: Mapped[str | None] = mapped_column(Id, ForeignKey("sessions.id"))
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_account_events_audience_seq", "audience", "seq"),)


class CounterRow(Base):
    """A named counter; its row lock makes the order of numbers the order of commits."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)


# Money -------------------------------------------------------------------------------------------


class PaymentRow(Base):
    """One payment of a customer for a plan or an extension."""

    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), index=True)
    kind: Mapped[PaymentKind]
    status: Mapped[PaymentStatus]
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    seconds: Mapped[int]
    provider: Mapped[str] = mapped_column(String(24))
    provider_ref: Mapped[str] = mapped_column(String(120), unique=True)
    checkout_url: Mapped[str | None] = mapped_column(String(2048))
    refund_reason: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]


class LedgerEntryRow(Base):
    """One side of a double entry: the amounts of one `posting` add up to zero.

    `account` is ``customer:<user id>``, ``mechanic:<mechanic id>``, ``provider`` or ``platform``.
    """

    __tablename__ = "ledger_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    posting: Mapped[str] = mapped_column(String(120))
    account: Mapped[str] = mapped_column(String(60))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), index=True)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("posting", "account"),)


class PayoutRow(Base):
    """One attempt to pay the mechanic; `attempt` grows only after a definite refusal."""

    __tablename__ = "payouts"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"))
    attempt: Mapped[int]
    mechanic_id: Mapped[str] = mapped_column(Id, ForeignKey("mechanics.mechanic_id"), index=True)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[WorkState]
    provider_ref: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("session_id", "attempt"),)


class ProviderTransferRow(Base):
    """The built-in test provider's own book of transfers, as a real one keeps it on its side."""

    __tablename__ = "provider_transfers"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    transfer_group: Mapped[str] = mapped_column(String(80), index=True)
    destination: Mapped[str] = mapped_column(String(60))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime]


# Preflight ---------------------------------------------------------------------------------------


class PreflightRunRow(Base):
    """One run of the checks, from its nonce to its report."""

    __tablename__ = "preflight_runs"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    mechanic_id: Mapped[str | None] = mapped_column(Id)
    session_id: Mapped[str | None] = mapped_column(Id)
    nonce_hash: Mapped[str] = mapped_column(String(64), unique=True)
    probe_room: Mapped[str] = mapped_column(String(80))
    probe_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PreflightReportRow(Base):
    """A stored report with the service's own verdict; immutable but for its renewal."""

    __tablename__ = "preflight_reports"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    run_id: Mapped[str] = mapped_column(Id, ForeignKey("preflight_runs.id"), unique=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    mechanic_id: Mapped[str | None] = mapped_column(Id)
    short_code: Mapped[str] = mapped_column(String(12), unique=True)
    passed: Mapped[bool]
    blocking: Mapped[list[Any]]
    synthetic: Mapped[bool]
    report: Mapped[dict[str, Any]]
    arrived_at: Mapped[datetime]


# Life in the room --------------------------------------------------------------------------------


class ReadinessRow(Base):
    """How far one side is with its preflight."""

    __tablename__ = "readiness"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(primary_key=True)
    state: Mapped[ReadinessState]
    rung: Mapped[int | None]
    updated_at: Mapped[datetime]


class PresenceRow(Base):
    """Whether one side is in the room, as the media server says.

    `attempt` is the call attempt the service issued its newest token for, `present_attempt` the one
    that joined last, at `joined_at`; an end that was pressed in an older one is ignored.
    """

    __tablename__ = "presence"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(primary_key=True)
    state: Mapped[PresenceState]
    since: Mapped[datetime]
    last_sign_of_life_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    attempt: Mapped[str | None] = mapped_column(Id)
    attempt_at: Mapped[datetime | None]
    present_attempt: Mapped[str | None] = mapped_column(Id)


class MessageRow(Base):
    """One chat message; the same `client_id` of the same author is the same message."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"))
    client_id: Mapped[str] = mapped_column(Id)
    author: Mapped[Side]
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("session_id", "author", "client_id"),
        Index("ix_messages_session_id_id", "session_id", "id"),
    )


class NotesRow(Base):
    """The mechanic's findings; `version` guards against two writers."""

    __tablename__ = "notes"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    version: Mapped[int]
    findings: Mapped[list[Any]]
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class QualitySampleRow(Base):
    """One sample of the call's quality as a client measured it."""

    __tablename__ = "quality_samples"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), index=True)
    side: Mapped[Side]
    attempt: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime]
    sample: Mapped[dict[str, Any]]


# What follows an end -----------------------------------------------------------------------------


class SettlementRow(Base):
    """The wish for a settlement, committed together with the end of the session."""

    __tablename__ = "settlements"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    state: Mapped[SettlementState]
    payout_cents: Mapped[int]
    payout_state: Mapped[str] = mapped_column(String(24))
    crm_state: Mapped[str] = mapped_column(String(24))
    upsell_count: Mapped[int] = mapped_column(default=0)
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class CrmRecordRow(Base):
    """What the CRM was told about a session, once."""

    __tablename__ = "crm_records"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    state: Mapped[WorkState]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


class UpsellRow(Base):
    """One offer to the customer after the session."""

    __tablename__ = "upsells"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("session_id", "code"),)


class RatingRow(Base):
    """The customer's rating of an ended session."""

    __tablename__ = "ratings"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    stars: Mapped[int]
    comment: Mapped[str] = mapped_column(Text)
    rated_at: Mapped[datetime]


# Housekeeping ------------------------------------------------------------------------------------


class IdempotencyKeyRow(Base):
    """One intent of one account. `answer` is null while the first request with the key runs."""

    __tablename__ = "idempotency_keys"

    account: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(Id, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime]
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class WebhookEventRow(Base):
    """A webhook that was applied; its second delivery changes nothing."""

    __tablename__ = "webhook_events"

    provider: Mapped[str] = mapped_column(String(24), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    received_at: Mapped[datetime]


class ExecutorLeaseRow(Base):
    """A running instance; others recover its durable work only after `expires_at`."""

    __tablename__ = "executor_leases"

    executor_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
