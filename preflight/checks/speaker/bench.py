"""What the loudspeaker's checks share: the list, the system's word, one sweep for two checks."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.analysis.echo import LONGEST_DELAY_S, Echo, find_echo
from preflight.check import CannotTell, NotMeasured
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.speaker.speaker_test import SpeakerNotOpen, SpeakerTest
from preflight.checks.speaker.sweep import SWEEP_S, quiet, sweep
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock, DeviceInfo
from preflight.devices.ports import DeviceCatalogue, DeviceNotFound, SourceState
from preflight.devices.stable_names import find_again
from preflight.memory.machine_file import Machine
from preflight.model import Group, RunProgress
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.system.sound_ports import OutputFacts, OutputState

POLL_S = 0.02
_WAIT_POLL_S = 0.1
LOOK_EVERY_S = 2.0
LOOK_AGAIN_S = 0.5
"""A list that changed is looked at again this soon."""
FREE_PATIENCE_S = 30.0
"""A gate that does not come to an end keeps nobody from hearing the loudspeaker."""
FALLS_WITHIN_S = 1.6
"""By then an open microphone has had its headset change to the telephone profile, if it does."""
QUIET_S = 0.2
_OPENS_WITHIN_S = 3.4
_PLAYS_WITHIN_S = 3.8
"""A driver that hangs is told as one: the check's deadline of 4 s would only say "not measured"."""
_LEAD_S = 0.05
_TAIL_S = 0.15
_TAKEN_WITHIN_S = 1.0
_HEARD_WITHIN_S = 2.6
_BLOCK_NS = BLOCK_SAMPLES * 1_000_000_000 // SAMPLE_RATE_HZ

log = logging.getLogger("preflight.checks")


class RunState:
    """What the loudspeaker waits for, asked of the run as it stands."""

    def __init__(self, progress: Callable[[], RunProgress]) -> None:
        self._progress = progress

    def gate_over(self) -> bool:
        """Say whether every gating check has a verdict."""
        return all(check.state.final for check in self._progress().checks if check.gating)

    def microphone_over(self) -> bool:
        """Say whether the microphone's advice has ended too.

        A sound of ours would count as noise, or as the person's voice.
        """
        checks = self._progress().checks
        return all(each.state.final for each in checks if each.group is Group.MICROPHONE)


class SpeakerBench:
    """Looks at the loudspeaker in use until the handover, and plays what the checks play.

    Attributes:
        found: what there is to choose from; None before the first look.
        state: what the system says of the one in use; None: nothing.
        expected: the loudspeaker that sound should come from: last time's, or the first one of
            this run, or the chosen one.
        usual: the one that is used where nobody chose one in this run, and nothing is set; None:
            the system's.
        on_moved: called when sound comes from another loudspeaker by itself.
    """

    def __init__(
        self,
        test: SpeakerTest,
        microphone: MicrophoneBench,
        catalogue: DeviceCatalogue,
        facts: OutputFacts,
        machine: Machine,
        run: RunState,
        clock: Clock,
        offload: Offload,
    ) -> None:
        self.test = test
        self.microphone = microphone
        self.clock = clock
        self.found: tuple[DeviceInfo, ...] | None = None
        self.state: OutputState | None = None
        self.expected: DeviceInfo | None = None
        self.usual: DeviceInfo | None = None
        self.on_moved: Callable[[], None] = _nobody
        self._catalogue = catalogue
        self._facts = facts
        self._machine = machine
        self._run = run
        self._offload = offload
        self._tasks = Tasks()
        self._looking: asyncio.Task[None] | None = None
        self._asked_ns: int | None = None
        self._asked_of: str | None = None
        self._sweep: asyncio.Task[Echo | None] | None = None
        self._told: set[str] = set()
        self._one_look = asyncio.Lock()
        self._settled = False

    @property
    def info(self) -> DeviceInfo | None:
        """The loudspeaker that plays, or that will."""
        if self.test.info is not None:
            return self.test.info
        chosen = [each for each in self.found or () if each.id == self.test.wanted]
        return next(iter(chosen or self.found or ()), None)

    @property
    def real(self) -> tuple[DeviceInfo, ...] | None:
        """The loudspeakers that somebody can hear; None before the first look."""
        if self.found is None:
            return None
        return tuple(each for each in self.found if not each.kind.synthetic)

    async def begin(self) -> None:
        """Let the next check that asks play anew; look at what there is, again and again."""
        self._told.clear()
        self._asked_ns = None
        if self._looking is None:
            self._looking = self._tasks.spawn(self._keep_looking(), name="watch the loudspeaker")

    async def look(self) -> None:
        """List the loudspeakers, and follow the system to another one where nobody chose.

        It is followed once two looks say the same: a list that was read while devices come and
        go would move the sound to and fro.
        """
        async with self._one_look:
            await self._look()

    async def _look(self) -> None:
        before = self.found
        found = await self._offload(self._catalogue.speakers)
        info = self.test.info
        if info is not None and self.test.status.state is SourceState.RUNNING:
            # A server that is too busy to answer lists nothing: what plays is there.
            found = found if info.id in [each.id for each in found] else (*found, info)
        self.found = found
        memory = self._machine.memory
        if self.expected is None and memory is not None:
            self.expected = memory.speaker or self.info
        await self._use_usual(found)
        self._settled = found == before
        if self._settled:
            await self._follow()

    async def until(
        self, holds: Callable[[], bool], *, within_s: float, poll_s: float = POLL_S
    ) -> bool:
        """Wait until ``holds()`` is true; False when it never was within the time."""
        end_ns = self.clock.monotonic_ns() + round(within_s * 1e9)
        while not holds():
            if self.clock.monotonic_ns() >= end_ns:
                return False
            await self.clock.sleep(poll_s)
        return True

    async def told(self) -> None:
        """Wait until the system has said how the loudspeaker in use stands, or cannot."""
        await self.until(lambda: self._asked_ns is not None, within_s=FREE_PATIENCE_S)

    async def told_with_microphone(self) -> None:
        """Wait until the system has said how it stands now that the microphone is open.

        Some systems are asked seldom: what they said before is of a headset that had no call yet.
        """
        left_s = FALLS_WITHIN_S - self.microphone.open_ago_ms / 1000
        if left_s > 0:
            await self.clock.sleep(left_s)
        opened_ns = self.clock.monotonic_ns() - round(self.microphone.open_ago_ms * 1e6)
        fallen_ns = opened_ns + round(FALLS_WITHIN_S * 1e9)
        if self._asked_ns is not None and self._asked_ns < fallen_ns:
            self._asked_ns = None
        await self.told()

    async def gate_over(self) -> None:
        """Wait until the gate's checks leave room for others, and nobody plays."""

        def free() -> bool:
            return self._run.gate_over() and not self.test.busy

        await self.until(free, within_s=FREE_PATIENCE_S, poll_s=_WAIT_POLL_S)

    async def sound_free(self) -> None:
        """Wait until a sound disturbs no check, and nobody who plays or records."""

        def free() -> bool:
            over = self._run.gate_over() and self._run.microphone_over()
            return over and not self.test.busy

        await self.until(free, within_s=FREE_PATIENCE_S, poll_s=_WAIT_POLL_S)

    async def plays(self) -> tuple[bool, float | None]:
        """Open the loudspeaker; say whether it takes a moment of silence, and how long it took.

        Raises:
            DeviceNotFound: there is none.
            SpeakerNotOpen: it does not open.
        """
        async with self.test.alone():
            began_ns = self.clock.monotonic_ns()
            sink = await self.test.opened(within_s=_OPENS_WITHIN_S)
            left_s = _PLAYS_WITHIN_S - (self.clock.monotonic_ns() - began_ns) / 1e9
            took = await self.test.took(quiet(QUIET_S), within_s=min(_TAKEN_WITHIN_S, left_s))
            return took, sink.status.open_ms

    async def holder(self) -> str | None:
        """Name the program that has the loudspeaker to itself; None: the system does not say."""
        info = self.info
        if info is None:
            return None
        held = self.test.status.holder
        if held is not None:
            return held
        found = await self._offload(partial(self._facts.holder, info.id))
        return None if found is None else found.program

    async def echo(self, code: str) -> Echo:
        """Return what the microphone heard of the sweep; a code that asks again has a new one.

        Raises:
            NotMeasured: ``not_offered``; a made-up device hears and plays nothing.
            CannotTell: ``muted`` or ``no_sound``.
        """
        microphone, speaker = self.microphone.info, self.info
        if microphone is None or microphone.kind.synthetic:
            raise NotMeasured("not_offered")
        if speaker is None or speaker.kind.synthetic:
            raise NotMeasured("not_offered")
        if self.state is not None and (self.state.muted or self.state.volume_percent == 0):
            raise CannotTell("muted")
        if self._sweep is None or code in self._told or not self._told:
            self._told.clear()
            self._sweep = self._tasks.spawn(self._sound_out(), name="play the sweep")
        self._told.add(code)
        found = await asyncio.shield(self._sweep)
        if found is None:
            raise CannotTell("no_sound")
        return found

    def expect_chosen(self) -> None:
        """Take the person's choice: it is no change that they need to be told of."""
        self.usual = None
        self.expected = self.info
        self.state, self._asked_ns = None, None

    def heard_days_ago(self) -> int | None:
        """Return when somebody last heard the loudspeaker in use; None: not for 30 days."""
        memory, info = self._machine.memory, self.info
        if memory is None or info is None:
            return None
        return memory.heard_days_ago(info.name, self.clock.now().date())

    def keep_answer(self, *, heard: bool) -> None:
        """Remember what a person said of the loudspeaker in use."""
        info = self.info
        if info is not None:
            today = self.clock.now().date()
            kept = self._machine.keep_heard(info.name, heard=heard, today=today)
            self._tasks.spawn(kept, name="remember the loudspeaker")

    async def close(self) -> None:
        """Stop looking and playing; the loudspeaker itself belongs to the test."""
        self._looking = None
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
                await self._ask_system()
            except Exception as error:
                # The checks say that nothing is known; the next look may bring it.
                log.warning("looking at loudspeakers threw %s", type(error).__name__)
                self._asked_ns = self.clock.monotonic_ns()
            await self.clock.sleep(LOOK_EVERY_S if self._settled else LOOK_AGAIN_S)

    async def _ask_system(self) -> None:
        info, now_ns = self.info, self.clock.monotonic_ns()
        asked_of = None if info is None else info.id
        fresh = self._asked_ns is not None and asked_of == self._asked_of
        if fresh and now_ns - (self._asked_ns or 0) < self._facts.every_s * 1e9:
            return
        if info is None or info.kind.synthetic:
            self.state = None
        else:
            self.state = await self._offload(partial(self._facts.output, info.id))
        self._asked_ns, self._asked_of = now_ns, asked_of

    async def _use_usual(self, found: tuple[DeviceInfo, ...]) -> None:
        """Go to the usual loudspeaker, as soon as it is there, unless somebody chose another."""
        if self.usual is None or self.test.wanted is not None or self.test.busy:
            return
        if self._catalogue.speaker_is_set:
            return
        there = find_again(self.usual, found)
        if there is None:
            return
        moves = self.test.info is not None and self.test.info.id != there.id
        await self.test.choose(there.id)
        if moves:
            self._asked_ns = None
            self.on_moved()

    async def _follow(self) -> None:
        """Go where the system went, or away from what is gone; a choice that is there stands."""
        info, found = self.test.info, self.real
        if info is None or not found or self.test.busy:
            return
        there = any(each.id == info.id for each in found)
        if self.test.wanted is None:
            if found[0].id == info.id:
                return
        elif there or info.kind.synthetic:
            return
        await self.test.choose(None)
        self._asked_ns = None
        self.on_moved()

    async def _sound_out(self) -> Echo | None:
        """Play the sweep and look for it in what the microphone hears meanwhile."""
        source = self.microphone.source
        if source is None:
            return None
        played, blocks = sweep(), list[AudioBlock]()
        async with self.test.alone():
            with self.microphone.leaving_out():
                detach = source.attach(blocks.append)
                try:
                    heard = await self._play_and_hear(played, blocks)
                except (DeviceNotFound, SpeakerNotOpen):
                    return None
                finally:
                    detach()
        if heard is None:
            return None
        return await self._offload(partial(find_echo, heard, played))

    async def _play_and_hear(
        self, played: npt.NDArray[np.int16], blocks: list[AudioBlock]
    ) -> npt.NDArray[np.int16] | None:
        await self.test.opened()
        await self.clock.sleep(_LEAD_S)
        await self.test.took(played, within_s=SWEEP_S + _TAKEN_WITHIN_S)
        began_ns = self.test.player.began_ns
        if began_ns is None:
            return None
        needed_s = SWEEP_S + LONGEST_DELAY_S + _TAIL_S
        end_ns = began_ns + round(needed_s * 1e9)
        await self.until(
            lambda: bool(blocks) and blocks[-1].captured_ns >= end_ns, within_s=_HEARD_WITHIN_S
        )
        return since(blocks, began_ns)


def since(blocks: list[AudioBlock], began_ns: int) -> npt.NDArray[np.int16] | None:
    """Return what was heard from a moment on, of the loudest channel, as one stretch.

    Blocks come in bunches; the one that came soonest after its sound tells when that was.
    """
    if not blocks:
        return None
    first_ns = min(
        block.captured_ns - (place + 1) * _BLOCK_NS for place, block in enumerate(blocks)
    )
    # A microphone whose channels change in number is of no use here.
    channels = min(block.samples.shape[1] for block in blocks)
    whole = np.concatenate([block.samples[:, :channels] for block in blocks])
    loudest = int(np.argmax(np.square(whole.astype(np.float64)).sum(axis=0)))
    start = max(0, round((began_ns - first_ns) * SAMPLE_RATE_HZ / 1e9))
    return np.ascontiguousarray(whole[start:, loudest])


def _nobody() -> None:
    """Stands for a run that is not told."""
