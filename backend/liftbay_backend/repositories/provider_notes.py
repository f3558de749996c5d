"""What is noted of a provider's words, whatever they are about: one row for each of its names.

Refunds and disputes are noted alike, before anything is known of the payment; what they mean for
the books differs, and is asked for in `provider_refunds` and `disputes`.
"""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import ProviderDisputeRow, ProviderRefundRow

Note = TypeVar("Note", ProviderDisputeRow, ProviderRefundRow)


async def lock_note(db: AsyncSession, kind: type[Note], provider: str, name: str) -> Note:
    """Return a note that is there as it is now, locked until the end of the transaction.

    Args:
        name: the provider's own name of what was noted.
    """
    key = (provider, name)
    return await db.get_one(kind, key, with_for_update=True, populate_existing=True)


async def notes_of_payment(
    db: AsyncSession, kind: type[Note], provider: str, provider_payment_id: str
) -> list[Note]:
    """Return every note of one kind about one payment, oldest first, as it is now."""
    query = (
        select(kind)
        .where(kind.provider == provider, kind.provider_payment_id == provider_payment_id)
        .order_by(kind.noted_at, *kind.__table__.primary_key)
    )
    found = await db.execute(query, execution_options={"populate_existing": True})
    return list(found.scalars())
