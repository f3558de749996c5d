"""What the database connections promise."""

from pathlib import Path

from sqlalchemy import text

from liftbay_backend.db.engine import Database


async def test_the_embedded_database_flushes_every_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'liftbay.sqlite3'}")

    async with database.writing() as db:
        synchronous = (await db.execute(text("PRAGMA synchronous"))).scalar_one()
        journal = (await db.execute(text("PRAGMA journal_mode"))).scalar_one()
    await database.close()

    # 1 is NORMAL, 2 is FULL.
    assert (synchronous, journal) == (2, "wal")
