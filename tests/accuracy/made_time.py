"""Time that is made: seconds pass as soon as nothing is left to do, and none of them is waited for.

For checks and probes that wait by asyncio alone. What uses threads or real sockets runs on an
ordinary loop: time would jump while they work.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TypeVar
from unittest.mock import patch

T = TypeVar("T")
_START = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
_START_S = 5_000.0


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing: whoever would have to wait is told that the time is over."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = _START_S

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0 if timeout is not None else None)
        if not found and timeout:
            self.now_s += timeout
        return found


class MadeTimeLoop(asyncio.SelectorEventLoop):
    """An event loop on made time, which is also a ``time`` module and a `Clock`.

    Attributes:
        wall_off_s: how far the wall clock is ahead of where it began with the monotonic one.
    """

    def __init__(self) -> None:
        self._jumping = _Jumping()
        self.wall_off_s = 0.0
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now_s

    def pass_s(self, seconds: float) -> None:
        """Let time pass at once, as work that blocks does."""
        self._jumping.now_s += seconds

    def monotonic(self) -> float:
        return self.time()

    def perf_counter(self) -> float:
        return self.time()

    def monotonic_ns(self) -> int:
        return round(self.time() * 1e9)

    def now(self) -> datetime:
        return _START + timedelta(seconds=self.time() - _START_S + self.wall_off_s)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def in_made_time(work: Callable[[MadeTimeLoop], Awaitable[T]], *modules: ModuleType) -> T:
    """Run something on a loop of made time.

    Args:
        modules: those whose ``time`` shall be the loop's as well.
    """
    loop = MadeTimeLoop()

    async def whole() -> T:
        return await work(loop)

    with ExitStack() as stack:
        for module in modules:
            stack.enter_context(patch.object(module, "time", loop))
        runner = stack.enter_context(asyncio.Runner(loop_factory=lambda: loop))
        return runner.run(whole())
