"""What people leave in a session: chat messages and quality samples."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import JSON, Insert, Integer, String, bindparam, cast, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.base import table_of
from liftbay_backend.db.models import MessageRow, QualitySampleRow, RecordingConsentRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.roles import Side

_MESSAGE: Final = select(MessageRow).where(
    MessageRow.session_id == bindparam("session_id"),
    MessageRow.author == bindparam("author"),
    MessageRow.client_id == bindparam("client_id"),
)


async def message_of(
    db: AsyncSession, session_id: str, author: Side, client_id: str
) -> MessageRow | None:
    """Return the message that its author knows by this id."""
    values = {"session_id": session_id, "author": author, "client_id": client_id}
    return (await db.execute(_MESSAGE, values)).scalar_one_or_none()


async def messages_after(
    db: AsyncSession, session_id: SessionId, after: int, at_most: int
) -> list[MessageRow]:
    """Return messages with a higher id, in order."""
    query = (
        select(MessageRow)
        .where(MessageRow.session_id == session_id, MessageRow.id > after)
        .order_by(MessageRow.id)
        .limit(at_most)
    )
    return list((await db.execute(query)).scalars())


async def recording_consents(
    db: AsyncSession, session_id: SessionId
) -> dict[Side, RecordingConsentRow]:
    """Return what each side has said about being recorded."""
    query = select(RecordingConsentRow).where(RecordingConsentRow.session_id == session_id)
    return {row.side: row for row in (await db.execute(query)).scalars()}


async def newest_samples(
    db: AsyncSession, session_id: SessionId, before: int | None, at_most: int
) -> list[QualitySampleRow]:
    """Return the newest samples of both sides, oldest first.

    Args:
        before: only samples with a lower id.
    """
    query = (
        select(QualitySampleRow)
        .where(QualitySampleRow.session_id == session_id)
        .order_by(QualitySampleRow.id.desc())
        .limit(at_most)
    )
    if before is not None:
        query = query.where(QualitySampleRow.id < before)
    return list((await db.execute(query)).scalars())[::-1]


@cache
def _keep(dialect_name: str) -> Insert:
    """Build the statement that keeps a batch if it fits.

    The batch is one value, which the database takes apart: a row for each sample, sent one by one,
    is most of what a post costs. How many are kept is counted by an index alone.
    """
    table = table_of(QualitySampleRow)
    given = bindparam("samples", type_=JSON)
    if dialect_name == "postgresql":
        each = (
            func.json_array_elements(cast(given, JSON))
            .table_valued("value", with_ordinality="place", name="each")
            .render_derived()
        )
        place = each.c.place
    else:
        each = func.json_each(given).table_valued("value", "key", name="each")
        place = each.c.key
    session_id, attempt, at = (
        bindparam(name, type_=table.c[name].type) for name in ("session_id", "attempt", "at")
    )
    # Its type says nothing to PostgreSQL, which would guess two for its two places.
    side = cast(bindparam("side", type_=table.c.side.type), String)
    kept = (
        select(func.count())
        .where(table.c.session_id == session_id, table.c.side == side)
        .scalar_subquery()
    )
    keep = insert(table).from_select(
        ["session_id", "side", "attempt", "at", "sample"],
        select(session_id, side, attempt, at, each.c.value)
        .where(kept <= bindparam("room", type_=Integer))
        .order_by(place),
    )
    # An insert's is forgotten otherwise.
    return keep.execution_options(preserve_rowcount=True)


async def keep_samples(
    db: AsyncSession,
    samples: Sequence[dict[str, Any]],
    *,
    session_id: SessionId,
    side: Side,
    attempt: str,
    at: datetime,
    at_most: int,
) -> bool:
    """Keep a batch of samples of one side, all or none; past the ORM, which knows nothing to add.

    Args:
        at_most: so many samples are kept of this side, the batch among them.

    Returns:
        Whether they fitted.
    """
    if not samples:
        return True
    values = {
        **{"session_id": session_id, "side": side, "attempt": attempt, "at": at},
        **{"samples": samples, "room": at_most - len(samples)},
    }
    statement = _keep(db.get_bind().dialect.name)
    return (await (await db.connection()).execute(statement, values)).rowcount > 0
