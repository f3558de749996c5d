"""The only two functions that change a status, each along its machine."""

from liftbay_backend.db.models import RequestRow, SessionRow
from liftbay_backend.domain import request_fsm, session_fsm
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.work import Work


def move_session(work: Work, session: SessionRow, requested: SessionStatus) -> bool:
    """Change a locked session's status and tell everybody who looks at it.

    Returns:
        Whether anything changed; same to same is a no-op without an event.

    Raises:
        Problem: SESSION_ILLEGAL_TRANSITION, with `current` and `requested`.
    """
    current = session.status
    if not session_fsm.is_allowed(current, requested):
        raise Problem(
            ErrorCode.SESSION_ILLEGAL_TRANSITION,
            f"The session is {current.value}; it cannot become {requested.value}.",
            current=current.value,
            requested=requested.value,
        )
    if current is requested:
        return False
    session.status = requested
    work.emit(session, "status", {"previous": current.value, "status": requested.value})
    work.session_changed(session)
    return True


def move_request(work: Work, request: RequestRow, requested: RequestStatus) -> bool:
    """Change a locked request's status; a closed one stays what it is.

    Returns:
        Whether anything changed.

    Raises:
        Problem: REQUEST_CLOSED.
    """
    current = request.status
    if not request_fsm.is_allowed(current, requested):
        raise Problem(
            ErrorCode.REQUEST_CLOSED,
            f"The request is {current.value}.",
            current=current.value,
            requested=requested.value,
        )
    if current is requested:
        return False
    request.status = requested
    request.closed_at = work.now
    return True
