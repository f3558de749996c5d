"""What Qt knows of permissions: the truth on macOS, always "granted" on Linux.

Qt answers on its own thread alone, with an application object in place, and the checks ask beside
the loop: a question from another thread is carried to Qt's and its answer back.
"""

import threading
from collections.abc import Callable

from PySide6.QtCore import (
    QCameraPermission,
    QCoreApplication,
    QMicrophonePermission,
    QObject,
    QThread,
    Signal,
    Slot,
)

UNKNOWN = "Unknown"
"""Nobody could be asked: opening the device will tell."""
CHECK_WITHIN_S = 0.7
"""Within the second that a check of the permission has."""
ANSWER_WITHIN_S = 50.0
"""For how long a person's answer to the system's question is waited for."""

_Answer = Callable[[str], None]


class QtPermissions(QObject):
    """Asks Qt from any thread; blocks there, never on Qt's own.

    Signals:
        _asked: what ("camera" or "microphone"), whether the person shall be asked, and who
            takes the answer.
    """

    _asked = Signal(str, bool, object)

    def __init__(self) -> None:
        super().__init__()
        self._asked.connect(self._on_asked)

    def status(self, what: str) -> str:
        """Return "Granted", "Denied", "Undetermined" or "Unknown"; waits 0.7 s at most."""
        return self._ask(what, False, CHECK_WITHIN_S)

    def request(self, what: str) -> str:
        """Have the system ask the person, where it never has; return the answer as `status` does.

        Waits up to 50 s for it; the system's question stays longer.
        """
        return self._ask(what, True, ANSWER_WITHIN_S)

    def _ask(self, what: str, request: bool, within_s: float) -> str:
        app = QCoreApplication.instance()
        if app is None:
            return UNKNOWN
        if QThread.currentThread() is app.thread():
            return str(app.checkPermission(_permission(what)).name)
        if self.thread() is not app.thread():
            # Made before there was an application, or beside it.
            return UNKNOWN
        told: list[str] = []
        answered = threading.Event()

        def answer(word: str) -> None:
            told.append(word)
            answered.set()

        self._asked.emit(what, request, answer)
        return told[0] if answered.wait(within_s) else UNKNOWN

    @Slot(str, bool, object)
    def _on_asked(self, what: str, request: bool, answer: _Answer) -> None:
        app = QCoreApplication.instance()
        if app is None:
            answer(UNKNOWN)
        elif request:
            permission = _permission(what)
            app.requestPermission(permission, self, lambda given: answer(given.status().name))
        else:
            answer(str(app.checkPermission(_permission(what)).name))


def _permission(what: str) -> QCameraPermission | QMicrophonePermission:
    return QCameraPermission() if what == "camera" else QMicrophonePermission()
