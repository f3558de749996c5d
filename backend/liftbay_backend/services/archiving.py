"""The archive: what is kept of a session for good, and what is erased a year after its end.

kept    who, when, how long, the plan, the car without its VIN and plate, the mechanic's
        findings, the stars, every payment, payout and posting of the ledger
erased  chat, the customer's words, free text of notes and rating, VIN and plate, call quality,
        presence and readiness, events, the CRM's copy, preflight reports of that age
"""

from datetime import timedelta

import structlog

from liftbay_backend.domain.search_words import text_of_archived
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import WorkState
from liftbay_backend.live import Live
from liftbay_backend.repositories import due as questions
from liftbay_backend.repositories.archive import erase_contents, erase_reports
from liftbay_backend.repositories.settlements import find_crm_record
from liftbay_backend.services.row_by_row import each_row
from liftbay_backend.services.transitions import move_session

_NAMES_THE_CAR = ("vin", "plate")
_log = structlog.get_logger(__name__)


async def archive_old_sessions(live: Live) -> int:
    """Archive what is old enough and wholly settled; return how many sessions that were.

    One with money still owed, or a settlement that failed, waits for a person, however old it is.
    """
    core = live.core
    before = core.clock.now() - timedelta(days=core.settings.archive_after_days)

    async def book(session_id: str) -> bool:
        async with core.works.begin() as work:
            session = await work.session(session_id)
            if session.status is SessionStatus.ARCHIVED:
                return False
            record = await find_crm_record(work.db, session_id)
            if record is not None and record.state is WorkState.PENDING:
                # Asked for since it was found; an erased record would be sent as nothing.
                return False
            await erase_contents(work.db, session_id)
            session.concern = ""
            session.vehicle = {
                name: None if name in _NAMES_THE_CAR else value
                for name, value in session.vehicle.items()
            }
            session.search_text = text_of_archived(session.vehicle)
            return move_session(work, session, SessionStatus.ARCHIVED)

    archived = await each_row(live, questions.sessions_to_archive(before), book)
    async with core.works.begin() as work:
        reports = await erase_reports(work.db, before)
    if archived or reports:
        _log.info("archive.done", sessions=archived, reports=reports)
    return archived
