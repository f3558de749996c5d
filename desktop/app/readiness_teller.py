"""Says how far we are, for as long as a preflight is open, and that we are gone when it is left.

The service takes nobody for ready who has not said so for 90 s: a program that crashed says
nothing. So what was said is said again every half minute. And for as long without a word from the
service nobody here knows how far the other side is.
"""

import asyncio
import logging
from collections.abc import Callable

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError, Refused
from client_api.tasks import Tasks
from client_api.wire import ReadinessState, SessionId
from desktop.app.entry import TheirSide

_log = logging.getLogger(__name__)

RENEW_EVERY_S = 30.0
TELL_AGAIN_AFTER_S = 3.0
"""What did not get through is said again after so long."""
WITHOUT_WORD_S = 90.0
"""So long the service believes our own word, and we what it said last of the other side."""
GOODBYE_WITHIN_S = 2.0
"""Whoever closes a window does not wait for long; the service finds out by itself."""


class ReadinessTeller:
    """Says the newest word, one at a time, again and again.

    Args:
        rung: tells what we can receive, as it stands; None: we are not held back.
        their: takes what the service answers of the other side.
        on_answer: called after each answer, and when there was none for `WITHOUT_WORD_S`.
    """

    def __init__(
        self,
        service: ServiceApi,
        session: SessionId,
        clock: Clock,
        *,
        rung: Callable[[], int | None],
        their: TheirSide,
        on_answer: Callable[[], None],
    ) -> None:
        self._service = service
        self._session = session
        self._clock = clock
        self._rung = rung
        self._their = their
        self._on_answer = on_answer
        self._tasks = Tasks()
        self._state: ReadinessState | None = None
        self._said: tuple[ReadinessState, int | None] | None = None
        self._changed = asyncio.Event()
        self._telling: asyncio.Task[None] | None = None
        self._handed_over = False
        self._heard = their.heard
        self._word_ns = clock.monotonic_ns()

    def tell(self, state: ReadinessState) -> None:
        """Let it be known; saying the same again costs nothing."""
        if self._handed_over:
            return
        self._state = state
        if self._telling is None:
            self._telling = self._tasks.spawn(self._keep_telling(), name="tell our readiness")
        self.look()

    def look(self) -> None:
        """What we can receive may have become another rung: tell it if so."""
        if self._state is not None and (self._state, self._rung()) != self._said:
            self._changed.set()

    def hand_over(self) -> None:
        """The call says it from now on: here nothing is said any more."""
        self._handed_over = True
        if self._telling is not None:
            self._telling.cancel()

    async def close(self) -> None:
        """Say nothing any more, and last of all that we are gone, unless a call took over."""
        await self._tasks.close()
        said, self._state = self._state, None
        if said is None or self._handed_over:
            return
        try:
            async with asyncio.timeout(GOODBYE_WITHIN_S):
                await self._service.put_readiness(self._session, ReadinessState.ABSENT)
        except (ClientError, TimeoutError) as error:
            _log.info("that we left was not told: %s", type(error).__name__)

    async def _keep_telling(self) -> None:
        while True:
            self._changed.clear()
            await self._changed_within(await self._say())

    async def _say(self) -> float:
        """Say it once; return for how many seconds that will do."""
        state = self._state
        assert state is not None
        rung, heard = self._rung(), self._their.heard
        # Whatever comes of it: what failed waits for its time, and not for the next progress.
        self._said = (state, rung)
        try:
            both = await self._service.put_readiness(self._session, state, rung=rung)
        except ClientError as error:
            _log.info("readiness was not told: %s", type(error).__name__)
            self._note_silence()
            return RENEW_EVERY_S if isinstance(error, Refused) else TELL_AGAIN_AFTER_S
        self._word_ns = self._clock.monotonic_ns()
        if self._their.answered(both, heard=heard):
            self._on_answer()
        return RENEW_EVERY_S

    def _note_silence(self) -> None:
        """Take what was said of the other side back once it is too old; an event is a word too."""
        now_ns = self._clock.monotonic_ns()
        if self._their.heard != self._heard:
            self._heard, self._word_ns = self._their.heard, now_ns
        elif now_ns - self._word_ns >= WITHOUT_WORD_S * 1e9 and self._their.lose_sight():
            self._on_answer()

    async def _changed_within(self, seconds: float) -> None:
        timer = self._tasks.spawn(self._ring_after(seconds), name="time to tell our readiness")
        try:
            await self._changed.wait()
        finally:
            timer.cancel()

    async def _ring_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._changed.set()
