"""Samples of a call's quality: kept within bounds, read by support.

A client measures once a second, posts every 15 s, and after an outage sends what waited, at most 60
batches, one right after the other. Both bounds lie well above that.
"""

from collections.abc import Sequence
from typing import Any, Final

from liftbay_backend.access import Access
from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.domain.quality_bounds import most_samples
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import records as rows_of
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work

FULL_RETRY_SECONDS: Final = 300
SAMPLES_PAGE: Final = 5000


async def keep_samples(
    work: Work,
    settings: Settings,
    access: Access,
    attempt: str,
    samples: Sequence[dict[str, Any]],
) -> None:
    """Keep a batch of samples; a sample without a time of its own gets the arrival's.

    The session is not locked for the count: batches of one side that come at the same instant may
    pass the bound together, by no more than `pace.BATCHES` allows.

    Raises:
        Problem: RATE_LIMITED with reason "session" and `limit`; nothing of the batch is kept.
    """
    limit = most_samples(
        # As it was at the begin of the request: an extension only adds to it.
        total_seconds=access.session.clock.total_seconds,
        start_window_seconds=settings.start_window_seconds,
        absence_cap_seconds=settings.absence_cap_seconds,
    )
    fitted = await rows_of.keep_samples(
        work.db,
        samples,
        session_id=access.session_id,
        side=access.participant,
        attempt=attempt,
        at=work.now,
        at_most=limit,
    )
    if not fitted:
        raise Problem(
            ErrorCode.RATE_LIMITED,
            f"This session keeps at most {limit} quality samples of one side.",
            headers={"Retry-After": str(FULL_RETRY_SECONDS)},
            reason="session",
            limit=limit,
        )


async def list_samples(core: Core, access: Access, before: int | None) -> dict[str, Any]:
    """Return a page of both sides' samples, oldest first; the newest page first.

    Args:
        before: `next_before` of the page after this one in time; None for the newest page.
    """
    async with core.database.reading() as db:
        found = await rows_of.newest_samples(db, access.session_id, before, SAMPLES_PAGE + 1)
    rows = found[-SAMPLES_PAGE:]
    return {
        "samples": [
            {
                # What we know comes last: a sample holds fields of its sender's choice.
                **row.sample,
                "role": row.side.value,
                "attempt": row.attempt,
                "arrived_at": wire_time(row.at),
            }
            for row in rows
        ],
        "next_before": rows[0].id if len(found) > SAMPLES_PAGE else None,
    }
