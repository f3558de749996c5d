"""Who is in a session's room, and how far each side is on the way there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.base import table_of
from liftbay_backend.db.models import PresenceRow, ReadinessRow
from liftbay_backend.domain.roles import Side


async def presence_rows(db: AsyncSession, session_id: str) -> dict[Side, PresenceRow]:
    """Return both sides' rows, as far as there are any."""
    query = select(PresenceRow).where(PresenceRow.session_id == session_id)
    return {row.side: row for row in (await db.execute(query)).scalars()}


async def presence_of(
    db: AsyncSession, session_ids: Iterable[str]
) -> dict[str, dict[Side, PresenceRow]]:
    """Return the rows of many sessions."""
    found: dict[str, dict[Side, PresenceRow]] = {}
    query = select(PresenceRow).where(PresenceRow.session_id.in_(session_ids))
    for row in (await db.execute(query)).scalars():
        found.setdefault(row.session_id, {})[row.side] = row
    return found


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """When one participant was last heard of."""

    session_id: str
    side: Side
    at: datetime


async def note_signs_of_life(db: AsyncSession, signs: Sequence[SignOfLife]) -> None:
    """Date participants' newest signs of life; a stranger to the room has no row yet.

    A newer one, of another instance, stays.
    """
    rows = table_of(PresenceRow)
    statement = (
        update(rows)
        .where(
            rows.c.session_id == bindparam("of_session"),
            rows.c.side == bindparam("of_side"),
            or_(
                rows.c.last_sign_of_life_at.is_(None), rows.c.last_sign_of_life_at < bindparam("at")
            ),
        )
        .values(last_sign_of_life_at=bindparam("at"))
    )
    # In the order of the keys, as every other writer of several rows: none waits in a circle.
    ordered = sorted(signs, key=lambda one: (one.session_id, one.side.value))
    await (await db.connection()).execute(
        statement,
        [{"of_session": one.session_id, "of_side": one.side, "at": one.at} for one in ordered],
    )


async def readiness_rows(db: AsyncSession, session_ids: Iterable[str]) -> list[ReadinessRow]:
    """Return what both sides of these sessions said of themselves."""
    query = select(ReadinessRow).where(ReadinessRow.session_id.in_(session_ids))
    return list((await db.execute(query)).scalars())
