"""Writers that are held until all of them wait, so that a race is no matter of luck."""

import asyncio

from sqlalchemy import text

from liftbay_backend.db.engine import Database

DEADLINE_S = 20


async def all_wait_to_write(database: Database, writers: int) -> None:
    """Wait until so many transactions wait for a lock that the caller's transaction holds.

    SQLite's writers queue for the one connection that the caller has, which needs no waiting.
    """
    if database.is_sqlite:
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(DEADLINE_S), database.reader.connect() as connection:
        # Within one transaction the view would show its first answer for ever.
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while (await connection.execute(waiting)).scalar_one() < writers:
            await asyncio.sleep(0.01)
