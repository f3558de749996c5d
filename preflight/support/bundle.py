"""The bundle for support: report, page, the end of the log and the trace of a killed run.

All of it redacted, with a manifest.

Put together in memory, shown, and written only then; it stays on this machine until the person
sends it. No sound is ever in it, and no picture unless the person adds one.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from preflight.report.report import CRASH_NAME, as_file
from preflight.support.page import page

SCHEMA = "liftbay.bundle"
LOG_BYTES = 256_000
"""The end of the log: about the last hour of a busy client."""
MANIFEST = "manifest.json"
PICTURE = "camera.jpg"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a bundle; ``sha256`` of its content in hexadecimal digits."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle before it is written: what is shown is what will be in it, byte for byte.

    Attributes:
        report: the very one in it.
        entries: its files, the manifest last.
        taken_out: how often each rule of the redaction took something out.
        packed: the zip; made once, so that what is written is what is sent.
    """

    report: Mapping[str, Any] = field(repr=False)
    entries: tuple[Entry, ...]
    taken_out: Mapping[str, int]
    packed: bytes = field(repr=False)


def pack(
    report: Mapping[str, Any],
    log_lines: Sequence[str],
    picture: bytes | None = None,
    *,
    crash: Mapping[str, Any] | None = None,
) -> Bundle:
    """Put a bundle together; nothing is written.

    Args:
        report: redacted for upload.
        log_lines: redacted as well.
        picture: a JPEG that the person chose to add; None in all other cases.
        crash: the report of a killed run, redacted as well; None where none was.
    """
    files = {
        "report.json": as_file(report),
        "report.html": page(report).encode(),
        "log.txt": "".join(f"{line}\n" for line in log_lines).encode(),
    }
    if crash is not None:
        files[CRASH_NAME] = as_file(crash)
    if picture is not None:
        files[PICTURE] = picture
    entries = [_entry(name, content) for name, content in files.items()]
    manifest = {
        "schema": SCHEMA,
        "schema_version": "1.2",
        "report_id": report["report_id"],
        "made_at_utc": _made_at(report),
        "files": entries,
        "added_by_person": [PICTURE] if picture is not None else [],
        "redaction": report["redaction"],
    }
    files[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    entries.append(_entry(MANIFEST, files[MANIFEST]))
    return Bundle(report, tuple(entries), report["redaction"]["counts"], _zipped(files))


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _made_at(report: Mapping[str, Any]) -> str:
    """Return when the report was made of the run, which may be hours after the run's start."""
    started = datetime.fromisoformat(report["started_at_utc"])
    made = started + timedelta(milliseconds=report["duration_ms"])
    return made.isoformat(timespec="milliseconds")


def _entry(name: str, content: bytes) -> Entry:
    return Entry(name, len(content), hashlib.sha256(content).hexdigest())


def end_of_log(folder: Path | None) -> list[str]:
    """Return the last lines of the newest log, at most 256 kB; none where there is no log."""
    if folder is None:
        return []
    try:
        content = (folder / "liftbay.log").read_bytes()
    except OSError:
        return []
    lines = content[-LOG_BYTES:].decode("utf-8", "replace").splitlines()
    # The first one may be cut in its middle, and a cut secret has no form to be known by.
    return lines[1:] if len(content) > LOG_BYTES else lines


def preview(name: Path | str, bundle: Bundle) -> str:
    """Return what a person should know before the bundle is given away."""
    lines = [f"{name}: look into it before you send it"]
    longest = max(len(entry.name) for entry in bundle.entries)
    lines += [f"  {entry.name:<{longest}} {entry.bytes:>8} bytes" for entry in bundle.entries]
    counts = bundle.taken_out.items()
    taken = ", ".join(f"{count} x {rule}" for rule, count in counts) or "nothing"
    lines.append(f"  taken out: {taken}")
    return "\n".join(lines)
