"""Two devices of each role that open at once, and a catalogue of them whose spare ones may fail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import (
    CameraSource,
    DeviceNotFound,
    MicrophoneSource,
    OpenFault,
    PullBlock,
    SpeakerSink,
)
from tests.fakes.played_devices import (
    BlockMaker,
    FakeCamera,
    FakeMicrophone,
    FakeSource,
    FakeSpeaker,
    FrameMaker,
)


def named(name: str) -> DeviceInfo:
    """A real device; its id is its name in small letters."""
    return DeviceInfo(DeviceId(name.lower()), name, DeviceKind.REAL)


class Eager(FakeSource):
    """A device that opens as its fault says, at once."""

    fault: OpenFault | None = None

    def answer(self) -> None:
        """Tell how the opening went."""
        if self.fault is None:
            self.start()
        else:
            self.fail(self.fault)

    def start(self) -> None:
        """Deliver something, if this kind of device delivers."""


class EagerCamera(Eager, FakeCamera):
    def open(self) -> None:
        super().open()
        self.answer()

    def start(self) -> None:
        self.deliver(FrameMaker().frame())


class EagerMicrophone(Eager, FakeMicrophone):
    def open(self) -> None:
        super().open()
        self.answer()

    def start(self) -> None:
        self.deliver(BlockMaker().block())


class EagerSpeaker(Eager, FakeSpeaker):
    def open(self, pull: PullBlock) -> None:
        super().open(pull)
        self.answer()


Source = TypeVar("Source", EagerCamera, EagerMicrophone, EagerSpeaker)


@dataclass
class Shelf:
    """A `DeviceCatalogue` of two devices of each role, of which the spare ones may fail."""

    fault: OpenFault | None = None
    is_broken: bool = False
    is_empty: bool = False
    made: list[FakeCamera | FakeMicrophone | FakeSpeaker] = field(default_factory=list)
    camera_is_set: bool = False
    microphone_is_set: bool = False
    speaker_is_set: bool = False

    def cameras(self) -> tuple[DeviceInfo, ...]:
        return named("Camera"), named("Spare")

    def microphones(self) -> tuple[DeviceInfo, ...]:
        return named("Microphone"), named("Spare")

    def speakers(self) -> tuple[DeviceInfo, ...]:
        return named("Speaker"), named("Spare")

    def camera(self, choice: DeviceId | None) -> CameraSource:
        return self._make(EagerCamera, choice)

    def microphone(self, choice: DeviceId | None) -> MicrophoneSource:
        return self._make(EagerMicrophone, choice)

    def speaker(self, choice: DeviceId | None) -> SpeakerSink:
        return self._make(EagerSpeaker, choice)

    def _make(self, kind: Callable[[DeviceInfo], Source], choice: DeviceId | None) -> Source:
        assert choice is not None
        if self.is_empty:
            raise DeviceNotFound("device", choice)
        if self.is_broken:
            raise ZeroDivisionError
        source = kind(DeviceInfo(choice, choice.title(), DeviceKind.REAL))
        source.fault = self.fault
        self.made.append(source)
        return source
