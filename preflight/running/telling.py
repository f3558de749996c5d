"""Tells a page how a run stands: at once when it was quiet, else some 30 times a second at most.

A hundred checks that begin together change the run a hundred times; each telling draws the page.
"""

import asyncio
from collections.abc import Callable

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.model import RunProgress

REST_S = 0.03
"""Shorter than the eye tells apart, longer than a page takes to draw."""


class Telling:
    """Calls ``on_change`` with the newest progress after changes; none is lost, some come as one.

    Args:
        progress: brings the run as it stands.
        tasks: the owner's, which end with it.
    """

    def __init__(self, clock: Clock, tasks: Tasks, progress: Callable[[], RunProgress]) -> None:
        self._clock = clock
        self._tasks = tasks
        self._progress = progress
        self._on_change: Callable[[RunProgress], None] | None = None
        self._untold = False
        self._resting = False

    def begin(self, on_change: Callable[[RunProgress], None]) -> None:
        """Tell from now on."""
        self._on_change = on_change

    def end(self) -> None:
        """Tell nobody any more."""
        self._on_change = None

    def changed(self) -> None:
        """Something changed; everything of this turn of the loop comes as one."""
        if not self._untold:
            self._untold = True
            if not self._resting:
                asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._untold = False
        if self._on_change is not None:
            self._on_change(self._progress())
            self._resting = True
            self._tasks.spawn(self._rest(), name="rest between tellings")

    async def _rest(self) -> None:
        await self._clock.sleep(REST_S)
        self._resting = False
        if self._untold:
            self._tell()
