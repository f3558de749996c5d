"""Tables of money and of what follows an end."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from liftbay_backend.db.base import Base, BigId, Id
from liftbay_backend.domain.disputes import DisputeBooking, DisputeOutcome
from liftbay_backend.domain.states import (
    PaymentKind,
    PaymentStatus,
    SettlementState,
    WorkState,
)


class PaymentRow(Base):
    """One payment of a customer for a plan or an extension.

    `provider_ref` is our name for it at the provider; `checkout_id` and `provider_payment_id` are
    the provider's own, known once the page is open and once it is paid. `refunded_cents` is what
    went back so far. `checkout_closed_at` is set when nobody can pay there any more.
    `told_cents` is what the provider says was paid where it is not the price: nothing is granted
    for it, and a person must look.
    """

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
    checkout_id: Mapped[str | None] = mapped_column(String(120))
    checkout_closed_at: Mapped[datetime | None]
    provider_payment_id: Mapped[str | None] = mapped_column(String(120), index=True)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]
    told_cents: Mapped[int | None] = mapped_column(index=True)
    told_currency: Mapped[str | None] = mapped_column(String(3))


class RefundRow(Base):
    """Some or all of one payment on its way back; `attempt` grows only after a definite refusal.

    `requested_by` is the support person; None where the service gives back by itself. `order_id` is
    the first row of an order that was withdrawn for want of room, in that row and in all that took
    its place; what they lack of its amount is ordered again once there is room.
    """

    __tablename__ = "refunds"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), index=True)
    payment_id: Mapped[str] = mapped_column(Id, ForeignKey("payments.id"), index=True)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(200))
    requested_by: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"))
    order_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[WorkState]
    attempt: Mapped[int] = mapped_column(default=1)
    error: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ProviderRefundRow(Base):
    """What a provider said last of one of its refunds: `done`, or `refused` where it failed.

    It may say so before the payment itself is told, and in any order. `refund_id` is the refund in
    our books; None where somebody made it on the provider's own pages and it is not booked yet.
    """

    __tablename__ = "provider_refunds"

    provider: Mapped[str] = mapped_column(String(24), primary_key=True)
    provider_refund_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    provider_payment_id: Mapped[str] = mapped_column(String(120), index=True)
    refund_id: Mapped[str | None] = mapped_column(Id)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[WorkState]
    noted_at: Mapped[datetime]


class ProviderDisputeRow(Base):
    """What a provider has said of one chargeback so far, and what is `booked` of it.

    `is_withdrawn`, `is_back` and `outcome` only ever grow: whatever was said once stays true.
    `refund_id` is the refund in our books of one that was lost.
    """

    __tablename__ = "provider_disputes"

    provider: Mapped[str] = mapped_column(String(24), primary_key=True)
    provider_dispute_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    provider_payment_id: Mapped[str] = mapped_column(String(120), index=True)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    is_withdrawn: Mapped[bool]
    is_back: Mapped[bool]
    outcome: Mapped[DisputeOutcome | None]
    booked: Mapped[DisputeBooking]
    refund_id: Mapped[str | None] = mapped_column(Id)
    noted_at: Mapped[datetime]


class LedgerEntryRow(Base):
    """One side of a double entry: the amounts of one `posting` add up to zero.

    `account` is ``customer:<user id>``, ``platform``, ``owed:<mechanic id>`` for what a mechanic
    has earned and not got, ``mechanic:<mechanic id>`` for what arrived there, or ``disputed`` for
    what chargebacks keep from the platform until they are decided.
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
    """One attempt to pay the mechanic, or to take back where the amount is negative.

    `attempt` numbers a session's attempts; a new one follows only a definite end of the last.
    """

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
    """The wish for a settlement, committed together with the end of the session.

    `payout_cents` is the mechanic's share as it is now, after refunds. While money is on its way
    `retry_at` says when a tick looks at it again, `retries` how often it has not arrived, and
    `payout_error` why: ``no_account``, ``declined`` or ``provider_down``.
    """

    __tablename__ = "settlements"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    state: Mapped[SettlementState]
    payout_cents: Mapped[int]
    payout_state: Mapped[str] = mapped_column(String(24))
    payout_error: Mapped[str | None] = mapped_column(String(40))
    retries: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(index=True)
    crm_state: Mapped[str] = mapped_column(String(24))
    upsell_count: Mapped[int] = mapped_column(default=0)
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class CrmRecordRow(Base):
    """What the CRM is told about a session: its record, or the newest correction in its place.

    `id` is the webhook's id, the same at every attempt, and an id's `payload` never changes once
    it may have been sent; it is empty when the session is archived. `attempts` and `last_error`
    are those of the present `round`; a correction, and somebody who has it sent again, begins a
    new round. `next_attempt_at` is null after the last attempt. Without a CRM the state is
    ``not_due``.
    """

    __tablename__ = "crm_records"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    state: Mapped[WorkState]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None] = mapped_column(String(80))
    next_attempt_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_crm_records_state_next_attempt_at", "state", "next_attempt_at"),)


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
