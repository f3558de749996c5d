"""A filled database of every earlier version becomes the newest in one go, and loses nothing."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import is_current, migrate
from liftbay_backend.db.triggers import verify_triggers
from tests.fakes.ledger_audit import faults_of_the_books
from tests.fakes.postgres import PostgresServer
from tests.integration.backend.conftest import ENGINES
from tests.integration.backend.old_databases import (
    counted,
    empty_databases,
    fill,
    revisions,
)

BACKEND = Path(__file__).resolve().parents[3] / "backend"
COMMAND = "from liftbay_backend.cli import main; main()"
COMMAND_SECONDS = 120
REVISIONS = revisions()


# SQLite in make test, both in make faults.
@pytest.fixture(
    params=[
        pytest.param(one, marks=[] if one == "sqlite" else [pytest.mark.slow]) for one in ENGINES
    ]
)
def new_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer | None
) -> Iterator[Callable[[], str]]:
    """Return a maker of addresses of databases in which nothing is yet."""
    with empty_databases(request.param, tmp_path, postgres_server) as make:
        yield make


async def filled(url: str, revision: str) -> dict[str, int]:
    """Fill a database at a revision; returns how many rows each table has."""
    database = Database(url)
    try:
        async with database.writer.connect() as connection:
            await connection.run_sync(fill, revision)
            before = await connection.run_sync(counted)
            await connection.commit()
    finally:
        await database.close()
    return before


async def test_every_earlier_version_comes_whole_to_the_newest(
    new_url: Callable[[], str],
) -> None:
    lost: dict[str, dict[str, tuple[int, int]]] = {}
    for revision in REVISIONS[:-1]:
        url = new_url()
        before = await filled(url, revision)
        assert min(before.values()) > 0, before
        assert before["sessions"] >= 12
        database = Database(url)
        try:
            await migrate(database)
            async with database.writer.connect() as connection:
                await connection.run_sync(check)
                after = await connection.run_sync(counted)
        finally:
            await database.close()
        lost[revision] = {
            name: (rows, after.get(name, 0))
            for name, rows in before.items()
            if after.get(name, 0) < rows
        }

    assert lost == {revision: {} for revision in REVISIONS[:-1]}
    assert len(lost) >= 5


def check(connection: Connection) -> None:
    """The newest schema, its status rules, and books that balance."""
    assert is_current(connection)
    verify_triggers(connection)
    books = faults_of_the_books(
        lambda query: [tuple(row) for row in connection.execute(text(query))]
    )
    assert books == []
    statuses = {row[0] for row in connection.execute(text("SELECT status FROM sessions"))}
    assert len(statuses) == 12
    with pytest.raises(IntegrityError, match="illegal status"), connection.begin_nested():
        connection.execute(text("UPDATE sessions SET status = 'live' WHERE status = 'completed'"))


def test_a_migration_that_is_killed_is_done_again_from_where_it_was(
    new_url: Callable[[], str], tmp_path: Path
) -> None:
    """At a random moment each time, by SIGKILL: everything of it is there, or nothing."""
    url = new_url()
    before = asyncio.run(filled(url, "0001"))
    seen = set()
    for after_s in (0.0, 0.02, 0.05):
        process = started(url, tmp_path, pause=True)
        assert process.stderr is not None
        # The line comes when the first step of the migration has been made, uncommitted.
        assert process.stderr.readline() == b"half\n"
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=COMMAND_SECONDS)
        seen.add(asyncio.run(revision_of(url)))

    process = started(url, tmp_path, pause=False)
    _, said = process.communicate(timeout=COMMAND_SECONDS)

    assert process.returncode == 0, said
    assert seen == {"0001"}
    assert asyncio.run(revision_of(url)) == REVISIONS[-1]
    assert asyncio.run(rows_of(url))["sessions"] == before["sessions"]


def started(url: str, folder: Path, *, pause: bool) -> "subprocess.Popen[bytes]":
    """Start `migrate` as a process, which may stop in the middle of its work."""
    halfway = (
        "import sys, time; from alembic import op; add = op.add_column\n"
        "def slow(*a, **k):\n"
        "    add(*a, **k); sys.stderr.write('half\\n'); sys.stderr.flush(); time.sleep(60)\n"
        "op.add_column = slow\n"
    )
    address = url.replace("+aiosqlite", "").replace("+psycopg", "")
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("LIFTBAY_", "LIVEKIT_"))}
    return subprocess.Popen(
        [
            *(sys.executable, "-c", (halfway if pause else "") + COMMAND),
            *("migrate", "--data-dir", str(folder)),
        ],
        env={**outside, "DATABASE_URL": address, "PYTHONPATH": str(BACKEND)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def revision_of(url: str) -> str:
    database = Database(url)
    try:
        async with database.reader.connect() as connection:
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return str(found.scalar_one())
    finally:
        await database.close()


async def rows_of(url: str) -> dict[str, int]:
    database = Database(url)
    try:
        async with database.reader.connect() as connection:
            return await connection.run_sync(counted)
    finally:
        await database.close()


def test_a_database_that_is_newer_is_refused_by_name(tmp_path: Path) -> None:
    """Another version has migrated it: this one must not work on it."""
    path = tmp_path / "newer"
    asyncio.run(filled(f"sqlite+aiosqlite:///{path}", REVISIONS[-1]))
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()

    process = started(f"sqlite+aiosqlite:///{path}", tmp_path, pause=False)
    _, said = process.communicate(timeout=COMMAND_SECONDS)

    assert process.returncode == 1
    assert said.decode().strip().endswith("was made by a newer version of the service")
    assert said.count(b"\n") == 1
