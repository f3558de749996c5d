"""Shared files and the stretches of their bytes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import FilePartRow, FileRow, SessionRow
from liftbay_backend.domain.ids import FileId, SessionId
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.domain.states import FileState


async def lock_file(db: AsyncSession, file_id: FileId | str) -> FileRow | None:
    """Return a file, locked until the end of the transaction."""
    query = select(FileRow).where(FileRow.id == file_id).with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def file_by_client_id(
    db: AsyncSession, session_id: SessionId | str, author: Side, client_id: str
) -> FileRow | None:
    """Return the file that its author knows by this id."""
    query = select(FileRow).where(
        FileRow.session_id == session_id,
        FileRow.author == author,
        FileRow.client_id == client_id,
    )
    return (await db.execute(query)).scalar_one_or_none()


async def count_files(db: AsyncSession, session_id: SessionId | str) -> tuple[int, int]:
    """Return how many files a session has and how many bytes they have or will have.

    A refused one counts as a file until it is forgotten, but its bytes are gone.
    """
    count = await db.execute(
        select(func.count()).where(
            FileRow.session_id == session_id, FileRow.state != FileState.REMOVING
        )
    )
    length = await db.execute(
        select(func.coalesce(func.sum(FileRow.length_bytes), 0)).where(
            FileRow.session_id == session_id,
            FileRow.state.in_((FileState.RECEIVING, FileState.READY)),
        )
    )
    return count.scalar_one(), int(length.scalar_one())


async def ready_files(db: AsyncSession, session_id: SessionId | str) -> list[FileRow]:
    """Return what both sides see, in the order in which it arrived."""
    query = (
        select(FileRow)
        .where(FileRow.session_id == session_id, FileRow.state == FileState.READY)
        .order_by(FileRow.ready_at, FileRow.id)
    )
    return list((await db.execute(query)).scalars())


async def parts_of(
    db: AsyncSession, file_id: FileId | str, *, first: int = 0, last: int | None = None
) -> list[FilePartRow]:
    """Return the stretches that hold bytes of `first` to `last`, in order; by default all."""
    query = (
        select(FilePartRow)
        .where(
            FilePartRow.file_id == file_id,
            FilePartRow.start + FilePartRow.length_bytes > first,
        )
        .order_by(FilePartRow.start)
    )
    if last is not None:
        query = query.where(FilePartRow.start <= last)
    return list((await db.execute(query)).scalars())


async def count_parts(db: AsyncSession, file_id: FileId | str) -> int:
    """Return how many stretches a file has."""
    query = select(func.count()).where(FilePartRow.file_id == file_id)
    return (await db.execute(query)).scalar_one()


async def unfinished_files(db: AsyncSession, at_most: int) -> list[FileId]:
    """Return files whose bytes are all there and that nobody has finished."""
    query = (
        select(FileRow.id)
        .where(FileRow.state == FileState.RECEIVING, FileRow.received_bytes == FileRow.length_bytes)
        # The latest first: one that the store has lost a part of is tried for ever.
        .order_by(FileRow.begun_at.desc(), FileRow.id)
        .limit(at_most)
    )
    return [FileId(one) for one in (await db.execute(query)).scalars()]


async def files_to_remove(
    db: AsyncSession, now: datetime, ended_before: datetime, at_most: int
) -> list[FileId]:
    """Return files that are over: expired, kept long enough, or half removed."""
    query = (
        select(FileRow.id)
        .join(SessionRow, SessionRow.id == FileRow.session_id)
        .where(
            or_(
                FileRow.state == FileState.REMOVING,
                and_(
                    FileRow.state.in_((FileState.RECEIVING, FileState.REFUSED)),
                    FileRow.expires_at < now,
                ),
                and_(
                    FileRow.state == FileState.READY,
                    SessionRow.status.in_(ENDED),
                    # A session that never began has no end; its files are about as old.
                    func.coalesce(SessionRow.ended_at, FileRow.ready_at) < ended_before,
                ),
            )
        )
        .limit(at_most)
    )
    return [FileId(one) for one in (await db.execute(query)).scalars()]


async def delete_parts(db: AsyncSession, file_id: FileId | str) -> None:
    """Forget a file's stretches; the store's objects are the caller's."""
    await db.execute(delete(FilePartRow).where(FilePartRow.file_id == file_id))


async def delete_files(db: AsyncSession, file_ids: Sequence[FileId]) -> None:
    """Forget files and their stretches."""
    await db.execute(delete(FilePartRow).where(FilePartRow.file_id.in_(file_ids)))
    await db.execute(delete(FileRow).where(FileRow.id.in_(file_ids)))
