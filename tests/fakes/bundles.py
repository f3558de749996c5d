"""Bundles for support: as the real client packs them, and as somebody else might."""

import io
import zipfile
from typing import Any

from preflight.support.bundle import pack
from tests.fakes.contract import fixture

LOG_LINE = "a line of the log"


def report_of(report_id: str) -> dict[str, Any]:
    """Return the contract's report under another id."""
    return {**fixture("report")["report"], "report_id": report_id}


def packed(
    report: dict[str, Any], *, picture: bytes | None = None, crash: dict[str, Any] | None = None
) -> bytes:
    """Return the zip that `liftbay diagnose --bundle` writes."""
    return pack(report, [LOG_LINE], picture, crash=crash).packed


def as_zip(
    files: dict[str, bytes],
    *more: tuple[str | zipfile.ZipInfo, bytes],
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a zip of any files, in their order."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, one in (*files.items(), *more):
            archive.writestr(name, one)
    return content.getvalue()
