"""The bundle for support: report, page and the end of the log, redacted, with a manifest.

Made on this machine and kept there; whoever has it reads it before it is sent anywhere. No sound
and no picture is in it.
"""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from preflight.support.page import page

SCHEMA = "liftbay.bundle"
LOG_BYTES = 256_000
"""The end of the log: about the last hour of a busy client."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a bundle; ``sha256`` of its content in hexadecimal digits."""

    name: str
    bytes: int
    sha256: str


def write_bundle(
    path: Path, report: Mapping[str, Any], log_lines: Sequence[str]
) -> tuple[Entry, ...]:
    """Write the zip, whole or not at all, and return what is in it, the manifest last.

    Args:
        report: redacted for upload.
        log_lines: redacted as well.

    Raises:
        OSError: the disk is full or not writable.
    """
    files = {
        "report.json": msgspec.json.format(msgspec.json.encode(report), indent=2),
        "report.html": page(report).encode(),
        "log.txt": "".join(f"{line}\n" for line in log_lines).encode(),
    }
    entries = [
        Entry(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
    ]
    manifest = {
        "schema": SCHEMA,
        "schema_version": "1.0",
        "report_id": report["report_id"],
        "made_at_utc": report["started_at_utc"],
        "files": entries,
        "redaction": report["redaction"],
    }
    files["manifest.json"] = told = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    entries.append(Entry("manifest.json", len(told), hashlib.sha256(told).hexdigest()))
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    return tuple(entries)


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


def preview(path: Path, entries: Sequence[Entry], counts: Mapping[str, int]) -> str:
    """Return what a person should know before the bundle is given away."""
    lines = [f"{path}: look into it before you send it"]
    lines += [f"  {entry.name:<14} {entry.bytes:>8} bytes" for entry in entries]
    taken = ", ".join(f"{count} x {rule}" for rule, count in counts.items()) or "nothing"
    lines.append(f"  taken out: {taken}")
    return "\n".join(lines)
