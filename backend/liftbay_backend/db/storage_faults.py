"""Why a database cannot be used, in words for the operator's one line."""

import sqlite3
from typing import Final

from sqlalchemy.exc import OperationalError

OWNED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_REASONS: Final = {
    sqlite3.SQLITE_BUSY: "another program works on it",
    sqlite3.SQLITE_LOCKED: "another program works on it",
    sqlite3.SQLITE_READONLY: "it cannot be written: the file or its disk is read-only",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_NOTADB: "it is damaged, or no database",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk fails to read or write it",
}
_UNREACHED: Final = "it does not answer, or refuses this user"
_PRIMARY: Final = 0xFF
"""SQLite's extended codes carry the plain one in their lowest byte."""


class StorageFault(Exception):
    """A file of the data folder cannot be used; the text names it and the reason."""


def sqlite_code(error: BaseException) -> int | None:
    """Return SQLite's plain result code, also of SQLAlchemy's error around it; else None."""
    original = getattr(error, "orig", None)
    code = getattr(error if original is None else original, "sqlite_errorcode", None)
    return code & _PRIMARY if isinstance(code, int) else None


def storage_reason(error: BaseException) -> str:
    """Say why in words. A driver's own text may hold an address with its password: it stays out."""
    kind = type(error).__name__
    code = sqlite_code(error)
    if code is not None:
        return _REASONS.get(code, kind)
    return _UNREACHED if isinstance(error, OperationalError) else kind
