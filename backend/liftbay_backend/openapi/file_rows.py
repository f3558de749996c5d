"""The rows of shared files: tus 1.0.0 in headers, bytes of the shared types in bodies."""

from collections.abc import Mapping
from typing import Any, Final

from liftbay_backend.domain.file_types import ALLOWED
from liftbay_backend.files import tus
from liftbay_backend.openapi.answers import files
from liftbay_backend.openapi.rows import BINARY, Answer, Row, nothing, says
from liftbay_backend.problems import ErrorCode as E

_FILES: Final = "/api/sessions/{session_id}/files"
_FILE: Final = f"{_FILES}/{{file_id}}"
_REFUSED: Final = (E.FILE_TYPE_REFUSED, E.FILE_CHECKSUM_MISMATCH)
"""What a file was once refused with it is refused with until it is forgotten."""
_BYTES: Final = dict.fromkeys(sorted(ALLOWED), BINARY)
_SPOKEN: Final = {"Tus-Resumable": "The version that is spoken."}
_REACHED: Final = {"Upload-Offset": "How many bytes have arrived."}
_EXPIRES: Final = {"Upload-Expires": "When an unfinished upload is forgotten."}
_SAVED: Final = {
    "ETag": "The file's SHA-256, for If-Range and If-None-Match.",
    "Accept-Ranges": "bytes",
    "Content-Disposition": "An attachment with the file's name, never to be shown in place.",
}


def _header(
    name: str, text: str, schema: Mapping[str, Any], *, required: bool = True
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": dict(schema),
    }


_VERSION: Final = _header(
    "Tus-Resumable", "The version of the protocol.", {"type": "string", "const": tus.VERSION}
)
_CHECKSUM: Final = _header(
    "Upload-Checksum",
    f"{' or '.join(tus.ALGORITHMS)}, a space, and the digest of this body in base64.",
    {"type": "string"},
    required=False,
)

FILE_ROWS: Final[Mapping[tuple[str, str], Row]] = {
    ("OPTIONS", _FILES): Row(
        nothing(
            {
                **_SPOKEN,
                "Tus-Version": "The versions that are spoken.",
                "Tus-Extension": "The extensions that are spoken.",
                "Tus-Max-Size": "How many bytes a file has at most.",
                "Tus-Checksum-Algorithm": "What digests can be sent.",
            }
        )
    ),
    ("GET", _FILES): Row(says(files.SharedFiles, "files")),
    ("POST", _FILES): Row(
        says(
            files.BegunFile,
            "file_begin",
            status=201,
            headers={**_SPOKEN, **_EXPIRES, "Location": "Where the bytes are sent."},
            leads_to={"file_id": "/id"},
        ),
        (
            E.FILE_VERSION_UNSUPPORTED,
            E.FILE_TOO_LARGE,
            E.FILE_NAME_REFUSED,
            E.FILE_TYPE_REFUSED,
            E.FILE_LIMIT_REACHED,
            E.SESSION_ENDED,
            E.REQUEST_INVALID,
            E.RATE_LIMITED,
        ),
        headers=(
            _VERSION,
            _header("Upload-Length", "The file's bytes.", {"type": "integer", "minimum": 1}),
            _header(
                "Upload-Metadata",
                "filename, filetype, kind, sha256, client_id: each with its value in base64.",
                {"type": "string"},
            ),
        ),
    ),
    ("HEAD", _FILE): Row(
        (
            Answer(
                200,
                {},
                headers={**_SPOKEN, **_REACHED, **_EXPIRES, "Upload-Length": "The file's bytes."},
            ),
        ),
        (E.FILE_NOT_FOUND, *_REFUSED, E.FILE_STORE_UNAVAILABLE),
    ),
    ("PATCH", _FILE): Row(
        nothing({**_SPOKEN, **_REACHED}),
        (
            E.FILE_NOT_FOUND,
            *_REFUSED,
            E.FILE_VERSION_UNSUPPORTED,
            E.HTTP_UNSUPPORTED_TYPE,
            E.FILE_TOO_LARGE,
            E.FILE_OFFSET_CONFLICT,
            E.FILE_LIMIT_REACHED,
            E.FILE_TAKEN_OVER,
            E.FILE_STORE_UNAVAILABLE,
            E.RATE_LIMITED,
        ),
        body={tus.UPLOAD_TYPE: BINARY},
        headers=(
            _VERSION,
            _header("Upload-Offset", "Of the first byte.", {"type": "integer", "minimum": 0}),
            _CHECKSUM,
        ),
    ),
    ("DELETE", _FILE): Row(
        nothing(_SPOKEN),
        (
            E.FILE_NOT_FOUND,
            E.FILE_VERSION_UNSUPPORTED,
            E.FILE_OFFSET_CONFLICT,
            E.FILE_STORE_UNAVAILABLE,
        ),
        headers=(_VERSION,),
    ),
    ("GET", _FILE): Row(
        (
            Answer(200, _BYTES, headers=_SAVED),
            Answer(206, _BYTES, headers={**_SAVED, "Content-Range": "Which bytes, of how many."}),
            Answer(304, {}, headers=_SAVED),
        ),
        (
            E.FILE_NOT_FOUND,
            *_REFUSED,
            E.FILE_INCOMPLETE,
            E.FILE_RANGE_UNSATISFIABLE,
            E.FILE_STORE_UNAVAILABLE,
        ),
    ),
}
