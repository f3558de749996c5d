"""A row that two writers may add at the same instant, and only one of them does."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.base import Base


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
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model).values(values).on_conflict_do_nothing()
    returning = statement.returning(*inspect(model).primary_key)
    return (await db.execute(returning)).first() is not None
