"""A session as a call: started once both are in the room, followed by its clock, ended once."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from liftbay_backend.access import Access
from liftbay_backend.db.models import PresenceRow, ReadinessRow, SessionRow, SettlementRow
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
from liftbay_backend.domain.states import ReadinessState
from liftbay_backend.live import Live
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.presence import presence_rows
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services.clock_rows import store_clock
from liftbay_backend.services.ending import EndRules, conclude, end_live_session
from liftbay_backend.services.presence_book import are_both_present
from liftbay_backend.services.session_view import (
    clock_wire,
    end_wire,
    session_clock,
    settlement_wire,
)
from liftbay_backend.services.transitions import move_session
from liftbay_backend.work import Work, customer_audience, mechanic_audience

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

    Raises:
        Problem: SFU_UNAVAILABLE.
    """
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
        if not are_both_present(await presence_rows(work.db, session.id)):
            raise Problem(ErrorCode.SESSION_NOT_BOTH_PRESENT)
        store_clock(session, start(session_clock(session), work.now))
        move_session(work, session, SessionStatus.LIVE)
        work.emit(session, "clock", {"clock": clock_wire(session, work.now, warnings)})
    return {
        "status": session.status.value,
        "clock": clock_wire(session, work.now, warnings),
    }


async def read_clock(live: Live, access: Access) -> dict[str, Any]:
    """Return the clock, and take the question for a sign of life.

    The sign is written before the time is read, so that writing does not blur the client's
    estimate of the way back.
    """
    core = live.core
    if access.side is not None:
        await live.watch.sign_of_life(access.session_id, access.side)
    async with core.database.reading() as db:
        session = await db.get(SessionRow, access.session_id)
    if session is None:
        raise Problem(ErrorCode.SESSION_NOT_FOUND)
    return clock_wire(session, core.clock.now(), core.settings.clock_warnings)


async def end_session(live: Live, work: Work, access: Access, press: Press) -> dict[str, Any]:
    """End the session for both, once; ending what is over brings how it ended.

    A press that was queued offline is ignored when that person joined again later. A window that
    closes before the start ends nothing: the person may come back.
    """
    side = access.participant
    session = await work.session(access.session_id)
    if session.status not in ENDED:
        presence = await work.db.get(PresenceRow, (session.id, side))
        if not is_superseded(press.pressed_at, press.attempt, _last_join(presence)):
            # A pause that is due counts first: the press may come before the tick that books it.
            await live.watch.book(work, session).time()
            await _end(work, session, side, press, EndRules.from_settings(live.core.settings))
            await work.db.flush()
    settlement = await work.db.get(SettlementRow, session.id)
    return {
        "status": session.status.value,
        "end": end_wire(session),
        "settlement": None if settlement is None else settlement_wire(settlement),
    }


async def read_readiness(live: Live, access: Access) -> dict[str, Any]:
    """Return how far both sides are. Contract: tests/contract/readiness.json"""
    async with live.core.database.reading() as db:
        rows = [await db.get(ReadinessRow, (access.session_id, side)) for side in Side]
    return _readiness_wire(rows)


async def write_readiness(
    work: Work, access: Access, state: ReadinessState, rung: int | None
) -> dict[str, Any]:
    """Keep one side's readiness and tell the other side and both dashboards.

    Raises:
        Problem: SESSION_ENDED.
    """
    side = access.participant
    session = await work.session(access.session_id)
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    row = await work.db.get(ReadinessRow, (session.id, side))
    if row is None:
        row = ReadinessRow(
            session_id=session.id, side=side, state=ReadinessState.ABSENT, updated_at=work.now
        )
        work.db.add(row)
    if (row.state, row.rung) != (state, rung):
        row.state, row.rung, row.updated_at = state, rung, work.now
        told = {"role": side.value, "state": state.value, "rung": rung}
        work.emit(session, "readiness", told)
        _tell_dashboards(work, session, {"session_id": session.id, **told})
    await work.db.flush()
    rows = [await work.db.get(ReadinessRow, (session.id, one)) for one in Side]
    return _readiness_wire(rows)


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


def _tell_dashboards(work: Work, session: SessionRow, told: dict[str, Any]) -> None:
    audiences = [customer_audience(session.customer_id)]
    if session.mechanic_id is not None:
        audiences.append(mechanic_audience(session.mechanic_id))
    for audience in audiences:
        work.emit_account(audience, "readiness", told, session_id=session.id)


def _last_join(presence: PresenceRow | None) -> LastJoin | None:
    if presence is None or presence.joined_at is None:
        return None
    attempt = presence.present_attempt
    return LastJoin(None if attempt is None else AttemptId(attempt), presence.joined_at)


def _readiness_wire(rows: list[ReadinessRow | None]) -> dict[str, Any]:
    by_side = {row.side: row for row in rows if row is not None}
    return {
        side.value: {
            "state": row.state.value if (row := by_side.get(side)) else "absent",
            "rung": row.rung if row else None,
        }
        for side in Side
    }
