"""Money that was on its way under the old tables goes on under the new ones."""

from collections.abc import AsyncIterator
from importlib.resources import as_file, files

import pytest_asyncio
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from tests.integration.backend.old_money import fill_money


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database as version 0003 left it, with sessions in every state of their money."""
    opened = Database(database_url)
    async with opened.writer.connect() as connection:
        await connection.run_sync(_back_to_0003)
        await connection.run_sync(_fill)
        await connection.commit()
    yield opened
    await opened.close()


async def test_what_was_owed_and_refunded_is_owed_and_refunded_afterwards(
    database: Database,
) -> None:
    """The books themselves are looked at after every test, see conftest."""
    await migrate(database)

    found = {
        "owed": "SELECT session_id, amount_cents FROM ledger_entries WHERE account = 'owed:mech'",
        "again": "SELECT session_id FROM settlements WHERE retry_at IS NOT NULL",
        "open": "SELECT session_id FROM settlements WHERE finished_at IS NULL",
        "refunds": "SELECT payment_id, amount_cents, reason, state, attempt FROM refunds",
        "given": "SELECT id, refunded_cents FROM payments WHERE refunded_cents > 0",
    }
    async with database.reader.connect() as connection:
        told = {
            name: sorted(tuple(row) for row in await connection.execute(text(query)))
            for name, query in found.items()
        }

    assert told == {
        "owed": [("failed", 3499), ("waiting", 3499)],
        "again": [("failed",), ("refunding",)],
        "open": [("failed",), ("refunding",), ("waiting",)],
        "refunds": [("p-refunding", 4999, "cancelled", "pending", 1)],
        "given": [("p-refunded", 4999)],
    }


def _back_to_0003(connection: Connection) -> None:
    with as_file(files("liftbay_backend.migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")


def _fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    fill_money(connection, tables)
