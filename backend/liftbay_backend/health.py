"""What `/api/health` says about the parts: kept by probes, so that asking costs nothing."""

import asyncio
from typing import Final, Literal

from sqlalchemy.exc import SQLAlchemyError

from liftbay_backend.db.engine import Database

CheckState = Literal["ok", "down", "unknown"]
PROBE_SECONDS: Final = 2.0
PROBE_DEADLINE_SECONDS: Final = 3.0


class Health:
    """The newest state of each part."""

    def __init__(self) -> None:
        self._checks: dict[str, CheckState] = {"database": "unknown", "sfu": "unknown"}

    def set(self, part: Literal["database", "sfu"], state: CheckState) -> None:
        """Note what a probe of this part found."""
        self._checks[part] = state

    @property
    def checks(self) -> dict[str, CheckState]:
        """The parts by name."""
        return dict(self._checks)

    @property
    def is_ready(self) -> bool:
        """Whether a request would find what every answer needs; calls may wait for the SFU."""
        return self._checks["database"] == "ok"

    @property
    def status(self) -> Literal["ok", "degraded"]:
        """`degraded` as soon as one part is known to be down."""
        return "degraded" if "down" in self._checks.values() else "ok"


async def probe_database(database: Database, health: Health) -> None:
    """Ask the database once, with a deadline, and note the answer."""
    try:
        async with asyncio.timeout(PROBE_DEADLINE_SECONDS):
            await database.ping()
    except (SQLAlchemyError, OSError, TimeoutError):
        health.set("database", "down")
    else:
        health.set("database", "ok")


async def keep_probing_database(database: Database, health: Health) -> None:
    """Probe until cancelled."""
    while True:
        await probe_database(database, health)
        await asyncio.sleep(PROBE_SECONDS)
