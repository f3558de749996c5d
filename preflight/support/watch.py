"""What ``--watch`` says: changes alone, and the round trips' summary at the end."""

import statistics
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TextIO

import msgspec
import numpy as np

from preflight.model import CheckState, RunProgress


class ChangesAsJson:
    """One JSON object a line for every verdict that is new."""

    def __init__(self, out: TextIO, now: Callable[[], datetime]) -> None:
        self._out = out
        self._now = now
        self._said: dict[str, CheckState] = {}

    def tell(self, progress: RunProgress) -> None:
        """Say what changed since the last time."""
        for result in progress.checks:
            if not result.state.final or self._said.get(result.code) is result.state:
                continue
            self._said[result.code] = result.state
            line = {
                "at_utc": self._now().isoformat(timespec="milliseconds"),
                "code": result.code,
                "no": result.no,
                "state": result.state.value,
                "reason": result.reason,
                "measured": dict(result.measured),
            }
            self._out.write(msgspec.json.encode(line).decode() + "\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing is left to say."""


class RoundTripLog:
    """Collects the samples of every look at the service."""

    def __init__(self) -> None:
        self._last: Sequence[float] = ()
        self._all: list[float] = []

    def note(self, rtts_ms: Sequence[float]) -> None:
        """Take the samples of the newest look; the same look again adds nothing."""
        if rtts_ms is not self._last:
            self._last = rtts_ms
            self._all.extend(rtts_ms)

    def summary(self) -> dict[str, float | int] | None:
        """Return number, min, median and 95th percentile in ms; None without a sample."""
        if not self._all:
            return None
        return {
            "samples": len(self._all),
            "rtt_min_ms": round(min(self._all), 1),
            "rtt_median_ms": round(statistics.median(self._all), 1),
            "rtt_p95_ms": round(float(np.percentile(self._all, 95)), 1),
        }
