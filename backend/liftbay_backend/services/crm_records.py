"""CRM records that want to be delivered: found, started, and sent again when a person says so."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import TypeAlias

from liftbay_backend.crm.record import (
    is_still_true,
    record_of,
    send_from_now_on,
    take_place,
)
from liftbay_backend.db.models import CrmRecordRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import WorkState
from liftbay_backend.live import Live
from liftbay_backend.repositories import due as questions
from liftbay_backend.repositories.settlements import lock_crm_record, lock_settlement
from liftbay_backend.services.row_by_row import each_row
from liftbay_backend.work import Works

StartDelivery: TypeAlias = Callable[[SessionId, int, int], Awaitable[None]]
"""Starts one attempt of one round for a session; starting it twice starts nothing."""


class Resend(Enum):
    """What comes of the wish to send a record again, in the operator's words."""

    SAME_AGAIN = "the record will be sent again"
    CORRECTION = "the record is true no longer, a correction will be sent"
    NO_RECORD = "there is no record of this session"
    UNDER_WAY = "the record is on its way"
    DELIVERED = "the record was delivered, and is still true"
    ERASED = "the record was erased when the session was archived"

    @property
    def begins(self) -> bool:
        """Whether a round of attempts begins; else everything is as it was."""
        return self in (Resend.SAME_AGAIN, Resend.CORRECTION)


async def start_deliveries(live: Live, start: StartDelivery) -> int:
    """Start every attempt that is due: the first ones, and those whose pause is over."""

    async def book(session_id: str) -> bool:
        async with live.core.database.reading() as db:
            record = await db.get(CrmRecordRow, session_id)
        if record is None or record.state is not WorkState.PENDING:
            return False
        await start(SessionId(session_id), record.round, record.attempts + 1)
        return True

    return await each_row(live, questions.crm_records_to_send(live.core.clock.now()), book)


async def send_again(works: Works, session_id: SessionId) -> Resend:
    """Let a record be delivered in a new round: as it was, or corrected where it is true no longer.

    It must have been given up, have had no CRM to go to, or be outdated. One that nobody was ever
    told is brought up to date instead. What an archived session had to tell is erased.
    """
    async with works.begin() as work:
        if await work.db.get(CrmRecordRow, session_id) is None:
            return Resend.NO_RECORD
        session = await work.session(session_id)
        settlement = await lock_settlement(work.db, session_id)
        row = await lock_crm_record(work.db, session_id)
        if not row.payload:
            return Resend.ERASED
        if row.state is WorkState.PENDING:
            return Resend.UNDER_WAY
        now = await record_of(work, session, settlement)
        is_true = is_still_true(row, now)
        if row.state is WorkState.DONE and is_true:
            return Resend.DELIVERED
        outcome = Resend.SAME_AGAIN
        if row.state is WorkState.NOT_DUE:
            row.payload = now
        elif not is_true:
            take_place(row, now)
            outcome = Resend.CORRECTION
        send_from_now_on(work, row, settlement)
        return outcome
