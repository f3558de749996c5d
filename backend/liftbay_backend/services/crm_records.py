"""CRM records that want to be delivered: found, started, and sent again when a person says so."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

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


async def send_again(works: Works, session_id: SessionId) -> bool:
    """Let a record that was given up, or had no CRM to go to, be delivered in a new round.

    One that is under way or delivered stays as it is.

    Returns:
        Whether a round begins.
    """
    async with works.begin() as work:
        if await work.db.get(CrmRecordRow, session_id) is None:
            return False
        settlement = await lock_settlement(work.db, session_id)
        row = await lock_crm_record(work.db, session_id)
        if row.state not in (WorkState.REFUSED, WorkState.NOT_DUE):
            return False
        row.state = WorkState.PENDING
        row.round += 1
        row.attempts = 0
        row.next_attempt_at = work.now
        settlement.crm_state = "pending"
        return True
