"""Sessions that were promised and did not start in time: over from that instant on, whoever looks.

The tick books most of them. A token and a start judge the same limit under the session's lock: a
tick that comes late, or not at all, sells nobody a session that is over.
"""

from datetime import datetime

from liftbay_backend.db.models import SessionRow
from liftbay_backend.domain.end_rules import EndedBy, EndReason, start_due_at
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.session_fsm import ENDED, PROMISED, SessionStatus
from liftbay_backend.live import Live
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.callers import NamedSession
from liftbay_backend.services.ending import EndRules, conclude
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work


async def book_no_show(work: Work, session: SessionRow, settings: Settings) -> bool:
    """Expire a locked session whose start was missed; tell whether it was one."""
    if not _has_missed_start(session, settings, work.now):
        return False
    await conclude(
        work,
        session,
        EndRules.from_settings(settings),
        status=SessionStatus.EXPIRED,
        reason=EndReason.EXPIRED,
        ended_by=EndedBy.SERVICE,
    )
    return True


def require_in_time(work: Work, session: SessionRow, settings: Settings) -> None:
    """Refuse a locked session whose start was missed.

    Nothing is booked, for a refusal undoes its transaction; the next question or tick does that.

    Raises:
        Problem: SESSION_ENDED.
    """
    if _has_missed_start(session, settings, work.now):
        raise Problem(ErrorCode.SESSION_ENDED, "The session did not start in time.")


async def end_no_show(live: Live, session: NamedSession) -> None:
    """Expire a session whose start was missed, with its refund; one that is in time stays.

    Args:
        session: as it was read when access was decided; what is written is read again.

    Raises:
        Problem: SESSION_ENDED, and the end is committed.
    """
    core = live.core
    if not _has_missed_start(session, core.settings, core.clock.now()):
        return
    async with core.works.begin() as work:
        locked = await work.session(SessionId(session.id))
        await book_no_show(work, locked, core.settings)
        status = locked.status
    if status in ENDED:
        live.settlements_wanted.set()
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {status.value}.")


def _has_missed_start(
    session: SessionRow | NamedSession, settings: Settings, now: datetime
) -> bool:
    window = settings.start_window_seconds
    due_at = start_due_at(session.accepted_at, session.scheduled_for, window)
    return session.status in PROMISED and due_at is not None and due_at <= now
