"""Due rows, oldest first and each on its own: a broken one is logged and holds up nobody.

A round walks through all pages of its rows, so however many broken ones lie in front, those behind
them have their turn in the same round.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from liftbay_backend.db.engine import Database
from liftbay_backend.live import Live
from liftbay_backend.rooms.ports import RoomsUnavailable

PAGE: Final = 100
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DueRows:
    """One step's question for its rows.

    Attributes:
        step: the kind of work, for the log.
        session_id: the column with the session's id; it is unique among the rows.
        due_at: when a row fell due; never null among the rows that match.
        where: what must be true of a row.
    """

    step: str
    session_id: InstrumentedAttribute[str]
    due_at: SQLColumnExpression[datetime] | SQLColumnExpression[datetime | None]
    where: Sequence[ColumnElement[bool]]


async def each_row(live: Live, rows: DueRows, book: Callable[[str], Awaitable[bool]]) -> int:
    """Do the work of every due row.

    A row that fails is logged and left alone for a while (`services.setbacks`). A media server
    that does not answer ends the round, because all others would wait as long for the same; the
    next round then begins with another row.

    Args:
        book: does one session's work, in a transaction of its own; tells whether it changed.

    Returns:
        How many were changed.
    """
    changed = 0
    clock, setbacks = live.core.clock, live.setbacks
    async for session_id in _oldest_first(live.core.database, rows):
        if setbacks.is_held(rows.step, session_id, clock.monotonic()):
            continue
        try:
            changed += await book(session_id)
        except RoomsUnavailable as error:
            setbacks.failed(rows.step, session_id, clock.monotonic())
            _log.info("due.room_waits", session_id=session_id, detail=error.detail)
            return changed
        except Exception as error:
            failures = setbacks.failed(rows.step, session_id, clock.monotonic())
            _log.error(
                "due.row_failed",
                step=rows.step,
                session_id=session_id,
                failures=failures,
                exc_info=error,
            )
        else:
            setbacks.succeeded(rows.step, session_id)
    return changed


async def _oldest_first(database: Database, rows: DueRows) -> AsyncIterator[str]:
    key, due_at = rows.session_id, rows.due_at
    behind: tuple[ColumnElement[bool], ...] = ()
    while True:
        query = select(key, due_at).where(*rows.where, *behind).order_by(due_at, key).limit(PAGE)
        async with database.reading() as db:
            page: Sequence[Any] = (await db.execute(query)).all()
        for session_id, _ in page:
            yield session_id
        if len(page) < PAGE:
            return
        last_id, last_due = page[-1]
        behind = (or_(due_at > last_due, and_(due_at == last_due, key > last_id)),)
