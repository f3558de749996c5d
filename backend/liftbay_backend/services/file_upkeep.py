"""Files that are over leave the store; uploads that a crash left whole are finished."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.db.models import FileRow
from liftbay_backend.domain.ids import FileId
from liftbay_backend.domain.states import FileState
from liftbay_backend.files.store import StoreUnavailable
from liftbay_backend.problems import Problem
from liftbay_backend.repositories import files as rows_of
from liftbay_backend.services.file_receiving import finish_file

BATCH: Final = 50
_log = structlog.get_logger(__name__)


async def tidy_files(core: Core) -> int:
    """Finish what only lacks its last step, and remove what is over; return how many went.

    Over are uploads and refusals that have expired and files of sessions that ended more than
    `archive_after_days` ago.

    What the store does not let go, or has lost, holds up no other file: the next round tries again.
    """
    async with core.database.reading() as db:
        whole = await rows_of.unfinished_files(db, BATCH)
    for file_id in whole:
        try:
            await finish_file(core, file_id)
        except Problem as refusal:
            _log.info("file.refused", file_id=file_id, code=refusal.error.code)
        except StoreUnavailable:
            _log.warning("files.unavailable", file_id=file_id)
    now = core.clock.now()
    kept_until = now - timedelta(days=core.settings.archive_after_days)
    async with core.database.reading() as db:
        over = await rows_of.files_to_remove(db, now, kept_until, BATCH)
    gone = 0
    for file_id in await _marked(core, over):
        try:
            await remove_files(core, [file_id])
        except StoreUnavailable:
            _log.warning("files.unavailable", file_id=file_id)
        else:
            gone += 1
    if gone:
        _log.info("files.removed", files=gone)
    return gone


async def remove_files(core: Core, file_ids: Sequence[FileId]) -> None:
    """Take files that are marked as `REMOVING` out of the store, then out of the database.

    In this order: a crash in between leaves rows, by which the next round finds the objects.

    Raises:
        StoreUnavailable: some objects are left, and all rows.
    """
    for file_id in file_ids:
        await core.files.delete(await core.files.list(file_id))
    async with core.works.begin() as work:
        await rows_of.delete_files(work.db, file_ids)


def mark_removing(row: FileRow) -> None:
    """Take a locked file out of everybody's sight; its sender's id is free for another one."""
    row.state, row.writer, row.client_id = FileState.REMOVING, None, None


async def _marked(core: Core, file_ids: Sequence[FileId]) -> list[FileId]:
    marked = []
    async with core.works.begin() as work:
        for file_id in file_ids:
            row = await rows_of.lock_file(work.db, file_id)
            # Somebody may have gone on with it in this very moment.
            if row is None or (row.state is FileState.RECEIVING and row.expires_at >= work.now):
                continue
            mark_removing(row)
            marked.append(file_id)
    return marked
