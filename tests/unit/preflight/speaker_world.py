"""The loudspeaker's and the microphone's groups in a made room, in virtual time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.group import microphone_group
from preflight.checks.scope import in_scope
from preflight.checks.speaker.bench import RunState, SpeakerBench
from preflight.checks.speaker.group import speaker_group
from preflight.checks.speaker.speaker_test import SpeakerTest
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock
from preflight.memory.machine_file import Machine
from preflight.model import CheckResult, CheckState, Group, RunProgress
from preflight.running.runner import PreflightRunner
from preflight.support.scope import GATING_CODES
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeCatalogue, FakeMicrophone, FakeSpeaker, FakeSystem
from tests.fakes.offload import at_once
from tests.fakes.outputs import FakeOutputs


class SpeakerWorld:
    """A loudspeaker and a microphone in a room; the test says how much of one the other hears.

    Attributes:
        echo_db: path gain; None: they are apart.
        delay_ms: from a pull until its sound is in the microphone.
        noise: amplitude of the room's noise.
        advising: whether the microphone's advice is still being measured.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.clock = FakeClock()
        self.catalogue = FakeCatalogue(self.clock)
        self.outputs = FakeOutputs()
        self.echo_db: float | None = None
        self.delay_ms = 60.0
        self.noise = 20.0
        self.advising = False
        self.played_blocks = 0
        self._air = np.zeros(SAMPLE_RATE_HZ * 120)
        self._began_ns = self.clock.monotonic_ns()
        self._random = np.random.default_rng(11)
        self.catalogue.speaker_mood = self._place_speaker
        self.catalogue.microphone_mood = self._place_microphone
        self.microphone = MicrophoneBench(self.catalogue, self.clock, FakeSystem(), at_once)
        self.test = SpeakerTest(self.catalogue, self.clock, at_once)
        self.machine = Machine(folder, at_once)
        self.bench = SpeakerBench(
            self.test,
            self.microphone,
            self.catalogue,
            self.outputs,
            self.machine,
            _Advising(self),
            self.clock,
            at_once,
        )
        self.seen: list[RunProgress] = []
        self.runner = PreflightRunner(
            # Its advice takes 8 s: `advising` stands for it.
            [
                *in_scope((microphone_group(self.microphone),), GATING_CODES),
                speaker_group(self.bench),
            ],
            self.clock,
            self.seen.append,
        )
        self.bench.on_moved = lambda: self.runner.restart(Group.SPEAKER)

    def result(self, code: str) -> CheckResult:
        """One check as it stands."""
        return next(check for check in self.runner.progress.checks if check.code == code)

    def verdict(self, code: str) -> tuple[CheckState, str | None]:
        """State and reason of one check as it stands."""
        found = self.result(code)
        return found.state, found.reason

    @asynccontextmanager
    async def running(self, seconds: float = 8.0) -> AsyncIterator["SpeakerWorld"]:
        """Begin, let time pass, and end everything afterwards."""
        await self.machine.read()
        self.runner.start()
        await self.clock.advance(seconds)
        try:
            yield self
        finally:
            await self.runner.stop()
            await self.bench.close()
            await self.microphone.close()
            await self.test.close()
            for microphone in self.catalogue.made_microphones:
                microphone.close()
            for speaker in self.catalogue.made_speakers:
                speaker.close()
            await self.clock.advance()

    def _place_speaker(self, speaker: FakeSpeaker) -> None:
        speaker.played = self._sound

    def _place_microphone(self, microphone: FakeMicrophone) -> None:
        microphone.hears = self._hear

    def _sound(self, block: AudioBlock, at_ns: int) -> None:
        self.played_blocks += bool(block.samples.any())
        if self.echo_db is None:
            return
        start = self._place(at_ns) + round(self.delay_ms / 1000 * SAMPLE_RATE_HZ)
        loud = 10 ** (self.echo_db / 20)
        self._air[start : start + BLOCK_SAMPLES] += loud * block.samples[:, 0]

    def _hear(self, at_ns: int) -> np.ndarray:
        end = self._place(at_ns)
        sound = self._air[max(0, end - BLOCK_SAMPLES) : end]
        noise = self.noise * self._random.standard_normal(BLOCK_SAMPLES)
        noise[: len(sound)] += sound
        return np.clip(np.round(noise), -32768, 32767).astype(np.int16)

    def _place(self, at_ns: int) -> int:
        return round((at_ns - self._began_ns) * SAMPLE_RATE_HZ / 1e9)


class _Advising(RunState):
    """The world's run, whose microphone is advised of for as long as the test says."""

    def __init__(self, world: SpeakerWorld) -> None:
        super().__init__(lambda: world.runner.progress)
        self._world = world

    def microphone_over(self) -> bool:
        return super().microphone_over() and not self._world.advising
