"""What people leave in a session: chat messages and quality samples."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import MessageRow, QualitySampleRow, RecordingConsentRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.roles import Side


async def message_of(
    db: AsyncSession, session_id: str, author: Side, client_id: str
) -> MessageRow | None:
    """Return the message that its author knows by this id."""
    query = select(MessageRow).where(
        MessageRow.session_id == session_id,
        MessageRow.author == author,
        MessageRow.client_id == client_id,
    )
    return (await db.execute(query)).scalar_one_or_none()


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


async def count_samples(db: AsyncSession, session_id: SessionId, side: Side) -> int:
    """Return how many samples of one side are kept; an index alone answers."""
    query = select(func.count()).where(
        QualitySampleRow.session_id == session_id, QualitySampleRow.side == side
    )
    return (await db.execute(query)).scalar_one()
