"""Tables of sessions, requests and their events."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from liftbay_backend.db.base import Base, BigId, Id
from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.search_words import text_of_session
from liftbay_backend.domain.session_clock import ClockState
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import (
    PaymentStatus,
)


def _search_text(context: DefaultExecutionContext) -> str:
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]  # theirs
    return text_of_session(row["vehicle"], row["concern"])


class SessionRow(Base):
    """One consultation, from intake to archive, with the columns of its clock.

    `search_text` follows from `vehicle` and `concern`; whoever changes those sets it as well.
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
    search_text: Mapped[str] = mapped_column(Text, default=_search_text, server_default="")
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
