"""Service time is the database's: asked at the start, and again every few seconds."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from liftbay_backend.clock import STEP_SECONDS, SystemClock, TimeReading
from liftbay_backend.db.engine import Database

WATCH_SECONDS: Final = 10.0
READ_DEADLINE_SECONDS: Final = 3.0
READINGS_AT_START: Final = 3
WORST_ERROR_SECONDS: Final = 0.25
"""A reading that took longer than twice this says more about the load than about the time."""
_log = structlog.get_logger(__name__)


async def set_by_database(clock: SystemClock, database: Database) -> None:
    """Take the database's time; the best of a few readings counts.

    Raises:
        SQLAlchemyError, OSError, TimeoutError: the database does not answer.
    """
    readings = [await _read(clock, database) for _ in range(READINGS_AT_START)]
    moved = clock.set_by(min(readings, key=lambda one: one.error_seconds))
    if abs(moved) > STEP_SECONDS:
        _log.warning("clock.machine_differs", seconds=round(moved, 3))


async def keep_by_database(clock: SystemClock, database: Database) -> None:
    """Follow the database's clock until cancelled."""
    known_step = 0.0
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        known_step = await follow_once(clock, database, known_step)


async def follow_once(clock: SystemClock, database: Database, known_step: float) -> float:
    """Correct drift, and say when either clock was moved: service time does not follow a step.

    Args:
        known_step: what was returned the last time, so that a step is said once.
    """
    try:
        reading = await _read(clock, database)
    except (SQLAlchemyError, OSError, TimeoutError):
        # The health probe says so; the monotonic clock carries the time on.
        return known_step
    if reading.error_seconds > WORST_ERROR_SECONDS:
        return known_step
    behind = clock.follow(reading)
    step = behind if abs(behind) > STEP_SECONDS else 0.0
    if abs(step - known_step) > STEP_SECONDS:
        _log.warning("clock.stepped", seconds=round(step, 3))
        return step
    return known_step


async def _read(clock: SystemClock, database: Database) -> TimeReading:
    async with asyncio.timeout(READ_DEADLINE_SECONDS):
        return await database.read_clock(clock.monotonic)
