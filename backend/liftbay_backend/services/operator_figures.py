"""The gauges that an operator's alarm looks at, read from the database when they are asked for.

Each instance answers for all of them, so a dashboard takes the largest and not the sum.
"""

import asyncio
from typing import Final

from liftbay_backend import metrics
from liftbay_backend.core import Core
from liftbay_backend.db.engine import UNAVAILABLE
from liftbay_backend.repositories import disputes, figures

DEADLINE_SECONDS: Final = 3.0
_AS_FIGURE: Final = {"ok": 1.0, "down": 0.0, "unknown": float("nan")}


async def count_what_waits(core: Core) -> None:
    """Set the gauges anew. Without a database they are gone, and `DATABASE_UP` says why."""
    for gauge in (
        metrics.SESSIONS,
        metrics.SETTLEMENTS,
        metrics.OWED_CENTS,
        metrics.PAYMENTS_IN_QUESTION,
        metrics.DISPUTED_CENTS,
        metrics.CRM_RECORDS,
    ):
        gauge.clear()
    metrics.MEDIA_SERVER_UP.set(_AS_FIGURE[core.health.checks["sfu"]])
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await _count(core)
    except (*UNAVAILABLE, TimeoutError, OSError):
        metrics.OLDEST_SETTLEMENT_SECONDS.set(float("nan"))
        metrics.DATABASE_UP.set(0)
    else:
        metrics.DATABASE_UP.set(1)


async def _count(core: Core) -> None:
    async with core.database.reading() as db:
        sessions = await figures.open_sessions(db)
        settlements = await figures.undone_settlements(db)
        oldest = await figures.oldest_undone_settlement(db)
        mechanics = await figures.owed_to_mechanics(db)
        customers = await figures.owed_to_customers(db)
        paid_otherwise = await figures.paid_otherwise(db)
        disputed = await disputes.open_disputes(db)
        withheld = await disputes.withheld_cents(db)
        records = await figures.crm_records_by_state(db)
    for status, count in sessions.items():
        metrics.SESSIONS.labels(status.value).set(count)
    for state, count in settlements.items():
        metrics.SETTLEMENTS.labels(state.value).set(count)
    age = 0.0 if oldest is None else (core.clock.now() - oldest).total_seconds()
    metrics.OLDEST_SETTLEMENT_SECONDS.set(age)
    nothing = {core.settings.currency: 0}
    for whom, owed in (("mechanics", nothing | mechanics), ("customers", nothing | customers)):
        for currency, cents in owed.items():
            metrics.OWED_CENTS.labels(whom, currency).set(cents)
    metrics.PAYMENTS_IN_QUESTION.labels("amount_differs").set(paid_otherwise)
    metrics.PAYMENTS_IN_QUESTION.labels("disputed").set(disputed)
    for currency, cents in (nothing | withheld).items():
        metrics.DISPUTED_CENTS.labels(currency).set(cents)
    for record_state, count in records.items():
        metrics.CRM_RECORDS.labels(record_state.value).set(count)
