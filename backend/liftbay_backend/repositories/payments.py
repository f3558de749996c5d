"""Payments of a session, and the postings of the ledger."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import LedgerEntryRow, PaymentRow
from liftbay_backend.domain.states import PaymentKind, PaymentStatus

_OPEN: Final = (PaymentStatus.PAID, PaymentStatus.DUE)


async def session_of_payment(db: AsyncSession, provider: str, reference: str) -> str | None:
    """Return the session that a provider's payment belongs to."""
    query = select(PaymentRow.session_id).where(*_named(provider, reference))
    return (await db.execute(query)).scalar_one_or_none()


async def lock_payment(db: AsyncSession, provider: str, reference: str) -> PaymentRow:
    """Return a payment that is there as it is now, locked until the end of the transaction."""
    query = select(PaymentRow).where(*_named(provider, reference)).with_for_update()
    found = await db.execute(query, execution_options={"populate_existing": True})
    return found.scalar_one()


async def payments_of(db: AsyncSession, session_id: str) -> list[PaymentRow]:
    """Return a session's payments, oldest first."""
    query = (
        select(PaymentRow)
        .where(PaymentRow.session_id == session_id)
        .order_by(PaymentRow.created_at, PaymentRow.id)
    )
    return list((await db.execute(query)).scalars())


async def open_payments(db: AsyncSession, session_id: str) -> Sequence[PaymentRow]:
    """Return what is paid for a session, and what still may be."""
    query = select(PaymentRow).where(
        PaymentRow.session_id == session_id, PaymentRow.status.in_(_OPEN)
    )
    return (await db.execute(query)).scalars().all()


async def due_plan_payment(db: AsyncSession, session_id: str) -> PaymentRow | None:
    """Return the payment of a session's plan while it is due."""
    query = select(PaymentRow).where(
        PaymentRow.session_id == session_id,
        PaymentRow.kind == PaymentKind.PLAN,
        PaymentRow.status == PaymentStatus.DUE,
    )
    return (await db.execute(query)).scalar_one_or_none()


async def refunds_due(db: AsyncSession, session_id: str) -> list[PaymentRow]:
    """Return the payments of a session that are to be given back."""
    query = select(PaymentRow).where(
        PaymentRow.session_id == session_id, PaymentRow.status == PaymentStatus.REFUNDING
    )
    return list((await db.execute(query)).scalars())


async def paid_total_cents(db: AsyncSession, session_id: str) -> int:
    """Return everything that was actually paid for a session, extensions included."""
    query = select(func.coalesce(func.sum(PaymentRow.amount_cents), 0)).where(
        PaymentRow.session_id == session_id, PaymentRow.status == PaymentStatus.PAID
    )
    return int((await db.execute(query)).scalar_one())


async def is_posted(db: AsyncSession, posting: str) -> bool:
    """Tell whether the ledger has a posting."""
    query = select(LedgerEntryRow.id).where(LedgerEntryRow.posting == posting).limit(1)
    return (await db.execute(query)).first() is not None


def _named(provider: str, reference: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PaymentRow.provider == provider, PaymentRow.provider_ref == reference
