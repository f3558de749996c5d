"""Requests: what mechanics see, and the race that exactly one of them wins."""

from typing import Any

from liftbay_backend.core import Core
from liftbay_backend.db.models import RequestRow
from liftbay_backend.domain.ids import is_id
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.roles import Role, Side
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import PaymentStatus
from liftbay_backend.identity import Principal
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.requests import open_requests
from liftbay_backend.services.offers import request_wire, withdraw_request
from liftbay_backend.services.session_view import SessionViews
from liftbay_backend.services.transitions import move_request, move_session
from liftbay_backend.work import Work


async def list_requests(core: Core, principal: Principal) -> list[dict[str, Any]]:
    """Return every open, paid request that this mechanic may accept, newest first."""
    async with core.database.reading() as db:
        rows = await open_requests(db, core.clock.now())
    return [
        request_wire(session, request)
        for session, request in rows
        if session.customer_id != principal.user_id
    ]


async def accept_request(
    core: Core, work: Work, principal: Principal, request_id: str
) -> dict[str, Any]:
    """Give the session to this mechanic, if nobody was faster.

    The session becomes `waiting`, or `scheduled` where it is booked for later. Accepting again
    what one has accepted brings the session again.

    Raises:
        Problem: REQUEST_NOT_FOUND, AUTH_ROLE_REQUIRED, REQUEST_ALREADY_ACCEPTED, REQUEST_CLOSED.
    """
    found = await work.db.get(RequestRow, request_id) if is_id(request_id) else None
    if found is None:
        raise Problem(ErrorCode.REQUEST_NOT_FOUND)
    principal.require(Role.MECHANIC)
    session = await work.session(found.session_id)
    if session.customer_id == principal.user_id:
        raise Problem(
            ErrorCode.AUTH_ROLE_REQUIRED, "Another mechanic must accept one's own request."
        )
    # Read again under the session's lock: on PostgreSQL the winner may have come in between.
    request = await work.db.get(
        RequestRow, request_id, with_for_update=True, populate_existing=True
    )
    assert request is not None
    views = SessionViews(work.db, work.now, core.settings.clock_warnings)
    if session.mechanic_id == principal.mechanic_id and (request.status is RequestStatus.ACCEPTED):
        return {"session": await views.one(session, Side.MECHANIC)}
    if request.status is RequestStatus.ACCEPTED:
        raise Problem(ErrorCode.REQUEST_ALREADY_ACCEPTED)
    if request.status is not RequestStatus.PENDING or request.expires_at <= work.now:
        raise Problem(ErrorCode.REQUEST_CLOSED)
    if session.payment_status is not PaymentStatus.PAID:
        # Not visible, so it does not exist for mechanics.
        raise Problem(ErrorCode.REQUEST_NOT_FOUND)
    move_request(work, request, RequestStatus.ACCEPTED)
    request.accepted_at = work.now
    request.accepted_by = principal.mechanic_id
    session.mechanic_id = principal.mechanic_id
    session.accepted_at = work.now
    booked = session.scheduled_for is not None and session.scheduled_for > work.now
    move_session(work, session, SessionStatus.SCHEDULED if booked else SessionStatus.WAITING)
    withdraw_request(work, request, "accepted")
    await work.db.flush()
    return {"session": await views.one(session, Side.MECHANIC)}
