"""Notices that an own device stopped in mid-call: nobody shall pay while the microphone is dead.

A source tells its loss only when it is asked; the room asks twice a second.
"""

from desktop.call.events import TrackKind
from desktop.call.setup import LocalMedia
from preflight.devices.ports import CameraSource, MicrophoneSource, SourceState

_STOPPED = (SourceState.FAILED, SourceState.LOST)


class DeviceWatch:
    """Watches the camera and the microphone that are in use."""

    def __init__(self) -> None:
        self._sources: dict[TrackKind, CameraSource | MicrophoneSource] = {}
        self._stopped: set[TrackKind] = set()

    def use(self, media: LocalMedia) -> None:
        """Watch these from now on. A device that replaces a stopped one is told as coming back."""
        self._sources = {}
        if media.camera is not None:
            self._sources[TrackKind.CAMERA] = media.camera
        if media.microphone is not None:
            self._sources[TrackKind.MICROPHONE] = media.microphone

    def look(self) -> list[tuple[TrackKind, str | None]]:
        """Return what changed since the last look: the fault of one that stopped, else None."""
        changes: list[tuple[TrackKind, str | None]] = []
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
