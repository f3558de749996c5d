"""Who is in a session's room, and how far each side is on the way there."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import PresenceRow, ReadinessRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.roles import Side


async def presence_rows(db: AsyncSession, session_id: str) -> dict[Side, PresenceRow]:
    """Return both sides' rows, as far as there are any."""
    query = select(PresenceRow).where(PresenceRow.session_id == session_id)
    return {row.side: row for row in (await db.execute(query)).scalars()}


async def note_sign_of_life(
    db: AsyncSession, session_id: SessionId, side: Side, at: datetime
) -> None:
    """Date a participant's newest sign of life; a stranger to the room has no row yet."""
    await db.execute(
        update(PresenceRow)
        .where(PresenceRow.session_id == session_id, PresenceRow.side == side)
        .values(last_sign_of_life_at=at)
    )


async def readiness_rows(db: AsyncSession, session_ids: Iterable[str]) -> list[ReadinessRow]:
    """Return what both sides of these sessions said of themselves."""
    query = select(ReadinessRow).where(ReadinessRow.session_id.in_(session_ids))
    return list((await db.execute(query)).scalars())
