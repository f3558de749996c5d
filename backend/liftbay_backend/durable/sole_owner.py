"""Proof that no other process works on the embedded database: a lock that dies with its holder."""

import sqlite3
from pathlib import Path
from typing import Final

from liftbay_backend.db.storage_faults import OWNED, StorageFault, sqlite_code, storage_reason

PATIENCE_SECONDS: Final = 0.2
"""Two that start at once wait for each other's first write; one that runs is not outwaited."""


class OwnedElsewhere(Exception):
    """Another living process has this data folder."""


class SoleOwner:
    """Holds an exclusive SQLite lock on a file of its own.

    The operating system frees it however the process ends, SIGKILL included, so a restarted
    service may recover its predecessor's work at once instead of waiting for a lease to expire.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            OwnedElsewhere: somebody else holds it.
            StorageFault: the file cannot be used; names it and the reason.
        """
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
            # No journal file beside it: what is in the file matters to nobody.
            connection.execute("PRAGMA journal_mode=MEMORY")
            # SQLite grants the lock on a file it cannot write as well, to anybody who asks; so
            # the write comes first, and proves that the lock is one.
            connection.execute("PRAGMA user_version=1")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            if sqlite_code(error) in OWNED:
                raise OwnedElsewhere(path.name) from error
            raise StorageFault(f"{path.name}: {storage_reason(error)}") from error
        self._connection = connection

    def release(self) -> None:
        """Give the lock back; releasing twice is a no-op."""
        self._connection.close()
