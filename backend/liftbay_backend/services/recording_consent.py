"""Whether a call may be recorded: only while both sides say so, and either may take it back.

The service records nothing itself; what a client records stays on its machine. What was said stays
for good, beside who took part and when.

Contract: tests/contract/recording_consent.json
"""

from collections.abc import Mapping
from typing import Any

import structlog

from liftbay_backend.access import Access
from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.models import RecordingConsentRow
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.records import recording_consents
from liftbay_backend.work import Work

_log = structlog.get_logger(__name__)


async def read_consents(core: Core, access: Access) -> dict[str, Any]:
    """Return what both sides have said."""
    async with core.database.reading() as db:
        return _wire(await recording_consents(db, access.session_id))


async def say_consent(work: Work, access: Access, *, consents: bool) -> dict[str, Any]:
    """Keep what one side says, in its own name alone, and tell the other where it is new.

    Raises:
        Problem: SESSION_ENDED.
    """
    side = access.participant
    session = await work.session(access.session_id)
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    said = await recording_consents(work.db, access.session_id)
    row = said.get(side)
    if row is not None and row.consents is consents:
        return _wire(said)
    if row is None:
        row = RecordingConsentRow(session_id=session.id, side=side)
        work.db.add(row)
        said[side] = row
    row.consents, row.said_at = consents, work.now
    told = _wire(said)
    work.emit(
        session,
        "recording",
        {"role": side.value, "consents": consents, "may_record": told["may_record"]},
    )
    _log.info("recording.said", session_id=session.id, side=side.value, consents=consents)
    return told


def _wire(said: Mapping[Side, RecordingConsentRow]) -> dict[str, Any]:
    sides = {
        side.value: {
            "consents": side in said and said[side].consents,
            "at": wire_time(said[side].said_at) if side in said else None,
        }
        for side in Side
    }
    return {**sides, "may_record": all(one["consents"] for one in sides.values())}
