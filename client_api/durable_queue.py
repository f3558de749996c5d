"""What must not be lost: intents on disk until the service has answered them.

A small SQLite file per profile. One row is one intent with one idempotency key, so a crash, a
restart or a lost answer never makes two of it. All work happens in one thread of its own; the
Qt/asyncio thread never waits for the disk. Delivery is `client_api.outbox`'s business.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from client_api.wire import IdempotencyKey, SessionId

T = TypeVar("T")

MAX_INTENTS = 500
MAX_QUALITY = 60
"""Five minutes of batches: older figures help nobody."""


class IntentKind(StrEnum):
    """What kinds of wishes are kept, in the order in which they are delivered."""

    END = "end"
    MESSAGE = "message"
    NOTES = "notes"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class Intent:
    """One wish of the person, to be delivered at least once and done once.

    ``body`` is JSON of the kind's own shape and may hold private words.
    """

    kind: IntentKind
    session: SessionId
    key: IdempotencyKey
    body: bytes = field(repr=False)


class QueueFull(Exception):
    """More waits than the queue holds; the service must have been away for very long."""


class IntentQueue(Protocol):
    """Where intents wait."""

    async def put(self, intent: Intent) -> None:
        """Keep ``intent``; it is on disk when this returns. A known key changes nothing.

        Raises:
            QueueFull: `MAX_INTENTS` wait already. Quality batches push the oldest out instead.
        """

    async def pending(self) -> tuple[Intent, ...]:
        """Return what waits: by kind, then oldest first."""

    async def remove(self, key: IdempotencyKey) -> bool:
        """Remove one intent. False when it is not there (any more)."""

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

    async def pending(self) -> tuple[Intent, ...]:
        return await self._in_thread(_pending)

    async def remove(self, key: IdempotencyKey) -> bool:
        return await self._in_thread(lambda db: _remove(db, key))

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
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")
            db.execute(
                "CREATE TABLE IF NOT EXISTS intents (number INTEGER PRIMARY KEY AUTOINCREMENT,"
                " kind TEXT NOT NULL, session TEXT NOT NULL, key TEXT NOT NULL UNIQUE,"
                " body BLOB NOT NULL)"
            )
            self._db = db
        return self._db

    def _close_file(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


_ORDER = "CASE kind WHEN 'end' THEN 0 WHEN 'message' THEN 1 WHEN 'notes' THEN 2 ELSE 3 END, number"


def _put(db: sqlite3.Connection, intent: Intent) -> None:
    if intent.kind is IntentKind.QUALITY:
        db.execute(
            "DELETE FROM intents WHERE number IN (SELECT number FROM intents WHERE kind = ?"
            " ORDER BY number DESC LIMIT -1 OFFSET ?)",
            (intent.kind.value, MAX_QUALITY - 1),
        )
    (waiting,) = db.execute("SELECT count(*) FROM intents").fetchone()
    # An end is always kept: money hangs on it.
    if waiting >= MAX_INTENTS and intent.kind is not IntentKind.END:
        raise QueueFull(f"{waiting} intents wait")
    db.execute(
        "INSERT INTO intents (kind, session, key, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING",
        (intent.kind.value, intent.session, intent.key, intent.body),
    )


def _pending(db: sqlite3.Connection) -> tuple[Intent, ...]:
    rows = db.execute(f"SELECT kind, session, key, body FROM intents ORDER BY {_ORDER}")
    return tuple(
        Intent(IntentKind(kind), SessionId(session), IdempotencyKey(key), bytes(body))
        for kind, session, key, body in rows
    )


def _remove(db: sqlite3.Connection, key: IdempotencyKey) -> bool:
    return db.execute("DELETE FROM intents WHERE key = ?", (key,)).rowcount == 1
