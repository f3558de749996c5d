"""A session as a call: started once both are in the room, followed by its clock, ended once."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from liftbay_backend.access import Access
from liftbay_backend.db.models import PresenceRow, SessionRow, SettlementRow
from liftbay_backend.domain.end_rules import (
    EndedBy,
    EndReason,
    LastJoin,
    is_superseded,
    reason_of_press,
)
from liftbay_backend.domain.ids import AttemptId
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_clock import start
from liftbay_backend.domain.session_fsm import ENDED, JOINABLE, UNSTARTED, SessionStatus
from liftbay_backend.live import Live
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.payments import is_refund_failing
from liftbay_backend.repositories.presence import presence_rows
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services.clock_rows import store_clock
from liftbay_backend.services.ending import EndRules, conclude, end_live_session
from liftbay_backend.services.no_shows import end_no_show, require_in_time
from liftbay_backend.services.presence_book import are_both_present
from liftbay_backend.services.session_view import (
    clock_wire,
    end_wire,
    session_clock,
    settlement_for_customer,
    settlement_wire,
    wire_of_clock,
)
from liftbay_backend.services.transitions import move_session
from liftbay_backend.work import Work

_LOOK_AGAIN_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed End, perhaps a while ago and offline."""

    reason: EndReason
    pressed_at: datetime
    attempt: AttemptId | None


async def see_both(live: Live, access: Access) -> None:
    """Look at the room until both are in it, for as long as a start is patient.

    Nothing is decided here: what was seen is booked, and `start_session` reads it under the lock.
    But a session whose start was missed ends before anybody looks.

    Raises:
        Problem: SESSION_ENDED, SFU_UNAVAILABLE.
    """
    await end_no_show(live, access.session)
    # Patience is the request's own time, not service time, which no request moves on.
    loop = asyncio.get_running_loop()
    deadline = loop.time() + live.start_patience_seconds
    while True:
        async with live.core.database.reading() as db:
            session = await db.get(SessionRow, access.session_id)
        if session is None or session.status not in JOINABLE - {SessionStatus.LIVE}:
            return
        try:
            if await live.watch.look(access.session_id):
                return
        except RoomsUnavailable as error:
            raise Problem(ErrorCode.SFU_UNAVAILABLE, headers={"Retry-After": "2"}) from error
        if loop.time() >= deadline:
            return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def start_session(live: Live, work: Work, access: Access) -> dict[str, Any]:
    """Start the paid time, once, whoever asks first; asking again brings the running clock.

    Raises:
        Problem: SESSION_ENDED, SESSION_NOT_BOTH_PRESENT, SESSION_ILLEGAL_TRANSITION.
    """
    warnings = live.core.settings.clock_warnings
    session = await work.session(access.session_id)
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    if session.status is not SessionStatus.LIVE:
        require_in_time(work, session, live.core.settings)
        if not are_both_present(await presence_rows(work.db, session.id)):
            raise Problem(ErrorCode.SESSION_NOT_BOTH_PRESENT)
        store_clock(session, start(session_clock(session), work.now))
        move_session(work, session, SessionStatus.LIVE)
        work.emit(session, "clock", {"clock": clock_wire(session, work.now, warnings)})
    return {
        "status": session.status.value,
        "clock": clock_wire(session, work.now, warnings),
    }


def read_clock(live: Live, access: Access) -> dict[str, Any]:
    """Return the clock, and take the question for a sign of life.

    Nothing is written or read for it: it is the most frequent of all questions, and any work
    between the two readings of the time would blur the client's estimate of the way back.
    """
    core = live.core
    live.watch.sign_of_life(access.session_id, access.participant)
    return wire_of_clock(access.session.clock, core.clock.now(), core.settings.clock_warnings)


async def end_session(live: Live, work: Work, access: Access, press: Press) -> dict[str, Any]:
    """End the session for both, once; ending what is over brings how it ended.

    A press that was queued offline is ignored when that person joined again later. A window that
    closes before the start ends nothing: the person may come back.
    """
    side = access.participant
    session = await work.session(access.session_id)
    if session.status not in ENDED:
        presence = await work.db.get(PresenceRow, (session.id, side))
        last = _last_join(presence)
        if not is_superseded(press.pressed_at, press.attempt, last, work.now):
            # What is due counts first: the press may come before the tick that books it.
            booking = live.watch.book(work, session)
            await booking.time()
            await booking.zero()
            await _end(work, session, side, press, EndRules.from_settings(live.core.settings))
            await work.db.flush()
    return {
        "status": session.status.value,
        "end": end_wire(session),
        "settlement": await _settlement(work, session, side),
    }


async def _end(work: Work, session: SessionRow, side: Side, press: Press, rules: EndRules) -> None:
    reason, ended_by = reason_of_press(press.reason, side), EndedBy(side.value)
    if session.status is SessionStatus.LIVE:
        await end_live_session(work, session, rules, reason=reason, ended_by=ended_by)
    elif session.status in UNSTARTED and reason is not EndReason.WINDOW_CLOSED:
        await conclude(
            work,
            session,
            rules,
            status=SessionStatus.CANCELLED,
            reason=reason,
            ended_by=ended_by,
        )


async def _settlement(work: Work, session: SessionRow, side: Side) -> dict[str, Any] | None:
    row = await work.db.get(SettlementRow, session.id)
    if row is None:
        return None
    if side is Side.MECHANIC:
        return settlement_wire(row)
    return settlement_for_customer(row, fails=await is_refund_failing(work.db, session.id))


def _last_join(presence: PresenceRow | None) -> LastJoin | None:
    if presence is None or presence.joined_at is None:
        return None
    attempt = presence.present_attempt
    return LastJoin(None if attempt is None else AttemptId(attempt), presence.joined_at)
