"""What is asked of every device, camera or microphone: is it there, free, open, and does it send?

A file of each group binds these to its code; `Bench` holds what they look at.
"""

from collections.abc import Callable
from typing import Any

from preflight.check import Check
from preflight.checks.device_bench import Bench
from preflight.model import Measured
from preflight.verdicts.catalogue import BY_CODE

SEARCH_S = 1.9


def device_none(bench: Bench[Any], code: str, counted: str) -> Check:
    """Count the devices as ``counted``; a search that hangs is left to the deadline."""

    async def measure() -> Measured:
        await bench.until(lambda: bench.found is not None, within_s=SEARCH_S)
        if bench.found is None:
            return {}
        return {counted: len(bench.found), **bench.search_figures}

    return Check(code, measure)


def device_busy(bench: Bench[Any], code: str, needs: str) -> Check:
    """Look at how the open went, once it is known; the deadline counts from then on."""

    async def measure() -> Measured:
        busy = bench.busy
        return {"busy": busy, "holder": await bench.holder() if busy else None}

    return Check(code, measure, needs=(needs,), before=bench.open_settled)


def device_open_failed(bench: Bench[Any], code: str, needs: str) -> Check:
    """Tell how long the open took; a driver that hangs is judged, never asked twice.

    The time counts from the begin of the open: who looked before has waited as well.
    """

    def settled() -> bool:
        return bench.status.open_ms is not None or bench.over or bench.opens_too_long

    async def measure() -> Measured:
        await bench.prepared()
        await bench.until(settled, within_s=BY_CODE[code].deadline_ms / 1000)
        status = bench.status
        if status.open_ms is None:
            fault = None if status.fault is None else status.fault.value
            return {"opened": False, "fault": fault}
        return {"opened": True, "open_ms": status.open_ms, "began_ago_ms": bench.open_ago_ms}

    return Check(code, measure, needs=(needs,))


def sends_or_failed(bench: Bench[Any]) -> Callable[[], bool]:
    """Return what tells whether a first picture or block came, or never will."""
    return lambda: bench.flowing or bench.over


def first_ago(bench: Bench[Any]) -> Measured:
    """Return how long ago the wait for the first picture or block began: once it was open."""
    open_ms = bench.status.open_ms
    return {} if open_ms is None else {"began_ago_ms": bench.open_ago_ms - open_ms}
