"""A service that dies at one of its commits, in this process: right before it, or right after.

`Death` is no `Exception`, so nothing of the service takes it for a fault to answer; and once dead,
it commits nothing more, whatever its code does on the way out.
"""

from sqlalchemy import Connection, event

from liftbay_backend.db.engine import Database


class Death(BaseException):
    """The process is gone; nobody got an answer."""


class DyingDatabase:
    """Watches one database's commits and dies at the one it was told to."""

    def __init__(self, database: Database) -> None:
        self.is_dead = False
        self._left: int | None = None
        self._is_kept = False
        event.listen(database.writer.sync_engine, "commit", self._on_commit)

    def die_at(self, commit: int, *, is_kept: bool) -> None:
        """Die at the coming commit of this number, from 1 on.

        Args:
            is_kept: the commit itself is done; only its answer is lost.
        """
        self._left, self._is_kept = commit, is_kept

    def _on_commit(self, connection: Connection) -> None:
        if self.is_dead:
            raise Death
        if self._left is None:
            return
        self._left -= 1
        if self._left > 0:
            return
        self.is_dead = True
        if self._is_kept:
            connection.connection.commit()
        raise Death
