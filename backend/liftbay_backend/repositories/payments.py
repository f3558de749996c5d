"""Payments of a session, and the postings of the ledger."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import LedgerEntryRow, PaymentRow, RefundRow
from liftbay_backend.domain.states import PaymentKind, PaymentStatus, WorkState


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


async def due_payment(
    db: AsyncSession, session_id: str, kind: PaymentKind, seconds: int | None = None
) -> PaymentRow | None:
    """Return the newest payment of a kind that is due.

    Args:
        seconds: only for so much paid time.
    """
    query = (
        select(PaymentRow)
        .where(
            PaymentRow.session_id == session_id,
            PaymentRow.kind == kind,
            PaymentRow.status == PaymentStatus.DUE,
        )
        .order_by(PaymentRow.created_at.desc(), PaymentRow.id)
        .limit(1)
    )
    if seconds is not None:
        query = query.where(PaymentRow.seconds == seconds)
    return (await db.execute(query)).scalar_one_or_none()


async def refunds_due(db: AsyncSession, session_id: str) -> list[tuple[RefundRow, PaymentRow]]:
    """Return the refunds of a session that are on their way, with their payments."""
    query = (
        select(RefundRow, PaymentRow)
        .join(PaymentRow, PaymentRow.id == RefundRow.payment_id)
        .where(RefundRow.session_id == session_id, RefundRow.state == WorkState.PENDING)
        .order_by(RefundRow.created_at, RefundRow.id)
    )
    return [(refund, payment) for refund, payment in (await db.execute(query)).all()]


async def refunds_of(db: AsyncSession, payment_id: str) -> list[RefundRow]:
    """Return every refund of a payment, oldest first."""
    query = (
        select(RefundRow)
        .where(RefundRow.payment_id == payment_id)
        .order_by(RefundRow.created_at, RefundRow.id)
    )
    return list((await db.execute(query)).scalars())


async def is_refund_failing(db: AsyncSession, session_id: str) -> bool:
    """Tell whether a refund of a session could not be carried out so far."""
    return bool(await failing_refunds(db, [session_id]))


async def failing_refunds(db: AsyncSession, session_ids: Sequence[str]) -> frozenset[str]:
    """Return those of some sessions that have a refund which could not be carried out so far."""
    query = select(RefundRow.session_id).where(
        RefundRow.session_id.in_(session_ids),
        RefundRow.state == WorkState.PENDING,
        RefundRow.error.is_not(None),
    )
    return frozenset((await db.execute(query)).scalars())


async def refunds_of_session(db: AsyncSession, session_id: str) -> list[RefundRow]:
    """Return every refund that was ordered for a session, oldest first."""
    query = select(RefundRow).where(RefundRow.session_id == session_id)
    found = await db.execute(query.order_by(RefundRow.created_at, RefundRow.id))
    return list(found.scalars())


async def find_refund(db: AsyncSession, refund_id: str) -> RefundRow | None:
    """Return a refund as it is now, locked until the end of the transaction."""
    query = select(RefundRow).where(RefundRow.id == refund_id).with_for_update()
    found = await db.execute(query, execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


async def pending_refunds(db: AsyncSession, payment_id: str) -> list[RefundRow]:
    """Return what is on its way back of a payment, oldest order first."""
    query = (
        select(RefundRow)
        .where(RefundRow.payment_id == payment_id, RefundRow.state == WorkState.PENDING)
        .order_by(RefundRow.created_at, RefundRow.id)
    )
    return list((await db.execute(query)).scalars())


async def came_late(db: AsyncSession, payment_id: str, late: str) -> bool:
    """Tell whether a payment arrived after its session's end.

    Args:
        late: the reason of the refund that was ordered then.
    """
    query = select(RefundRow.id).where(
        RefundRow.payment_id == payment_id,
        RefundRow.reason == late,
        RefundRow.requested_by.is_(None),
    )
    return (await db.execute(query.limit(1))).first() is not None


async def pending_refund_cents(db: AsyncSession, payment_id: str) -> int:
    """Return how much of a payment is on its way back."""
    query = select(func.coalesce(func.sum(RefundRow.amount_cents), 0)).where(
        RefundRow.payment_id == payment_id, RefundRow.state == WorkState.PENDING
    )
    return int((await db.execute(query)).scalar_one())


async def paid_total_cents(db: AsyncSession, session_id: str) -> int:
    """Return everything that is paid for a session and was not given back, extensions included."""
    kept = PaymentRow.amount_cents - PaymentRow.refunded_cents
    query = select(func.coalesce(func.sum(kept), 0)).where(
        PaymentRow.session_id == session_id, PaymentRow.status == PaymentStatus.PAID
    )
    return int((await db.execute(query)).scalar_one())


async def earning_cents(db: AsyncSession, session_id: str, late: str) -> int:
    """Return what stays paid of all that a mechanic's share is counted from.

    Args:
        late: the reason of refunds whose payments never counted.
    """
    never_counted = exists().where(
        RefundRow.payment_id == PaymentRow.id,
        RefundRow.reason == late,
        # A person may type the same word.
        RefundRow.requested_by.is_(None),
    )
    kept = PaymentRow.amount_cents - PaymentRow.refunded_cents
    query = select(func.coalesce(func.sum(kept), 0)).where(
        PaymentRow.session_id == session_id, PaymentRow.paid_at.is_not(None), ~never_counted
    )
    return int((await db.execute(query)).scalar_one())


async def checkouts_to_close(db: AsyncSession, session_id: str) -> list[PaymentRow]:
    """Return the payments that were taken back while their page was open."""
    query = select(PaymentRow).where(
        PaymentRow.session_id == session_id,
        PaymentRow.status == PaymentStatus.EXPIRED,
        PaymentRow.checkout_id.is_not(None),
        PaymentRow.checkout_closed_at.is_(None),
    )
    return list((await db.execute(query)).scalars())


async def owed_cents(db: AsyncSession, session_id: str, account: str) -> int:
    """Return what one session leaves on an account."""
    query = select(func.coalesce(func.sum(LedgerEntryRow.amount_cents), 0)).where(
        LedgerEntryRow.session_id == session_id, LedgerEntryRow.account == account
    )
    return int((await db.execute(query)).scalar_one())


async def is_posted(db: AsyncSession, posting: str) -> bool:
    """Tell whether the ledger has a posting."""
    query = select(LedgerEntryRow.id).where(LedgerEntryRow.posting == posting).limit(1)
    return (await db.execute(query)).first() is not None


def _named(provider: str, reference: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PaymentRow.provider == provider, PaymentRow.provider_ref == reference
