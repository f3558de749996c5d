"""How late the window's thread does what is due."""

import time

from PySide6.QtCore import Qt, QTimer

from desktop.media.call_metrics import TICK_S, Series, Spread


class QtStallMeter:
    """Counts the delays of one Qt timer of 5 ms.

    The loop's ``call_later`` makes and ends a Qt timer for each turn; two hundred of those a
    second cost three times what is measured here.
    """

    def __init__(self) -> None:
        self._late_ms = Series()
        self._due_s = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(TICK_S * 1000))
        self._timer.timeout.connect(self._on_due)

    @property
    def spread(self) -> Spread:
        """Delays since the last ``reset()``, in milliseconds."""
        return self._late_ms.spread()

    def start(self) -> None:
        """Begin to measure; the application's event loop must run."""
        if not self._timer.isActive():
            self._arm()

    def reset(self) -> None:
        """Forget what was measured."""
        self._late_ms.clear()

    def stop(self) -> None:
        """End the timer. Idempotent."""
        self._timer.stop()

    def _arm(self) -> None:
        self._due_s = time.monotonic() + TICK_S
        self._timer.start()

    def _on_due(self) -> None:
        self._late_ms.add(max(0.0, time.monotonic() - self._due_s) * 1000)
        self._arm()
