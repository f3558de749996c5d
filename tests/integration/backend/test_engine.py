"""What the database connections promise."""

import io
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import event, insert, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError

from liftbay_backend.db.engine import TRUSTED_SECONDS, Database
from liftbay_backend.db.models import UserRow
from liftbay_backend.logs import configure_logging
from tests.integration.backend.conftest import ENGINES

NAME = "Ida Quittenbaum"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def lines() -> io.StringIO:
    """Return what a running service would write."""
    stream = io.StringIO()
    configure_logging("INFO", stream)
    return stream


@pytest.mark.logs_secrets
@pytest.mark.parametrize("broken", ["twice", "without a mail"])
async def test_a_refused_row_leaves_nothing_of_a_person_in_the_log(
    database: Database, lines: io.StringIO, broken: str
) -> None:
    email = "ida@example.test" if broken == "twice" else None
    for number in range(2):
        try:
            async with database.writing() as db:
                row = UserRow(
                    id=f"user-{number}", email=email, name=NAME, created_at=datetime.now(UTC)
                )
                db.add(row)
        except IntegrityError as error:
            structlog.get_logger().error("row.refused", exc_info=error)

    written = lines.getvalue()
    assert "IntegrityError" in written
    assert NAME not in written
    assert "ida@" not in written


async def test_a_statement_on_postgresql_waits_for_nobody_for_ever(database: Database) -> None:
    if database.is_sqlite:
        # There a writer waits for its turn, and gives up after this many milliseconds.
        query = "PRAGMA busy_timeout"
    else:
        query = "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"

    async with database.reading() as db:
        limit_ms = int((await db.execute(text(query))).scalar_one())

    assert 0 < limit_ms <= 15_000


async def test_a_connection_for_reading_cannot_write(database: Database) -> None:
    row = {"id": "u", "email": "u@example.test", "name": NAME, "created_at": datetime.now(UTC)}

    with pytest.raises(DBAPIError, match=r"read.?only"):
        async with database.reading() as db:
            await db.execute(insert(UserRow), [row])


@pytest.mark.parametrize(
    "new_database", [one for one in ENGINES if one == "postgresql"], indirect=True
)
async def test_a_connection_that_died_at_rest_is_replaced_before_its_use(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr("liftbay_backend.db.engine.time.monotonic", lambda: now)
    async with database.reading() as db:
        old = (await db.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    async with database.writing() as db:
        await db.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": old})

    now += TRUSTED_SECONDS
    async with database.reading() as db:
        new = (await db.execute(text("SELECT pg_backend_pid()"))).scalar_one()

    assert new != old


async def test_a_busy_connection_is_not_tried_before_each_use(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    uses: list[object] = []
    event.listen(database.reader.sync_engine.pool, "checkout", lambda *one: uses.append(one))
    pings: list[object] = []
    dialect = database.reader.sync_engine.dialect
    ping = dialect.do_ping

    def counted(dbapi_connection: DBAPIConnection) -> bool:
        pings.append(dbapi_connection)
        return ping(dbapi_connection)

    monkeypatch.setattr(dialect, "do_ping", counted)
    for _ in range(5):
        async with database.reading() as db:
            await db.execute(text("SELECT 1"))

    assert len(uses) == 5
    assert pings == []


async def test_the_embedded_database_flushes_every_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'liftbay.sqlite3'}")

    async with database.writing() as db:
        synchronous = (await db.execute(text("PRAGMA synchronous"))).scalar_one()
        journal = (await db.execute(text("PRAGMA journal_mode"))).scalar_one()
    await database.close()

    # 1 is NORMAL, 2 is FULL.
    assert (synchronous, journal) == (2, "wal")
