"""What keeps the service itself in order: the leases of its instances, and what it may forget."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import (
    BundleRow,
    DiagnosticRow,
    ExecutorLeaseRow,
    IdempotencyKeyRow,
    PaymentRow,
    ProviderDisputeRow,
    ProviderRefundRow,
    WebhookEventRow,
)


async def living_executors(db: AsyncSession, now: datetime) -> set[str]:
    """Return the instances whose lease has not run out."""
    query = select(ExecutorLeaseRow.executor_id).where(ExecutorLeaseRow.expires_at > now)
    return set((await db.execute(query)).scalars())


async def living_marks(db: AsyncSession, now: datetime, *, but: str) -> dict[str, dict[str, Any]]:
    """Return what the other living instances say that they share, by their ids.

    Args:
        but: the id of whoever asks.
    """
    query = select(ExecutorLeaseRow.executor_id, ExecutorLeaseRow.marks).where(
        ExecutorLeaseRow.expires_at > now,
        ExecutorLeaseRow.executor_id != but,
    )
    found = await db.execute(query)
    return {executor: marks for executor, marks in found.all() if marks is not None}


async def forget_before(db: AsyncSession, moment: datetime, reports: datetime) -> int:
    """Delete what is older; return how many rows went.

    Args:
        moment: for proofs of intents and webhooks, and for leases.
        reports: for diagnostics and their bundles.

    A lease that is gone means the same as one that has run out.
    """
    gone = 0
    for statement in (
        delete(IdempotencyKeyRow).where(IdempotencyKeyRow.claimed_at < moment),
        delete(WebhookEventRow).where(WebhookEventRow.received_at < moment),
        delete(BundleRow).where(BundleRow.arrived_at < reports),
        delete(DiagnosticRow).where(DiagnosticRow.arrived_at < reports),
        # Of nobody's payment here: other programs may use the same account.
        *(
            delete(kind).where(
                kind.noted_at < moment,
                ~exists().where(
                    PaymentRow.provider == kind.provider,
                    PaymentRow.provider_payment_id == kind.provider_payment_id,
                ),
            )
            for kind in (ProviderRefundRow, ProviderDisputeRow)
        ),
        delete(ExecutorLeaseRow).where(ExecutorLeaseRow.expires_at < moment),
    ):
        gone += cast("CursorResult[Any]", await db.execute(statement)).rowcount
    return gone
