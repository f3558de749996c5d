"""The migrations and the models describe the same database."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import is_current, migrate
from liftbay_backend.db.models import Base


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


async def test_a_migrated_database_is_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.writer.connect() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await migrate(database)

    async with database.reader.connect() as connection:
        assert await connection.run_sync(is_current)
        tables = await connection.run_sync(lambda one: inspect(one).get_table_names())
    assert set(tables) >= set(Base.metadata.tables)
