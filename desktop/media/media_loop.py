"""A thread with an asyncio loop of its own, so that media never waits for the window."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from client_api.tasks import spawn

_T = TypeVar("_T")


class MediaLoop:
    """One daemon thread that runs one loop between ``start()`` and ``stop()``; used once.

    The loop may be fed from any thread; only the thread itself runs what is on it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, for libraries that want one; it runs until ``stop()``."""
        assert self._loop is not None, "start() first"
        return self._loop

    def start(self) -> None:
        """Start the thread; returns as soon as the loop takes work (well below 5 ms)."""
        assert self._thread is None, "a media loop is used once"
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()
        self._ready.wait()

    def call(self, function: Callable[..., object], *args: Any) -> None:
        """Run a short function on the loop soon. From any thread; nothing after ``stop()``."""
        # RuntimeError: closed between the caller's look and now, which is what "nothing" means.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(function, *args)

    def post(self, coro: Coroutine[Any, Any, Any], *, name: str) -> None:
        """Start a coroutine on the loop without waiting; posts start in the order they came."""
        try:
            self.loop.call_soon_threadsafe(lambda: spawn(coro, name=name))
        except RuntimeError:
            coro.close()

    async def run(self, coro: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine on the media loop and await its result on the caller's loop.

        A caller that is cancelled stops waiting; the coroutine still runs to its end.
        """
        result = asyncio.run_coroutine_threadsafe(coro, self.loop)
        return await asyncio.shield(asyncio.wrap_future(result))

    def stop(self, timeout_s: float = 2.0) -> None:
        """End the loop and wait for the thread. Idempotent; not from the loop's own thread."""
        if self._thread is None or not self._thread.is_alive():
            return
        self.call(self.loop.stop)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        self._loop = loop
        asyncio.set_event_loop(loop)
        loop.call_soon(self._ready.set)
        try:
            loop.run_forever()
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        finally:
            asyncio.set_event_loop(None)
            loop.close()
