"""The Clock port: the only way to time. Tests advance a fake one instead of waiting."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time as the program may see it."""

    def monotonic_ns(self) -> int:
        """Return nanoseconds of a clock that never goes back; only differences mean anything."""

    def now(self) -> datetime:
        """Return the wall clock, timezone-aware. For stamps only, never for a duration."""

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds``; zero or less lets others run once."""


class SystemClock:
    """The machine's own clocks."""

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
