"""The one place of this room that starts tasks, so that none is lost and none fails unseen.

Pure.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class TaskGroupOfOwn:
    """Keeps the tasks of one owner until they end, and ends them with it.

    A failure of a task whose result nobody awaits is logged by name; awaiting it as well is fine.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, _T], *, name: str) -> asyncio.Task[_T]:
        """Start ``work`` on the running loop and keep it."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The type alone: an error's words may hold an address or a token.
            _log.warning("task %s failed: %s", task.get_name(), type(error).__name__)

    async def cancel_all(self, *, patience_s: float = 2.0) -> None:
        """Cancel what still runs and wait for it, but never longer than ``patience_s``."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience_s)
