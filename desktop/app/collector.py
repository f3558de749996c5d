"""Collects Python's cyclic garbage on the window's thread, and on no other.

Python collects on whichever thread happens to allocate the next object. Garbage often holds
something of Qt's (a socket notifier, a timer, a signal's closure) or a half-run coroutine, and
ending those on a media thread corrupts the heap: two clients of this program died of it in
mid-call, after Qt had said "Socket notifiers cannot be enabled or disabled from another thread".
"""

import gc
import logging
import time

from PySide6.QtCore import QObject, QTimer

_log = logging.getLogger(__name__)

_EVERY_MS = 500
_YOUNG_OBJECTS = 2_000
"""Container objects made since the last look; fewer are not worth one."""
_MIDDLE_EVERY, _ALL_EVERY = 10, 120
"""Looks between two collections of the middle generation (5 s), and of all (a minute)."""
_SLOW_S = 0.008


class GarbageCollector(QObject):
    """Takes collecting over from the interpreter between ``start`` and ``stop``.

    What the program's start has made is out of its sight (`footprint.settle_heap`), so that the
    oldest generation holds little and is walked through in a few milliseconds.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin, on the thread that this object lives on; its event loop must run."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give collecting back to the interpreter. Idempotent."""
        self._timer.stop()
        gc.enable()

    def _look(self) -> None:
        self._looks += 1
        if self._looks % _ALL_EVERY == 0:
            self._collect(2)
        elif self._looks % _MIDDLE_EVERY == 0:
            self._collect(1)
        elif gc.get_count()[0] >= _YOUNG_OBJECTS:
            self._collect(0)

    def _collect(self, generation: int) -> None:
        begun_s = time.perf_counter()
        gc.collect(generation)
        took_s = time.perf_counter() - begun_s
        if took_s > _SLOW_S:
            _log.debug("collecting generation %d took %.0f ms", generation, took_s * 1000)
