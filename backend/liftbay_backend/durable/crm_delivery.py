"""One CRM record on its way to its receiver: an attempt, a pause, the next attempt, an end.

A settlement writes the record and goes on; what follows here takes as long as the CRM is away, and
holds up neither the mechanic's money nor the customer's offers. Each attempt is a workflow of its
own, and the pause before it is a column that the tick claims: nothing sleeps, however many records
wait. A process that dies between the receiver's answer and our note of it sends the record again,
with the same id; a receiver that keeps ids has it once. Nothing here knows the engine that runs it.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.crm.port import CrmMessage, CrmReceiver, NotDelivered
from liftbay_backend.crm.record import correct_delivered
from liftbay_backend.db.models import CrmRecordRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import WorkState
from liftbay_backend.repositories.settlements import crm_record, lock_crm_record, lock_settlement

PAUSES_SECONDS: Final = (
    *(2.0, 10.0, 60.0, 300.0, 1800.0),
    *(7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0),
)
"""Between one attempt and the next; in all three days and three hours."""
AT_ONCE: Final = 8
"""Records on their way at the same time; a CRM that comes back is not met by all of them."""
NO_RECEIVER: Final = "no CRM is configured"
_log = structlog.get_logger(__name__)


class CrmDelivery:
    """The attempts, over the service's core and a receiver."""

    def __init__(
        self,
        core: Core,
        receiver: CrmReceiver | None,
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
    ) -> None:
        self._core = core
        self._receiver = receiver
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._pauses_seconds = tuple(pauses_seconds)

    async def attempt(self, session_id: SessionId, round_number: int, number: int) -> None:
        """Send a record once, and note what came of it.

        Safe to repeat: an attempt that was noted is not made again, and one whose confirmation
        was lost sends the same bytes with the same id.

        Args:
            session_id: whose record.
            round_number: which round of attempts this one belongs to.
            number: from 1 on within the round.
        """
        async with self._core.database.reading() as db:
            record = await crm_record(db, session_id)
        if record is None or not _is_next(record, round_number, number):
            return
        try:
            await self._send(record)
        except NotDelivered as failure:
            await self._failed(session_id, number, failure)
        else:
            await self._delivered(session_id, number)

    async def close(self) -> None:
        """Give the receiver's connections back."""
        if self._receiver is not None:
            await self._receiver.close()

    async def _send(self, record: CrmRecordRow) -> None:
        if self._receiver is None:
            raise NotDelivered(NO_RECEIVER)
        async with self._at_once:
            message = CrmMessage(record.id, self._core.clock.now(), body_of(record))
            await self._receiver.send(message)

    async def _delivered(self, session_id: SessionId, number: int) -> None:
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            settlement = await lock_settlement(work.db, session_id)
            row = await lock_crm_record(work.db, session_id)
            row.attempts = number
            row.state = WorkState.DONE
            row.delivered_at = work.now
            row.next_attempt_at = None
            row.last_error = None
            settlement.crm_state = "delivered"
            # Money may have gone back while it was under way.
            await work.db.flush()
            await correct_delivered(work, session, settlement)
        _log.info("crm.delivered", session_id=session_id, attempts=number)

    async def _failed(self, session_id: SessionId, number: int, failure: NotDelivered) -> None:
        is_over = failure.is_final or number > len(self._pauses_seconds)
        async with self._core.works.begin() as work:
            settlement = await lock_settlement(work.db, session_id)
            row = await lock_crm_record(work.db, session_id)
            row.attempts = number
            row.last_error = failure.reason
            if is_over:
                row.state = WorkState.REFUSED
                row.next_attempt_at = None
                settlement.crm_state = "failed"
            else:
                pause = timedelta(seconds=self._pauses_seconds[number - 1])
                row.next_attempt_at = work.now + pause
        say = _log.error if is_over else _log.info
        name = "crm.given_up" if is_over else "crm.not_delivered"
        say(name, session_id=session_id, attempts=number, reason=failure.reason)


def _is_next(record: CrmRecordRow, round_number: int, number: int) -> bool:
    is_due = record.state is WorkState.PENDING
    return is_due and (record.round, record.attempts + 1) == (round_number, number)


def body_of(record: CrmRecordRow) -> str:
    """Return the bytes to sign and send, the same from every database and at every attempt."""
    return json.dumps(record.payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
