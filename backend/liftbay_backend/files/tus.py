"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), read strictly.

Spoken are the core and the extensions creation, expiration, checksum and termination.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from liftbay_backend.domain.file_names import name_fault
from liftbay_backend.domain.file_types import ALLOWED, is_ending_allowed, known_type
from liftbay_backend.domain.states import FileKind
from liftbay_backend.problems import ErrorCode, Problem

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,checksum,termination"
ALGORITHMS: Final = ("sha256", "sha1")
UPLOAD_TYPE: Final = "application/offset+octet-stream"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_NUMBER: Final = 15


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to upload, as they say it. Nothing of it is proved.

    Attributes:
        type: a type of our table; None where nothing was claimed.
        sha256: of the whole file, in lower-case hex.
        client_id: the sender's own id of this upload: the same id is the same upload.
    """

    name: str = field(repr=False)
    length_bytes: int
    kind: FileKind
    type: str | None
    sha256: str | None
    client_id: str | None


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one HTTP request must have as their digest."""

    algorithm: str
    digest: bytes

    def begin(self) -> "hashlib._Hash":
        """Return a fresh hash of the algorithm."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def require_version(headers: Mapping[str, str]) -> None:
    """Refuse another version of the protocol, or none.

    Raises:
        Problem: FILE_VERSION_UNSUPPORTED.
    """
    if headers.get("tus-resumable") != VERSION:
        raise Problem(ErrorCode.FILE_VERSION_UNSUPPORTED, headers={"Tus-Version": VERSION})


def read_wish(headers: Mapping[str, str], most_bytes: int) -> Wish:
    """Read the headers of a creation.

    Args:
        most_bytes: what a file may have at most.

    Raises:
        Problem: REQUEST_INVALID, FILE_TOO_LARGE, FILE_NAME_REFUSED, FILE_TYPE_REFUSED.
    """
    length = read_number(headers, "upload-length")
    if length == 0:
        raise Problem(ErrorCode.REQUEST_INVALID, "Upload-Length: the file is empty.")
    told = _metadata(headers.get("upload-metadata", ""))
    if length > most_bytes:
        raise Problem(
            ErrorCode.FILE_TOO_LARGE,
            f"A file has at most {most_bytes} bytes.",
            max_bytes=most_bytes,
        )
    name = told.get("filename", "")
    fault = name_fault(name)
    if fault is not None:
        raise Problem(ErrorCode.FILE_NAME_REFUSED, fault)
    kind = _kind(told.get("kind", FileKind.FILE.value))
    return Wish(
        name=name,
        length_bytes=length,
        kind=kind,
        type=_type(name, told.get("filetype"), kind),
        sha256=_sha256(told.get("sha256")),
        client_id=_client_id(told.get("client_id")),
    )


def read_number(headers: Mapping[str, str], name: str) -> int:
    """Read a header that is a number of bytes.

    Raises:
        Problem: REQUEST_INVALID.
    """
    text = headers.get(name, "")
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER:
        raise Problem(ErrorCode.REQUEST_INVALID, f"{name.title()} is no number of bytes.")
    return int(text)


def read_checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Read the digest of a request's bytes, where there is one.

    Raises:
        Problem: REQUEST_INVALID.
    """
    text = headers.get("upload-checksum")
    if text is None:
        return None
    algorithm, _, digest = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Problem(
            ErrorCode.REQUEST_INVALID, f"Upload-Checksum knows {' and '.join(ALGORITHMS)}."
        )
    raw = _base64("Upload-Checksum", digest.strip())
    if len(raw) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise Problem(ErrorCode.REQUEST_INVALID, f"Upload-Checksum is no {algorithm}.")
    return Checksum(algorithm, raw)


def _metadata(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in text.split(","))):
        key, _, value = pair.partition(" ")
        if key in found:
            raise Problem(ErrorCode.REQUEST_INVALID, "Upload-Metadata names a key twice.")
        try:
            found[key] = _base64("Upload-Metadata", value.strip()).decode("utf-8")
        except UnicodeDecodeError:
            raise Problem(ErrorCode.REQUEST_INVALID, "Upload-Metadata is no UTF-8.") from None
    return found


def _base64(header: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem(ErrorCode.REQUEST_INVALID, f"{header} is no base64.") from None


def _kind(text: str) -> FileKind:
    try:
        return FileKind(text)
    except ValueError:
        raise Problem(
            ErrorCode.REQUEST_INVALID, f"Upload-Metadata: kind is {' or '.join(FileKind)}."
        ) from None


def _type(name: str, claimed: str | None, kind: FileKind) -> str | None:
    """Refuse before the first byte what cannot be accepted after the last."""
    found = None if not claimed else known_type(claimed)
    refusal = None
    if claimed and found is None:
        refusal = "This type of file is not shared."
    elif not is_ending_allowed(name, found):
        refusal = "The name's ending is not of this type."
    elif kind is FileKind.SNAPSHOT and found is not None and not found.startswith("image/"):
        refusal = "A snapshot is a picture."
    if refusal is not None:
        raise type_refused(refusal, claimed=found, found=None)
    return found


def type_refused(detail: str, *, claimed: str | None, found: str | None) -> Problem:
    """Return the refusal of a type, with those that would do."""
    return Problem(
        ErrorCode.FILE_TYPE_REFUSED, detail, claimed=claimed, found=found, allowed=sorted(ALLOWED)
    )


def _sha256(text: str | None) -> str | None:
    if not text:
        return None
    if not _SHA256.fullmatch(text.lower()):
        raise Problem(ErrorCode.REQUEST_INVALID, "Upload-Metadata: sha256 is 64 hex digits.")
    return text.lower()


def _client_id(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        raise Problem(ErrorCode.REQUEST_INVALID, "Upload-Metadata: client_id is a UUID.") from None
