"""How late a plain asyncio loop runs what is due; the program measures Qt's own loop."""

import asyncio
import time

from desktop.media.call_metrics import TICK_S, Series, Spread


class LoopStallMeter:
    """A stall meter for a plain asyncio loop."""

    def __init__(self) -> None:
        self._late_ms = Series()
        self._handle: asyncio.TimerHandle | None = None
        self._due_s = 0.0

    @property
    def spread(self) -> Spread:
        """Delays since the last ``reset()``."""
        return self._late_ms.spread()

    def start(self) -> None:
        """Begin to measure on the running loop."""
        if self._handle is None:
            self._arm(asyncio.get_running_loop())

    def reset(self) -> None:
        """Forget what was measured."""
        self._late_ms.clear()

    def stop(self) -> None:
        """End the timer. Idempotent."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due_s = time.monotonic() + TICK_S
        self._handle = loop.call_later(TICK_S, self._tick, loop)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._late_ms.add(max(0.0, time.monotonic() - self._due_s) * 1000)
        self._arm(loop)
