"""Lets DBOS work with a SQLite older than 3.42, as Debian 12 has it (3.40.1).

From Python 3.12 on DBOS 3.4 takes the time with ``unixepoch('subsec')``, also as the default of
columns. A Python that somebody built uses the system's SQLite whatever its version is, and one
before 3.42 answers NULL: then the engine does not even start ("NOT NULL constraint failed:
application_versions.version_timestamp").
"""

import sqlite3
from contextlib import closing
from typing import Any, Final

from sqlalchemy import Engine, event

_KNOWS_SUBSEC: Final = (3, 42)
"""https://sqlite.org/releaselog/3_42_0.html"""

_SECONDS_PER_DAY: Final = 86_400


class SubsecondClock:
    """While it is open, plain SQLite connections that are made know ``unixepoch('subsec')``.

    Those of DBOS are plain ones; those of the service's own engines are not, and stay as they are.

    Args:
        version: of the SQLite library; a newer one needs nothing.
    """

    def __init__(self, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
        self._is_needed = version < _KNOWS_SUBSEC
        if self._is_needed:
            event.listen(Engine, "connect", _teach)

    def close(self) -> None:
        """Leave new connections alone again. Idempotent."""
        if self._is_needed:
            self._is_needed = False
            event.remove(Engine, "connect", _teach)


def _teach(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(what: str) -> float:
    """Return the seconds since 1970, whole milliseconds as SQLite has them.

    Raises:
        ValueError: asked for anything but the present time.
    """
    if what not in ("subsec", "subsecond"):
        raise ValueError(f"unixepoch({what!r}) is not known to this SQLite")
    # By SQLite's own clock, so that all of the engine's times are of one; a connection of its
    # own, as none may be asked while it evaluates a function.
    with closing(sqlite3.connect(":memory:")) as db:
        (days,) = db.execute("SELECT julianday('now') - julianday('1970-01-01')").fetchone()
    return round(float(days) * _SECONDS_PER_DAY, 3)
