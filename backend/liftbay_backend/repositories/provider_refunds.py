"""What providers said of their refunds, by the provider's names."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import PaymentRow, ProviderRefundRow, RefundRow
from liftbay_backend.domain.states import WorkState
from liftbay_backend.repositories.provider_notes import lock_note, notes_of_payment


async def lock_provider_refund(
    db: AsyncSession, provider: str, provider_refund_id: str
) -> ProviderRefundRow:
    """Return a refund that is there as it is now, locked until the end of the transaction."""
    return await lock_note(db, ProviderRefundRow, provider, provider_refund_id)


async def payment_known_as(
    db: AsyncSession, provider: str, provider_payment_id: str
) -> PaymentRow | None:
    """Return the payment that a provider knows by this name of its own."""
    query = select(PaymentRow).where(
        PaymentRow.provider == provider, PaymentRow.provider_payment_id == provider_payment_id
    )
    found = await db.execute(query, execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


async def refund_noted_as(
    db: AsyncSession, provider: str, provider_refund_id: str
) -> RefundRow | None:
    """Return our refund that one of the provider's was taken for."""
    query = (
        select(RefundRow)
        .join(ProviderRefundRow, ProviderRefundRow.refund_id == RefundRow.id)
        .where(
            ProviderRefundRow.provider == provider,
            ProviderRefundRow.provider_refund_id == provider_refund_id,
        )
    )
    found = await db.execute(query, execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


async def went_back_as_another(
    db: AsyncSession, refund_id: str, provider_refund_id: str | None
) -> bool:
    """Tell whether a refund of ours was carried out under another name than this one."""
    query = select(ProviderRefundRow.provider_refund_id).where(
        ProviderRefundRow.refund_id == refund_id,
        ProviderRefundRow.provider_refund_id != (provider_refund_id or ""),
        ProviderRefundRow.state == WorkState.DONE,
    )
    return (await db.execute(query.limit(1))).first() is not None


async def noted_refunds(
    db: AsyncSession, provider: str, provider_payment_id: str
) -> list[ProviderRefundRow]:
    """Return everything that a provider said of one payment's refunds, oldest first."""
    return await notes_of_payment(db, ProviderRefundRow, provider, provider_payment_id)
