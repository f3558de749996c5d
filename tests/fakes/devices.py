"""Devices, system and network of the preflight in memory and virtual time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from client_api.clock import Clock
from client_api.wire import ProbeRoom
from preflight.devices.frames import (
    BLOCK_SAMPLES,
    AudioBlock,
    CameraFrame,
    CameraMode,
    DeviceId,
    DeviceInfo,
    DeviceKind,
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
from preflight.model import Measured
from preflight.probe.network_probe import HealthLook
from preflight.probe.protocol import Question
from preflight.system.ports import Holder, InputLevel, Permission

CAMERA = DeviceInfo(DeviceId("/dev/video0"), "Garage camera", DeviceKind.REAL)
OTHER_CAMERA = DeviceInfo(DeviceId("/dev/video2"), "Lamp camera", DeviceKind.REAL)
MICROPHONE = DeviceInfo(DeviceId("mic.usb"), "Headset", DeviceKind.REAL)
SPEAKER = DeviceInfo(DeviceId("out.pci"), "Loudspeakers", DeviceKind.REAL)

_RANDOM = np.random.default_rng(5)
_Y, _X = np.mgrid[0:120, 0:160]
_SCENE = np.where((_X // 20 + _Y // 20) % 2 == 0, 40, 150)[:, :, np.newaxis]


def live_picture() -> np.ndarray:
    """A chequered wall with fresh noise, 160x120."""
    return (_SCENE + _RANDOM.integers(0, 6, (120, 160, 3))).astype(np.uint8)


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
    """A `CameraSource` that shows what ``picture`` makes, ``fps`` times a second."""

    def __init__(self, clock: Clock, info: DeviceInfo = CAMERA, *, fps: float = 30) -> None:
        super().__init__(clock, info)
        self.period_s = 1 / fps
        self.picture: Callable[[], np.ndarray] = live_picture
        self.mode: CameraMode | None = None
        self.taps: list[FrameTap] = []
        self._unread: CameraFrame | None = None

    def attach(self, tap: FrameTap) -> Detach:
        self.taps.append(tap)

        def detach() -> None:
            with suppress(ValueError):
                self.taps.remove(tap)

        return detach

    def latest(self) -> CameraFrame | None:
        frame, self._unread = self._unread, None
        return frame

    def emit(self) -> None:
        frame = CameraFrame(self.picture(), self.clock.monotonic_ns())
        self.mode = CameraMode(frame.pixels.shape[1], frame.pixels.shape[0], 1 / self.period_s)
        self._unread = frame
        for tap in tuple(self.taps):
            tap(frame)


class FakeMicrophone(_Source):
    """A `MicrophoneSource` of a steady loudness; amplitude 0 is digital silence."""

    period_s = 0.01

    def __init__(self, clock: Clock, info: DeviceInfo = MICROPHONE) -> None:
        super().__init__(clock, info, open_s=0.05)
        self.amplitude = 2000
        self.channels = 1
        self.overflows = 0
        self.taps: list[BlockTap] = []

    def attach(self, tap: BlockTap) -> Detach:
        self.taps.append(tap)

        def detach() -> None:
            with suppress(ValueError):
                self.taps.remove(tap)

        return detach

    def emit(self) -> None:
        samples = np.full((BLOCK_SAMPLES, 1), self.amplitude, np.int16)
        for tap in tuple(self.taps):
            tap(AudioBlock(samples, self.clock.monotonic_ns()))


class FakeSpeaker:
    """A `SpeakerSink` that plays nothing but remembers."""

    def __init__(self, info: DeviceInfo = SPEAKER) -> None:
        self.info = info
        self.status = SourceStatus(SourceState.CLOSED)
        self.latency_ms = 20.0
        self.pull: PullBlock | None = None
        self.opened = 0

    def open(self, pull: PullBlock) -> None:
        self.opened += 1
        self.pull = pull
        self.status = SourceStatus(SourceState.RUNNING, open_ms=1.0)

    def close(self) -> None:
        self.status = SourceStatus(SourceState.CLOSED)


class FakeCatalogue:
    """A `DeviceCatalogue` over lists the test changes; ``made`` holds every source it made.

    ``camera_mood`` and ``microphone_mood`` are called with each new source.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.camera_infos: tuple[DeviceInfo, ...] = (CAMERA,)
        self.microphone_infos: tuple[DeviceInfo, ...] = (MICROPHONE,)
        self.speaker_infos: tuple[DeviceInfo, ...] = (SPEAKER,)
        self.camera_mood: Callable[[FakeCamera], None] = lambda _: None
        self.microphone_mood: Callable[[FakeMicrophone], None] = lambda _: None
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
        speaker = FakeSpeaker(_chosen("speaker", self.speaker_infos, choice))
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

    def settings_link(self, what: str) -> str | None:
        return None if self.link is None else f"{self.link}-{what}"


GOOD_REACH: Measured = {"dns_ok": True, "dns_ms": 2.0, "tcp_ok": True, "tls_ok": True}


class FakeNetworkProbe:
    """A `NetworkProbe` with a line of a settable round trip."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.reach_figures: Measured = GOOD_REACH
        self.healthy = True
        self.rtt_ms = 24.0
        self.connects = True
        self.start_s = 0.5
        self.begun = 0
        self.looks = 0
        self.ended = 0
        self.end_s = 0.0
        self.joined_rooms: list[str] = []
        self.advice: dict[Question, Measured | Exception] = {
            "portal": {"portal": False, "answer": "exact"},
            "interception": {"fault": "not_offered"},
            "families": {"family_broken": False, "ipv4_answers": True},
            "large_packets": {"black_hole": False, "stalls": 0},
        }
        self.asked: list[Question] = []
        self.more: Measured = {}

    def begin(self, *, with_room: bool) -> None:
        self.begun += 1

    async def ready(self, *, for_room: bool) -> None:
        await self._clock.sleep(self.start_s)

    async def reach(self, url: str) -> Measured:
        await self._clock.sleep(0.05)
        return self.reach_figures

    async def look_at_health(self, url: str, *, samples: int, budget_s: float) -> HealthLook:
        self.looks += 1
        await self._clock.sleep(samples * (0.1 + self.rtt_ms / 1000))
        return HealthLook(
            {
                "healthy": self.healthy,
                "lost": 0,
                "samples": samples,
                "status": 200,
                "rtt_median_ms": self.rtt_ms,
                **self.more,
            },
            (self.rtt_ms,) * samples,
        )

    async def signal(self, room: ProbeRoom) -> Measured:
        await self._clock.sleep(0.01)
        return {"joined": self.connects, "join_ms": 8.0}

    async def join(self, room: ProbeRoom) -> Measured:
        await self._clock.sleep(0.2)
        self.joined_rooms.append(room.room)
        return {"connected": self.connects, "connect_ms": 200.0}

    async def advice_ready(self) -> None:
        await self._clock.sleep(0.1)

    async def advise(self, question: Question, url: str) -> Measured:
        self.asked.append(question)
        await self._clock.sleep(0.05)
        answer = self.advice[question]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def end(self) -> None:
        if self.end_s:
            await self._clock.sleep(self.end_s)
        self.ended += 1
