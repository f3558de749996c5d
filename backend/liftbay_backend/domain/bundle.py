"""What a bundle for support may be: the zip that `liftbay diagnose` makes, and nothing else.

It comes from a stranger and is opened by a person of support, so it is looked at as a whole before
it is kept: six names at most, none of them a path, sizes that are told and true, no encryption,
nothing before, between or behind the files, and a manifest whose checksums fit and which names the
report that it is for. Nothing of it is ever written to a disk of ours as a file of its own.
"""

import hashlib
import io
import json
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

ENTRY_BYTES: Final = 2 * 1024 * 1024
"""Unpacked; eight times what the largest of ours takes."""
ALL_ENTRIES_BYTES: Final = 4 * 1024 * 1024
SCHEMA: Final = "liftbay.bundle"
REPORT_SCHEMA: Final = "liftbay.preflight"
MANIFEST: Final = "manifest.json"
REPORT: Final = "report.json"
CRASH: Final = "preflight-report-crash.json"
PICTURE: Final = "camera.jpg"
NAMES: Final = frozenset({REPORT, "report.html", "log.txt", CRASH, PICTURE, MANIFEST})
_NEEDED: Final = frozenset({REPORT, MANIFEST})
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER: Final = b"PK\x03\x04"
_END_RECORD: Final = b"PK\x05\x06"
_END_RECORD_BYTES: Final = 22
_JPEG: Final = b"\xff\xd8\xff"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,
    ValueError,
)
"""What reading a zip or JSON of somebody else's making can raise."""


class Flaw(StrEnum):
    """Why something is no bundle."""

    NO_ZIP = "no_zip"
    NAMES = "names"
    SIZE = "size"
    CONTENT = "content"
    MANIFEST = "manifest"
    OTHER_REPORT = "other_report"


class NoBundle(Exception):
    """Something is no bundle of this report, for one reason."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle, unpacked."""

    name: str
    bytes: int


def check_bundle(content: bytes, report_id: str) -> tuple[BundleFile, ...]:
    """Look at a whole bundle; takes time for at most `ALL_ENTRIES_BYTES`.

    Args:
        report_id: of the report that it is for.

    Returns:
        Its files, in their order.

    Raises:
        NoBundle: it is not one of ours, or not of this report.
    """
    if not content.startswith(_LOCAL_HEADER) or content[-_END_RECORD_BYTES:][:4] != _END_RECORD:
        # Also whatever has something before or behind the zip.
        raise NoBundle(Flaw.NO_ZIP)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _look_at_names(infos)
            files = {info.filename: _unpacked(archive, info) for info in infos}
            packed = sum(info.compress_size for info in infos)
    except _BROKEN:
        raise NoBundle(Flaw.NO_ZIP) from None
    if packed > len(content):
        # Entries that lie over each other: how a small zip unpacks to a large one.
        raise NoBundle(Flaw.SIZE)
    _look_at_content(files, report_id)
    return tuple(BundleFile(name, len(one)) for name, one in files.items())


def _look_at_names(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.orig_filename for info in infos]
    if len(set(names)) != len(names) or not _NEEDED <= set(names) <= NAMES:
        raise NoBundle(Flaw.NAMES)
    if any(_is_link(info) for info in infos):
        raise NoBundle(Flaw.NAMES)
    if any(info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS for info in infos):
        raise NoBundle(Flaw.CONTENT)
    told = [info.file_size for info in infos]
    if max(told) > ENTRY_BYTES or sum(told) > ALL_ENTRIES_BYTES:
        raise NoBundle(Flaw.SIZE)


def _is_link(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return bool(mode) and not stat.S_ISREG(mode) and stat.S_IFMT(mode) != 0


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack one file and no more than it said it was; its checksum is compared at its end."""
    with archive.open(info) as entry:
        found = entry.read(info.file_size + 1)
    if len(found) != info.file_size:
        raise NoBundle(Flaw.SIZE)
    return found


def _look_at_content(files: Mapping[str, bytes], report_id: str) -> None:
    manifest, report = _json(files[MANIFEST]), _json(files[REPORT])
    if manifest.get("schema") != SCHEMA:
        raise NoBundle(Flaw.MANIFEST)
    told = manifest.get("files")
    found = [
        {"name": name, "bytes": len(one), "sha256": hashlib.sha256(one).hexdigest()}
        for name, one in files.items()
        if name != MANIFEST
    ]
    if told != found:
        raise NoBundle(Flaw.MANIFEST)
    if CRASH in files and _json(files[CRASH]).get("schema") != REPORT_SCHEMA:
        raise NoBundle(Flaw.CONTENT)
    if PICTURE in files and not files[PICTURE].startswith(_JPEG):
        raise NoBundle(Flaw.CONTENT)
    if manifest.get("report_id") != report_id or report.get("report_id") != report_id:
        raise NoBundle(Flaw.OTHER_REPORT)


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except _BROKEN:
        raise NoBundle(Flaw.CONTENT) from None
    if not isinstance(found, dict):
        raise NoBundle(Flaw.CONTENT)
    return found
