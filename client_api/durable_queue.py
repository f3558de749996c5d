"""What must not be lost: intents on disk until the service has answered them.

A small SQLite file per profile. One row is one intent with one idempotency key, so a crash, a
restart or a lost answer never makes two of it. Each row belongs to the account that wished it:
another one who signs in on the same profile neither sees nor sends it. All work happens in one
thread of its own; the Qt/asyncio thread never waits for the disk. Delivery is
`client_api.outbox`'s business.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from client_api.wire import AccountId, IdempotencyKey, SessionId

T = TypeVar("T")

MAX_INTENTS = 500
"""Of one account: what somebody else left behind takes nobody's room."""
MAX_QUALITY = 60
"""A quarter of an hour of batches: older figures help nobody."""
_SCHEMA_VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IntentKind(StrEnum):
    """What kinds of wishes are kept, in the order in which they are delivered."""

    END = "end"
    MESSAGE = "message"
    NOTES = "notes"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class Intent:
    """One wish of the person, to be delivered at least once and done once.

    Attributes:
        account: whose wish it is; nobody else's credentials may carry it.
        kept_at: the wall clock when it was wished, aware.
        body: JSON of the kind's own shape; may hold private words.
    """

    account: AccountId
    kind: IntentKind
    session: SessionId
    key: IdempotencyKey
    kept_at: datetime
    body: bytes = field(repr=False)


class QueueFull(Exception):
    """More waits than the queue holds; the service must have been away for very long."""


class IntentQueue(Protocol):
    """Where intents wait."""

    async def put(self, intent: Intent) -> None:
        """Keep ``intent``; it is on disk when this returns. A known key changes nothing.

        Raises:
            QueueFull: `MAX_INTENTS` of this account wait already. Quality batches push the
                oldest out instead.
        """

    async def pending(self, account: AccountId) -> tuple[Intent, ...]:
        """Return what waits of one account: by kind, then oldest first."""

    async def remove(self, key: IdempotencyKey) -> bool:
        """Remove one intent. False when it is not there (any more)."""

    async def forget_others(self, account: AccountId, *, before: datetime) -> int:
        """Remove what accounts other than this one kept before a time; returns how many."""

    async def close(self) -> None:
        """Let go of the file. Nothing is lost."""


class DurableQueue:
    """`IntentQueue` in an SQLite file, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ThreadPoolExecutor-queue")
        self._db: sqlite3.Connection | None = None

    async def put(self, intent: Intent) -> None:
        await self._in_thread(lambda db: _put(db, intent))

    async def pending(self, account: AccountId) -> tuple[Intent, ...]:
        return await self._in_thread(lambda db: _pending(db, account))

    async def remove(self, key: IdempotencyKey) -> bool:
        return await self._in_thread(lambda db: _remove(db, key))

    async def forget_others(self, account: AccountId, *, before: datetime) -> int:
        return await self._in_thread(lambda db: _forget_others(db, account, before))

    async def close(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._close_file)
        # The thread is idle now, so this does not wait.
        self._thread.shutdown(wait=True)

    async def _in_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(self._open_file()))

    def _open_file(self) -> sqlite3.Connection:
        if self._db is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # The words of a chat are private: the file is the owner's before anything is in it.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            db = sqlite3.connect(self._path, isolation_level=None, timeout=5.0)
            try:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=FULL")
                db.execute("PRAGMA secure_delete=ON")
                _lay_out(db)
            except BaseException:
                db.close()
                raise
            self._db = db
        return self._db

    def _close_file(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


_ORDER = "CASE kind WHEN 'end' THEN 0 WHEN 'message' THEN 1 WHEN 'notes' THEN 2 ELSE 3 END, number"


def _lay_out(db: sqlite3.Connection) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version < _SCHEMA_VERSION:
        # Rows from before the first release do not say whose they are, so nobody may send them.
        db.execute("DROP TABLE IF EXISTS intents")
        db.execute(
            "CREATE TABLE intents (number INTEGER PRIMARY KEY AUTOINCREMENT,"
            " account TEXT NOT NULL, kind TEXT NOT NULL, session TEXT NOT NULL,"
            " key TEXT NOT NULL UNIQUE, kept_at_us INTEGER NOT NULL, body BLOB NOT NULL)"
        )
        db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")


def _put(db: sqlite3.Connection, intent: Intent) -> None:
    if intent.kind is IntentKind.QUALITY:
        db.execute(
            "DELETE FROM intents WHERE number IN (SELECT number FROM intents WHERE kind = ?"
            " AND account = ? ORDER BY number DESC LIMIT -1 OFFSET ?)",
            (intent.kind.value, intent.account, MAX_QUALITY - 1),
        )
    (waiting,) = db.execute(
        "SELECT count(*) FROM intents WHERE account = ?", (intent.account,)
    ).fetchone()
    # An end is always kept: money hangs on it.
    if waiting >= MAX_INTENTS and intent.kind is not IntentKind.END:
        raise QueueFull(f"{waiting} intents wait")
    db.execute(
        "INSERT INTO intents (account, kind, session, key, kept_at_us, body)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        (
            intent.account,
            intent.kind.value,
            intent.session,
            intent.key,
            _epoch_us(intent.kept_at),
            intent.body,
        ),
    )


def _pending(db: sqlite3.Connection, account: AccountId) -> tuple[Intent, ...]:
    rows = db.execute(
        "SELECT kind, session, key, kept_at_us, body FROM intents WHERE account = ?"
        f" ORDER BY {_ORDER}",
        (account,),
    )
    return tuple(
        Intent(
            account,
            IntentKind(kind),
            SessionId(session),
            IdempotencyKey(key),
            _EPOCH + timedelta(microseconds=kept_at_us),
            bytes(body),
        )
        for kind, session, key, kept_at_us, body in rows
    )


def _remove(db: sqlite3.Connection, key: IdempotencyKey) -> bool:
    return db.execute("DELETE FROM intents WHERE key = ?", (key,)).rowcount == 1


def _forget_others(db: sqlite3.Connection, account: AccountId, before: datetime) -> int:
    return db.execute(
        "DELETE FROM intents WHERE account <> ? AND kept_at_us < ?", (account, _epoch_us(before))
    ).rowcount


def _epoch_us(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
