"""Files that people share: upload by tus 1.0.0, lists, downloads with ranges."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from email.utils import format_datetime
from typing import Annotated, Any, Final
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.types import Send

from liftbay_backend.access import Access, Participant
from liftbay_backend.core import Core, CoreDep
from liftbay_backend.db.models import FileRow
from liftbay_backend.domain.ids import FileId
from liftbay_backend.domain.states import FileState
from liftbay_backend.files import tus
from liftbay_backend.files.ranges import Stretch, read_range
from liftbay_backend.files.store import StoreUnavailable
from liftbay_backend.files.turns import Turns
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services import files
from liftbay_backend.services.file_receiving import finish_file, receive
from liftbay_backend.services.file_view import upload_wire

router = APIRouter(prefix="/api/sessions/{session_id}/files", tags=["files"])

FilePath = Annotated[str, Path()]
_NO_CONTENT: Final = 204
_CREATED: Final = 201
_PARTIAL: Final = 206
_NOT_MODIFIED: Final = 304
_log = structlog.get_logger(__name__)


@router.options("", status_code=_NO_CONTENT)
async def get_abilities(_access: Participant, core: CoreDep) -> Response:
    """Say what of tus is spoken here."""
    return Response(
        status_code=_NO_CONTENT,
        headers={
            "Tus-Version": tus.VERSION,
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Max-Size": str(core.settings.file_max_bytes),
            "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
        },
    )


@router.get("")
async def get_files(access: Participant, core: CoreDep) -> dict[str, Any]:
    """List the files that have arrived."""
    return await files.list_files(core, access)


@router.post("", status_code=_CREATED)
async def post_file(request: Request, access: Participant, core: CoreDep) -> JSONResponse:
    """Begin an upload: Upload-Length and Upload-Metadata say what comes."""
    tus.require_version(request.headers)
    wish = tus.read_wish(request.headers, core.settings.file_max_bytes)
    await _count_request(core, access)
    async with core.works.begin() as work:
        row = await files.begin_file(work, core, access, wish)
    place = f"/api/sessions/{access.session_id}/files/{row.id}"
    headers = {"Location": place, "Upload-Expires": _expiry(row)}
    return JSONResponse(upload_wire(row), status_code=_CREATED, headers=headers)


@router.head("/{file_id}")
async def head_file(access: Participant, file_id: FilePath, core: CoreDep) -> Response:
    """Say how much of an own upload has arrived."""
    row = await files.own_file(core, access, file_id)
    if row.state is FileState.RECEIVING and row.received_bytes == row.length_bytes:
        # The request that brought the last byte died before its last step.
        await finish_file(core, FileId(row.id))
    return Response(
        headers={
            "Upload-Offset": str(row.received_bytes),
            "Upload-Length": str(row.length_bytes),
            "Cache-Control": "no-store",
            **({} if row.state is FileState.READY else {"Upload-Expires": _expiry(row)}),
        }
    )


@router.patch("/{file_id}", status_code=_NO_CONTENT)
async def patch_file(
    request: Request, access: Participant, file_id: FilePath, core: CoreDep
) -> Response:
    """Go on with an upload. What arrives before a break is kept."""
    row = await files.own_file(core, access, file_id)
    tus.require_version(request.headers)
    if request.headers.get("content-type", "").partition(";")[0].strip() != tus.UPLOAD_TYPE:
        raise Problem(ErrorCode.HTTP_UNSUPPORTED_TYPE, f"An upload is {tus.UPLOAD_TYPE}.")
    offset = tus.read_number(request.headers, "upload-offset")
    checksum = tus.read_checksum(request.headers)
    if offset == row.received_bytes:
        _refuse_too_long(request, row, offset)
    await _count_request(core, access)
    uploads: Turns = request.app.state.uploads
    with uploads.one(access.principal.account, row.id) as turn:
        is_stopping = request.app.state.stopping.is_set
        reached = await receive(core, row, offset, checksum, request.stream(), turn, is_stopping)
    return Response(status_code=_NO_CONTENT, headers={"Upload-Offset": str(reached)})


@router.delete("/{file_id}", status_code=_NO_CONTENT)
async def delete_file(
    request: Request, access: Participant, file_id: FilePath, core: CoreDep
) -> Response:
    """Call an own upload off that has not arrived as a whole."""
    tus.require_version(request.headers)
    await files.call_off_file(core, access, file_id)
    return Response(status_code=_NO_CONTENT)


@router.get("/{file_id}", response_class=Response)
async def get_file(
    access: Participant,
    file_id: FilePath,
    core: CoreDep,
    range_: Annotated[str | None, Header(alias="Range")] = None,
    if_range: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Download a file, or one range of it."""
    row = await files.readable_file(core, access, file_id)
    tag = f'"{row.sha256}"'
    headers = _download_headers(row, tag)
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    is_same = if_range is None or if_range.strip() == tag
    asked = read_range(range_, row.length_bytes) if is_same else None
    stretch = asked or Stretch(0, row.length_bytes - 1)
    if asked is not None:
        headers["Content-Range"] = f"bytes {asked.first}-{asked.last}/{row.length_bytes}"
    headers["Content-Length"] = str(stretch.length)
    return _Download(
        files.pieces(core, row, stretch),
        status_code=200 if asked is None else _PARTIAL,
        media_type=row.type,
        headers=headers,
        send_seconds=core.settings.file_silence_seconds,
    )


class _Download(StreamingResponse):
    """A body whose reader is cut off when it takes nothing for a while."""

    def __init__(
        self,
        content: AsyncGenerator[bytes, None],
        *,
        send_seconds: float,
        status_code: int,
        media_type: str | None,
        headers: dict[str, str],
    ) -> None:
        super().__init__(content, status_code, headers, media_type)
        self._content = content
        self._send_seconds = send_seconds

    async def stream_response(self, send: Send) -> None:
        """Send the head and piece by piece; an answer that is cut short is the reader's to see.

        Raises:
            StoreUnavailable: before anything was sent, so that there can be another answer.
        """
        # Closed by hand: a generator left to the collector ends in some later turn of the loop.
        async with aclosing(self._content) as content:
            piece: bytes | None = await anext(content)
            head = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **head})
            try:
                while piece is not None:
                    async with asyncio.timeout(self._send_seconds):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                    piece = await anext(content, None)
            except TimeoutError:
                _log.info("file.reader_stalled")
                return
            except StoreUnavailable as error:
                _log.error("files.unavailable", reason=str(error))
                return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _download_headers(row: FileRow, tag: str) -> dict[str, str]:
    return {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        # Saved and never shown: whatever it is, it runs nowhere under our name.
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }


def _refuse_too_long(request: Request, row: FileRow, offset: int) -> None:
    """Refuse by its declared length what would be refused at its last byte.

    Raises:
        Problem: FILE_TOO_LARGE.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > row.length_bytes - offset:
        raise Problem(
            ErrorCode.FILE_TOO_LARGE,
            f"More bytes than the {row.length_bytes} that were announced.",
            max_bytes=row.length_bytes,
        )


async def _count_request(core: Core, access: Access) -> None:
    await core.limits.hit(core.settings.file_upload_limit, "files", access.principal.account)


def _expiry(row: FileRow) -> str:
    return format_datetime(row.expires_at, usegmt=True)
