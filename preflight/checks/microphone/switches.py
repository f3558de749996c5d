"""The system's own switches of the microphone in use: mute, volume, whether it is the default.

Asking may take a second, so it happens beside the loop; live verdicts read the newest answer.
"""

import asyncio
from collections.abc import Awaitable, Callable

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.system.ports import InputLevel

ASK_EVERY_S = 1.0


class Switches:
    """Keeps the newest answer about one microphone."""

    def __init__(
        self, ask: Callable[[], Awaitable[InputLevel | None]], clock: Clock, tasks: Tasks
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._tasks = tasks
        self._asking: asyncio.Task[None] | None = None
        self._newest: InputLevel | None = None
        self._asked_ns: int | None = None

    async def read(self) -> InputLevel | None:
        """Ask now; None where the system does not tell. Several who ask at once ask once."""
        await asyncio.shield(self._begin())
        return self._newest

    def newest(self) -> InputLevel | None:
        """Return the newest answer, and have it asked for again where it is a second old."""
        now_ns = self._clock.monotonic_ns()
        if self._asked_ns is None or now_ns - self._asked_ns >= ASK_EVERY_S * 1e9:
            self._begin()
        return self._newest

    def _begin(self) -> asyncio.Task[None]:
        if self._asking is None or self._asking.done():
            self._asked_ns = self._clock.monotonic_ns()
            self._asking = self._tasks.spawn(self._take(), name="ask for the switches")
        return self._asking

    async def _take(self) -> None:
        self._newest = await self._ask()
