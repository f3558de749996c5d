"""A request as mechanics see it, and what they are told about it."""

from typing import Any, Final, Literal

from liftbay_backend.clock import wire_time
from liftbay_backend.db.models import RequestRow, SessionRow
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.work import ALL_MECHANICS, Work

REQUEST_OPENED: Final = "request.opened"
CloseReason = Literal["accepted", "expired", "cancelled"]


def request_wire(session: SessionRow, request: RequestRow) -> dict[str, Any]:
    """Return the wire object; it says nothing about who the customer is.

    Contract: tests/contract/requests.json
    """
    return {
        "id": request.id,
        "session_id": session.id,
        "plan": session.plan,
        "type": session.type.value,
        "total_seconds": session.total_seconds,
        "mechanic_share_cents": mechanic_share_cents(session.price_cents),
        "currency": session.currency,
        "vehicle": session.vehicle,
        "concern": session.concern,
        "urgency": session.urgency,
        "opened_at": wire_time(request.opened_at),
        "expires_at": wire_time(request.expires_at),
        "scheduled_for": None
        if session.scheduled_for is None
        else wire_time(session.scheduled_for),
    }


def open_to_mechanics(work: Work, session: SessionRow, request: RequestRow) -> None:
    """Show a request that is paid now to every mechanic who is available.

    The time to accept begins here: nobody could see the request while the customer was paying. It
    is as long as the time to pay, which the intake gave it.
    """
    window = request.expires_at - request.opened_at
    request.opened_at = work.now
    request.expires_at = work.now + window
    work.emit_account(
        ALL_MECHANICS,
        REQUEST_OPENED,
        {"request": request_wire(session, request)},
        session_id=session.id,
    )


def withdraw_request(work: Work, request: RequestRow, reason: CloseReason) -> None:
    """Take a request off every mechanic's list."""
    work.emit_account(
        ALL_MECHANICS,
        "request.closed",
        {"request_id": request.id, "reason": reason},
        session_id=request.session_id,
    )
