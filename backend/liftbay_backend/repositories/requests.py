"""Requests: the open ones that mechanics see, and the one of a session."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import RequestRow, SessionRow
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.states import PaymentStatus

SHOWN_AT_MOST: Final = 200


async def open_requests(db: AsyncSession, now: datetime) -> list[tuple[SessionRow, RequestRow]]:
    """Return every open, paid request with its session, newest first."""
    query = (
        select(SessionRow, RequestRow)
        .join(RequestRow, RequestRow.session_id == SessionRow.id)
        .where(
            RequestRow.status == RequestStatus.PENDING,
            RequestRow.expires_at > now,
            SessionRow.payment_status == PaymentStatus.PAID,
        )
        .order_by(RequestRow.opened_at.desc(), RequestRow.id)
        .limit(SHOWN_AT_MOST)
    )
    return [(session, request) for session, request in (await db.execute(query)).all()]


async def pending_request(
    db: AsyncSession, session_id: str, *, lock: bool = False
) -> RequestRow | None:
    """Return a session's request while nobody has accepted, withdrawn or missed it.

    Args:
        lock: hold it until the end of the transaction.
    """
    query = select(RequestRow).where(RequestRow.session_id == session_id)
    request = (await db.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    is_pending = request is not None and request.status is RequestStatus.PENDING
    return request if is_pending else None


async def request_ids(db: AsyncSession, session_ids: Iterable[str]) -> dict[str, str]:
    """Return the requests' ids by session id."""
    query = select(RequestRow.session_id, RequestRow.id).where(
        RequestRow.session_id.in_(session_ids)
    )
    return {row[0]: row[1] for row in await db.execute(query)}
