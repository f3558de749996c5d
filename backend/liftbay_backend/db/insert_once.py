"""A row that two writers may add at the same instant, and only one of them does."""

from functools import cache
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.base import Base, table_of


async def insert_once(db: AsyncSession, model: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row unless its key is there, and tell whether this call inserted it.

    A look before the insert does not do it: on PostgreSQL two transactions both see no row. Here
    the second waits for the first to commit, and then inserts nothing; if the first rolls back,
    the second inserts.

    Args:
        db: a write transaction.
        model: the row's class.
        values: by column name; the primary key among them.
    """
    return await insert_new(db, model, values) is not None


async def insert_new(
    db: AsyncSession, model: type[Base], values: dict[str, Any]
) -> Row[Any] | None:
    """Insert a row as `insert_once` does, and return its primary key; None where it was there.

    Any unique constraint counts, so a key that the database numbers need not be given.
    """
    statement = _statement(model, db.get_bind().dialect.name)
    return (await db.execute(statement, values)).first()


@cache
def _statement(model: type[Base], dialect_name: str) -> Executable:
    """Build a model's statement once; it costs more than its execution."""
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    table = table_of(model)
    statement: Executable = (
        dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    )
    return statement
