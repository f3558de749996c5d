"""The database keeps the status machines at the schema of every migration, not at the last alone.

One database goes through all of them, filled from the first on with a row in each status. A
migration that makes a table anew, as Alembic's batch mode does on SQLite, drops its triggers.
"""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Connection, MetaData, Table, select, text
from sqlalchemy.exc import IntegrityError

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import upgrade
from liftbay_backend.db.triggers import RULES, StatusRule
from tests.fakes.postgres import PostgresServer
from tests.integration.backend.conftest import ENGINES
from tests.integration.backend.old_databases import empty_databases, fill, revisions

REVISIONS = revisions()
PAIRS = {"sessions": 144, "requests": 16}
# A session has one request at most.
_FREE_SESSION = (
    "(SELECT id FROM sessions WHERE id NOT IN (SELECT session_id FROM requests) LIMIT 1)"
)


@pytest_asyncio.fixture(params=ENGINES)
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer | None
) -> AsyncIterator[Database]:
    """Return a database in which nothing is yet."""
    with empty_databases(request.param, tmp_path, postgres_server) as make:
        opened = Database(make())
        yield opened
        await opened.close()


async def test_every_pair_of_statuses_is_judged_alike_at_every_schema(database: Database) -> None:
    judged: dict[str, dict[str, int]] = {}
    async with database.writer.connect() as connection:
        for revision in REVISIONS:
            if revision == REVISIONS[0]:
                await connection.run_sync(fill, revision)
            else:
                await connection.run_sync(upgrade, revision)
            await connection.commit()
            judged[revision] = await connection.run_sync(judge)
            await connection.rollback()

    assert judged == dict.fromkeys(REVISIONS, PAIRS)


def judge(connection: Connection) -> dict[str, int]:
    """Try every pair of both machines, and every status as a first one; returns how many pairs."""
    tables = MetaData()
    tables.reflect(connection, only=[rule.table for rule in RULES])
    return {rule.table: _judge(connection, rule, tables.tables[rule.table]) for rule in RULES}


def _judge(connection: Connection, rule: StatusRule, table: Table) -> int:
    words = sorted(rule.transitions)
    standing = {
        row.status: row.id for row in connection.execute(select(table.c.id, table.c.status))
    }
    assert sorted(standing) == words

    refused = set()
    for current, requested in itertools.product(words, words):
        statement = (
            f"UPDATE {rule.table} SET status = '{requested}' WHERE id = '{standing[current]}'"
        )
        if not _passes(connection, statement):
            refused.add((current, requested))
    assert refused == {
        (current, requested)
        for current, requested in itertools.product(words, words)
        if current != requested and requested not in rule.transitions[current]
    }

    rest = {one.name: one.name for one in table.columns if one.name not in ("id", "status")}
    if "session_id" in rest:
        rest["session_id"] = _FREE_SESSION
    born = [
        word
        for word in words
        if _passes(
            connection,
            f"INSERT INTO {rule.table} (id, status, {', '.join(rest)}) "
            f"SELECT 'born', '{word}', {', '.join(rest.values())} "
            f"FROM {rule.table} WHERE id = '{standing[rule.initial]}'",
        )
    ]
    assert born == [rule.initial]
    if connection.dialect.name == "sqlite":
        _judge_replacing(connection, rule, table, standing)
    return len(words) ** 2


def _judge_replacing(
    connection: Connection, rule: StatusRule, table: Table, standing: dict[str, str]
) -> None:
    """Try to put a fresh row in the place of each living one, by each key that they share."""
    columns = [one.name for one in table.columns if one.name != "status"]
    names = ", ".join(columns)
    for key, (word, row_id) in itertools.product(rule.keys, standing.items()):
        same = ", ".join(one if one == key or one != "id" else "'another'" for one in columns)
        statement = (
            f"INSERT OR REPLACE INTO {rule.table} (status, {names}) "
            f"SELECT '{rule.initial}', {same} FROM {rule.table} WHERE id = '{row_id}'"
        )
        assert not _passes(connection, statement), (rule.table, key, word)


def _passes(connection: Connection, statement: str) -> bool:
    """Try one statement of raw SQL that touches one row, and take it back."""
    attempt = connection.begin_nested()
    try:
        assert connection.execute(text(statement)).rowcount == 1
    except IntegrityError as error:
        if "illegal status" not in str(error):
            raise
        return False
    finally:
        attempt.rollback()
    return True
