"""The tasks of one page: started through the room's ``spawn``, ended together with the page."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol


class Spawn(Protocol):
    """Starts a task, keeps it alive and reports its failure; ``client_api.tasks.spawn`` is one."""

    def __call__(self, work: Coroutine[Any, Any, None], /, *, name: str) -> "asyncio.Task[None]":
        """Start ``work`` and return its task."""


class PageTasks:
    """Remembers what a page started, so that leaving the page leaves nothing behind."""

    def __init__(self, spawn: Spawn) -> None:
        self._spawn = spawn
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False

    def start(self, coro: Coroutine[Any, Any, None], *, name: str) -> None:
        """Start a task. A task of the same name that still runs is cancelled: the new wish wins."""
        if self._is_closed:
            coro.close()
            return
        self.cancel(name)
        task = self._spawn(coro, name=name)
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._forget(name, done))

    def cancel(self, name: str) -> None:
        """Cancel a task by its name, if it runs."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """Cancel everything; nothing starts any more."""
        self._is_closed = True
        for name in tuple(self._tasks):
            self.cancel(name)

    def _forget(self, name: str, task: "asyncio.Task[None]") -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
