"""The tasks of one owner in this room: kept, and ended within a limit.

Pure.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from client_api.tasks import spawn

_T = TypeVar("_T")


class OwnTasks:
    """Like `client_api.tasks.Tasks`, but its end never waits long: a driver or a probe that
    hangs may hold a task that cannot be cancelled."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, _T], *, name: str) -> asyncio.Task[_T]:
        """Start ``work`` and keep it; a failure is logged with its name."""
        task = spawn(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def cancel_all(self, *, patience_s: float = 2.0) -> None:
        """Cancel what still runs and wait for it, but never longer than ``patience_s``."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience_s)
