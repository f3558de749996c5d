"""A clock that a test moves by hand."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sized
from datetime import UTC, datetime, timedelta

_START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_SETTLE_ROUNDS = 25
_IDLE_ROUNDS = 5
"""A loop that had nothing else to do so often in a row has settled; most have at once."""
_IDLE_IN_BETWEEN = 0


class FakeClock:
    """Implements `client_api.clock.Clock`; nothing passes unless `advance` says so.

    The wall clock can be moved alone (`set_wall_clock`), to show that it takes no part.
    """

    def __init__(self, start: datetime = _START) -> None:
        self._now_ns = 1_000_000_000_000
        self._wall_offset = start
        self._base_ns = self._now_ns
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = 0
        self.slept_seconds: list[float] = []

    def monotonic_ns(self) -> int:
        return self._now_ns

    def now(self) -> datetime:
        return self._wall_offset + timedelta(microseconds=(self._now_ns - self._base_ns) / 1_000)

    def set_wall_clock(self, now: datetime) -> None:
        """Do what a user does who changes the machine's time."""
        self._wall_offset = now
        self._base_ns = self._now_ns

    def move(self, seconds: float) -> None:
        """Let time pass without waking anybody (for code that does not sleep)."""
        self._now_ns += round(seconds * 1_000_000_000)

    async def sleep(self, seconds: float) -> None:
        self.slept_seconds.append(seconds)
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        due_ns = self._now_ns + round(seconds * 1_000_000_000)
        heapq.heappush(self._sleepers, (due_ns, self._order, wake))
        await wake

    @property
    def sleeping(self) -> int:
        """How many tasks wait for this clock."""
        return sum(not wake.done() for _, _, wake in self._sleepers)

    async def advance(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass, waking each sleeper at its own moment, in order."""
        await settle()
        until_ns = self._now_ns + round((seconds + 60 * minutes) * 1_000_000_000)
        while self._sleepers and self._sleepers[0][0] <= until_ns:
            due_ns, _, wake = heapq.heappop(self._sleepers)
            self._now_ns = max(self._now_ns, due_ns)
            if not wake.done():
                wake.set_result(None)
                # Thousands of steps: only at the end is it worth waiting for other threads' news.
                await settle(_IDLE_IN_BETWEEN)
        self._now_ns = until_ns
        await settle()


async def settle(idle_rounds: int = _IDLE_ROUNDS) -> None:
    """Let every task run until nothing is left to do but wait."""
    # Not public, but a hundred checks take thousands of steps, and 25 rounds each took minutes.
    ready: Sized = getattr(asyncio.get_running_loop(), "_ready", range(1))
    idle = 0
    for _ in range(_SETTLE_ROUNDS):
        idle = 0 if len(ready) else idle + 1
        if idle > idle_rounds:
            return
        await asyncio.sleep(0)
