"""What a call hears of its session while it lasts: the service's events, and the count's ticks.

Posts events to the call's actor and decides nothing. Pure.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError
from client_api.server_clock import ServerClock, epoch_ns
from client_api.tasks import Tasks
from client_api.wire import ClockState, SessionId
from desktop.call import events as ev
from desktop.call.refusals import failure_of

_log = logging.getLogger(__name__)

TICK_S = 0.25
SLEEP_SUSPECTED_NS = 2_000_000_000


class SessionFeed:
    """The stream and the ticks of one session, until ``close``.

    Opened again after a refusal it reads the session from its first event, so nothing is missed.
    """

    def __init__(
        self,
        session: SessionId,
        service: ServiceApi,
        server_clock: ServerClock,
        clock: Clock,
        post: Callable[[ev.CallEvent], None],
    ) -> None:
        self._session = session
        self._service = service
        self._server_clock = server_clock
        self._clock = clock
        self._post = post
        self._tasks = Tasks()
        self._stream: asyncio.Task[None] | None = None
        self._ticks: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin; a stream that was refused is opened again, whatever still runs goes on."""
        if self._stream is None or self._stream.done():
            self._stream = self._tasks.spawn(self._read(), name="session events")
        if self._ticks is None:
            self._ticks = self._tasks.spawn(self._tick(), name="clock tick")

    async def close(self) -> None:
        """End both and wait until they are gone."""
        await self._tasks.close()

    async def _read(self) -> None:
        try:
            async with aclosing(self._service.session_events(self._session)) as happenings:
                async for happening in happenings:
                    self._post(ev.SessionEventArrived(happening))
        except ClientError as error:
            self._post(ev.SessionStreamFailed(failure_of(error)))
        except Exception:
            # A fault of ours in reading: chat and the end of the session come by this way alone.
            _log.exception("the session's stream could not be read")
            self._post(ev.SessionStreamFailed(ev.Failure(ev.ServiceFault.BROKEN)))

    async def _tick(self) -> None:
        drift_ns = self._drift_ns()
        while True:
            await self._clock.sleep(TICK_S)
            if abs(self._drift_ns() - drift_ns) > SLEEP_SUSPECTED_NS:
                # The machine slept (our monotonic clock may have stood still), or somebody set
                # the wall clock. Which one, the next poll tells; the count runs on till then.
                drift_ns = self._drift_ns()
                self._server_clock.doubt_offsets()
            clock = self._server_clock.session_clock
            remaining = self._server_clock.remaining_seconds()
            if clock is None or remaining is None or clock.state is not ClockState.RUNNING:
                continue
            self._post(ev.ClockTicked(remaining))

    def _drift_ns(self) -> int:
        return epoch_ns(self._clock.now()) - self._clock.monotonic_ns()
