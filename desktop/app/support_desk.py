"""A diagnosis brought to support: packed from the running checks, saved, or sent.

Implements the panel's `SupportDesk`. What is written or sent is what was packed and shown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
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
from preflight.report import EndedBy, write_report
from preflight.support.bundle import Bundle, end_of_log, pack
from preflight.support.page import page, write_page

JPEG_QUALITY = 85
_FORMATS = {"bgr": QImage.Format.Format_BGR888, "bgra": QImage.Format.Format_ARGB32}

Send = Callable[[Mapping[str, Any]], Awaitable[str]]
Look = Callable[[], VideoPicture | None]


@dataclass(frozen=True, slots=True)
class _Packed:
    report: Mapping[str, Any]
    bundle: Bundle | None


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
        is_bundle = kind is ParcelKind.BUNDLE
        lines = await asyncio.to_thread(end_of_log, self._logs) if is_bundle else []
        report, log = await run.bundle(ended_by, lines)
        shown = self._picture() if picture and is_bundle else None
        jpeg = None if shown is None else await asyncio.to_thread(as_jpeg, shown)
        bundle = None
        if is_bundle:
            bundle = await asyncio.to_thread(pack, report, log, jpeg)
            files = tuple(ParcelFile(entry.name, entry.bytes) for entry in bundle.entries)
        else:
            files = (await asyncio.to_thread(_one_file, kind, report),)
        parcel = Parcel(kind, files, tuple(report["redaction"]["counts"].items()), jpeg)
        self._packed = {id(parcel): _Packed(report, bundle)}
        return parcel

    async def write(self, parcel: Parcel, path: Path) -> None:
        """Write what was packed.

        Raises:
            OSError: the disk is full or not writable.
        """
        packed = self._packed[id(parcel)]
        if packed.bundle is not None:
            work = partial(packed.bundle.write, path)
        elif parcel.kind is ParcelKind.PAGE:
            words = page_words(language_in_use())
            work = partial(write_page, path, packed.report, words)
        else:
            work = partial(write_report, path, packed.report)
        await asyncio.to_thread(work)

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


def _one_file(kind: ParcelKind, report: Mapping[str, Any]) -> ParcelFile:
    if kind is ParcelKind.PAGE:
        return ParcelFile("report.html", len(page(report, page_words(language_in_use())).encode()))
    return ParcelFile("report.json", len(msgspec.json.encode(report)))
