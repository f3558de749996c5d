"""The append-only event tables of sessions and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import AccountEventRow, CounterRow, SessionEventRow, SessionRow
from liftbay_backend.domain.ids import SessionId, UserId


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


@dataclass(frozen=True, slots=True)
class Unseen:
    """Events of one audience and kind that a reader is not to see.

    Attributes:
        of_customer: whose sessions the unseen events are about; None hides all of the kind.
    """

    audience: str
    kind: str
    of_customer: UserId | None = None


async def account_events_after(
    db: AsyncSession,
    audiences: Sequence[str],
    after: int,
    at_most: int,
    *,
    unseen: Unseen | None = None,
) -> Sequence[AccountEventRow]:
    """Return the events of some audiences with a higher number, in order."""
    query = (
        select(AccountEventRow)
        .where(AccountEventRow.audience.in_(audiences), AccountEventRow.seq > after)
        .order_by(AccountEventRow.seq)
        .limit(at_most)
    )
    if unseen is not None:
        is_unseen = and_(
            AccountEventRow.audience == unseen.audience, AccountEventRow.kind == unseen.kind
        )
        if unseen.of_customer is not None:
            is_unseen &= exists().where(
                SessionRow.id == AccountEventRow.session_id,
                SessionRow.customer_id == unseen.of_customer,
            )
        query = query.where(~is_unseen)
    return (await db.execute(query)).scalars().all()


async def notify(db: AsyncSession, topics: Sequence[str]) -> None:
    """Tell other instances, on PostgreSQL, at the commit of this transaction; they listen."""
    for topic in topics:
        await db.execute(text("SELECT pg_notify('liftbay', :topic)").bindparams(topic=topic))
