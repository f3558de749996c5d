"""Files that people share: begun, looked at, listed, read and called off.

A file is seen by its author alone until its last byte has arrived, its kind is known and its
checksum is right; then the session's stream tells both sides. How bytes arrive:
`services/file_receiving.py`.
"""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any, Final

from liftbay_backend.access import Access
from liftbay_backend.core import Core
from liftbay_backend.db.models import FileRow
from liftbay_backend.domain.ids import FileId, is_id, new_uuid
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.domain.states import FileState
from liftbay_backend.files.ranges import Stretch
from liftbay_backend.files.tus import Wish
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import files as rows_of
from liftbay_backend.services.file_upkeep import mark_removing, remove_files
from liftbay_backend.services.file_view import file_wire, raise_refusal
from liftbay_backend.work import Work

PIECE_BYTES: Final = 256 * 1024
"""What a reader is handed at once."""


async def begin_file(work: Work, core: Core, access: Access, wish: Wish) -> FileRow:
    """Make room for a file; the same client id of the same side brings the first one again.

    Raises:
        Problem: SESSION_ENDED, FILE_LIMIT_REACHED with `reason` count or bytes and `limit`.
    """
    settings = core.settings
    session = await work.session(access.session_id)
    if wish.client_id is not None:
        known = await rows_of.file_by_client_id(
            work.db, session.id, access.participant, wish.client_id
        )
        if known is not None:
            return known
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    count, length = await rows_of.count_files(work.db, session.id)
    for reason, is_over, limit in (
        ("count", count >= settings.files_per_session, settings.files_per_session),
        (
            "bytes",
            length + wish.length_bytes > settings.files_bytes_per_session,
            settings.files_bytes_per_session,
        ),
    ):
        if is_over:
            raise Problem(ErrorCode.FILE_LIMIT_REACHED, reason=reason, limit=limit)
    row = FileRow(
        id=new_uuid(),
        session_id=session.id,
        author=access.participant,
        client_id=wish.client_id,
        kind=wish.kind,
        name=wish.name,
        claimed_type=wish.type,
        length_bytes=wish.length_bytes,
        received_bytes=0,
        claimed_sha256=wish.sha256,
        state=FileState.RECEIVING,
        begun_at=work.now,
        expires_at=work.now + timedelta(seconds=settings.file_upload_seconds),
    )
    work.db.add(row)
    return row


async def own_file(core: Core, access: Access, file_id: str) -> FileRow:
    """Return a file that the caller uploads or has uploaded.

    Raises:
        Problem: FILE_NOT_FOUND, also for the other side's; whatever made it refused.
    """
    row = await _row(core, access, file_id)
    if row is None or row.author is not access.participant:
        raise Problem(ErrorCode.FILE_NOT_FOUND)
    raise_refusal(row)
    return row


async def readable_file(core: Core, access: Access, file_id: str) -> FileRow:
    """Return a file that has arrived as a whole.

    Raises:
        Problem: FILE_NOT_FOUND, also for one of the other side that has not arrived;
            FILE_INCOMPLETE or the refusal for an own one.
    """
    row = await _row(core, access, file_id)
    if row is not None and row.state is FileState.READY:
        return row
    if row is None or row.author is not access.participant:
        raise Problem(ErrorCode.FILE_NOT_FOUND)
    raise_refusal(row)
    raise Problem(ErrorCode.FILE_INCOMPLETE, offset=row.received_bytes)


async def list_files(core: Core, access: Access) -> dict[str, Any]:
    """Return the files that both sides see. Contract: tests/contract/files.json"""
    async with core.database.reading() as db:
        rows = await rows_of.ready_files(db, access.session_id)
    return {"files": [file_wire(row) for row in rows]}


async def call_off_file(core: Core, access: Access, file_id: str) -> None:
    """Give an own upload up; what is shared already stays shared.

    Raises:
        Problem: FILE_NOT_FOUND; FILE_OFFSET_CONFLICT for a file that has arrived.
    """
    row = await _row(core, access, file_id)
    if row is None or row.author is not access.participant:
        raise Problem(ErrorCode.FILE_NOT_FOUND)
    async with core.works.begin() as work:
        locked = await rows_of.lock_file(work.db, row.id)
        if locked is None:
            raise Problem(ErrorCode.FILE_NOT_FOUND)
        if locked.state is FileState.READY:
            raise Problem(
                ErrorCode.FILE_OFFSET_CONFLICT, "The file has arrived.", offset=row.length_bytes
            )
        mark_removing(locked)
    await remove_files(core, [FileId(row.id)])


async def pieces(core: Core, row: FileRow, stretch: Stretch) -> AsyncGenerator[bytes, None]:
    """Yield a stretch of a file in pieces of at most `PIECE_BYTES`.

    Raises:
        StoreUnavailable: in the middle of it, too.
    """
    async with core.database.reading() as db:
        parts = await rows_of.parts_of(db, row.id, first=stretch.first, last=stretch.last)
    for part in parts:
        begin = max(stretch.first - part.start, 0)
        end = min(stretch.last - part.start + 1, part.length_bytes)
        for at in range(begin, end, PIECE_BYTES):
            yield await core.files.get(part.key, at, min(PIECE_BYTES, end - at))


async def _row(core: Core, access: Access, file_id: str) -> FileRow | None:
    if not is_id(file_id.lower()):
        return None
    async with core.database.reading() as db:
        row = await db.get(FileRow, file_id.lower())
    if row is None or row.session_id != access.session_id or row.state is FileState.REMOVING:
        return None
    return row
