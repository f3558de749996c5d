"""Devices that a test plays by hand: what they deliver, and when they break."""

import itertools
from dataclasses import replace

import numpy as np

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
    CameraSource,
    Detach,
    DeviceNotFound,
    FrameTap,
    MicrophoneSource,
    OpenFault,
    PullBlock,
    SourceState,
    SourceStatus,
    SpeakerSink,
)
from preflight.devices.taps import TapList

CAMERA = DeviceInfo(DeviceId("/dev/video0"), "Fake camera", DeviceKind.REAL)
MICROPHONE = DeviceInfo(DeviceId("fake_source"), "Fake microphone", DeviceKind.REAL)
SPEAKER = DeviceInfo(DeviceId("fake_sink"), "Fake speaker", DeviceKind.REAL)
_FRAME_NS = 33_333_333
_BLOCK_NS = 10_000_000


class FakeSource:
    """What the fake camera and microphone share: a status that the test sets."""

    def __init__(self, info: DeviceInfo) -> None:
        self._info = info
        self._status = SourceStatus(SourceState.CLOSED)
        self.opens = 0
        self.closes = 0

    @property
    def info(self) -> DeviceInfo:
        return self._info

    @property
    def status(self) -> SourceStatus:
        return self._status

    def close(self) -> None:
        self.closes += 1
        self._status = replace(self._status, state=SourceState.CLOSED)

    def become_open(self, open_ms: float = 120.0) -> None:
        """The driver opened; nothing was delivered yet."""
        self._status = SourceStatus(SourceState.RUNNING, open_ms=open_ms)

    def fail(self, fault: OpenFault, *, holder: str | None = None) -> None:
        """The driver refused."""
        self._status = SourceStatus(SourceState.FAILED, fault, holder=holder)

    def lose(self, fault: OpenFault = OpenFault.UNPLUGGED) -> None:
        """The cable was pulled, or nothing comes any more."""
        self._status = replace(self._status, state=SourceState.LOST, fault=fault)

    def _note_open(self) -> None:
        self.opens += 1
        self._status = SourceStatus(SourceState.OPENING)

    def _note_first(self) -> None:
        if self._status.first_ms is None:
            open_ms = self._status.open_ms if self._status.open_ms is not None else 120.0
            self._status = SourceStatus(SourceState.RUNNING, open_ms=open_ms, first_ms=80.0)


class FakeCamera(FakeSource):
    """``CameraSource``: ``deliver`` hands a frame to the taps at once, on the test's thread."""

    def __init__(self, info: DeviceInfo = CAMERA) -> None:
        super().__init__(info)
        self._taps: TapList[CameraFrame] = TapList(info.id)
        self._mode: CameraMode | None = None
        self.orientation = UPRIGHT
        self.wishes: list[ModeWish] = []

    def open(self) -> None:
        self._note_open()

    @property
    def mode(self) -> CameraMode | None:
        return self._mode

    def orient(self, orientation: Orientation) -> None:
        self.orientation = orientation

    def ask_mode(self, wish: ModeWish) -> None:
        self.wishes.append(wish)

    def attach(self, tap: FrameTap) -> Detach:
        return self._taps.attach(tap)

    def deliver(self, frame: CameraFrame) -> None:
        height, width = frame.pixels.shape[:2]
        self._mode = CameraMode(width, height, 30.0)
        self._note_first()
        self._taps.deliver(frame)


class FakeMicrophone(FakeSource):
    """``MicrophoneSource``: ``deliver`` hands a block to the taps at once."""

    def __init__(self, info: DeviceInfo = MICROPHONE, channels: int = 1) -> None:
        super().__init__(info)
        self._taps: TapList[AudioBlock] = TapList(info.id)
        self._channels = channels
        self.own_rate_hz: int | None = None
        self.overflows = 0

    def open(self) -> None:
        self._note_open()

    @property
    def channels(self) -> int:
        return self._channels

    def attach(self, tap: BlockTap) -> Detach:
        return self._taps.attach(tap)

    def deliver(self, block: AudioBlock) -> None:
        self._note_first()
        self._taps.deliver(block)


class FakeSpeaker(FakeSource):
    """``SpeakerSink``: plays only when the test says ``play``."""

    def __init__(self, info: DeviceInfo = SPEAKER) -> None:
        super().__init__(info)
        self._pull: PullBlock | None = None
        self.latency_ms = 30.0
        self.played: list[AudioBlock | None] = []

    def open(self, pull: PullBlock) -> None:
        if self._pull is None:
            self._note_open()
            self.become_open()
        self._pull = pull

    def play(self, blocks: int = 1) -> None:
        """Let the device ask for blocks; what it got is in ``played``."""
        assert self._pull is not None, "the speaker is not open"
        for _ in range(blocks):
            self.played.append(self._pull())


class FakeCatalogue:
    """``DeviceCatalogue`` of one device each; None: this machine has none."""

    def __init__(
        self,
        camera: FakeCamera | None = None,
        microphone: FakeMicrophone | None = None,
        speaker: FakeSpeaker | None = None,
    ) -> None:
        self.camera_device = camera
        self.microphone_device = microphone
        self.speaker_device = speaker
        self.camera_is_set = False
        self.microphone_is_set = False
        self.speaker_is_set = False

    def cameras(self) -> tuple[DeviceInfo, ...]:
        return (self.camera_device.info,) if self.camera_device else ()

    def microphones(self) -> tuple[DeviceInfo, ...]:
        return (self.microphone_device.info,) if self.microphone_device else ()

    def speakers(self) -> tuple[DeviceInfo, ...]:
        return (self.speaker_device.info,) if self.speaker_device else ()

    def camera(self, choice: DeviceId | None) -> CameraSource:
        if self.camera_device is None:
            raise DeviceNotFound("camera", choice)
        return self.camera_device

    def microphone(self, choice: DeviceId | None) -> MicrophoneSource:
        if self.microphone_device is None:
            raise DeviceNotFound("microphone", choice)
        return self.microphone_device

    def speaker(self, choice: DeviceId | None) -> SpeakerSink:
        if self.speaker_device is None:
            raise DeviceNotFound("speaker", choice)
        return self.speaker_device


class FrameMaker:
    """Makes frames one frame interval apart; by default each differs from the last."""

    def __init__(self, width: int = 320, height: int = 180) -> None:
        self._shape = (height, width, 3)
        self._numbers = itertools.count()

    def frame(self, level: int | None = None) -> CameraFrame:
        """A frame of one grey level, or of noise."""
        number = next(self._numbers)
        if level is None:
            random = np.random.default_rng(number)
            pixels = random.integers(30, 220, self._shape, dtype=np.uint8)
        else:
            pixels = np.full(self._shape, level, np.uint8)
        pixels.flags.writeable = False
        return CameraFrame(pixels, 1_000_000_000 + number * _FRAME_NS)


class BlockMaker:
    """Makes blocks 10 ms apart: a tone of the given peak, or silence for 0."""

    def __init__(self, channels: int = 1, hz: float = 440.0) -> None:
        self._channels = channels
        self._hz = hz
        self._numbers = itertools.count()

    def block(self, peak: int = 8192) -> AudioBlock:
        number = next(self._numbers)
        at = np.arange(number * BLOCK_SAMPLES, (number + 1) * BLOCK_SAMPLES) / 48_000
        mono = np.round(peak * np.sin(2 * np.pi * self._hz * at)).astype(np.int16)
        samples = np.repeat(mono[:, np.newaxis], self._channels, axis=1)
        samples.flags.writeable = False
        return AudioBlock(samples, 1_000_000_000 + number * _BLOCK_NS)
