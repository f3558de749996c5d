"""Sends and fetches the files of a session, going on where it was broken off.

Uploads are tus 1.0.0 in pieces of 4 MiB: after each break the service is asked how much it holds.
Downloads are ranges into a file beside the wanted one, which takes its name when its SHA-256 is
right. Neither ever holds more than a piece in memory. Knows no page and no dialog.

Contract: tests/contract/file_begin.json, tests/contract/files.json
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec

from client_api.clock import Clock
from client_api.errors import BrokenAnswer, ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.records import BegunFile, SharedFile, SharedFiles
from client_api.transport import Answer, Call, Transport
from client_api.wire import FileId, FileKind, SessionId

PIECE_BYTES: Final = 4 * 1024 * 1024
PIECE_TIMEOUT_S: Final = 120.0
"""For one piece: 4 MiB at 300 kbit/s."""
LAST_PIECE_TIMEOUT_S: Final = 180.0
"""The service looks at the whole file once more before it answers."""
MOST_BREAKS: Final = 8
"""In a row, without a byte in between; then the person is told."""
_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 15.0
_GO_ON: Final = frozenset(
    {
        ErrorCode.FILE_OFFSET_CONFLICT,
        ErrorCode.FILE_TAKEN_OVER,
        ErrorCode.FILE_STORE_UNAVAILABLE,
        ErrorCode.RATE_LIMITED,
        ErrorCode.SERVER_UNAVAILABLE,
    }
)
_VERSION: Final = {"Tus-Resumable": "1.0.0"}
Progress = Callable[[int, int], None]
"""Told the bytes that are done and all there are, after each piece."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file of this machine on its way to the other side.

    Attributes:
        name: what the other side sees; no path.
        client_id: a UUID of this wish. The same one later goes on with the same upload, in
            another run of the program too.
        type: its media type, where it is known; the service finds out by itself.
    """

    path: Path = field(repr=False)
    name: str = field(repr=False)
    client_id: str
    kind: FileKind = FileKind.FILE
    type: str | None = None


class SessionFiles:
    """The files of one session, as its participant may see them.

    All methods raise `Refused`, `Unreachable` or `BrokenAnswer`; OSError where the machine's own
    file cannot be read or written.
    """

    def __init__(self, transport: Transport, clock: Clock, session: SessionId) -> None:
        self._transport = transport
        self._clock = clock
        self._path = f"/api/sessions/{quote(session, safe='')}/files"

    async def shared(self) -> tuple[SharedFile, ...]:
        """Return the files that have arrived as a whole, in their order."""
        answer = await self._transport.send(Call("GET", self._path))
        return _read(answer, SharedFiles, self._path).files

    async def upload(self, file: FileToSend, on_progress: Progress | None = None) -> SharedFile:
        """Send a file, however often the line breaks, and return it as both sides see it.

        Raises:
            Refused: ``FILE_TYPE_REFUSED``, ``FILE_NAME_REFUSED``, ``FILE_TOO_LARGE``,
                ``FILE_LIMIT_REACHED``, ``FILE_CHECKSUM_MISMATCH`` (it changed meanwhile),
                ``SESSION_ENDED``.
            Unreachable: `MOST_BREAKS` tries brought nothing; call again with the same
                ``client_id`` to go on.
        """
        length, sha256 = await asyncio.to_thread(_measure, file.path)
        begun = await self._begin(file, length, sha256)
        place = f"{self._path}/{begun.id}"
        at, breaks = begun.received_bytes, 0
        # A file that is there already may lack its last step, which a look brings on.
        is_known = at < length
        while at < length or not is_known:
            try:
                if not is_known:
                    reached, is_known = await self._offset(place), True
                else:
                    reached = await self._send_piece(file.path, place, at, length)
            except (Unreachable, Refused) as error:
                breaks, is_known = await self._after_break(error, breaks), False
                continue
            if reached > at:
                breaks = 0
            at = reached
            if on_progress is not None:
                on_progress(at, length)
        return await self._find(begun.id)

    async def download(
        self, file: SharedFile, to: Path, on_progress: Progress | None = None
    ) -> None:
        """Fetch a file; ``to`` appears whole and right, or not at all.

        Raises:
            BrokenAnswer: what came is not what was shared.
            Unreachable: `MOST_BREAKS` tries brought nothing; call again to go on.
        """
        part = to.with_name(f"{to.name}.{file.id[:8]}.part")
        at = await asyncio.to_thread(_length_of, part)
        breaks = 0
        while at < file.bytes:
            try:
                piece = await self._fetch_piece(file, at)
            except (Unreachable, Refused) as error:
                breaks = await self._after_break(error, breaks)
                continue
            breaks = 0
            await asyncio.to_thread(_append, part, piece)
            at += len(piece)
            if on_progress is not None:
                on_progress(at, file.bytes)
        found = await asyncio.to_thread(_measure, part)
        if found != (file.bytes, file.sha256):
            await asyncio.to_thread(part.unlink)
            raise BrokenAnswer(f"{self._path}: a file that is not the one that was shared")
        await asyncio.to_thread(part.replace, to)

    async def _begin(self, file: FileToSend, length: int, sha256: str) -> BegunFile:
        told = {
            "filename": file.name,
            "kind": file.kind.value,
            "sha256": sha256,
            "client_id": file.client_id,
        }
        if file.type is not None:
            told["filetype"] = file.type
        call = Call(
            "POST",
            self._path,
            headers={**_VERSION, "Upload-Length": str(length), "Upload-Metadata": _encoded(told)},
            # The service knows the upload by its client id.
            is_repeatable=True,
        )
        return _read(await self._transport.send(call), BegunFile, self._path)

    async def _send_piece(self, path: Path, place: str, at: int, length: int) -> int:
        piece = await asyncio.to_thread(_bytes_of, path, at)
        if not piece:
            raise OSError(f"{place}: the file became shorter while it was sent")
        is_last = at + len(piece) >= length
        call = Call(
            "PATCH",
            place,
            body=piece,
            headers={
                **_VERSION,
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(at),
            },
            timeout_s=LAST_PIECE_TIMEOUT_S if is_last else PIECE_TIMEOUT_S,
            is_repeatable=False,
        )
        reached = _offset_in(await self._transport.send(call), place)
        if reached <= at:
            # A service that stops answers with what it had, which may be nothing of this piece.
            raise Unreachable(UnreachableReason.CONNECTION_LOST, f"{place}: nothing was taken")
        return reached

    async def _offset(self, place: str) -> int:
        """Ask how much has arrived."""
        call = Call(
            "HEAD", place, headers=_VERSION, timeout_s=LAST_PIECE_TIMEOUT_S, is_repeatable=True
        )
        try:
            return _offset_in(await self._transport.send(call), place)
        except BrokenAnswer:
            # A refused HEAD has no body that says why; the same GET has.
            await self._transport.send(Call("GET", place, headers={"Range": "bytes=0-0"}))
            raise

    async def _find(self, file: FileId) -> SharedFile:
        for one in await self.shared():
            if one.id == file:
                return one
        raise BrokenAnswer(f"{self._path}: a file that has arrived is not in the list")

    async def _fetch_piece(self, file: SharedFile, at: int) -> bytes:
        last = min(at + PIECE_BYTES, file.bytes) - 1
        call = Call(
            "GET",
            f"{self._path}/{file.id}",
            headers={"Range": f"bytes={at}-{last}"},
            accept="*/*",
            timeout_s=PIECE_TIMEOUT_S,
        )
        answer = await self._transport.send(call)
        if len(answer.body) != last - at + 1:
            raise BrokenAnswer(f"{call.path}: {len(answer.body)} bytes of {last - at + 1}")
        return answer.body

    async def _after_break(self, error: Unreachable | Refused, breaks: int) -> int:
        """Wait before the next try, longer each time; return how many breaks that makes."""
        if isinstance(error, Refused) and error.code not in _GO_ON:
            raise error
        if breaks + 1 >= MOST_BREAKS:
            raise error
        wait_s = min(_FIRST_WAIT_S * 2**breaks, _LONGEST_WAIT_S)
        await self._clock.sleep(max(wait_s, min(error.retry_after_s or 0.0, _LONGEST_WAIT_S)))
        return breaks + 1


def _measure(path: Path) -> tuple[int, str]:
    """Return a file's length and SHA-256 in hex."""
    digest = hashlib.sha256()
    length = 0
    with path.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            digest.update(piece)
            length += len(piece)
    return length, digest.hexdigest()


def _bytes_of(path: Path, at: int) -> bytes:
    with path.open("rb") as opened:
        opened.seek(at)
        return opened.read(PIECE_BYTES)


def _length_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append(path: Path, piece: bytes) -> None:
    with path.open("ab") as opened:
        opened.write(piece)


def _encoded(told: dict[str, str]) -> str:
    return ",".join(
        f"{key} {base64.b64encode(value.encode('utf-8', 'replace')).decode('ascii')}"
        for key, value in told.items()
    )


def _offset_in(answer: Answer, path: str) -> int:
    text = answer.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdecimal()):
        raise BrokenAnswer(f"{path}: no offset")
    return int(text)


def _read(answer: Answer, shape: type[T], path: str) -> T:
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec's words name the field and the type, never the value.
        raise BrokenAnswer(f"{path}: {error}") from error
