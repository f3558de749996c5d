"""The service's only source of time: a port, and the adapter that follows the database's clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

STEP_SECONDS: Final = 2.0
"""What is farther away than this is a step of somebody's clock, and no drift."""
SLEW_RATE: Final = 0.005
"""Drift is made good by at most this share of the time that passes: 5 ms in a second."""


class Clock(Protocol):
    """What time it is. Durations and deadlines are compared with this port alone."""

    def now(self) -> datetime:
        """Return service time, timezone-aware UTC. It never jumps while the service runs."""

    def monotonic(self) -> float:
        """Return seconds on a clock that only grows; only differences mean anything."""


@dataclass(frozen=True, slots=True)
class TimeReading:
    """What another clock said, and between which two moments of ours (`Clock.monotonic`)."""

    moment: datetime
    asked_at: float
    answered_at: float

    @property
    def error_seconds(self) -> float:
        """The most by which the reading can be wrong: half of the way there and back."""
        return (self.answered_at - self.asked_at) / 2


class SystemClock:
    """Service time: set by the database at the start, carried on by the monotonic clock.

    Several services of one database so agree, whatever their machines' clocks say. Later readings
    correct drift slowly and never backwards; a step moves nothing, so no running session.
    """

    def __init__(
        self, anchor: datetime | None = None, *, monotonic: Callable[[], float] | None = None
    ) -> None:
        """Begin with the machine's own time until the database was asked.

        Args:
            anchor: begin with this moment instead.
            monotonic: what carries the time on; the system's clock since boot by default.
        """
        self._ticks = monotonic if monotonic is not None else _since_boot
        self._base = anchor if anchor is not None else datetime.now(UTC)
        self._base_at = self._ticks()
        self._owed_seconds = 0.0

    def now(self) -> datetime:
        """Return the base plus the monotonic time since then, corrected as far as it is due."""
        passed = self._ticks() - self._base_at
        most = passed * SLEW_RATE
        corrected = max(-most, min(most, self._owed_seconds))
        return self._base + timedelta(seconds=passed + corrected)

    def monotonic(self) -> float:
        """Return seconds since boot; where the system offers it, time asleep is counted too."""
        return self._ticks()

    def behind_seconds(self, reading: TimeReading) -> float:
        """Return by how much the other clock was ahead of this one when it was read."""
        middle = (reading.asked_at + reading.answered_at) / 2
        then = self.now() - timedelta(seconds=self._ticks() - middle)
        return (reading.moment - then).total_seconds()

    def set_by(self, reading: TimeReading) -> float:
        """Take another clock's time at once; only before anything depends on this one.

        Returns:
            How many seconds that moved it.
        """
        moved = self.behind_seconds(reading)
        self._rebase(self.now() + timedelta(seconds=moved), 0.0)
        return moved

    def follow(self, reading: TimeReading) -> float:
        """Correct drift against another clock; a step is not followed.

        Returns:
            By how many seconds the other clock was ahead.
        """
        behind = self.behind_seconds(reading)
        if abs(behind) <= STEP_SECONDS:
            is_known = abs(behind) > reading.error_seconds
            self._rebase(self.now(), behind if is_known else 0.0)
        return behind

    def _rebase(self, base: datetime, owed_seconds: float) -> None:
        self._base, self._base_at, self._owed_seconds = base, self._ticks(), owed_seconds


def wire_time(moment: datetime) -> str:
    """Return a moment as the contract writes it: ISO 8601, milliseconds, with offset."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _since_boot() -> float:
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
