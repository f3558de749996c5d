"""The service's only source of time: a port, and the adapter over the operating system."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

STEP_WORTH_LOGGING_SECONDS: Final = 2.0


class Clock(Protocol):
    """What time it is. Durations and deadlines are compared with this port alone."""

    def now(self) -> datetime:
        """Return service time, timezone-aware UTC. It never jumps while the service runs."""

    def monotonic(self) -> float:
        """Return seconds on a clock that only grows; only differences mean anything."""


class SystemClock:
    """Wall time as it was at the start, carried on by the monotonic clock.

    A step of the machine's wall clock therefore moves no running session: `wall_step_seconds`
    tells how far the wall has moved away, so that it can be logged.
    """

    def __init__(self, anchor: datetime | None = None) -> None:
        self._anchor = anchor if anchor is not None else datetime.now(UTC)
        self._anchor_monotonic = self.monotonic()

    def now(self) -> datetime:
        """Return the anchor plus the monotonic time since then."""
        return self._anchor + timedelta(seconds=self.monotonic() - self._anchor_monotonic)

    def monotonic(self) -> float:
        """Return seconds since boot; where the system offers it, time asleep is counted too."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    def wall_step_seconds(self) -> float:
        """Return how far the machine's wall clock has moved away from service time."""
        return (datetime.now(UTC) - self.now()).total_seconds()


def wire_time(moment: datetime) -> str:
    """Return a moment as the contract writes it: ISO 8601, milliseconds, with offset."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
