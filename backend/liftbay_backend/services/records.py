"""What people leave in a session: messages, notes, a rating."""

from collections.abc import Sequence
from typing import Any, Final

from liftbay_backend.access import Access
from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.insert_once import insert_new
from liftbay_backend.db.models import (
    MessageRow,
    NotesRow,
    RatingRow,
    SessionRow,
)
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import ENDED, SessionStatus
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.records import message_of, messages_after
from liftbay_backend.work import Work

MESSAGES_PAGE: Final = 500


async def post_message(work: Work, access: Access, client_id: str, text: str) -> dict[str, Any]:
    """Keep a chat message; the same client id brings the stored one again.

    Raises:
        Problem: SESSION_ENDED for a new message.
    """
    side = access.participant
    session = await work.session(access.session_id)
    is_over = session.status in ENDED
    values = {
        "session_id": session.id,
        "client_id": client_id,
        "author": side,
        "text": text,
        "sent_at": work.now,
    }
    key = None if is_over else await insert_new(work.db, MessageRow, values)
    if key is None:
        known = await message_of(work.db, session.id, side, client_id)
        if known is None:
            raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
        return message_wire(known)
    message = message_wire(MessageRow(id=key[0], **values))
    work.emit(session, "message", {"message": message})
    return message


async def list_messages(core: Core, access: Access, after: int) -> dict[str, Any]:
    """Return messages with a higher id, in order. Contract: tests/contract/messages.json"""
    async with core.database.reading() as db:
        rows = await messages_after(db, access.session_id, after, MESSAGES_PAGE)
    return {"messages": [message_wire(row) for row in rows]}


def message_wire(row: MessageRow) -> dict[str, Any]:
    """Return a message as the wire has it."""
    return {
        "id": row.id,
        "client_id": row.client_id,
        "session_id": row.session_id,
        "author": row.author.value,
        "text": row.text,
        "sent_at": wire_time(row.sent_at),
    }


async def read_notes(core: Core, access: Access) -> dict[str, Any]:
    """Return the notes: to the mechanic at any time, to the customer after the end.

    Notes that were never written have version 0.

    Raises:
        Problem: SESSION_NOT_ENDED.
    """
    async with core.database.reading() as db:
        session = await db.get(SessionRow, access.session_id)
        row = await db.get(NotesRow, access.session_id)
    if session is None:
        raise Problem(ErrorCode.SESSION_NOT_FOUND)
    if access.side is Side.CUSTOMER and session.status not in ENDED:
        raise Problem(ErrorCode.SESSION_NOT_ENDED, "The notes can be read after the end.")
    return notes_wire(session, row)


async def write_notes(
    work: Work, access: Access, version: int, findings: Sequence[dict[str, Any]], text: str
) -> dict[str, Any]:
    """Replace the notes, if nobody wrote after the version the caller has seen.

    Mechanics finish their notes after a session too, so an end locks nothing; the archive does.

    Raises:
        Problem: SESSION_ENDED, NOTES_VERSION_CONFLICT with `version`.
    """
    session = await work.session(access.session_id)
    _refuse_archived(session)
    row = await work.db.get(NotesRow, session.id)
    current = 0 if row is None else row.version
    if version != current:
        raise Problem(ErrorCode.NOTES_VERSION_CONFLICT, version=current)
    if row is None:
        row = NotesRow(session_id=session.id, version=0, findings=[], text="", updated_at=work.now)
        work.db.add(row)
    row.version = current + 1
    row.findings = list(findings)
    row.text = text
    row.updated_at = work.now
    work.emit(session, "note", {"version": row.version})
    return notes_wire(session, row)


def notes_wire(session: SessionRow, row: NotesRow | None) -> dict[str, Any]:
    """Return the notes as the wire has them. Contract: tests/contract/notes.json"""
    if row is None:
        return {
            "version": 0,
            "findings": [],
            "text": "",
            "updated_at": wire_time(session.created_at),
        }
    return {
        "version": row.version,
        "findings": row.findings,
        "text": row.text,
        "updated_at": wire_time(row.updated_at),
    }


async def rate_session(work: Work, access: Access, stars: int, comment: str) -> dict[str, Any]:
    """Keep the customer's rating; rating again replaces it.

    Raises:
        Problem: SESSION_NOT_ENDED, SESSION_ENDED once it is archived.
    """
    session = await work.session(access.session_id)
    _refuse_archived(session)
    if session.status not in ENDED:
        raise Problem(ErrorCode.SESSION_NOT_ENDED)
    row = await work.db.get(RatingRow, session.id)
    if row is None:
        row = RatingRow(session_id=session.id, stars=stars, comment=comment, rated_at=work.now)
        work.db.add(row)
    row.stars, row.comment, row.rated_at = stars, comment, work.now
    return {"stars": stars, "comment": comment}


def _refuse_archived(session: SessionRow) -> None:
    """What people write is erased once, so nothing new may come after it."""
    if session.status is SessionStatus.ARCHIVED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
