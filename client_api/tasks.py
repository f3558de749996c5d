"""Background tasks that are kept, named and heard when they fail.

asyncio holds tasks weakly and tells of a failure only when somebody awaits. Every room of the
client starts its tasks here, so that none is lost and none fails in silence.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from client_api.clock import Clock

T = TypeVar("T")

_log = logging.getLogger(__name__)
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Start ``work`` as a task that cannot be lost; its failure is logged with its name."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_on_done)
    return task


async def within(work: asyncio.Task[Any], limit_s: float, clock: Clock) -> bool:
    """Wait for a task of the caller's; say whether it ended in time.

    What has not ended then, or when the waiting itself is called off, is cancelled and not waited
    for.
    """
    timer = spawn(clock.sleep(limit_s), name=f"limit of: {work.get_name()}")
    try:
        await asyncio.wait({work, timer}, return_when=asyncio.FIRST_COMPLETED)
        return work.done()
    finally:
        work.cancel()
        timer.cancel()


class Tasks:
    """The tasks of one owner; `close` ends them together, and for good."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    def spawn(self, work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
        """Start ``work``; it ends with this owner at the latest.

        An owner that is closed starts nothing: its task is cancelled before its first step.
        """
        task = spawn(work, name=name)
        if self._is_closed:
            task.cancel()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def __len__(self) -> int:
        return len(self._tasks)

    async def close(self, *, patience_s: float | None = None) -> None:
        """Cancel what still runs and wait until it is gone. The calling task is left alone.

        Args:
            patience_s: the longest wait, for owners of what may hang in a driver or a library;
                what is not gone then is left to end by itself. None waits for all of it.
        """
        self._is_closed = True
        running = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=patience_s)


def _on_done(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        _log.error("task %s failed", task.get_name(), exc_info=error)
