"""What the checks of the media path share: one trial call after the gate's own checks.

Phase 3 is the ramp and the round trips of the person's own devices, phase 4 the drills with the
relays beside them (`docs/preflight_checks.md`, section 1):

    ramp -> microphone | camera -> server's word -> reconnect -> TCP -> rate over TCP
                                                 | offer -> relay -> relay over TLS
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from client_api.clock import Clock
from client_api.errors import ClientError
from client_api.tasks import Tasks, within
from client_api.wire import ProbeRoom
from preflight.analysis.media_path import METERED_CAP_KBPS, METERED_LONGEST_S
from preflight.check import WHOLE_RUN_S, CannotTell, NotMeasured
from preflight.checks.media.course import Course, OwnDevices
from preflight.checks.media.steps import Step, Steps
from preflight.measuring import say_age
from preflight.model import Measured
from preflight.offload import TASKS_END_WITHIN_S
from preflight.probe.media_probe import MediaProbe, TrialLook
from preflight.probe.network_probe import ProbeFailed

REST_S = 1.0
"""Who joins as soon as the gate opens is not kept company by a trial call."""
LONGEST_S = 16.0
"""A shorter ramp under-reports: the same loopback gave 1.9 Mbit/s at 5 s and 3.2 at 12 s."""
CAP_KBPS = 3500
"""A little above what the highest rung needs."""
GIVEN_UP_AFTER_S = 25.0
"""A second more than the checks' own deadline, which tells why; a connect may hang for a minute."""
START_PATIENCE_S = 20.0
AT_LEAST_S = 40.0
"""Where the network came right late, the trial call still gets its time (phases 3 and 4)."""

_log = logging.getLogger(__name__)

GetRoom = Callable[[], Awaitable[ProbeRoom | None]]


async def _unmetered() -> bool:
    return False


def _nothing_earlier() -> None:
    return None


@dataclass(frozen=True, slots=True)
class EarlierPath:
    """The trial call of an earlier run, where the path it was made over still counts.

    Attributes:
        age_s: how old it was when it was looked up.
    """

    look: TrialLook
    outcomes: Mapping[Step, Measured]
    age_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """What the media path knows of the network from its own group.

    Attributes:
        identity: names the way out of this machine, as the network's bench has it.
        left: waits until the network's advice needs the line no more; must end by itself.
        metered: whether data of this line is counted; may block for a moment.
        earlier: brings an earlier trial call that still counts.
    """

    identity: Callable[[], str | None]
    left: Callable[[], Awaitable[None]] | None = None
    metered: Callable[[], Awaitable[bool]] = _unmetered
    earlier: Callable[[], EarlierPath | None] = _nothing_earlier


class MediaBench:
    """Makes the trial call that several checks ask for, once for each `begin`.

    Args:
        get_room: brings the probe room of a begun run; None when nobody is signed in.
        devices: the person's own, as they stand open.
    """

    def __init__(
        self,
        probe: MediaProbe,
        clock: Clock,
        get_room: GetRoom | None,
        line: Line,
        devices: OwnDevices | None = None,
    ) -> None:
        self._probe = probe
        self._clock = clock
        self._get_room = get_room
        self._line = line
        self._devices = devices or OwnDevices()
        self._measured_over: str | None = None
        self._tasks = Tasks()
        self._ready: asyncio.Task[None] | None = None
        self._drive: asyncio.Task[None] | None = None
        self._look: TrialLook | None = None
        self._looked_ns = 0
        self._begun = 0
        self._earlier: EarlierPath | None = None
        self._joined = False
        self._began_ns = self._line_used_ns = clock.monotonic_ns()
        self._afresh()

    def _afresh(self) -> None:
        self._steps = Steps()
        self._known = asyncio.Event()

    @property
    def reused_age_s(self) -> float | None:
        """How old the trial call in use was when it was taken over; None for one of now."""
        return None if self._earlier is None else self._earlier.age_s

    @property
    def age_s(self) -> float:
        """How old the newest trial call is."""
        since_s = (self._clock.monotonic_ns() - self._looked_ns) / 1e9
        return since_s + (self.reused_age_s or 0.0)

    @property
    def outcomes(self) -> Mapping[Step, Measured]:
        """What the steps after the ramp brought; those without figures are left out."""
        return self._steps.figures if self._earlier is None else self._earlier.outcomes

    @property
    def busy(self) -> bool:
        """Whether a trial call fills the line."""
        return self._drive is not None and not self._drive.done()

    @property
    def look(self) -> TrialLook | None:
        """The newest trial call; None before the first."""
        return self._look

    @property
    def outdated(self) -> bool:
        """Whether the trial call went over another way than the one out of here now."""
        now = self._line.identity()
        return None not in (self._measured_over, now) and self._measured_over != now

    async def begin(self) -> None:
        """Forget the trial call; the next check that asks makes another."""
        for task in (self._ready, self._drive):
            if task is not None:
                task.cancel()
        self._ready = self._drive = None
        self._look = None
        self._measured_over = None
        self._earlier = None
        self._begun += 1
        self._began_ns = self._clock.monotonic_ns()
        self._afresh()

    async def ready(self) -> None:
        """Load what a trial call needs, apart from its deadline."""
        if self._get_room is None:
            return
        if self._ready is None:
            self._ready = self._tasks.spawn(self._load(), name="load the trial call")
        await asyncio.shield(self._ready)

    async def _load(self) -> None:
        """Start the process while the gate's own traffic ends: its libraries take a second."""
        if self._use_earlier():
            return
        loading = self._tasks.spawn(self._probe.ready(), name="start the trial call")
        in_time = self._tasks.spawn(
            within(loading, START_PATIENCE_S, self._clock), name="patience with the trial call"
        )
        try:
            await self._clock.sleep(REST_S)
            if self._line.left is not None:
                await self._line.left()
            if self._use_earlier():
                # The way out of here was not known at first.
                await self._probe.end(at_once=True)
                return
            await in_time
        finally:
            in_time.cancel()
            loading.cancel()

    def _use_earlier(self) -> bool:
        """Take over an earlier trial call that still counts.

        A person who checks again, or another network, wants one of now.
        """
        self._earlier = self._line.earlier() if self._begun == 1 else None
        if self._earlier is None:
            return False
        self._measured_over = self._line.identity()
        self._look = self._earlier.look
        self._looked_ns = self._clock.monotonic_ns()
        return True

    async def trial(self) -> TrialLook:
        """Return the trial call, made if necessary.

        Raises:
            NotMeasured: nobody is signed in, so there is no room; or it was called off.
            CannotTell: it could not be made.
        """
        if self._earlier is not None:
            say_age(self.age_s)
            return self._earlier.look
        self._go()
        await self._known.wait()
        look = self._look
        if look is None:
            raise NotMeasured("joined") if self._joined else CannotTell("no_trial")
        if look.measured.get("joined") is not True:
            raise CannotTell("not_joined")
        return look

    async def turn(self, step: Step) -> None:
        """Have a step made after the trial call, and wait until it begins or will not."""
        if self._get_room is None:
            return
        steps = self._steps
        steps.want(step)
        await self.ready()
        if self._earlier is None:
            self._go()
            await steps.turn(step)

    async def outcome(self, step: Step) -> Measured:
        """Return the figures of a step that was asked for.

        Raises:
            NotMeasured: nobody is signed in, or it was called off.
            CannotTell: it could not be made.
        """
        if self._get_room is None:
            raise NotMeasured("not_signed_in")
        if self._earlier is None:
            return await self._steps.outcome(step)
        if step not in self._earlier.outcomes:
            raise CannotTell("not_measured_then")
        say_age(self.age_s)
        return self._earlier.outcomes[step]

    def late_after_s(self) -> float:
        """Return how long after `begin` what is left has no verdict.

        A minute, unless the network came right late: its trial call still gets its time.
        """
        return (self._ends_ns() - self._began_ns) / 1e9

    def call_off(self) -> None:
        """Stop at once, because the person joins; their devices are let go."""
        self._joined = True
        if self._drive is not None:
            self._drive.cancel()

    def _go(self) -> None:
        """Begin the call.

        Raises:
            NotMeasured: nobody is signed in, so there is no room.
        """
        if self._get_room is None:
            raise NotMeasured("not_signed_in")
        if self._drive is None:
            work = self._make(self._get_room, self._steps, self._known)
            self._drive = self._tasks.spawn(work, name="trial call")

    async def _make(self, get_room: GetRoom, steps: Steps, known: asyncio.Event) -> None:
        """Make the call and what was asked for; everybody who waits is answered."""
        why: CannotTell | NotMeasured = CannotTell("no_trial")
        try:
            room = await self._trial(get_room)
            known.set()
            if room is not None:
                course = Course(self._probe, self._clock, self._devices, steps)
                await course.run(room, self._look, ends_ns=self._ends_ns())
            steps.end_all(why)
            await self._probe.end()
        finally:
            if self._joined:
                why = NotMeasured("joined")
            known.set()
            steps.end_all(why)

    async def _trial(self, get_room: GetRoom) -> ProbeRoom | None:
        """Make the trial call; None when there is none to go on with."""
        self._line_used_ns = self._clock.monotonic_ns()
        try:
            room = await get_room()
            if room is None:
                return None
            self._measured_over = self._line.identity()
            metered = await self._line.metered()
            ramp = self._tasks.spawn(self._ramp(room, metered=metered), name="ramp")
            if await within(ramp, GIVEN_UP_AFTER_S, self._clock):
                self._look = ramp.result()
                self._looked_ns = self._clock.monotonic_ns()
        except ClientError as error:
            _log.info("no room for a trial call: %s", type(error).__name__)
            return None
        joined = self._look is not None and self._look.measured.get("joined") is True
        return room if joined else None

    async def _ramp(self, room: ProbeRoom, *, metered: bool) -> TrialLook | None:
        try:
            return await self._probe.trial(
                room,
                max_s=METERED_LONGEST_S if metered else LONGEST_S,
                cap_kbps=METERED_CAP_KBPS if metered else CAP_KBPS,
            )
        except ProbeFailed as failed:
            _log.info("no trial call: %s", failed)
            return None

    def _ends_ns(self) -> int:
        latest = self._began_ns + round(WHOLE_RUN_S * 1e9)
        return max(latest, self._line_used_ns + round(AT_LEAST_S * 1e9))

    async def close(self, *, at_once: bool = False) -> None:
        """End a trial call that is under way; ``at_once`` without taking leave of its room."""
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        await self._probe.end(at_once=at_once)
