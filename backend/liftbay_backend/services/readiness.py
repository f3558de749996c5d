"""How far both sides are on the way into the room: as they say, as long as they go on saying it.

Contract: tests/contract/readiness.json
"""

from typing import Any

from liftbay_backend.access import Access
from liftbay_backend.core import Core
from liftbay_backend.db.models import PresenceRow, ReadinessRow, SessionRow
from liftbay_backend.domain.readiness import LAPSES_AFTER, state_after_look
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.domain.states import PresenceState, ReadinessState
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.presence import presence_rows, readiness_rows
from liftbay_backend.work import Work, customer_audience, mechanic_audience


async def read_readiness(core: Core, access: Access) -> dict[str, Any]:
    """Return how far both sides are."""
    async with core.database.reading() as db:
        rows = await readiness_rows(db, [access.session_id])
        return _wire(rows, await presence_rows(db, access.session_id))


async def write_readiness(
    work: Work, access: Access, state: ReadinessState, rung: int | None
) -> dict[str, Any]:
    """Keep one side's readiness, and tell the other side and both dashboards what is new in it.

    Raises:
        Problem: SESSION_ENDED.
    """
    side = access.participant
    session = await work.session(access.session_id)
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    row = await _row_of(work, session, side)
    # Also where nothing is new: who goes on saying it is there.
    row.updated_at = work.now
    _change(work, session, row, state, rung)
    await work.db.flush()
    rows = await readiness_rows(work.db, [session.id])
    return _wire(rows, await presence_rows(work.db, session.id))


async def follow_presence(work: Work, session: SessionRow, side: Side, *, is_present: bool) -> None:
    """Take it over that the media server saw a side come or go."""
    row = await _row_of(work, session, side)
    row.updated_at = work.now
    _change(work, session, row, state_after_look(row.state, is_present=is_present), row.rung)


async def lapse_in(work: Work, session: SessionRow) -> bool:
    """Let what nobody said again for 90 s lapse; tells whether anything did.

    Who is in the room says nothing: there the media server's word counts.
    """
    if session.status in ENDED:
        return False
    presence = await presence_rows(work.db, session.id)
    lapsed = False
    for row in await readiness_rows(work.db, [session.id]):
        is_due = row.updated_at <= work.now - LAPSES_AFTER
        is_in = row.state is ReadinessState.IN_CALL and _is_present(presence, row.side)
        if is_due and not is_in and row.state is not ReadinessState.ABSENT:
            # What their line carries stays: they may be back in a moment.
            _change(work, session, row, ReadinessState.ABSENT, row.rung)
            lapsed = True
    return lapsed


async def _row_of(work: Work, session: SessionRow, side: Side) -> ReadinessRow:
    row = await work.db.get(ReadinessRow, (session.id, side))
    if row is None:
        row = ReadinessRow(
            session_id=session.id, side=side, state=ReadinessState.ABSENT, updated_at=work.now
        )
        work.db.add(row)
    return row


def _change(
    work: Work, session: SessionRow, row: ReadinessRow, state: ReadinessState, rung: int | None
) -> None:
    if (row.state, row.rung) == (state, rung):
        return
    row.state, row.rung = state, rung
    told = {"role": row.side.value, "state": state.value, "rung": rung}
    work.emit(session, "readiness", told)
    about = {"session_id": session.id, **told}
    work.emit_account(
        customer_audience(session.customer_id), "readiness", about, session_id=session.id
    )
    if session.mechanic_id is not None:
        work.emit_account(
            mechanic_audience(session.mechanic_id), "readiness", about, session_id=session.id
        )


def _wire(rows: list[ReadinessRow], presence: dict[Side, PresenceRow]) -> dict[str, Any]:
    """What both said of themselves, and whether the media server sees them, with any device."""
    by_side = {row.side: row for row in rows}
    return {
        side.value: {
            "state": row.state.value if (row := by_side.get(side)) else "absent",
            "rung": row.rung if row else None,
            "in_room": _is_present(presence, side),
        }
        for side in Side
    }


def _is_present(presence: dict[Side, PresenceRow], side: Side) -> bool:
    return side in presence and presence[side].state is PresenceState.PRESENT
