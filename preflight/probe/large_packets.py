"""N14: do packets of full size arrive? Where they are lost without a word, uploads hang."""

import asyncio
import time
from http.client import HTTPException

from preflight.model import MeasuredValue
from preflight.probe.plain_http import exchange

PATH = "/api/preflight/echo"
SMALL = 200
"""Bytes that fit into one packet of any network."""
LARGE = 16 * 1024
"""Bytes that fill eleven packets of 1,500 bytes on the way there, and eleven back."""
SMALL_S = 1.5
STALL_S = 3.0
TRIES = 2
"""One stall may be a lost packet at a bad moment. All in all 7.5 s: below the 8 s of the check."""


async def large_packets(
    url: str, *, small_s: float = SMALL_S, stall_s: float = STALL_S
) -> dict[str, MeasuredValue]:
    """Send 200 bytes and have them back, then 16 kB.

    ``black_hole`` is left out where nothing can be told; ``fault`` then says why.
    """
    where = url.rstrip("/") + PATH
    figures: dict[str, MeasuredValue] = {}
    small = await _echo(where, SMALL, small_s)
    if small is None:
        return {"fault": "small_lost"}
    figures["small_ms"] = small[1]
    if not small[0]:
        return figures | {"fault": "refused"}
    for stalls in range(TRIES):
        large = await _echo(where, LARGE, stall_s)
        if large is not None:
            figures |= {"stalls": stalls, "large_ms": large[1]}
            return figures | ({"black_hole": False} if large[0] else {"fault": "refused"})
    return figures | {"stalls": TRIES, "black_hole": True}


async def _echo(where: str, size: int, patience_s: float) -> tuple[bool, float] | None:
    """Return whether the bytes came back as they were, and after how many ms; None for a stall."""
    sent = bytes(size)
    began = time.perf_counter()
    try:
        async with asyncio.timeout(patience_s):
            reply = await asyncio.to_thread(
                exchange, where, timeout_s=patience_s, limit=size + 1, body=sent
            )
    except TimeoutError:
        return None
    except (OSError, HTTPException):
        return False, _since(began)
    return reply.status == 200 and reply.body == sent, _since(began)


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
