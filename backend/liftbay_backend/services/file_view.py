"""A shared file as the wire has it, and the refusal of one that was not taken."""

from typing import Any

from liftbay_backend.clock import wire_time
from liftbay_backend.db.models import FileRow
from liftbay_backend.problems import ErrorCode, Problem


def raise_refusal(row: FileRow) -> None:
    """Say again why a file was refused, where it was.

    Raises:
        Problem: as it was said first.
    """
    if row.refusal is not None:
        told = dict(row.refusal)
        code, detail = told.pop("code"), told.pop("detail")
        raise Problem(next(one for one in ErrorCode if one.code == code), detail, **told)


def file_wire(row: FileRow) -> dict[str, Any]:
    """Return a file that has arrived, as the wire has it."""
    assert row.ready_at is not None
    return {
        "id": row.id,
        "session_id": row.session_id,
        "kind": row.kind.value,
        "name": row.name,
        "type": row.type,
        "bytes": row.length_bytes,
        "sha256": row.sha256,
        "author": row.author.value,
        "shared_at": wire_time(row.ready_at),
    }


def upload_wire(row: FileRow) -> dict[str, Any]:
    """Return an upload as its author sees it. Contract: tests/contract/file_begin.json"""
    return {
        "id": row.id,
        "session_id": row.session_id,
        "bytes": row.length_bytes,
        "received_bytes": row.received_bytes,
        "expires_at": wire_time(row.expires_at),
    }
