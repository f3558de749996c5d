"""The two engines of one database: one that writes, one that reads.

On SQLite a write transaction starts with BEGIN IMMEDIATE (a deferred one fails at once when two
upgrade together, whatever `busy_timeout` says) and there is one write connection per process, so
that writers of this process queue in order. Reads, thanks to WAL, never wait.
A commit is on the disk before anybody hears of it (docs/decisions/0011).
On PostgreSQL each has a pool of its own. A reading is no transaction on either: each of its
queries sees what is committed by then, as with PostgreSQL's READ COMMITTED, and nothing begins or
rolls back. A connection for reading cannot write.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.util.concurrency import greenlet_spawn

from liftbay_backend.clock import TimeReading
from liftbay_backend.metrics import WRITE_TRANSACTIONS

UNAVAILABLE: Final = (OperationalError, InterfaceError, PoolTimeout)
"""The database is gone, locked for too long, or has no free connection: later it may do."""
T = TypeVar("T")
DbSession: TypeAlias = AsyncSession
DbConnection: TypeAlias = Connection
"""What everybody who writes no queries hands to the repositories."""
SQLITE_BUSY_MS: Final = 5000
POOL_TIMEOUT_SECONDS: Final = 15
CONNECT_SECONDS: Final = 5
WRITE_CONNECTIONS: Final = 12
READ_CONNECTIONS: Final = 8
"""Apart, so that reading waits for no commit. A statement takes a millisecond or two, so this many
keep a process busy; one instance never holds more connections than both, for requests."""
TRUSTED_SECONDS: Final = 1.0
"""A connection that was used so lately is not tried before its next use."""
# A statement that waits for ever holds a connection and its locks for ever.
_POSTGRES_LIMITS_MS: Final = (
    ("lock_timeout", 10_000),
    ("statement_timeout", 15_000),
    ("idle_in_transaction_session_timeout", 30_000),
)
_ONLY_READS: Final[dict[str, Any]] = {
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
}
_USED_AT: Final = "liftbay_used_at"
_BACKEND: Final = "liftbay_backend"
# Seconds since 1970. PostgreSQL's plain now() is the moment at which the transaction began.
_SQLITE_NOW: Final = "SELECT (julianday('now') - 2440587.5) * 86400.0"
_POSTGRES_NOW: Final = "SELECT extract(epoch FROM clock_timestamp())"


class Database:
    """Sessions for reading and for writing. Close it when the service stops."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.own_backends: set[int] = set()
        """PostgreSQL's numbers of the connections that write; empty on SQLite."""
        if self.is_sqlite:
            self.writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1)
            self.reader = _sqlite_engine(url, begin=None, connections=4)
        else:
            self.writer = _postgres_engine(url, connections=WRITE_CONNECTIONS)
            _keep_backends(self.writer, self.own_backends)
            self.reader = _postgres_engine(
                url, connections=READ_CONNECTIONS, only_reads=True, isolation_level="AUTOCOMMIT"
            )
        self._write = async_sessionmaker(self.writer, expire_on_commit=False)
        self._read = async_sessionmaker(self.reader, expire_on_commit=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session for a short read. Nothing it does is kept."""
        async with self._read() as db:
            yield db

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on a connection for reading, and return what it makes of its rows.

        A session costs twice as much of the processor, so it is for whoever needs objects. Here
        all is one switch to the code that waits, where a session has one for each of its calls.
        """
        return await greenlet_spawn(self._read_now, query)

    def _read_now(self, query: Callable[[Connection], T]) -> T:
        with self.reader.sync_engine.connect() as connection:
            return query(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Open a write transaction: committed at the end, rolled back on any exception.

        Never open a second one inside it, and never call anything external in it.
        """
        async with self._write() as db, db.begin():
            yield db
        WRITE_TRANSACTIONS.inc()

    async def ping(self) -> None:
        """Make one round trip; raises what the driver raises when there is no database."""
        async with self.reader.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def read_clock(self, monotonic: Callable[[], float]) -> TimeReading:
        """Ask the database what time it is; raises what the driver raises.

        Args:
            monotonic: our own clock, read right before and right after.
        """
        query = text(_SQLITE_NOW if self.is_sqlite else _POSTGRES_NOW)
        async with self.reader.connect() as connection:
            # The first statement opens the transaction, which must not count as way there.
            await connection.execute(text("SELECT 1"))
            asked_at = monotonic()
            told = (await connection.execute(query)).scalar_one()
            answered_at = monotonic()
        return TimeReading(datetime.fromtimestamp(float(told), UTC), asked_at, answered_at)

    async def close(self) -> None:
        """Give every connection back."""
        await self.writer.dispose()
        await self.reader.dispose()


@contextmanager
def open_sqlite_file(path: Path) -> Iterator[Connection]:
    """Open a database that no service uses, without a loop; the caller commits."""
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _postgres_engine(
    url: str, *, connections: int, only_reads: bool = False, **options: Any
) -> AsyncEngine:
    limits = [f"{name}={ms}" for name, ms in _POSTGRES_LIMITS_MS]
    if only_reads:
        limits.append("default_transaction_read_only=on")
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        hide_parameters=True,
        skip_autocommit_rollback=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": " ".join(f"-c {one}" for one in limits),
        },
        **options,
    )
    _ping_after_rest(engine)
    return engine


def _keep_backends(engine: AsyncEngine, backends: set[int]) -> None:
    """Keep the numbers of the server's processes behind an engine's open connections."""

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(db: Any, record: Any) -> None:
        record.info[_BACKEND] = db.driver_connection.info.backend_pid
        backends.add(record.info[_BACKEND])

    @event.listens_for(engine.sync_engine, "close")
    def _on_close(_db: Any, record: Any) -> None:
        # Another process may get the number next.
        backends.discard(record.info.get(_BACKEND))


def _ping_after_rest(engine: AsyncEngine) -> None:
    """Try a connection before its use, once it has rested: a restarted server leaves dead ones.

    The pool's own way asks before every use, which a busy service pays for with a third of its
    statements. Within `TRUSTED_SECONDS` of a restart a request may fail, and is told to come again.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def _on_checkin(_db: Any, record: Any) -> None:
        record.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _on_checkout(db: Any, record: Any, _fairy: Any) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < TRUSTED_SECONDS:
            return
        try:
            engine.sync_engine.dialect.do_ping(db)
        except engine.sync_engine.dialect.loaded_dbapi.Error as error:
            # The others are as old: all are made anew, this one at once.
            raise InvalidatePoolError from error


def _sqlite_engine(url: str, *, begin: str | None, connections: int) -> AsyncEngine:
    """Make an engine that begins its transactions so; without, it only reads, outside of any."""
    engine = create_async_engine(
        url,
        **({} if begin is not None else _ONLY_READS),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        # An error's text ends up in the log, and its parameters are what people wrote.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(db: Any, _record: Any) -> None:
        db.isolation_level = None
        cursor = db.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={SQLITE_BUSY_MS}",
            "foreign_keys=ON",
            f"query_only={'ON' if begin is None else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if begin is not None:

        @event.listens_for(engine.sync_engine, "begin")
        def _on_begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return engine
