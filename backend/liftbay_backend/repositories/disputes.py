"""What providers said of chargebacks, by the provider's names."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import PaymentRow, ProviderDisputeRow
from liftbay_backend.domain.disputes import DisputeBooking
from liftbay_backend.repositories.provider_notes import lock_note, notes_of_payment


async def lock_dispute(
    db: AsyncSession, provider: str, provider_dispute_id: str
) -> ProviderDisputeRow:
    """Return a dispute that is there as it is now, locked until the end of the transaction."""
    return await lock_note(db, ProviderDisputeRow, provider, provider_dispute_id)


async def disputes_of_payment(
    db: AsyncSession, provider: str, provider_payment_id: str
) -> list[ProviderDisputeRow]:
    """Return every dispute of one payment, oldest first."""
    return await notes_of_payment(db, ProviderDisputeRow, provider, provider_payment_id)


async def disputes_of_session(db: AsyncSession, session_id: str) -> list[ProviderDisputeRow]:
    """Return every dispute of a session's payments, oldest first."""
    query = (
        select(ProviderDisputeRow)
        .join(PaymentRow, _its_payment())
        .where(PaymentRow.session_id == session_id)
        .order_by(ProviderDisputeRow.noted_at, ProviderDisputeRow.provider_dispute_id)
    )
    return list((await db.execute(query)).scalars())


async def open_disputes(db: AsyncSession) -> int:
    """Return how many disputes of our payments wait for somebody's word."""
    query = (
        select(func.count())
        .select_from(ProviderDisputeRow)
        .join(PaymentRow, _its_payment())
        .where(ProviderDisputeRow.outcome.is_(None), ProviderDisputeRow.is_back.is_(False))
    )
    return int((await db.execute(query)).scalar_one())


async def withheld_cents(db: AsyncSession) -> dict[str, int]:
    """Return the cents that disputes keep from the operator meanwhile, by currency."""
    query = (
        select(ProviderDisputeRow.currency, func.sum(ProviderDisputeRow.amount_cents))
        .where(ProviderDisputeRow.booked == DisputeBooking.OUT)
        .group_by(ProviderDisputeRow.currency)
    )
    return {currency: int(cents) for currency, cents in (await db.execute(query)).all()}


def _its_payment() -> ColumnElement[bool]:
    return (PaymentRow.provider == ProviderDisputeRow.provider) & (
        PaymentRow.provider_payment_id == ProviderDisputeRow.provider_payment_id
    )
