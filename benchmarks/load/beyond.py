"""What becomes of what a service refused: whether the money arrives, and all else when load falls.

Both need sessions that are awake and more than the service carries.
"""

import asyncio
import time
from collections import Counter
from typing import Any, Final

from benchmarks.load.call import LiveSession
from benchmarks.load.ledger import Ledger

FALLS_TO: Final = 200
"""Sessions that stay awake: a load that the service carries."""
ARRIVES_WITHIN_S: Final = 120.0
SETTLE_S: Final = 5.0
CALM_S: Final = 20.0
ENDS: Final = 20
LAST_WORDS_S: Final = 10.0
"""From the last turn of a session to its end: what comes after the end would be refused."""
SETTLED_WITHIN_S: Final = 60.0


async def ends_under_load(ledger: Ledger, sessions: list[LiveSession]) -> dict[str, Any]:
    """Let some sessions end by the mechanic's End, while all others go on as before.

    Returns:
        How many, how often the service was busy for one of them, how long it took until the answer,
        and how far their settlements are `SETTLED_WITHIN_S` later at the latest.
    """
    ending = sessions[-ENDS:]
    for session in ending:
        session.rest()
    await asyncio.sleep(LAST_WORDS_S)
    ledger.open()
    await asyncio.gather(*(session.end() for session in ending))
    ledger.close()
    told = ledger.summary()
    return {
        "sessions": len(ending),
        "refused": told["refused"].get("POST /end", 0),
        **told["routes"].get("POST /end", {}),
        "settlements": await _settlements(ending),
    }


async def _settlements(sessions: list[LiveSession]) -> dict[str, int]:
    deadline = time.perf_counter() + SETTLED_WITHIN_S
    while True:
        # Ending what is over changes nothing, and tells how far its settlement is.
        states = Counter(await asyncio.gather(*(session.end() for session in sessions)))
        if set(states) == {"done"} or time.perf_counter() > deadline:
            return {str(state): number for state, number in states.items()}
        await asyncio.sleep(1)


async def fall_back(ledger: Ledger, sessions: list[LiveSession]) -> dict[str, Any]:
    """Let all but `FALLS_TO` sessions rest, and see whether everything is well again.

    Returns:
        How long until nothing was under way that had been wished before, what never arrived, and
        what was refused and how late answers came in the `CALM_S` after that.
    """
    for session in sessions[FALLS_TO:]:
        session.rest()
    fell_at = time.perf_counter()
    while (left := ledger.under_way(since_before=fell_at)) and (
        time.perf_counter() - fell_at < ARRIVES_WITHIN_S
    ):
        await asyncio.sleep(0.2)
    arrived_s = time.perf_counter() - fell_at
    await asyncio.sleep(SETTLE_S)
    ledger.open()
    await asyncio.sleep(CALM_S)
    ledger.close()
    told = ledger.summary()
    return {
        "sessions": min(FALLS_TO, len(sessions)),
        "arrived_seconds": round(arrived_s, 1),
        "undelivered": left,
        "events_lost": told["events"]["lost"],
        "refused": told["refused"],
        "faults": told["faults"],
        "slowest_p95": max((one["p95"] for one in told["routes"].values()), default=0.0),
    }
