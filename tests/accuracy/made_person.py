"""A made person before the questions of the page: they hear what is played, and see the picture.

Their answers go the program's own way: questions of the page, its desk, the running preflight.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from client_api.tasks import Tasks, spawn
from desktop.app.running_desk import RunningDesk
from desktop.viewmodels.page_tasks import PageTasks
from desktop.viewmodels.preflight_questions import PersonQuestions
from desktop.viewmodels.preflight_state import Questions, ReplayTest
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock, CameraFrame, Orientation
from tests.accuracy.kinds import Found
from tests.accuracy.made_devices import MadePulse, MadeSpeaker
from tests.accuracy.made_run import MadeRun, played
from tests.fakes.devices import FakeMicrophone

Sound: TypeAlias = npt.NDArray[np.int16]
Picture: TypeAlias = npt.NDArray[np.uint8]
RATE_HZ = 48_000
_AUDIBLE = 300.0
"""Root mean square of 10 ms that a person hears, int16."""
_PAUSE_BLOCKS = 10
_LIKE = 0.8
"""How much of what comes back must be what was said, for it to be clear."""


@dataclass
class Ear:
    """What a loudspeaker really gave off.

    Attributes:
        deaf: nothing comes out, whatever is played.
        swallows_s: of a sound, after a silence: a headset that is only waking up.
    """

    deaf: bool = False
    swallows_s: float = 0.0
    heard: list[Sound] = field(default_factory=list)
    _at_ns: int = 0
    _awake_ns: int = 0

    def place(self, speaker: MadeSpeaker) -> None:
        """Listen to a loudspeaker."""
        speaker.played = self._listen

    def forget(self) -> Sound:
        """Return what was heard since the last time, as one sound."""
        heard, self.heard = self.heard, []
        return np.concatenate(heard) if heard else np.zeros(0, np.int16)

    def _listen(self, block: AudioBlock, at_ns: int) -> None:
        if at_ns - self._at_ns > 1_000_000_000:
            self._awake_ns = at_ns + round(self.swallows_s * 1e9)
        self._at_ns = at_ns
        silent = self.deaf or at_ns < self._awake_ns
        sound = block.samples[:, 0]
        self.heard.append(np.zeros_like(sound) if silent else sound)


def beeps_in(sound: Sound) -> int:
    """Count stretches of sound with a pause between them, as a person does."""
    blocks = sound[: len(sound) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
    loud = np.sqrt(np.square(blocks.astype(float)).mean(axis=1)) > _AUDIBLE
    count, quiet = 0, _PAUSE_BLOCKS
    for is_loud in loud:
        count += bool(is_loud) and quiet >= _PAUSE_BLOCKS
        quiet = 0 if is_loud else quiet + 1
    return count


def is_like(heard: Sound, said: Sound) -> bool:
    """Say whether what is heard is loud enough and, at some moment, what was said.

    Args:
        said: round and round; ``heard`` may begin anywhere in it.
    """
    if len(heard) < RATE_HZ or np.sqrt(np.square(heard.astype(float)).mean()) < _AUDIBLE:
        return False
    part = heard[: len(said)].astype(float)
    whole = np.fft.rfft(said.astype(float))
    alike = np.fft.irfft(whole * np.conj(np.fft.rfft(part, len(said))), len(said))
    begins = int(np.argmax(np.abs(alike)))
    meant = np.roll(said.astype(float), -begins)[: len(part)]
    norm = np.linalg.norm(part) * np.linalg.norm(meant)
    return bool(norm > 0 and abs(float(np.dot(part, meant))) / norm > _LIKE)


class Person:
    """Sits before the page of a running preflight.

    Args:
        pick_beeps: how many beeps the page plays; random as the page's own where not given.
    """

    def __init__(self, run: MadeRun, pick_beeps: Callable[[], int] | None = None) -> None:
        self._run = run
        self.ear = Ear()
        run.catalogue.speaker_mood = self.ear.place
        self._desk = RunningDesk(
            Tasks(),
            their_rung=lambda: None,
            on_chosen=lambda _role, _choice: None,
            on_progress=lambda _progress: None,
            service_url="http://service.test",
        )
        self._page = PersonQuestions(self._desk, PageTasks(spawn), lambda: None, pick_beeps)
        self._seen: list[Picture] = []

    @property
    def asked(self) -> Questions:
        """What the page asks and offers now."""
        self._desk.run = self._run.preflight
        return self._page.state(self._run.preflight.progress)

    async def hear_beeps(self) -> int:
        """Have them played, and return how many were heard."""
        await self._until(lambda: self.asked.play_beeps is not None)
        play = self.asked.play_beeps
        assert play is not None
        self.ear.forget()
        play()
        await self._run.loop.sleep(2.5)
        return beeps_in(self.ear.forget())

    def say_beeps(self, count: int) -> bool:
        """Answer; False where the page does not ask."""
        answer = self.asked.answer_beeps
        if answer is not None:
            answer(count)
        return answer is not None

    async def hear_oneself(self) -> Sound:
        """Have oneself recorded and played back, and return what was heard."""
        await self._until(lambda: self.asked.hear_yourself is not None)
        record = self.asked.hear_yourself
        assert record is not None
        self.ear.forget()
        record()
        busy = (ReplayTest.RECORDING, ReplayTest.PLAYING)
        await self._until(lambda: self.asked.replay not in busy)
        return self.ear.forget()

    def say_clear(self, clear: bool) -> bool:
        """Answer; False where the page does not ask."""
        answer = self.asked.answer_replay
        if answer is not None:
            answer(clear)
        return answer is not None

    def look(self) -> None:
        """Watch the preview of this run."""
        self._run.preflight.preview(self._see)

    async def turn(self) -> None:
        """Press the button that turns."""
        assert self.asked.upright is not None
        self.asked.upright.turn()
        await self._run.loop.sleep(0.3)

    async def mirror(self) -> None:
        """Press the button that mirrors."""
        assert self.asked.upright is not None
        self.asked.upright.mirror()
        await self._run.loop.sleep(0.3)

    def confirm(self) -> bool:
        """Say that it stands upright; False where the page does not ask."""
        upright = self.asked.upright
        if upright is None or upright.confirm is None:
            return False
        upright.confirm()
        return True

    def sees(self, scene: Picture) -> bool:
        """Say whether the newest picture is this scene, upright and not mirrored."""
        seen = self._seen[-1]
        return seen.shape == scene.shape and bool(
            np.abs(seen.astype(int) - scene.astype(int)).mean() < 12
        )

    async def put_upright(self, scene: Picture) -> bool:
        """Turn and mirror until the scene stands as it should; False where it never does."""
        for _ in range(2):
            for _ in range(4):
                if self.sees(scene):
                    return True
                await self.turn()
            await self.mirror()
        return False

    def _see(self, frame: CameraFrame) -> None:
        self._seen = [frame.pixels]

    async def _until(self, holds: Callable[[], bool]) -> None:
        for _ in range(200):
            if holds():
                return
            await self._run.loop.sleep(0.1)


def sits_down(
    code: str,
    pulse: MadePulse,
    open_s: float,
    step: Callable[[MadeRun, Person], Awaitable[Found]],
    *,
    pick_beeps: Callable[[], int] | None = None,
    hears: Sequence[Sound] = (),
) -> Found:
    """Have a person before the page once it has been open for a while, and ask the check.

    Args:
        hears: what each channel of every microphone hears, round and round; none: as a fake does.
    """

    def hear(source: FakeMicrophone) -> None:
        sides = np.stack(hears, axis=1)
        source.say(list(sides.reshape(-1, BLOCK_SAMPLES, sides.shape[1])))
        source.amplitude, source.channels = 2000, sides.shape[1]

    async def play(run: MadeRun) -> Found:
        person = Person(run, pick_beeps)
        if hears:
            run.catalogue.microphone_mood = hear
        await run.begin(open_s)
        return await step(run, person)

    return played(code, play, pulse=pulse)


def scene_of(rng: random.Random) -> Picture:
    """Make a scene of which no turn and no mirror image is like it."""
    y, x = np.mgrid[0:120, 0:160]
    scene = (x * rng.uniform(0.4, 0.8) + y * rng.uniform(0.2, 0.4)).astype(np.uint8)
    picture = np.repeat(scene[:, :, np.newaxis], 3, axis=2)
    picture[8:40, 10:60] = 220
    return picture


def hung(scene: Picture, orientation: Orientation) -> Picture:
    """Return what a camera sees of a scene that this orientation puts upright."""
    seen = scene[:, ::-1] if orientation.mirrored else scene
    return np.ascontiguousarray(np.rot90(seen, orientation.turn // 90))
