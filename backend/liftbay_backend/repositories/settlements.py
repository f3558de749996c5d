"""Settlements and what they leave: payouts, CRM records, upsells, earnings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import (
    CrmRecordRow,
    LedgerEntryRow,
    PayoutRow,
    ProviderTransferRow,
    SessionEventRow,
    SessionRow,
    SettlementRow,
    UpsellRow,
    UserRow,
)
from liftbay_backend.domain.ids import MechanicId, SessionId
from liftbay_backend.domain.states import WorkState


async def lock_settlement(db: AsyncSession, session_id: SessionId) -> SettlementRow:
    """Return a settlement that is there, locked until the end of the transaction."""
    query = select(SettlementRow).where(SettlementRow.session_id == session_id).with_for_update()
    return (await db.execute(query)).scalar_one()


async def settlements_of(db: AsyncSession, session_ids: Iterable[str]) -> dict[str, SettlementRow]:
    """Return settlements by session id."""
    query = select(SettlementRow).where(SettlementRow.session_id.in_(session_ids))
    return {row.session_id: row for row in (await db.execute(query)).scalars()}


async def find_settlement(db: AsyncSession, session_id: str) -> SettlementRow | None:
    """Return a settlement if there is one, locked until the end of the transaction."""
    query = select(SettlementRow).where(SettlementRow.session_id == session_id).with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def settlements_waiting_for(
    db: AsyncSession, mechanic_id: MechanicId, reason: str
) -> tuple[str, ...]:
    """Return the sessions whose payout to a mechanic waits for a given reason."""
    query = (
        select(SettlementRow.session_id)
        .join(SessionRow, SessionRow.id == SettlementRow.session_id)
        .where(SessionRow.mechanic_id == mechanic_id, SettlementRow.payout_error == reason)
    )
    return tuple((await db.execute(query)).scalars())


async def payouts_of(db: AsyncSession, session_id: str) -> list[PayoutRow]:
    """Return every attempt to pay the mechanic, oldest first."""
    query = select(PayoutRow).where(PayoutRow.session_id == session_id).order_by(PayoutRow.attempt)
    return list((await db.execute(query)).scalars())


async def crm_records_of(db: AsyncSession, session_id: str) -> list[CrmRecordRow]:
    """Return what the CRM was told of a session."""
    query = select(CrmRecordRow).where(CrmRecordRow.session_id == session_id)
    return list((await db.execute(query)).scalars())


async def crm_record(db: AsyncSession, session_id: SessionId) -> CrmRecordRow | None:
    """Return what the CRM is told of a session."""
    return await db.get(CrmRecordRow, session_id)


async def find_crm_record(db: AsyncSession, session_id: SessionId | str) -> CrmRecordRow | None:
    """Return what the CRM is told as it is now, locked until the end of the transaction."""
    query = select(CrmRecordRow).where(CrmRecordRow.session_id == session_id).with_for_update()
    found = await db.execute(query, execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


async def lock_crm_record(db: AsyncSession, session_id: SessionId | str) -> CrmRecordRow:
    """Return a record that is there as `find_crm_record` does."""
    row = await find_crm_record(db, session_id)
    assert row is not None
    return row


async def upsells_of(db: AsyncSession, session_id: str) -> list[UpsellRow]:
    """Return the customer's offers of a session."""
    query = select(UpsellRow).where(UpsellRow.session_id == session_id).order_by(UpsellRow.code)
    return list((await db.execute(query)).scalars())


async def count_upsells(db: AsyncSession, session_id: str) -> int:
    """Return how many offers a session left."""
    query = select(func.count()).where(UpsellRow.session_id == session_id)
    return (await db.execute(query)).scalar_one()


async def upsell_codes(db: AsyncSession, session_ids: Sequence[str]) -> set[str]:
    """Return the codes of everything that was offered after some sessions."""
    query = select(UpsellRow.code).where(UpsellRow.session_id.in_(session_ids)).distinct()
    return set((await db.execute(query)).scalars())


@dataclass(frozen=True, slots=True)
class Earned:
    """One session of a mechanic's, with what its ledger leaves open.

    Attributes:
        owed_cents: not transferred yet; below zero where some of it goes back.
    """

    session: SessionRow
    settlement: SettlementRow
    customer_name: str
    owed_cents: int


async def earnings_of(
    db: AsyncSession, mechanic_id: MechanicId | None, currency: str, account: str
) -> list[Earned]:
    """Return what a mechanic's sessions earned, newest end first; those that earn nothing are left.

    Args:
        currency: of the sessions; sums are of one.
        account: of what the mechanic is owed.
    """
    owed = (
        select(func.coalesce(func.sum(LedgerEntryRow.amount_cents), 0))
        .where(LedgerEntryRow.session_id == SessionRow.id, LedgerEntryRow.account == account)
        .scalar_subquery()
    )
    query = (
        select(SessionRow, SettlementRow, UserRow.name, owed)
        .join(SettlementRow, SettlementRow.session_id == SessionRow.id)
        .join(UserRow, UserRow.id == SessionRow.customer_id)
        .where(
            SessionRow.mechanic_id == mechanic_id,
            SessionRow.currency == currency,
            SettlementRow.payout_state != WorkState.NOT_DUE.value,
        )
        .order_by(SessionRow.ended_at.desc())
    )
    return [
        Earned(session, row, name, int(cents))
        for session, row, name, cents in (await db.execute(query)).all()
    ]


async def transfers_of_group(db: AsyncSession, group: SessionId) -> list[ProviderTransferRow]:
    """Return the test provider's transfers of a group and their reversals, oldest first."""
    query = (
        select(ProviderTransferRow)
        .where(ProviderTransferRow.transfer_group == group)
        .order_by(ProviderTransferRow.created_at)
    )
    return list((await db.execute(query)).scalars())


async def state_told_to_both(db: AsyncSession, session_id: str) -> str | None:
    """Return what the session's own stream said last of the settlement's state."""
    query = (
        select(SessionEventRow.data)
        .where(SessionEventRow.session_id == session_id, SessionEventRow.kind == "settlement")
        .order_by(SessionEventRow.seq.desc())
        .limit(1)
    )
    told = (await db.execute(query)).scalar_one_or_none()
    return None if told is None else str(told["settlement"]["state"])
