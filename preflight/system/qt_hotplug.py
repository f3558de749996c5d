"""Qt's hints that something was plugged in or out; a hint only, the device libraries decide.

``QMediaDevices`` hears of cameras and, from a sound server, of sound. Without a server (Linux) its
lists of sound devices stay empty and it never signals, yet it brings FFmpeg into the process
(15 MB). On Linux the folders of device nodes are watched in any case, which tell of cameras and of
sound cards: not every build of QtMultimedia looks for cameras there. A server's own events are
heard as well: Qt 6.11 signals a microphone that comes and none that goes.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QFileSystemWatcher, QObject, QTimer

from preflight.system.ports import Unsubscribe
from preflight.system.pulse_events import PulseEvents

DEBOUNCE_MS = 300
LATEST_MS = 1000
_NODES = (Path("/dev"), Path("/dev/snd"))


class QtHotplug:
    """``HotplugHint`` on the Qt thread; several changes at once become one hint.

    Args:
        nodes: folders of device nodes to watch instead of asking QtMultimedia; None: what this
            system has, and QtMultimedia unless there is no sound server for it.
        pulse: the sound server's own events; None: those of this system, where it has a server and
            no ``nodes`` are named. They are heard while somebody is subscribed.
    """

    def __init__(
        self, nodes: tuple[Path, ...] | None = None, pulse: PulseEvents | None = None
    ) -> None:
        self._nodes = nodes
        self._pulse = pulse
        self._subscribers: list[Callable[[], None]] = []
        self._sources: list[QObject] = []
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._tell)
        self._since = QElapsedTimer()

    def subscribe(self, changed: Callable[[], None]) -> Unsubscribe:
        if not self._sources:
            self._sources = self._open_sources()
        self._subscribers.append(changed)
        if self._pulse is not None:
            self._pulse.start(self.note_change)

        def unsubscribe() -> None:
            if changed in self._subscribers:
                self._subscribers.remove(changed)
            if self._pulse is not None and not self._subscribers:
                self._pulse.stop()

        return unsubscribe

    def note_change(self) -> None:
        """Take a change from elsewhere (a test, a resumed machine) as Qt's own."""
        if not self._timer.isActive():
            self._since.start()
        elif self._since.hasExpired(LATEST_MS - DEBOUNCE_MS):
            # What comes and goes without a pause must not put the hint off for ever.
            return
        self._timer.start()

    def _open_sources(self) -> list[QObject]:
        if self._nodes is not None:
            return [self._watcher(self._nodes)]
        sources: list[QObject] = []
        if sys.platform.startswith("linux"):
            sources.append(self._watcher(_NODES))
        if not has_no_sound_server(sys.platform, os.environ):
            sources.append(self._media_devices())
            if self._pulse is None and sys.platform.startswith("linux"):
                self._pulse = PulseEvents()
        return sources

    def _watcher(self, nodes: tuple[Path, ...]) -> QObject:
        watcher = QFileSystemWatcher([str(folder) for folder in nodes if folder.is_dir()])
        watcher.directoryChanged.connect(self._on_nodes)
        return watcher

    def _media_devices(self) -> QObject:
        # Not before it is needed: loading it costs memory.
        from PySide6.QtMultimedia import QMediaDevices

        devices = QMediaDevices()
        devices.videoInputsChanged.connect(self.note_change)
        devices.audioInputsChanged.connect(self.note_change)
        devices.audioOutputsChanged.connect(self.note_change)
        return devices

    def _on_nodes(self, _folder: str) -> None:
        self.note_change()

    def _tell(self) -> None:
        for changed in tuple(self._subscribers):
            changed()


def has_no_sound_server(system: str, environment: Mapping[str, str]) -> bool:
    """True on Linux when neither ``PULSE_SERVER`` nor a socket names a Pulse server."""
    if not system.startswith("linux") or environment.get("PULSE_SERVER"):
        return False
    folder = environment.get("XDG_RUNTIME_DIR")
    return folder is None or not Path(folder, "pulse", "native").exists()
