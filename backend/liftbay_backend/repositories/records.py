"""What people leave in a session: chat messages and quality samples."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, select
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


_COUNT: Final = select(func.count()).where(
    QualitySampleRow.session_id == bindparam("session_id"),
    QualitySampleRow.side == bindparam("side"),
)
_KEEP: Final = insert(table_of(QualitySampleRow))


async def count_samples(db: AsyncSession, session_id: SessionId, side: Side) -> int:
    """Return how many samples of one side are kept; an index alone answers."""
    return (await db.execute(_COUNT, {"session_id": session_id, "side": side})).scalar_one()


async def keep_samples(
    db: AsyncSession,
    samples: Sequence[dict[str, Any]],
    *,
    session_id: SessionId,
    side: Side,
    attempt: str,
    at: datetime,
) -> None:
    """Keep a batch of samples of one side; past the ORM, which knows nothing to add."""
    if samples:
        common = {"session_id": session_id, "side": side, "attempt": attempt, "at": at}
        connection = await db.connection()
        await connection.execute(_KEEP, [{**common, "sample": one} for one in samples])
