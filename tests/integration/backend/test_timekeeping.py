"""The service's clock and the database's, on both engines."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event

from liftbay_backend.clock import SystemClock
from liftbay_backend.db.engine import Database
from liftbay_backend.timekeeping import follow_once, set_by_database
from tests.conftest import ExpectedLogs

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


def apart_s(one: SystemClock, other: SystemClock) -> float:
    return abs((one.now() - other.now()).total_seconds())


async def test_two_services_of_one_database_agree_whatever_their_machines_say(
    database: Database, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("clock.machine_differs")
    slow, fast = SystemClock(LONG_AGO), SystemClock(LONG_AGO + timedelta(days=9000))

    for clock in (slow, fast):
        await set_by_database(clock, database)

    assert apart_s(slow, fast) < 0.1
    assert slow.now().utcoffset() == timedelta(0)


async def test_the_databases_clock_is_read_to_the_millisecond(database: Database) -> None:
    clock = SystemClock()
    await set_by_database(clock, database)

    readings = [await database.read_clock(clock.monotonic) for _ in range(5)]

    best = min(readings, key=lambda one: one.error_seconds)
    assert abs(clock.behind_seconds(best)) < 0.05
    assert all(one.moment <= later.moment for one, later in pairwise(readings))


async def test_a_step_is_told_once_and_followed_by_nobody(
    database: Database, expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("clock.stepped")
    clock = SystemClock(LONG_AGO)

    known = 0.0
    for _ in range(3):
        known = await follow_once(clock, database, known)

    assert clock.now() - LONG_AGO < timedelta(seconds=30)
    assert len([one for one in caplog.records if "clock.stepped" in one.getMessage()]) == 1


async def test_a_database_that_does_not_answer_leaves_the_time_alone(
    database: Database,
) -> None:
    clock = SystemClock(LONG_AGO)
    before = clock.now()

    @event.listens_for(database.reader.sync_engine, "do_connect")
    def refuse(*_: object) -> None:
        raise OSError("gone")

    known = await follow_once(clock, database, 7.0)

    assert known == 7.0
    assert clock.now() - before < timedelta(seconds=30)
