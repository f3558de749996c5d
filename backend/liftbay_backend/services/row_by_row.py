"""Due rows, oldest first and each on its own: a broken one is logged and holds up nobody.

A round walks through all pages of its rows, so however many broken ones lie in front, those behind
them have their turn in the same round.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import structlog

from liftbay_backend.db.engine import UNAVAILABLE, Database
from liftbay_backend.live import Live
from liftbay_backend.repositories.due import DueRow, DueRows, page_of_rows
from liftbay_backend.rooms.ports import RoomsUnavailable

PAGE: Final = 100
_log = structlog.get_logger(__name__)


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
        except UNAVAILABLE:
            # All others would fail alike; the loop says it once, and its next round goes on.
            raise
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
    last: DueRow | None = None
    while True:
        async with database.reading() as db:
            page = await page_of_rows(db, rows, last, PAGE)
        for session_id, _ in page:
            yield session_id
        if len(page) < PAGE:
            return
        last = page[-1]
