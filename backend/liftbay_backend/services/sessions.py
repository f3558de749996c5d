"""Sessions as lists and one by one, and the way out before the start."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, Final

import structlog

from liftbay_backend.access import Access, side_of
from liftbay_backend.core import Core
from liftbay_backend.db.models import SessionRow
from liftbay_backend.domain.end_rules import EndedBy, EndReason
from liftbay_backend.domain.ids import is_id
from liftbay_backend.domain.roles import Role
from liftbay_backend.domain.session_fsm import ENDED, UNSTARTED, SessionStatus
from liftbay_backend.identity import Principal
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.sessions import Theirs, page_of_sessions
from liftbay_backend.services.ending import EndRules, conclude
from liftbay_backend.services.session_view import SessionViews
from liftbay_backend.work import Work

PAGE: Final = 50
_security = structlog.get_logger("liftbay.security")


async def list_sessions(
    core: Core,
    principal: Principal,
    *,
    statuses: frozenset[SessionStatus],
    words: str,
    before: str | None,
) -> dict[str, Any]:
    """Return the caller's sessions, newest first; support sees all.

    Args:
        statuses: only these; empty means every one.
        words: every word must appear in the vehicle, the concern or the counterpart's name.
        before: `next_before` of the page before.

    Raises:
        Problem: REQUEST_INVALID for a `before` that this service did not make.
    """
    everybodys = Role.SUPPORT in principal.roles
    async with core.database.reading() as db:
        rows = await page_of_sessions(
            db,
            of=None if everybodys else Theirs(principal.customer_id, principal.mechanic_id),
            statuses=statuses,
            words=words,
            before=None if before is None else _read_cursor(before),
            at_most=PAGE + 1,
        )
        page = rows[:PAGE]
        views = SessionViews(db, core.clock.now(), core.settings.clock_warnings)
        sessions = await views.many([(row, side_of(principal, row)) for row in page])
    if everybodys:
        ids = [row.id for row in page]
        _security.info("sessions.listed_by_support", user_id=principal.user_id, session_ids=ids)
    more = len(rows) > PAGE
    return {"sessions": sessions, "next_before": _cursor(page[-1]) if more else None}


async def session_detail(core: Core, access: Access) -> dict[str, Any]:
    """Return one session as the caller's side sees it."""
    async with core.database.reading() as db:
        row = await db.get(SessionRow, access.session_id)
        if row is None:
            raise Problem(ErrorCode.SESSION_NOT_FOUND)
        views = SessionViews(db, core.clock.now(), core.settings.clock_warnings)
        return await views.one(row, access.side)


async def cancel_session(core: Core, work: Work, access: Access) -> dict[str, Any]:
    """Call an unstarted session off, by its customer or by the mechanic who gives it back.

    What was paid is refunded. Cancelling what is cancelled already is a success.

    Raises:
        Problem: SESSION_ENDED, SESSION_ILLEGAL_TRANSITION once it is live.
    """
    session = await work.session(access.session_id)
    views = SessionViews(work.db, work.now, core.settings.clock_warnings)
    if session.status is SessionStatus.CANCELLED and session.started_at is None:
        return await views.one(session, access.side)
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    if session.status not in UNSTARTED:
        raise Problem(
            ErrorCode.SESSION_ILLEGAL_TRANSITION,
            "The session has started; it can only be ended.",
            current=session.status.value,
            requested=SessionStatus.CANCELLED.value,
        )
    await conclude(
        work,
        session,
        EndRules.from_settings(core.settings),
        status=SessionStatus.CANCELLED,
        reason=EndReason.CANCELLED,
        ended_by=EndedBy(access.participant.value),
    )
    await work.db.flush()
    return await views.one(session, access.side)


def _cursor(row: SessionRow) -> str:
    text = json.dumps([row.created_at.isoformat(), row.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[datetime, str]:
    try:
        padded = text + "=" * (-len(text) % 4)
        moment, row_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        created_at = datetime.fromisoformat(moment)
        if created_at.tzinfo is None or not isinstance(row_id, str) or not is_id(row_id):
            raise ValueError("not ours")
    except (ValueError, TypeError, binascii.Error):
        raise Problem(ErrorCode.REQUEST_INVALID, "before is not a cursor of ours.") from None
    return created_at, row_id
