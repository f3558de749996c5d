"""Bring a database to the newest schema, from inside the installed package."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from liftbay_backend.db.engine import Database
from liftbay_backend.db.triggers import install_triggers, verify_triggers


async def migrate(database: Database) -> None:
    """Run what is missing, then put the status triggers in place and compare them."""
    async with database.writer.connect() as connection:
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


def _config(folder: str) -> Config:
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
