"""What keeps the service itself in order: the leases of its instances."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import ExecutorLeaseRow


async def living_executors(db: AsyncSession, now: datetime) -> set[str]:
    """Return the instances whose lease has not run out."""
    query = select(ExecutorLeaseRow.executor_id).where(ExecutorLeaseRow.expires_at > now)
    return set((await db.execute(query)).scalars())
