"""Proof that no other process works on the embedded database: a lock that dies with its holder."""

import sqlite3
from pathlib import Path


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
        """
        self._connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise OwnedElsewhere(path.name) from error

    def release(self) -> None:
        """Give the lock back; releasing twice is a no-op."""
        self._connection.close()
