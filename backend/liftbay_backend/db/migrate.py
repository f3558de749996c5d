"""Bring a database to the newest schema, from inside the installed package."""

from importlib.resources import as_file, files
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from liftbay_backend.db.engine import Database
from liftbay_backend.db.triggers import install_triggers, verify_triggers
from liftbay_backend.settings import SettingsError

NEWER_SCHEMA: Final = "the database was made by a newer version of the service"


async def migrate(database: Database) -> None:
    """Run what is missing, then put the status triggers in place and compare them.

    All of it is one transaction: whoever is stopped in it leaves the database as it was.

    Raises:
        SettingsError: a newer version of the service has changed the database's schema.
    """
    async with database.writer.connect() as connection:
        if await connection.run_sync(is_newer):
            raise SettingsError(NEWER_SCHEMA)
        if not database.is_sqlite:
            # A large table may take its time; until the end of this transaction.
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.run_sync(upgrade)
        await connection.commit()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Upgrade over one connection; the caller commits."""
    with as_file(files("liftbay_backend.migrations")) as folder:
        config = _config(str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    install_triggers(connection)
    verify_triggers(connection)


def is_current(connection: Connection) -> bool:
    """Tell whether the database is at the newest schema of this code."""
    with as_file(files("liftbay_backend.migrations")) as folder:
        newest = ScriptDirectory.from_config(_config(str(folder))).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def knows_schema(revision: str) -> bool:
    """Tell whether this code can bring a database from there to the newest schema."""
    with as_file(files("liftbay_backend.migrations")) as folder:
        script = ScriptDirectory.from_config(_config(str(folder)))
        return any(one.revision == revision for one in script.walk_revisions())


def is_newer(connection: Connection) -> bool:
    """Tell whether a newer version of the service has changed the database's schema."""
    present = MigrationContext.configure(connection).get_current_revision()
    return present is not None and not knows_schema(present)


def _config(folder: str) -> Config:
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
