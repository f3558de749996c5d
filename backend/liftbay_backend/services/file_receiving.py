"""Bytes of an upload on their way into the store, and the last step that makes a file seen.

    body --64 KiB--> buffer of one part --> object of the store --> row in `file_parts`
                      (4 MiB at most)        (on the disk)           (received_bytes grows)

What `received_bytes` counts is kept whatever dies. Any instance takes the next request. The newest
request that sends bytes has the file: it writes its own id into `writer`, and an older one whose
connection hangs, or whose process was frozen, cannot bring its part into the database any more.
There is no lock to wait for, so somebody whose line broke goes on at once; within one instance the
older request ends at once too.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from starlette.requests import ClientDisconnect

from liftbay_backend.core import Core
from liftbay_backend.db.models import FilePartRow, FileRow
from liftbay_backend.domain.file_types import SNIFF_BYTES, is_ending_allowed, sniffed_type
from liftbay_backend.domain.ids import FileId, new_uuid
from liftbay_backend.domain.states import FileKind, FileState
from liftbay_backend.files.store import StoreUnavailable
from liftbay_backend.files.turns import Turn
from liftbay_backend.files.tus import Checksum, type_refused
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import files as rows_of
from liftbay_backend.services.file_view import file_wire, raise_refusal

PART_BYTES: Final = 4 * 1024 * 1024
"""The most that one upload holds in memory; also an object's size."""
MOST_SMALL_PARTS: Final = 2000
"""Requests that may end in the middle of a part: a bad line has room, a flood of rows has not."""
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Part:
    start: int
    length: int
    key: str


@dataclass(slots=True)
class _Receiver:
    """One request's turn at a file.

    Attributes:
        at: offset of the first byte that is not in the store.
        pending: parts in the store that wait for the request's checksum.
    """

    core: Core
    file_id: FileId
    writer: str
    name: str = field(repr=False)
    kind: FileKind
    claimed_type: str | None
    found_type: str | None
    length: int
    at: int
    checksum: Checksum | None
    head: bytearray = field(repr=False)
    buffer: bytearray = field(default_factory=bytearray, repr=False)
    pending: list[_Part] = field(default_factory=list)

    async def take(self, chunk: bytes) -> None:
        """Take the next bytes, and store a part when it is full."""
        if self.at + len(self.buffer) + len(chunk) > self.length:
            raise Problem(
                ErrorCode.FILE_TOO_LARGE,
                f"More bytes than the {self.length} that were announced.",
                max_bytes=self.length,
            )
        self.buffer += chunk
        if self.found_type is None:
            self.head += chunk[: SNIFF_BYTES - len(self.head)]
            self._judge_type()
        while len(self.buffer) >= PART_BYTES:
            part = bytes(memoryview(self.buffer)[:PART_BYTES])
            del self.buffer[:PART_BYTES]
            await self._keep(part)

    async def flush(self) -> None:
        """Store what is left of the body."""
        if self.buffer:
            part = bytes(self.buffer)
            self.buffer.clear()
            await self._keep(part)

    def _judge_type(self) -> None:
        if len(self.head) < min(SNIFF_BYTES, self.length):
            return
        found = sniffed_type(bytes(self.head), self.claimed_type)
        claimed = self.claimed_type
        if found is None:
            raise type_refused(
                "The file's bytes are of no shared type.", claimed=claimed, found=None
            )
        if claimed is not None and found != claimed:
            raise type_refused("The file is not what it is called.", claimed=claimed, found=found)
        if not is_ending_allowed(self.name, found):
            raise type_refused(
                "The name's ending is not of this type.", claimed=claimed, found=found
            )
        if self.kind is FileKind.SNAPSHOT and not found.startswith("image/"):
            raise type_refused("A snapshot is a picture.", claimed=claimed, found=found)
        self.found_type = found

    async def _keep(self, data: bytes) -> None:
        key = f"{self.file_id}/{self.at:015d}-{new_uuid()[:8]}"
        await self.core.files.put(key, data)
        self.pending.append(_Part(self.at, len(data), key))
        self.at += len(data)
        if self.checksum is None:
            await self.commit()

    async def commit(self) -> None:
        """Count the pending parts as received.

        Raises:
            Problem: FILE_TAKEN_OVER.
        """
        if not self.pending:
            return
        async with self.core.works.begin() as work:
            row = await rows_of.lock_file(work.db, self.file_id)
            is_ours = row is not None and row.writer == self.writer
            if row is not None and is_ours:
                row.received_bytes = self.at
                row.type = self.found_type
                row.expires_at = work.now + timedelta(
                    seconds=self.core.settings.file_upload_seconds
                )
                work.db.add_all(
                    FilePartRow(
                        file_id=self.file_id, start=one.start, length_bytes=one.length, key=one.key
                    )
                    for one in self.pending
                )
        if not is_ours:
            await self.drop()
            raise Problem(ErrorCode.FILE_TAKEN_OVER)
        self.pending.clear()

    async def drop(self) -> None:
        """Forget the pending parts, as far as the store lets us; their keys are used by nobody."""
        keys = [one.key for one in self.pending]
        if keys:
            self.at = self.pending[0].start
        self.pending.clear()
        try:
            await self.core.files.delete(keys)
        except StoreUnavailable:
            _log.info("file.parts_left", file_id=self.file_id, parts=len(keys))


async def receive(
    core: Core,
    row: FileRow,
    offset: int,
    checksum: Checksum | None,
    chunks: AsyncGenerator[bytes, None],
    turn: Turn,
    is_stopping: Callable[[], bool],
) -> int:
    """Take the bytes of one request and return the offset at which the next one goes on.

    What arrived before a break is kept, unless a checksum came with it, which then cannot be
    looked at.

    Args:
        row: the caller's own file, as it was read for the access.
        offset: where the sender believes to go on.
        turn: this request's, which takes over once it is clear that the offset is right.
        is_stopping: when true, what has arrived is kept and the rest is left to another instance.

    Raises:
        Problem: FILE_OFFSET_CONFLICT with `offset`, FILE_LIMIT_REACHED, FILE_TOO_LARGE,
            FILE_TYPE_REFUSED, FILE_CHECKSUM_MISMATCH, FILE_TAKEN_OVER, FILE_NOT_FOUND.
        StoreUnavailable: what was counted before stays.
    """
    receiver = await _begin(core, FileId(row.id), offset, checksum, turn)
    digest = None if checksum is None else checksum.begin()
    try:
        async with aclosing(chunks):
            is_whole = await _take_all(receiver, chunks, digest, turn, is_stopping)
        if digest is not None and checksum is not None:
            if not is_whole:
                await receiver.drop()
            elif digest.digest() != checksum.digest:
                raise Problem(ErrorCode.FILE_CHECKSUM_MISMATCH, offset=offset)
            await receiver.commit()
    except Problem as problem:
        await receiver.drop()
        if problem.error is ErrorCode.FILE_TYPE_REFUSED:
            await _refuse(core, receiver.file_id, problem)
        raise
    except StoreUnavailable:
        await receiver.drop()
        raise
    if receiver.at == receiver.length:
        await finish_file(core, receiver.file_id)
    return receiver.at


async def finish_file(core: Core, file_id: FileId) -> None:
    """Look at a file once more as a whole and let both sides see it. Repeating it is safe.

    It is read from the store again, so the checksum that people are told is that of what they
    will be given.

    Raises:
        Problem: FILE_CHECKSUM_MISMATCH.
        StoreUnavailable: it stays unseen; the next look at it tries again.
    """
    async with core.database.reading() as db:
        parts = await rows_of.parts_of(db, file_id)
    digest = hashlib.sha256()
    length = 0
    for part in parts:
        data = await core.files.get(part.key, 0, part.length_bytes)
        # Some 10 ms a part without the processor's own instructions: not on the event loop.
        await asyncio.to_thread(digest.update, data)
        length += len(data)
    found = digest.hexdigest()
    refusal = None
    async with core.works.begin() as work:
        row = await rows_of.lock_file(work.db, file_id)
        if row is None or row.state is not FileState.RECEIVING or length != row.length_bytes:
            return
        if row.claimed_sha256 is not None and row.claimed_sha256 != found:
            refusal = Problem(ErrorCode.FILE_CHECKSUM_MISMATCH, "The whole file's SHA-256 differs.")
        else:
            row.state, row.sha256, row.ready_at, row.writer = FileState.READY, found, work.now, None
            session = await work.session(row.session_id)
            work.emit(session, "file", {"file": file_wire(row)})
    if refusal is not None:
        await _refuse(core, file_id, refusal)
        raise refusal
    stray = set(await core.files.list(file_id)) - {part.key for part in parts}
    await core.files.delete(stray)


async def _begin(
    core: Core, file_id: FileId, offset: int, checksum: Checksum | None, turn: Turn
) -> _Receiver:
    writer = new_uuid()
    async with core.works.begin() as work:
        row = await rows_of.lock_file(work.db, file_id)
        if row is None or row.state is FileState.REMOVING:
            raise Problem(ErrorCode.FILE_NOT_FOUND)
        raise_refusal(row)
        if offset != row.received_bytes or row.state is FileState.READY:
            raise Problem(
                ErrorCode.FILE_OFFSET_CONFLICT,
                f"{row.received_bytes} bytes have arrived.",
                offset=row.received_bytes,
            )
        parts = await rows_of.count_parts(work.db, file_id)
        if parts > row.length_bytes // PART_BYTES + MOST_SMALL_PARTS:
            raise Problem(ErrorCode.FILE_LIMIT_REACHED, reason="parts", limit=MOST_SMALL_PARTS)
        row.writer = writer
        # Under the row's lock, so that of two requests the one that became writer last goes on.
        turn.take_over()
    receiver = _Receiver(
        core=core,
        file_id=file_id,
        writer=writer,
        name=row.name,
        kind=row.kind,
        claimed_type=row.claimed_type,
        found_type=row.type,
        length=row.length_bytes,
        at=offset,
        checksum=checksum,
        head=bytearray(),
    )
    if row.type is None and offset:
        receiver.head += await _head(core, file_id)
    return receiver


async def _take_all(
    receiver: _Receiver,
    chunks: AsyncGenerator[bytes, None],
    digest: "hashlib._Hash | None",
    turn: Turn,
    is_stopping: Callable[[], bool],
) -> bool:
    """Take the body to its end or its break; return whether it was the end."""
    settings = receiver.core.settings
    silence = settings.file_silence_seconds
    ends_at = time.monotonic() + settings.file_turn_seconds
    is_whole = False
    try:
        while not (turn.is_over or is_stopping()) and time.monotonic() < ends_at:
            async with asyncio.timeout(silence) as turn.waiting:
                chunk = await anext(chunks, None)
            turn.waiting = None
            if chunk is None:
                is_whole = True
                break
            if digest is not None:
                digest.update(chunk)
            await receiver.take(chunk)
    except (ClientDisconnect, TimeoutError):
        _log.info("file.broken_off", file_id=receiver.file_id)
    finally:
        turn.waiting = None
    if turn.is_over:
        raise Problem(ErrorCode.FILE_TAKEN_OVER)
    await receiver.flush()
    return is_whole


async def _head(core: Core, file_id: FileId) -> bytes:
    """Return the first bytes of a file of which only a few have arrived."""
    async with core.database.reading() as db:
        parts = await rows_of.parts_of(db, file_id, last=SNIFF_BYTES - 1)
    head = b""
    for part in parts:
        wanted = min(part.length_bytes, SNIFF_BYTES - len(head))
        if wanted > 0:
            head += await core.files.get(part.key, 0, wanted)
    return head


async def _refuse(core: Core, file_id: FileId, problem: Problem) -> None:
    """Keep why, for a sender who may not have heard it, and let the bytes go."""
    async with core.works.begin() as work:
        row = await rows_of.lock_file(work.db, file_id)
        if row is None or row.state is not FileState.RECEIVING:
            return
        row.state, row.writer, row.received_bytes = FileState.REFUSED, None, 0
        row.refusal = {
            "code": problem.error.code,
            "detail": problem.detail,
            **problem.extra,
        }
        row.expires_at = work.now + timedelta(seconds=core.settings.file_upload_seconds)
        await rows_of.delete_parts(work.db, file_id)
    try:
        await core.files.delete(await core.files.list(file_id))
    except StoreUnavailable:
        # They go with the row, when it expires.
        _log.info("file.parts_left", file_id=file_id)
