"""Runs what blocks on a daemon thread, so that a driver that hangs holds nobody up.

`asyncio.to_thread` will not do: its pool waits at exit for a thread that never ends.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

TASKS_END_WITHIN_S = 2.0
"""A driver or a probe that hangs may hold a task that cannot be cancelled: nobody waits longer."""

_T = TypeVar("_T")


class Offload(Protocol):
    """Calls something that blocks and brings its answer to the loop."""

    def __call__(self, work: Callable[[], _T], /) -> Awaitable[_T]: ...


async def on_daemon_thread(work: Callable[[], _T], /) -> _T:
    """Run ``work`` on a thread of its own. Cancelling leaves the thread to itself."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_T] = loop.create_future()

    def deliver(value: _T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(value)  # type: ignore[arg-type]  # None only where _T allows it

    def run() -> None:
        value: _T | None = None
        error: BaseException | None = None
        try:
            value = work()
        except Exception as raised:
            error = raised
        try:
            loop.call_soon_threadsafe(deliver, value, error)
        except RuntimeError:
            # The loop was closed meanwhile: nobody waits for the answer any more.
            return

    threading.Thread(target=run, name="preflight offload", daemon=True).start()
    return await answer
