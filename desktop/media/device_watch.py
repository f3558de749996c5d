"""Notices that an own device stopped in mid-call: nobody shall pay while the microphone is dead.

A device tells its loss only when it is asked; the room asks twice a second.
"""

from enum import Enum

from desktop.call.setup import LocalMedia
from preflight.devices.ports import CameraSource, MicrophoneSource, SourceState, SpeakerSink

_STOPPED = (SourceState.FAILED, SourceState.LOST, SourceState.CLOSED)
"""Closed as well: a dead device is closed before it is opened anew, and is not back by that."""


class Device(Enum):
    """What is watched."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"


class DeviceWatch:
    """Watches the camera, the microphone and the loudspeaker that are in use."""

    def __init__(self) -> None:
        self._sources: dict[Device, CameraSource | MicrophoneSource | SpeakerSink] = {}
        self._stopped: set[Device] = set()

    def use(self, media: LocalMedia) -> None:
        """Watch these from now on. A device that replaces a stopped one is told as coming back."""
        self._sources = {}
        if media.camera is not None:
            self._sources[Device.CAMERA] = media.camera
        if media.microphone is not None:
            self._sources[Device.MICROPHONE] = media.microphone
        if media.speaker is not None:
            self._sources[Device.SPEAKER] = media.speaker

    def look(self) -> list[tuple[Device, str | None]]:
        """Return what changed since the last look: the fault of one that stopped, else None."""
        changes: list[tuple[Device, str | None]] = []
        for kind, source in self._sources.items():
            status = source.status
            has_stopped = status.state in _STOPPED
            if has_stopped == (kind in self._stopped):
                continue
            if has_stopped:
                self._stopped.add(kind)
                fault = status.fault.value if status.fault is not None else "unknown"
                changes.append((kind, f"the device stopped: {fault}"))
            else:
                self._stopped.discard(kind)
                changes.append((kind, None))
        return changes
