"""What an operator counts: work that waits and money that is owed, over all instances."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import (
    CrmRecordRow,
    LedgerEntryRow,
    PaymentRow,
    ProviderRefundRow,
    RefundRow,
    SessionRow,
    SettlementRow,
)
from liftbay_backend.domain.session_fsm import ENDED, SessionStatus
from liftbay_backend.domain.states import SettlementState, WorkState

_UNDONE = (SettlementState.PENDING, SettlementState.RUNNING, SettlementState.FAILED)
_OPEN = tuple(sorted(set(SessionStatus) - ENDED))


async def open_sessions(db: AsyncSession) -> dict[SessionStatus, int]:
    """Return how many sessions are in each status before the end."""
    query = (
        select(SessionRow.status, func.count())
        .where(SessionRow.status.in_(_OPEN))
        .group_by(SessionRow.status)
    )
    found = {row[0]: row[1] for row in (await db.execute(query)).all()}
    return {status: found.get(status, 0) for status in _OPEN}


async def undone_settlements(db: AsyncSession) -> dict[SettlementState, int]:
    """Return how many settlements are in each state before the last."""
    query = (
        select(SettlementRow.state, func.count())
        .where(SettlementRow.state.in_(_UNDONE))
        .group_by(SettlementRow.state)
    )
    found = {row[0]: row[1] for row in (await db.execute(query)).all()}
    return {state: found.get(state, 0) for state in _UNDONE}


async def oldest_undone_settlement(db: AsyncSession) -> datetime | None:
    """Return when the oldest settlement that is not done was asked for."""
    query = select(func.min(SettlementRow.requested_at)).where(SettlementRow.state.in_(_UNDONE))
    return (await db.execute(query)).scalar_one()


async def owed_to_mechanics(db: AsyncSession) -> dict[str, int]:
    """Return the cents that are earned and not paid, by currency, as the ledger has them.

    Only sessions whose money still moves are looked at: the ledger grows for ever.
    """
    moves = or_(
        SettlementRow.payout_state.in_(("pending", "failed")), SettlementRow.retry_at.is_not(None)
    )
    owed = func.sum(LedgerEntryRow.amount_cents)
    by_session = (
        select(LedgerEntryRow.currency, owed.label("cents"))
        .join(SettlementRow, SettlementRow.session_id == LedgerEntryRow.session_id)
        .where(moves, LedgerEntryRow.account.startswith("owed:", autoescape=True))
        .group_by(LedgerEntryRow.session_id, LedgerEntryRow.currency)
        .having(owed > 0)
        .subquery()
    )
    query = select(by_session.c.currency, func.sum(by_session.c.cents))
    found = await db.execute(query.group_by(by_session.c.currency))
    return {currency: int(cents) for currency, cents in found.all()}


async def owed_to_customers(db: AsyncSession) -> dict[str, int]:
    """Return the cents of refunds that are not carried out, by currency."""
    query = (
        select(RefundRow.currency, func.sum(RefundRow.amount_cents))
        .where(RefundRow.state == WorkState.PENDING)
        .group_by(RefundRow.currency)
    )
    return {currency: int(cents) for currency, cents in (await db.execute(query)).all()}


async def paid_otherwise(db: AsyncSession) -> int:
    """Return how many payments came with another amount than the price, and are still there.

    One that was given back on the provider's pages since needs nobody any more.
    """
    went_back = (
        select(func.coalesce(func.sum(ProviderRefundRow.amount_cents), 0))
        .where(
            ProviderRefundRow.provider == PaymentRow.provider,
            ProviderRefundRow.provider_payment_id == PaymentRow.provider_payment_id,
            ProviderRefundRow.state == WorkState.DONE,
        )
        .scalar_subquery()
    )
    # The index knows the few that have an amount at all.
    query = select(func.count()).where(
        PaymentRow.told_cents.is_not(None), PaymentRow.told_cents > went_back
    )
    return int((await db.execute(query)).scalar_one())


async def crm_records_by_state(db: AsyncSession) -> dict[WorkState, int]:
    """Return how many CRM records wait, and how many were given up."""
    states = (WorkState.PENDING, WorkState.REFUSED)
    query = (
        select(CrmRecordRow.state, func.count())
        .where(CrmRecordRow.state.in_(states))
        .group_by(CrmRecordRow.state)
    )
    found = {row[0]: row[1] for row in (await db.execute(query)).all()}
    return {state: found.get(state, 0) for state in states}
