"""Tables of money and of what follows an end."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from liftbay_backend.db.base import Base, BigId, Id
from liftbay_backend.domain.states import (
    PaymentKind,
    PaymentStatus,
    SettlementState,
    WorkState,
)


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
