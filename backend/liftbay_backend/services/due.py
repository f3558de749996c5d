"""What falls due by time alone, claimed row by row through the Clock port.

Nothing here sleeps: a tick asks for rows whose moment has come and books each in a transaction of
its own, which looks again under the row's lock, so that two instances may tick at once. Times are
columns; an extension or a pause only moves the column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.sql import Select

from liftbay_backend.db.models import PaymentRow, RequestRow, SessionRow, SettlementRow
from liftbay_backend.domain.end_rules import EndedBy, EndReason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.settlement import SettlementKind, kind_for
from liftbay_backend.domain.states import PaymentStatus, SettlementState
from liftbay_backend.live import Live
from liftbay_backend.rooms.ports import RoomsUnavailable, session_room
from liftbay_backend.services import refunds
from liftbay_backend.services.ending import EndRules, conclude, wish_for_settlement
from liftbay_backend.services.transitions import move_session

SWEEP_AFTER: Final = timedelta(seconds=60)
_AT_ONCE: Final = 100
_PROMISED: Final = (SessionStatus.SCHEDULED, SessionStatus.ACCEPTED, SessionStatus.WAITING)
_UNSETTLED: Final = (
    SessionStatus.COMPLETED,
    SessionStatus.CANCELLED,
    SessionStatus.EXPIRED,
    SessionStatus.UNATTENDED,
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WantedSettlement:
    """A settlement that is to be started; starting it twice is harmless."""

    session_id: SessionId
    kind: SettlementKind


async def end_sessions_at_zero(live: Live) -> int:
    """End live sessions that have come to 0:00; absences that fell due before count first."""
    now = live.core.clock.now()
    query = select(SessionRow.id).where(
        SessionRow.status == SessionStatus.LIVE, SessionRow.ends_at <= now
    )
    ended = 0
    for session_id in await _ids(live, query):
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            booking = live.watch.book(work, session)
            await booking.time()
            await booking.zero()
            ended += session.ended_at is not None
    return ended


async def expire_requests(live: Live) -> int:
    """Take back offers that nobody accepted in time; their sessions are `unattended`."""
    now = live.core.clock.now()
    query = select(RequestRow.session_id).where(
        RequestRow.status == RequestStatus.PENDING, RequestRow.expires_at <= now
    )
    return await _conclude_all(
        live,
        await _ids(live, query),
        from_statuses=(SessionStatus.PENDING,),
        status=SessionStatus.UNATTENDED,
        reason=EndReason.UNATTENDED,
    )


async def expire_no_shows(live: Live) -> int:
    """Expire sessions that were promised and did not start in time."""
    now = live.core.clock.now()
    latest = now - timedelta(seconds=live.core.settings.start_window_seconds)
    query = select(SessionRow.id).where(
        SessionRow.status.in_(_PROMISED),
        or_(
            SessionRow.scheduled_for <= latest,
            and_(SessionRow.scheduled_for.is_(None), SessionRow.accepted_at <= latest),
        ),
    )
    return await _conclude_all(
        live,
        await _ids(live, query),
        from_statuses=_PROMISED,
        status=SessionStatus.EXPIRED,
        reason=EndReason.EXPIRED,
    )


async def open_scheduled(live: Live) -> int:
    """Move booked sessions to `waiting` when their time has come."""
    now = live.core.clock.now()
    query = select(SessionRow.id).where(
        SessionRow.status == SessionStatus.SCHEDULED, SessionRow.scheduled_for <= now
    )
    opened = 0
    for session_id in await _ids(live, query):
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            if session.status is SessionStatus.SCHEDULED and session.mechanic_id is not None:
                opened += move_session(work, session, SessionStatus.WAITING)
    return opened


async def close_rooms(live: Live) -> int:
    """Delete the rooms of ended sessions some seconds after the end: clients leave first."""
    now = live.core.clock.now()
    query = select(SessionRow.id).where(
        SessionRow.room_close_due_at <= now, SessionRow.room_closed_at.is_(None)
    )
    closed = 0
    for session_id in await _ids(live, query):
        try:
            await live.rooms.delete_room(session_room(SessionId(session_id)))
        except RoomsUnavailable:
            # A server that is gone has no rooms; should it come back, the next tick tries again.
            return closed
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            session.room_closed_at = work.now
            closed += 1
    return closed


async def wanted_settlements(live: Live) -> list[WantedSettlement]:
    """Return the settlements that nobody has begun."""
    query = (
        select(SettlementRow.session_id, SessionRow.status)
        .join(SessionRow, SessionRow.id == SettlementRow.session_id)
        .where(SettlementRow.state == SettlementState.PENDING)
        .limit(_AT_ONCE)
    )
    return await _wanted(live, query)


async def overdue_settlements(live: Live) -> list[WantedSettlement]:
    """Return settlements that should have finished long ago, and adopt ends without any.

    Part of the sweep: whatever was lost between a commit and a start is found here.
    """
    query = (
        select(SessionRow.id)
        .outerjoin(SettlementRow, SettlementRow.session_id == SessionRow.id)
        .where(SessionRow.status.in_(_UNSETTLED), SettlementRow.session_id.is_(None))
    )
    for session_id in await _ids(live, query):
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            if await work.db.get(SettlementRow, session_id) is None:
                await wish_for_settlement(work, session)
                _log.warning("settlement.adopted", session_id=session_id)
    late = live.core.clock.now() - SWEEP_AFTER
    unfinished = (
        select(SettlementRow.session_id, SessionRow.status)
        .join(SessionRow, SessionRow.id == SettlementRow.session_id)
        .where(
            SettlementRow.state.in_((SettlementState.PENDING, SettlementState.RUNNING)),
            SettlementRow.requested_at <= late,
        )
        .limit(_AT_ONCE)
    )
    return await _wanted(live, unfinished)


async def refund_late_payments(live: Live) -> int:
    """Carry out refunds of payments that arrived after their session was settled."""
    query = (
        select(PaymentRow.session_id)
        .join(SettlementRow, SettlementRow.session_id == PaymentRow.session_id)
        .where(
            PaymentRow.status == PaymentStatus.REFUNDING,
            SettlementRow.finished_at.is_not(None),
        )
        .distinct()
    )
    booked = 0
    for session_id in await _ids(live, query):
        booked += await refunds.carry_out(live.core, session_id)
    return booked


async def _conclude_all(
    live: Live,
    session_ids: Sequence[str],
    *,
    from_statuses: Sequence[SessionStatus],
    status: SessionStatus,
    reason: EndReason,
) -> int:
    rules = EndRules.from_settings(live.core.settings)
    concluded = 0
    for session_id in session_ids:
        async with live.core.works.begin() as work:
            session = await work.session(session_id)
            if session.status not in from_statuses:
                continue
            await conclude(
                work, session, rules, status=status, reason=reason, ended_by=EndedBy.SERVICE
            )
            concluded += 1
    return concluded


async def _ids(live: Live, query: Select[str]) -> list[str]:
    async with live.core.database.reading() as db:
        return list((await db.execute(query.limit(_AT_ONCE))).scalars())


async def _wanted(live: Live, query: Select[str, SessionStatus]) -> list[WantedSettlement]:
    async with live.core.database.reading() as db:
        rows = (await db.execute(query)).all()
    return [
        WantedSettlement(SessionId(session_id), kind)
        for session_id, status in rows
        if (kind := kind_for(status)) is not None
    ]
