"""What the checks of the media path share: one trial call after the gate's own checks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from client_api.clock import Clock
from client_api.errors import ClientError
from client_api.tasks import Tasks
from client_api.wire import ProbeRoom
from preflight.check import CannotTell, NotMeasured
from preflight.offload import TASKS_END_WITHIN_S
from preflight.probe.media_probe import MediaProbe, TrialLook
from preflight.probe.network_probe import ProbeFailed

REST_S = 1.0
"""Who joins as soon as the gate opens is not kept company by a trial call."""
LONGEST_S = 16.0
"""A shorter ramp under-reports: the same loopback gave 1.9 Mbit/s at 5 s and 3.2 at 12 s."""
START_PATIENCE_S = 20.0

_log = logging.getLogger(__name__)

GetRoom = Callable[[], Awaitable[ProbeRoom | None]]


class MediaBench:
    """Makes the trial call that several checks ask for, once for each `begin`.

    Args:
        get_room: brings the probe room of a begun run; None when nobody is signed in.
        identity: names the way out of this machine, as the network's bench has it.
        line_left: waits until the network's advice needs the line no more; must end by itself.
    """

    def __init__(
        self,
        probe: MediaProbe,
        clock: Clock,
        get_room: GetRoom | None,
        identity: Callable[[], str | None],
        line_left: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._probe = probe
        self._clock = clock
        self._get_room = get_room
        self._identity = identity
        self._line_left = line_left
        self._measured_over: str | None = None
        self._tasks = Tasks()
        self._ready: asyncio.Task[None] | None = None
        self._trial: asyncio.Task[TrialLook | None] | None = None
        self._look: TrialLook | None = None

    @property
    def busy(self) -> bool:
        """Whether a trial call fills the line."""
        return self._trial is not None and not self._trial.done()

    @property
    def look(self) -> TrialLook | None:
        """The newest trial call; None before the first."""
        return self._look

    @property
    def outdated(self) -> bool:
        """Whether the trial call went over another way than the one out of here now."""
        now = self._identity()
        return None not in (self._measured_over, now) and self._measured_over != now

    async def begin(self) -> None:
        """Forget the trial call; the next check that asks makes another."""
        for task in (self._ready, self._trial):
            if task is not None:
                task.cancel()
        self._ready = self._trial = None
        self._look = None
        self._measured_over = None

    async def ready(self) -> None:
        """Load what a trial call needs, apart from its deadline."""
        if self._get_room is None:
            return
        if self._ready is None:
            self._ready = self._tasks.spawn(self._load(), name="load the trial call")
        await asyncio.shield(self._ready)

    async def _load(self) -> None:
        await self._clock.sleep(REST_S)
        if self._line_left is not None:
            await self._line_left()
        loading = self._tasks.spawn(self._probe.ready(), name="start the trial call")
        timer = self._tasks.spawn(self._clock.sleep(START_PATIENCE_S), name="trial call start")
        try:
            await asyncio.wait({loading, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            loading.cancel()
            timer.cancel()

    async def trial(self) -> TrialLook:
        """Return the trial call, made if necessary.

        Raises:
            NotMeasured: nobody is signed in, so there is no room.
            CannotTell: it could not be made.
        """
        if self._get_room is None:
            raise NotMeasured("not_signed_in")
        if self._trial is None:
            self._trial = self._tasks.spawn(self._make(self._get_room), name="trial call")
        look = await asyncio.shield(self._trial)
        if look is None:
            raise CannotTell("no_trial")
        if look.measured.get("joined") is not True:
            raise CannotTell("not_joined")
        return look

    async def _make(self, get_room: GetRoom) -> TrialLook | None:
        try:
            room = await get_room()
            if room is None:
                return None
            self._measured_over = self._identity()
            self._look = await self._probe.trial(room, max_s=LONGEST_S)
        except (ProbeFailed, ClientError) as error:
            _log.info("no trial call: %s", type(error).__name__)
            return None
        await self._probe.end()
        return self._look

    async def close(self, *, at_once: bool = False) -> None:
        """End a trial call that is under way; ``at_once`` without taking leave of its room."""
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        await self._probe.end(at_once=at_once)
