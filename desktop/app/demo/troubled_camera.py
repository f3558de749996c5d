"""A camera that misbehaves when it is told to, for tests of a whole client.

Only a demo plan can choose it, never a setting or the command line: nobody meets it by accident.
It is the demo's pattern behind the usual reader's port, so that everything above it (the source's
thread, the checks, the page) is the real thing.
"""

import threading
from collections.abc import Callable

from desktop.app.demo.trouble_switch import CameraTrouble
from preflight.devices.frames import CameraFrame, DeviceId, DeviceInfo
from preflight.devices.pattern_camera import PATTERN_INFO, PatternReader
from preflight.devices.ports import (
    CameraSource,
    DeviceCatalogue,
    DeviceNotFound,
    MicrophoneSource,
    OpenFault,
    SpeakerSink,
)
from preflight.devices.source_thread import DeviceGone, OpenFailed, OpenGuard
from preflight.devices.threaded_camera import FrameReader, ThreadedCamera

HOLDER = "OtherCall"
"""The program that holds the camera while it is busy."""


class TroubledCatalogue:
    """A `DeviceCatalogue` whose only camera is a troubled one; sound is the other catalogue's.

    Args:
        trouble: tells what is wrong with the camera now; asked on any thread.
    """

    def __init__(self, sound: DeviceCatalogue, trouble: Callable[[], CameraTrouble]) -> None:
        self._sound = sound
        self._trouble = trouble
        self._guard = OpenGuard()

    @property
    def camera_is_set(self) -> bool:
        return True

    @property
    def microphone_is_set(self) -> bool:
        return self._sound.microphone_is_set

    @property
    def speaker_is_set(self) -> bool:
        return self._sound.speaker_is_set

    def cameras(self) -> tuple[DeviceInfo, ...]:
        return () if self._trouble() is CameraTrouble.ABSENT else (PATTERN_INFO,)

    def camera(self, choice: DeviceId | None) -> CameraSource:
        if self._trouble() is CameraTrouble.ABSENT:
            raise DeviceNotFound("camera", choice)
        return ThreadedCamera(
            PATTERN_INFO, _TroubledReader(PatternReader(), self._trouble), self._guard
        )

    def microphones(self) -> tuple[DeviceInfo, ...]:
        return self._sound.microphones()

    def speakers(self) -> tuple[DeviceInfo, ...]:
        return self._sound.speakers()

    def microphone(self, choice: DeviceId | None) -> MicrophoneSource:
        return self._sound.microphone(choice)

    def speaker(self, choice: DeviceId | None) -> SpeakerSink:
        return self._sound.speaker(choice)


class _TroubledReader:
    """A reader that refuses to open, or loses its device, as it is told."""

    def __init__(self, picture: FrameReader, trouble: Callable[[], CameraTrouble]) -> None:
        self._picture = picture
        self._trouble = trouble

    @property
    def fps(self) -> float:
        return self._picture.fps

    def open(self) -> None:
        if self._trouble() is CameraTrouble.BUSY:
            raise OpenFailed(OpenFault.BUSY, "held, as the plan wants it", HOLDER)
        self._picture.open()

    def read(self, stop: threading.Event) -> CameraFrame | None:
        if self._trouble() is CameraTrouble.ABSENT:
            raise DeviceGone(OpenFault.UNPLUGGED, "gone, as the plan wants it")
        return self._picture.read(stop)

    def close(self) -> None:
        self._picture.close()
