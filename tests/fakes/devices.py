"""Devices, system and network of the preflight in memory and virtual time."""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from client_api.clock import Clock
from preflight.devices.frames import (
    BLOCK_SAMPLES,
    UPRIGHT,
    AudioBlock,
    CameraFrame,
    CameraMode,
    DeviceId,
    DeviceInfo,
    DeviceKind,
    ModeWish,
    Orientation,
)
from preflight.devices.ports import (
    BlockTap,
    Detach,
    DeviceNotFound,
    FrameTap,
    OpenFault,
    PullBlock,
    SourceState,
    SourceStatus,
)
from preflight.devices.turned import put_upright
from preflight.system.ports import Holder, InputLevel, Permission
from preflight.system.settings_pages import Opening, SettingsPage

CAMERA = DeviceInfo(DeviceId("/dev/video0"), "Garage camera", DeviceKind.REAL)
OTHER_CAMERA = DeviceInfo(DeviceId("/dev/video2"), "Lamp camera", DeviceKind.REAL)
MICROPHONE = DeviceInfo(DeviceId("mic.usb"), "Headset", DeviceKind.REAL)
SPEAKER = DeviceInfo(DeviceId("out.pci"), "Loudspeakers", DeviceKind.REAL)

_RANDOM = np.random.default_rng(5)
_Y, _X = np.mgrid[0:120, 0:160]
_SCENE = np.where((_X // 20 + _Y // 20) % 2 == 0, 40, 150)[:, :, np.newaxis]


_LIVE = [(_SCENE + _RANDOM.integers(0, 6, (120, 160, 3))).astype(np.uint8) for _ in range(97)]
_next_live = itertools.count()


def live_picture() -> np.ndarray:
    """A chequered wall with other noise than a moment ago, 160x120."""
    # Made once: tests see tens of thousands of them.
    return _LIVE[next(_next_live) % len(_LIVE)]


def black_picture() -> np.ndarray:
    """What a covered lens sends: next to nothing, with noise."""
    return _RANDOM.integers(0, 9, (120, 160, 3)).astype(np.uint8)


def same_picture() -> np.ndarray:
    """The same picture every time."""
    return np.broadcast_to(_SCENE, (120, 160, 3)).astype(np.uint8)


class _Source:
    """What a fake camera and a fake microphone share: opening, state, pumping in clock time."""

    period_s = 0.0

    def __init__(self, clock: Clock, info: DeviceInfo, *, open_s: float = 0.2) -> None:
        self.clock = clock
        self.info = info
        self.open_s: float | None = open_s
        self.fault: OpenFault | None = None
        self.holder: str | None = None
        self.delivers = True
        self.opened = 0
        self.closed = 0
        self.status = SourceStatus(SourceState.CLOSED)
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        self.opened += 1
        self.status = SourceStatus(SourceState.OPENING)
        self._task = asyncio.get_running_loop().create_task(self._live())

    def close(self) -> None:
        self.closed += 1
        if self._task is not None:
            # The facade closes devices from a thread of its own.
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self.status = replace(self.status, state=SourceState.CLOSED)

    def unplug(self) -> None:
        """Pull the cable."""
        if self._task is not None:
            self._task.cancel()
        self.status = replace(self.status, state=SourceState.LOST, fault=OpenFault.UNPLUGGED)

    async def _live(self) -> None:
        if self.open_s is None:
            await asyncio.Event().wait()
        await self.clock.sleep(self.open_s or 0)
        if self.fault is not None:
            self.status = SourceStatus(SourceState.FAILED, self.fault, holder=self.holder)
            return
        self.status = SourceStatus(SourceState.RUNNING, open_ms=(self.open_s or 0) * 1000)
        started_ns = self.clock.monotonic_ns()
        while True:
            await self.clock.sleep(self.period_s)
            if not self.delivers:
                continue
            if self.status.first_ms is None:
                first_ms = (self.clock.monotonic_ns() - started_ns) / 1e6
                self.status = replace(self.status, first_ms=first_ms)
            self.emit()

    def emit(self) -> None:
        """Deliver one item."""


class FakeCamera(_Source):
    """A `CameraSource` that shows what ``picture`` makes, ``fps`` times a second.

    ``on_wish`` is called with each mode that is asked for; all are kept in ``wishes``.
    """

    def __init__(self, clock: Clock, info: DeviceInfo = CAMERA, *, fps: float = 30) -> None:
        super().__init__(clock, info)
        self.period_s = 1 / fps
        self.picture: Callable[[], np.ndarray] = live_picture
        self.mode: CameraMode | None = None
        self.taps: list[FrameTap] = []
        self.orientation = UPRIGHT
        self.fourcc = "MJPG"
        self.wishes: list[ModeWish] = []
        self.on_wish: Callable[[ModeWish], None] = lambda _: None

    def attach(self, tap: FrameTap) -> Detach:
        self.taps.append(tap)

        def detach() -> None:
            with suppress(ValueError):
                self.taps.remove(tap)

        return detach

    def orient(self, orientation: Orientation) -> None:
        self.orientation = orientation

    def ask_mode(self, wish: ModeWish) -> None:
        self.wishes.append(wish)
        self.on_wish(wish)

    def emit(self) -> None:
        seen = CameraFrame(self.picture(), self.clock.monotonic_ns())
        frame = put_upright(seen, self.orientation)
        height, width = frame.pixels.shape[:2]
        self.mode = CameraMode(width, height, 1 / self.period_s, self.fourcc)
        for tap in tuple(self.taps):
            tap(frame)


def voice_blocks(amplitude: int, channels: int = 1) -> list[np.ndarray]:
    """Half a second of somebody speaking: 300 ms of a tone over a quiet room, 200 ms of the room.

    An amplitude of 0 is digital silence.
    """
    if amplitude == 0:
        return [np.zeros((BLOCK_SAMPLES, channels), np.int16)] * 50
    tone = amplitude * np.sin(2 * np.pi * 500 * np.arange(BLOCK_SAMPLES) / 48_000)
    room = np.random.default_rng(7).normal(0, min(10.0, amplitude / 20), (50, BLOCK_SAMPLES))
    room[:30] += tone
    made = np.round(room).clip(-32768, 32767).astype(np.int16)
    return [np.repeat(block[:, np.newaxis], channels, axis=1) for block in made]


class FakeMicrophone(_Source):
    """A `MicrophoneSource` that says a syllable every half second; amplitude 0 is silence.

    ``hears`` gives the 480 samples that end at a moment instead.
    """

    period_s = 0.01

    def __init__(self, clock: Clock, info: DeviceInfo = MICROPHONE) -> None:
        super().__init__(clock, info, open_s=0.05)
        self.amplitude = 2000
        self.channels = 1
        self.own_rate_hz: int | None = None
        self.overflows = 0
        self.hears: Callable[[int], np.ndarray] | None = None
        self.taps: list[BlockTap] = []
        self._spoken_with: tuple[int, int] | None = None
        self._blocks: Iterator[np.ndarray] = iter(())

    def attach(self, tap: BlockTap) -> Detach:
        self.taps.append(tap)

        def detach() -> None:
            with suppress(ValueError):
                self.taps.remove(tap)

        return detach

    def say(self, blocks: Sequence[np.ndarray]) -> None:
        """Deliver these blocks of (480, channels) round and round."""
        self.channels = blocks[0].shape[1]
        self._spoken_with = (self.amplitude, self.channels)
        self._blocks = itertools.cycle(blocks)

    def emit(self) -> None:
        now_ns = self.clock.monotonic_ns()
        if self.hears is not None:
            samples = self.hears(now_ns)[:, np.newaxis]
        else:
            if self._spoken_with != (self.amplitude, self.channels):
                self._spoken_with = (self.amplitude, self.channels)
                self._blocks = itertools.cycle(voice_blocks(self.amplitude, self.channels))
            samples = next(self._blocks)
        for tap in tuple(self.taps):
            tap(AudioBlock(samples, now_ns))


class FakeSpeaker:
    """A `SpeakerSink` that plays nothing but remembers; ``played`` is told of every block.

    Without a clock it pulls nothing; one that ``hangs`` opens for ever.
    """

    def __init__(self, info: DeviceInfo = SPEAKER, clock: Clock | None = None) -> None:
        self.info = info
        self.clock = clock
        self.fault: OpenFault | None = None
        self.hangs = False
        self.status = SourceStatus(SourceState.CLOSED)
        self.latency_ms = 20.0
        self.pull: PullBlock | None = None
        self.opened = 0
        self.played: Callable[[AudioBlock, int], None] = lambda _block, _at_ns: None
        self._task: asyncio.Task[None] | None = None

    def open(self, pull: PullBlock) -> None:
        self.opened += 1
        self.pull = pull
        if self.hangs:
            self.status = SourceStatus(SourceState.OPENING)
            return
        if self.fault is not None:
            self.status = SourceStatus(SourceState.FAILED, self.fault)
            return
        self.status = SourceStatus(SourceState.RUNNING, open_ms=1.0)
        if self.clock is not None and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._live(self.clock))

    def close(self) -> None:
        if self._task is not None:
            # The facade closes devices from a thread of its own.
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self.status = SourceStatus(SourceState.CLOSED)

    async def _live(self, clock: Clock) -> None:
        while True:
            await clock.sleep(BLOCK_SAMPLES / 48_000)
            block = None if self.pull is None else self.pull()
            if block is not None:
                self.played(block, clock.monotonic_ns())


class FakeCatalogue:
    """A `DeviceCatalogue` over lists the test changes; ``made`` holds every source it made.

    ``camera_mood``, ``microphone_mood`` and ``speaker_mood`` are called with each new source.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.camera_infos: tuple[DeviceInfo, ...] = (CAMERA,)
        self.microphone_infos: tuple[DeviceInfo, ...] = (MICROPHONE,)
        self.speaker_infos: tuple[DeviceInfo, ...] = (SPEAKER,)
        self.camera_is_set = False
        self.microphone_is_set = False
        self.speaker_is_set = False
        self.camera_mood: Callable[[FakeCamera], None] = lambda _: None
        self.microphone_mood: Callable[[FakeMicrophone], None] = lambda _: None
        self.speaker_mood: Callable[[FakeSpeaker], None] = lambda _: None
        self.made_cameras: list[FakeCamera] = []
        self.made_microphones: list[FakeMicrophone] = []
        self.made_speakers: list[FakeSpeaker] = []

    def cameras(self) -> tuple[DeviceInfo, ...]:
        return self.camera_infos

    def microphones(self) -> tuple[DeviceInfo, ...]:
        return self.microphone_infos

    def speakers(self) -> tuple[DeviceInfo, ...]:
        return self.speaker_infos

    def camera(self, choice: DeviceId | None) -> FakeCamera:
        camera = FakeCamera(self._clock, _chosen("camera", self.camera_infos, choice))
        self.camera_mood(camera)
        self.made_cameras.append(camera)
        return camera

    def microphone(self, choice: DeviceId | None) -> FakeMicrophone:
        microphone = FakeMicrophone(
            self._clock, _chosen("microphone", self.microphone_infos, choice)
        )
        self.microphone_mood(microphone)
        self.made_microphones.append(microphone)
        return microphone

    def speaker(self, choice: DeviceId | None) -> FakeSpeaker:
        speaker = FakeSpeaker(_chosen("speaker", self.speaker_infos, choice), self._clock)
        self.speaker_mood(speaker)
        self.made_speakers.append(speaker)
        return speaker


def _chosen(what: str, infos: tuple[DeviceInfo, ...], choice: DeviceId | None) -> DeviceInfo:
    for info in infos:
        if choice is None or info.id == choice:
            return info
    raise DeviceNotFound(what, choice)


class FakeSystem:
    """A `SystemProbe` that says what the test wants."""

    def __init__(self) -> None:
        self.camera = Permission.GRANTED
        self.microphone = Permission.GRANTED
        self.level: InputLevel | None = None
        self.camera_held_by: Holder | None = None
        self.microphone_held_by: Holder | None = None
        self.link: str | None = None
        self.driver: str | None = "uvcvideo"
        self.requests: list[str] = []
        self.on_request: Callable[[str], None] = lambda _what: None

    def request_permission(self, what: str) -> None:
        self.requests.append(what)
        self.on_request(what)

    def camera_permission(self, device: str) -> Permission:
        return self.camera

    def microphone_permission(self, device: str) -> Permission:
        return self.microphone

    def camera_holder(self, device: str) -> Holder | None:
        return self.camera_held_by

    def camera_driver(self, device: str) -> str | None:
        return self.driver

    def microphone_holder(self, device: str) -> Holder | None:
        return self.microphone_held_by

    def microphone_level(self, device: str) -> InputLevel | None:
        return self.level

    def settings_page(self, page: SettingsPage) -> Opening | None:
        return None if self.link is None else Opening(f"{self.link}-{page.value}")
