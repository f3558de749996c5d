"""Settlements and what they leave: payouts, CRM records, upsells, earnings."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import (
    CrmRecordRow,
    PayoutRow,
    ProviderTransferRow,
    SessionRow,
    SettlementRow,
    UpsellRow,
    UserRow,
)
from liftbay_backend.domain.ids import MechanicId, SessionId


async def lock_settlement(db: AsyncSession, session_id: SessionId) -> SettlementRow:
    """Return a settlement that is there, locked until the end of the transaction."""
    query = select(SettlementRow).where(SettlementRow.session_id == session_id).with_for_update()
    return (await db.execute(query)).scalar_one()


async def settlements_of(db: AsyncSession, session_ids: Iterable[str]) -> dict[str, SettlementRow]:
    """Return settlements by session id."""
    query = select(SettlementRow).where(SettlementRow.session_id.in_(session_ids))
    return {row.session_id: row for row in (await db.execute(query)).scalars()}


async def last_payout(db: AsyncSession, session_id: SessionId) -> PayoutRow | None:
    """Return the newest attempt to pay the mechanic."""
    query = (
        select(PayoutRow)
        .where(PayoutRow.session_id == session_id)
        .order_by(PayoutRow.attempt.desc())
        .limit(1)
    )
    return (await db.execute(query)).scalar_one_or_none()


async def payouts_of(db: AsyncSession, session_id: str) -> list[PayoutRow]:
    """Return every attempt to pay the mechanic, oldest first."""
    query = select(PayoutRow).where(PayoutRow.session_id == session_id).order_by(PayoutRow.attempt)
    return list((await db.execute(query)).scalars())


async def crm_records_of(db: AsyncSession, session_id: str) -> list[CrmRecordRow]:
    """Return what the CRM was told of a session."""
    query = select(CrmRecordRow).where(CrmRecordRow.session_id == session_id)
    return list((await db.execute(query)).scalars())


async def upsells_of(db: AsyncSession, session_id: str) -> list[UpsellRow]:
    """Return the customer's offers of a session."""
    query = select(UpsellRow).where(UpsellRow.session_id == session_id).order_by(UpsellRow.code)
    return list((await db.execute(query)).scalars())


async def count_upsells(db: AsyncSession, session_id: str) -> int:
    """Return how many offers a session left."""
    query = select(func.count()).where(UpsellRow.session_id == session_id)
    return (await db.execute(query)).scalar_one()


async def earnings_of(
    db: AsyncSession, mechanic_id: MechanicId | None
) -> list[tuple[SessionRow, SettlementRow, str]]:
    """Return what a mechanic earned, newest end first: session, settlement, customer's name."""
    query = (
        select(SessionRow, SettlementRow, UserRow.name)
        .join(SettlementRow, SettlementRow.session_id == SessionRow.id)
        .join(UserRow, UserRow.id == SessionRow.customer_id)
        .where(SessionRow.mechanic_id == mechanic_id, SettlementRow.payout_cents > 0)
        .order_by(SessionRow.ended_at.desc())
    )
    return [(session, row, name) for session, row, name in (await db.execute(query)).all()]


async def transfers_of_group(db: AsyncSession, group: SessionId) -> tuple[str, ...]:
    """Return the test provider's names of all transfers of a group, oldest first."""
    query = (
        select(ProviderTransferRow.key)
        .where(ProviderTransferRow.transfer_group == group)
        .order_by(ProviderTransferRow.created_at)
    )
    return tuple((await db.execute(query)).scalars())
