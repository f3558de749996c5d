"""The append-only event tables of sessions and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Exists, Select, and_, bindparam, exists, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.base import table_of
from liftbay_backend.db.models import AccountEventRow, CounterRow, SessionEventRow, SessionRow
from liftbay_backend.domain.ids import SessionId, UserId
from liftbay_backend.repositories.sign_ins import Held

_AFTER: Final = (
    select(SessionEventRow.seq, SessionEventRow.kind, SessionEventRow.data)
    .where(
        SessionEventRow.session_id == bindparam("session_id"),
        SessionEventRow.seq > bindparam("after"),
    )
    .order_by(SessionEventRow.seq)
    .limit(bindparam("at_most"))
)
_APPEND: Final = insert(table_of(SessionEventRow))
_NOTIFY: Final = text("SELECT pg_notify('liftbay', :topic)")


async def lock_counter(db: AsyncSession, name: str) -> CounterRow:
    """Return a counter that is there, locked until the end of the transaction."""
    query = select(CounterRow).where(CounterRow.name == name).with_for_update()
    return (await db.execute(query)).scalar_one()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a session's stream looks at, again and again.

    Attributes:
        event_seq: number of the session's newest event.
    """

    is_signed_in: bool
    customer_id: str
    mechanic_id: str | None
    event_seq: int


@cache
def _standing(conditions: tuple[Exists, ...]) -> Select[Any]:
    columns = (SessionRow.customer_id, SessionRow.mechanic_id, SessionRow.event_seq)
    asked: tuple[Any, ...] = (*columns, *conditions)
    return select(*asked).where(SessionRow.id == bindparam("session_id"))


async def session_standing(db: AsyncSession, session_id: SessionId, held: Held) -> Standing | None:
    """Return where a session and its reader stand, with one statement; None without a session."""
    values = {"session_id": session_id, **held.values}
    row: Any = (await db.execute(_standing(held.conditions), values)).one_or_none()
    return None if row is None else Standing(all(row[3:]), *row[:3])


async def session_events_after(
    db: AsyncSession, session_id: SessionId, after: int, at_most: int
) -> list[tuple[int, str, dict[str, Any]]]:
    """Return number, kind and data of a session's events with a higher number, in order."""
    values = {"session_id": session_id, "after": after, "at_most": at_most}
    rows = await db.execute(_AFTER, values)
    return [(seq, kind, data) for seq, kind, data in rows]


async def append_session_events(db: AsyncSession, events: Sequence[dict[str, Any]]) -> None:
    """Keep new events, by column name; whoever numbered them holds the lock of the session."""
    await (await db.connection()).execute(_APPEND, list(events))


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
        await db.execute(_NOTIFY, {"topic": topic})
