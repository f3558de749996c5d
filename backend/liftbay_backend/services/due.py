"""What falls due by time alone, claimed row by row through the Clock port.

Nothing here sleeps: a tick asks for rows whose moment has come and books each in a transaction of
its own, which looks again under the row's lock, so that two instances may tick at once. Times are
columns; an extension or a pause only moves the column. What goes wrong with one row is that row's
matter alone (`services.row_by_row`).
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeAlias

import structlog

from liftbay_backend.db.models import SessionRow, SettlementRow
from liftbay_backend.domain.end_rules import EndedBy, EndReason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.readiness import LAPSES_AFTER
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.settlement import SettlementKind, kind_for
from liftbay_backend.domain.states import SettlementState
from liftbay_backend.live import Live
from liftbay_backend.repositories import due as questions
from liftbay_backend.repositories.due import DueRows
from liftbay_backend.repositories.requests import pending_request
from liftbay_backend.repositories.settlements import lock_settlement
from liftbay_backend.rooms.ports import session_room
from liftbay_backend.services.ending import EndRules, conclude, wish_for_settlement
from liftbay_backend.services.no_shows import book_no_show
from liftbay_backend.services.readiness import lapse_in
from liftbay_backend.services.row_by_row import each_row
from liftbay_backend.services.transitions import move_session
from liftbay_backend.work import Work

SWEEP_AFTER: Final = timedelta(seconds=60)
STUCK_AFTER: Final = timedelta(days=1)
_log = structlog.get_logger(__name__)

StartSettlement: TypeAlias = Callable[[SessionId, SettlementKind], Awaitable[None]]
LookAgain: TypeAlias = Callable[[SessionId], Awaitable[bool]]


async def end_sessions_at_zero(live: Live) -> int:
    """End live sessions that have come to 0:00; absences that fell due before count first."""
    rows = questions.sessions_at_zero(live.core.clock.now())

    async def book(session_id: str) -> bool:
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            booking = live.watch.book(work, session)
            await booking.time()
            await booking.zero()
            return session.ended_at is not None

    return await each_row(live, rows, book)


async def expire_requests(live: Live) -> int:
    """Take back offers that nobody accepted in time; their sessions are `unattended`."""
    rows = questions.requests_to_expire(live.core.clock.now())
    rules = EndRules.from_settings(live.core.settings)

    async def book(session_id: str) -> bool:
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            if session.status is not SessionStatus.PENDING or not await _has_run_out(work, session):
                return False
            await conclude(
                work,
                session,
                rules,
                status=SessionStatus.UNATTENDED,
                reason=EndReason.UNATTENDED,
                ended_by=EndedBy.SERVICE,
            )
            return True

    return await each_row(live, rows, book)


async def expire_no_shows(live: Live) -> int:
    """Expire sessions that were promised and did not start in time."""
    settings = live.core.settings
    latest = live.core.clock.now() - timedelta(seconds=settings.start_window_seconds)

    async def book(session_id: str) -> bool:
        async with live.core.works.begin() as work:
            return await book_no_show(work, await work.session(session_id), settings)

    return await each_row(live, questions.no_shows(latest), book)


async def open_scheduled(live: Live) -> int:
    """Move booked sessions to `waiting` when their time has come."""
    rows = questions.bookings_to_open(live.core.clock.now())

    async def book(session_id: str) -> bool:
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            if session.status is not SessionStatus.SCHEDULED or session.mechanic_id is None:
                return False
            return move_session(work, session, SessionStatus.WAITING)

    return await each_row(live, rows, book)


async def lapse_readiness(live: Live) -> int:
    """Take nobody for ready who has not said so for a while: they may have gone home."""
    rows = questions.readiness_to_lapse(live.core.clock.now() - LAPSES_AFTER)

    async def book(session_id: str) -> bool:
        async with live.core.works.begin() as work:
            return await lapse_in(work, await work.session(session_id))

    return await each_row(live, rows, book)


async def close_rooms(live: Live) -> int:
    """Delete the rooms of ended sessions some seconds after the end: clients leave first."""
    rows = questions.rooms_to_close(live.core.clock.now())

    async def book(session_id: str) -> bool:
        # A server that is gone has no rooms; should it come back, a later tick tries again.
        await live.rooms.delete_room(session_room(SessionId(session_id)))
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            session.room_closed_at = work.now
        return True

    return await each_row(live, rows, book)


async def start_settlements(live: Live, start: StartSettlement) -> int:
    """Start the settlements that nobody has begun; starting one twice is harmless."""
    return await _start_all(live, questions.settlements_to_start(), start)


async def sweep_settlements(live: Live, start: StartSettlement) -> int:
    """Adopt ends without a settlement, and start those that should have finished long ago.

    Whatever was lost between a commit and a start is found here. Starting changes nothing about a
    workflow that runs, or that has given up; one that should have ended yesterday needs a person.
    """
    await _adopt_ends(live)
    await _look_at_left(live)
    rows = questions.settlements_late(live.core.clock.now() - SWEEP_AFTER)
    started = await _start_all(live, rows, start)
    await _name_stuck(live)
    return started


async def move_money_again(live: Live, look: LookAgain) -> int:
    """Try again what did not move, and move what came after a settlement."""

    async def book(session_id: str) -> bool:
        return await look(SessionId(session_id))

    return await each_row(live, questions.money_to_move(live.core.clock.now()), book)


async def _has_run_out(work: Work, session: SessionRow) -> bool:
    """Look again behind the lock: a payment may have given the request its time meanwhile."""
    request = await pending_request(work.db, session.id, lock=True)
    return request is None or request.expires_at <= work.now


async def _adopt_ends(live: Live) -> None:
    async def book(session_id: str) -> bool:
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            if await work.db.get(SettlementRow, session_id) is not None:
                return False
            await wish_for_settlement(work, session)
        _log.warning("settlement.adopted", session_id=session_id)
        return True

    await each_row(live, questions.ends_without_settlement(), book)


async def _look_at_left(live: Live) -> None:
    async def book(session_id: str) -> bool:
        async with live.core.works.begin() as work:
            await work.session(session_id)
            row = await lock_settlement(work.db, SessionId(session_id))
            if row.state is SettlementState.FAILED and row.retry_at is None:
                row.retry_at = work.now
        return True

    await each_row(live, questions.settlements_left(), book)


async def _name_stuck(live: Live) -> None:
    rows = questions.settlements_stuck(live.core.clock.now() - STUCK_AFTER)

    async def book(session_id: str) -> bool:
        _log.error("settlement.stuck", session_id=session_id)
        return False

    await each_row(live, rows, book)


async def _start_all(live: Live, rows: DueRows, start: StartSettlement) -> int:
    async def book(session_id: str) -> bool:
        async with live.core.database.reading() as db:
            session = await db.get(SessionRow, session_id)
        kind = None if session is None else kind_for(session.status)
        if kind is None:
            return False
        await start(SessionId(session_id), kind)
        return True

    return await each_row(live, rows, book)
