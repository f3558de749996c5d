"""A diagnosis brought to support: packed from the running checks, saved, or sent.

Implements the panel's `SupportDesk`. What is written or sent is what was packed and shown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from desktop.viewmodels.pictures import VideoPicture
from desktop.viewmodels.support_panel import Parcel, ParcelFile, ParcelKind
from desktop.views.language import language_in_use
from desktop.views.page_words import page_words
from preflight.preflight import Preflight
from preflight.report.report import EndedBy, as_file
from preflight.report.report_keeper import ForSupport
from preflight.support.bundle import end_of_log, pack
from preflight.support.page import page
from preflight.support.page_words import PageWords
from preflight.whole_file import write_whole

JPEG_QUALITY = 85
_FORMATS = {"bgr": QImage.Format.Format_BGR888, "bgra": QImage.Format.Format_ARGB32}

Send = Callable[[Mapping[str, Any]], Awaitable[str]]
Look = Callable[[], VideoPicture | None]


@dataclass(frozen=True, slots=True)
class _Packed:
    """What was shown.

    Attributes:
        content: of the file, whole, where one is written.
    """

    report: Mapping[str, Any]
    content: bytes


class SupportDesk:
    """Packs what one running preflight knows.

    Args:
        preflight: the run; asked for when it is needed, since it begins after the page.
        logs: folder of the client's log.
        picture: what the camera sees now, as it is; None while it gives nothing.
        send: sends a report without an account, and returns its code.
    """

    def __init__(
        self, preflight: Callable[[], Preflight], logs: Path, picture: Look, send: Send
    ) -> None:
        self._preflight = preflight
        self._logs = logs
        self._picture = picture
        self._send = send
        self._packed: dict[int, _Packed] = {}

    async def pack(self, kind: ParcelKind, *, picture: bool) -> Parcel:
        """Put a parcel together; the newest one alone is kept."""
        run = self._preflight()
        ended_by = EndedBy.FINISHED if run.progress.finished else EndedBy.CANCELLED
        if kind is not ParcelKind.BUNDLE:
            report = await run.report_to_give(ended_by)
            words = page_words(language_in_use())
            parcel, packed = await asyncio.to_thread(_one_file, kind, report, words)
        else:
            lines = await asyncio.to_thread(end_of_log, self._logs)
            found = await run.bundle(ended_by, lines)
            shown = self._picture() if picture else None
            parcel, packed = await asyncio.to_thread(_bundle, found, shown)
        self._packed = {id(parcel): packed}
        return parcel

    async def write(self, parcel: Parcel, path: Path) -> None:
        """Write what was packed; a file that was there keeps its mode.

        Raises:
            OSError: the disk is full or not writable, or it is no plain file.
        """
        content = self._packed[id(parcel)].content
        await asyncio.to_thread(write_whole, path, content, keep_mode=True)

    async def send(self, parcel: Parcel) -> str:
        """Send the report that was packed.

        Raises:
            ClientError: the service refused it or cannot be reached.
        """
        return await self._send(self._packed[id(parcel)].report)


def as_jpeg(picture: VideoPicture) -> bytes | None:
    """Return a picture as a JPEG without any data beside its pixels; None when it is no picture."""
    image = QImage(
        picture.data,
        picture.width,
        picture.height,
        picture.bytes_per_line,
        _FORMATS[picture.pixels.value],
    )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"JPEG"))
    writer.setQuality(JPEG_QUALITY)
    if image.isNull() or not writer.write(image):
        return None
    return bytes(buffer.data().data())


def _bundle(found: ForSupport, picture: VideoPicture | None) -> tuple[Parcel, _Packed]:
    jpeg = None if picture is None else as_jpeg(picture)
    bundle = pack(found.report, found.log, jpeg, crash=found.crash)
    files = tuple(ParcelFile(entry.name, entry.bytes) for entry in bundle.entries)
    parcel = Parcel(ParcelKind.BUNDLE, files, tuple(bundle.taken_out.items()), jpeg)
    return parcel, _Packed(bundle.report, bundle.packed)


def _one_file(
    kind: ParcelKind, report: Mapping[str, Any], words: PageWords
) -> tuple[Parcel, _Packed]:
    name, content = "report.json", as_file(report)
    if kind is ParcelKind.PAGE:
        name, content = "report.html", page(report, words).encode()
    elif kind is ParcelKind.SENT:
        # On the wire without the spaces that are for people.
        content = msgspec.json.encode(report)
    files = (ParcelFile(name, len(content)),)
    parcel = Parcel(kind, files, tuple(report["redaction"]["counts"].items()))
    return parcel, _Packed(report, content)
