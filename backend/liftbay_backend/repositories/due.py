"""What falls due by time alone: one question per kind of work, and pages of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from liftbay_backend.db.models import (
    CrmRecordRow,
    PaymentRow,
    PresenceRow,
    ReadinessRow,
    RefundRow,
    RequestRow,
    SessionRow,
    SettlementRow,
)
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.session_fsm import PROMISED, UNSTARTED, SessionStatus
from liftbay_backend.domain.states import (
    PaymentStatus,
    PresenceState,
    ReadinessState,
    SettlementState,
    WorkState,
)

_UNSETTLED: Final = (
    SessionStatus.COMPLETED,
    SessionStatus.CANCELLED,
    SessionStatus.EXPIRED,
    SessionStatus.UNATTENDED,
)

DueRow: TypeAlias = tuple[str, datetime]
"""A session's id, and when its row fell due."""


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


async def page_of_rows(
    db: AsyncSession, rows: DueRows, behind: DueRow | None, at_most: int
) -> list[DueRow]:
    """Return due rows, oldest first, from the one on that follows `behind`."""
    key, due_at = rows.session_id, rows.due_at
    query = select(key, due_at).where(*rows.where).order_by(due_at, key).limit(at_most)
    if behind is not None:
        last_id, last_due = behind
        query = query.where(or_(due_at > last_due, and_(due_at == last_due, key > last_id)))
    page: Sequence[Any] = (await db.execute(query)).all()
    return [(session_id, fell_due) for session_id, fell_due in page]


def sessions_at_zero(now: datetime) -> DueRows:
    """Live sessions that have come to 0:00."""
    return DueRows(
        "end",
        SessionRow.id,
        SessionRow.ends_at,
        (SessionRow.status == SessionStatus.LIVE, SessionRow.ends_at <= now),
    )


def requests_to_expire(now: datetime) -> DueRows:
    """Offers that nobody accepted in time."""
    return DueRows(
        "expire_requests",
        RequestRow.session_id,
        RequestRow.expires_at,
        (RequestRow.status == RequestStatus.PENDING, RequestRow.expires_at <= now),
    )


def no_shows(latest: datetime) -> DueRows:
    """Unstarted sessions whose window to start began at `latest` or before.

    When it begins is said in `domain.end_rules.start_due_at`; here it is asked of all at once.
    """
    promised_for = case(
        (SessionRow.scheduled_for > SessionRow.accepted_at, SessionRow.scheduled_for),
        else_=func.coalesce(SessionRow.accepted_at, SessionRow.scheduled_for),
    )
    return DueRows(
        "expire_no_shows",
        SessionRow.id,
        promised_for,
        (SessionRow.status.in_(PROMISED), promised_for <= latest),
    )


def bookings_to_open(now: datetime) -> DueRows:
    """Booked sessions whose time has come."""
    return DueRows(
        "open_scheduled",
        SessionRow.id,
        SessionRow.scheduled_for,
        (SessionRow.status == SessionStatus.SCHEDULED, SessionRow.scheduled_for <= now),
    )


def readiness_to_lapse(said_before: datetime) -> DueRows:
    """Sessions with a side whose readiness was said then or before, and who is not in the room."""
    is_in = and_(
        ReadinessRow.state == ReadinessState.IN_CALL,
        exists().where(
            PresenceRow.session_id == ReadinessRow.session_id,
            PresenceRow.side == ReadinessRow.side,
            PresenceRow.state == PresenceState.PRESENT,
        ),
    )
    said_last = (
        select(func.min(ReadinessRow.updated_at))
        .where(
            ReadinessRow.session_id == SessionRow.id,
            ReadinessRow.state != ReadinessState.ABSENT,
            ReadinessRow.updated_at <= said_before,
            ~is_in,
        )
        .scalar_subquery()
    )
    return DueRows(
        "lapse_readiness",
        SessionRow.id,
        said_last,
        (SessionRow.status.in_(UNSTARTED | {SessionStatus.LIVE}), said_last.is_not(None)),
    )


def rooms_to_close(now: datetime) -> DueRows:
    """Rooms of ended sessions that are still open."""
    return DueRows(
        "close_rooms",
        SessionRow.id,
        SessionRow.room_close_due_at,
        (SessionRow.room_close_due_at <= now, SessionRow.room_closed_at.is_(None)),
    )


def settlements_to_start() -> DueRows:
    """Settlements that nobody has begun."""
    return DueRows(
        "settle",
        SettlementRow.session_id,
        SettlementRow.requested_at,
        (SettlementRow.state == SettlementState.PENDING,),
    )


def settlements_late(asked_before: datetime) -> DueRows:
    """Settlements that were asked for then or before, and should have finished."""
    return _unfinished("settle_late", asked_before)


def settlements_stuck(asked_before: datetime) -> DueRows:
    """Settlements that were asked for then or before, and stand still without a known reason.

    One that waits for money has its own lines in the log, at every try.
    """
    return _unfinished("stuck", asked_before)


def crm_records_to_send(now: datetime) -> DueRows:
    """CRM records whose next attempt is due."""
    return DueRows(
        "crm",
        CrmRecordRow.session_id,
        CrmRecordRow.next_attempt_at,
        (CrmRecordRow.state == WorkState.PENDING, CrmRecordRow.next_attempt_at <= now),
    )


def sessions_to_archive(ended_before: datetime) -> DueRows:
    """Sessions that ended then or before, and of which nothing is owed, due or under way."""
    settled = exists().where(
        SettlementRow.session_id == SessionRow.id,
        SettlementRow.state == SettlementState.DONE,
        # Else money waits for its next try.
        SettlementRow.retry_at.is_(None),
    )
    owed = exists().where(
        PaymentRow.session_id == SessionRow.id, PaymentRow.status == PaymentStatus.REFUNDING
    )
    going_back = exists().where(
        RefundRow.session_id == SessionRow.id, RefundRow.state == WorkState.PENDING
    )
    untold = exists().where(
        CrmRecordRow.session_id == SessionRow.id, CrmRecordRow.state == WorkState.PENDING
    )
    return DueRows(
        "archive",
        SessionRow.id,
        SessionRow.ended_at,
        (
            SessionRow.status.in_((*_UNSETTLED, SessionStatus.REFUNDED)),
            SessionRow.ended_at <= ended_before,
            settled,
            ~owed,
            ~going_back,
            ~untold,
        ),
    )


def money_to_move(now: datetime) -> DueRows:
    """Ended sessions whose money is to be looked at again."""
    return DueRows(
        "money",
        SettlementRow.session_id,
        SettlementRow.retry_at,
        (SettlementRow.retry_at <= now,),
    )


def settlements_left() -> DueRows:
    """Settlements that failed and that nobody is to look at again.

    Older versions left them so where they died just before the settlement was done.
    """
    return DueRows(
        "left",
        SettlementRow.session_id,
        SettlementRow.requested_at,
        (SettlementRow.state == SettlementState.FAILED, SettlementRow.retry_at.is_(None)),
    )


def ends_without_settlement() -> DueRows:
    """Ended sessions that nobody has asked a settlement for."""
    return DueRows(
        "adopt",
        SessionRow.id,
        # Only `conclude` sets an end; a status that was typed in by hand has none.
        func.coalesce(SessionRow.ended_at, SessionRow.created_at),
        (
            SessionRow.status.in_(_UNSETTLED),
            ~exists().where(SettlementRow.session_id == SessionRow.id),
        ),
    )


def _unfinished(step: str, asked_before: datetime) -> DueRows:
    return DueRows(
        step,
        SettlementRow.session_id,
        SettlementRow.requested_at,
        (
            SettlementRow.state.in_((SettlementState.PENDING, SettlementState.RUNNING)),
            SettlementRow.requested_at <= asked_before,
        ),
    )
