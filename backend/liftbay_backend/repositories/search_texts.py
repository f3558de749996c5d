"""Rows that history is searched in and that have no folded text yet."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import MechanicRow, SessionRow, UserRow
from liftbay_backend.domain.search_words import (
    ARCHIVED,
    folded,
    text_of_archived,
    text_of_session,
)
from liftbay_backend.domain.session_fsm import SessionStatus

NOTHING: Final = " "
"""What stands for a text of no words, so that it is not looked at for ever."""


async def fill_sessions(db: AsyncSession, most: int) -> int:
    """Give some sessions their text, archived ones by older instances a new one; return how many.

    Locked, so that nobody archives one between its reading and its text.
    """
    is_archived = SessionRow.status == SessionStatus.ARCHIVED
    has_old_text = is_archived & ~SessionRow.search_text.startswith(ARCHIVED)
    query = (
        select(SessionRow.id, SessionRow.status, SessionRow.vehicle, SessionRow.concern)
        .where((SessionRow.search_text == "") | has_old_text)
        .order_by(SessionRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = (await db.execute(query)).all()
    texts = [
        (
            row.id,
            text_of_archived(row.vehicle)
            if row.status is SessionStatus.ARCHIVED
            else text_of_session(row.vehicle, row.concern),
        )
        for row in rows
    ]
    await _write(db, SessionRow, "search_text", texts)
    return len(rows)


async def fill_users(db: AsyncSession, most: int) -> int:
    """Give some accounts their folded name; return how many."""
    query = select(UserRow.id, UserRow.name).where(UserRow.search_name == "").limit(most)
    rows = (await db.execute(query)).all()
    await _write(db, UserRow, "search_name", [(row.id, folded(row.name)) for row in rows])
    return len(rows)


async def fill_mechanics(db: AsyncSession, most: int) -> int:
    """Give some mechanics their folded name; return how many."""
    query = select(MechanicRow.mechanic_id, MechanicRow.name).where(MechanicRow.search_name == "")
    rows = (await db.execute(query.limit(most))).all()
    texts = [(row.mechanic_id, folded(row.name)) for row in rows]
    await _write(db, MechanicRow, "search_name", texts)
    return len(rows)


async def _write(
    db: AsyncSession,
    table: type[SessionRow | UserRow | MechanicRow],
    column: str,
    texts: Sequence[tuple[str, str]],
) -> None:
    [key] = table.__mapper__.primary_key
    for name, text in texts:
        change = update(table).where(key == name).values({column: text or NOTHING})
        await db.execute(change, execution_options={"synchronize_session": False})
