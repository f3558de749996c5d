"""``QMediaDevices`` as a hint that something was plugged in or out.

Only a hint: without a Pulse server its lists are empty and it never signals. Loading
QtMultimedia costs memory, so it is imported when the first one subscribes.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from preflight.system.ports import Unsubscribe

DEBOUNCE_MS = 300


class QtHotplug:
    """``HotplugHint`` on the Qt thread; several changes at once become one hint."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[], None]] = []
        self._devices: QObject | None = None
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._tell)

    def subscribe(self, changed: Callable[[], None]) -> Unsubscribe:
        self._watch()
        self._subscribers.append(changed)

        def unsubscribe() -> None:
            if changed in self._subscribers:
                self._subscribers.remove(changed)

        return unsubscribe

    def note_change(self) -> None:
        """Take a change from elsewhere (a test, a resumed machine) as Qt's own."""
        self._timer.start()

    def _watch(self) -> None:
        if self._devices is not None:
            return
        from PySide6.QtMultimedia import QMediaDevices

        devices = QMediaDevices()
        devices.videoInputsChanged.connect(self.note_change)
        devices.audioInputsChanged.connect(self.note_change)
        devices.audioOutputsChanged.connect(self.note_change)
        self._devices = devices

    def _tell(self) -> None:
        for changed in tuple(self._subscribers):
            changed()
