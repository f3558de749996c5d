"""Two writers of one row at the same instant, on both engines and in real transactions."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio
from sqlalchemy import select

from liftbay_backend.db.engine import Database
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import WebhookEventRow

WRITERS = 8
ROW = {
    "provider": "livekit",
    "event_id": "EV_1",
    "received_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
}


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


async def stored(database: Database) -> list[str]:
    async with database.reading() as db:
        return list((await db.execute(select(WebhookEventRow.event_id))).scalars())


async def test_of_writers_at_once_one_inserts_and_nobody_fails(database: Database) -> None:
    async def write() -> bool:
        async with database.writing() as db:
            return await insert_once(db, WebhookEventRow, ROW)

    inserted = await asyncio.gather(*(write() for _ in range(WRITERS)))

    assert sorted(inserted) == [False] * (WRITERS - 1) + [True]
    assert await stored(database) == ["EV_1"]


async def test_a_writer_that_rolls_back_leaves_the_row_to_the_next(database: Database) -> None:
    began = asyncio.Event()

    async def fail() -> None:
        async with database.writing() as db:
            assert await insert_once(db, WebhookEventRow, ROW)
            began.set()
            await asyncio.sleep(0)
            raise ConnectionError

    async def follow() -> bool:
        await began.wait()
        async with database.writing() as db:
            return await insert_once(db, WebhookEventRow, ROW)

    failed, inserted = await asyncio.gather(fail(), follow(), return_exceptions=True)

    assert isinstance(failed, ConnectionError)
    assert inserted is True
    assert await stored(database) == ["EV_1"]
