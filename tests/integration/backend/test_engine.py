"""What the database connections promise."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import UserRow
from liftbay_backend.logs import configure_logging

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


async def test_the_embedded_database_flushes_every_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'liftbay.sqlite3'}")

    async with database.writing() as db:
        synchronous = (await db.execute(text("PRAGMA synchronous"))).scalar_one()
        journal = (await db.execute(text("PRAGMA journal_mode"))).scalar_one()
    await database.close()

    # 1 is NORMAL, 2 is FULL.
    assert (synchronous, journal) == (2, "wal")
