"""The append-only event tables of sessions and accounts."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import AccountEventRow, CounterRow, SessionEventRow
from liftbay_backend.domain.ids import SessionId


async def lock_counter(db: AsyncSession, name: str) -> CounterRow:
    """Return a counter that is there, locked until the end of the transaction."""
    query = select(CounterRow).where(CounterRow.name == name).with_for_update()
    return (await db.execute(query)).scalar_one()


async def session_events_after(
    db: AsyncSession, session_id: SessionId, after: int, at_most: int
) -> Sequence[SessionEventRow]:
    """Return a session's events with a higher number, in order."""
    query = (
        select(SessionEventRow)
        .where(SessionEventRow.session_id == session_id, SessionEventRow.seq > after)
        .order_by(SessionEventRow.seq)
        .limit(at_most)
    )
    return (await db.execute(query)).scalars().all()


async def newest_account_event(db: AsyncSession) -> int:
    """Return the number of the newest event of all accounts; 0 before the first."""
    return (await db.execute(select(func.max(AccountEventRow.seq)))).scalar() or 0


async def account_events_after(
    db: AsyncSession,
    audiences: Sequence[str],
    after: int,
    at_most: int,
    *,
    without: tuple[str, str] | None = None,
) -> Sequence[AccountEventRow]:
    """Return the events of some audiences with a higher number, in order.

    Args:
        without: an audience and a kind; events that have both are left out.
    """
    query = (
        select(AccountEventRow)
        .where(AccountEventRow.audience.in_(audiences), AccountEventRow.seq > after)
        .order_by(AccountEventRow.seq)
        .limit(at_most)
    )
    if without is not None:
        audience, kind = without
        query = query.where(or_(AccountEventRow.audience != audience, AccountEventRow.kind != kind))
    return (await db.execute(query)).scalars().all()


async def notify(db: AsyncSession, topics: Sequence[str]) -> None:
    """Tell other instances, on PostgreSQL, at the commit of this transaction; they listen."""
    for topic in topics:
        await db.execute(text("SELECT pg_notify('liftbay', :topic)").bindparams(topic=topic))
