"""Linux: hears from the Pulse server (PulseAudio or PipeWire) that sources and sinks come and go.

``pactl subscribe`` prints a line for everything that changes on the server, also for devices that
nobody uses. It runs until it is stopped, or until this process is gone; on the Qt thread, without
a thread or task of ours.
"""

import logging
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QProcess, QProcessEnvironment, QTimer

PAUSE_MS = 1000
LONGEST_PAUSE_MS = 30_000
FLOOD_BYTES_PER_S = 1 << 20
"""A line has 40 bytes, and the busiest servers tell some hundred things a second."""
_LONGEST_LINE = 200
_DIES_WITHIN_MS = 1000
_BOUND = Path(__file__).with_name("bound_program.py")
_CAME_OR_WENT = re.compile(rb"Event '(?:new|remove)' on (?:source|sink) #\d{1,10}")

_log = logging.getLogger(__name__)


class EventLines:
    """Finds in what pactl prints whether a source or sink came or went. Keeps 200 bytes at most."""

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, printed: bytes) -> bool:
        """Take the next bytes; say whether a line that ends in them tells of a device."""
        *lines, begun = (self._begun + printed).split(b"\n")
        # The beginning is kept: where it is cut, the whole is no line of pactl's in any case.
        self._begun = begun[:_LONGEST_LINE]
        return any(_CAME_OR_WENT.fullmatch(line) is not None for line in lines)


class PulseEvents:
    """One ``pactl subscribe`` between `start` and `stop`.

    When it ends by itself (the server was restarted) another one begins after a pause: a second,
    doubled up to half a minute until one has something to say. What nobody heard in between is
    told then. One that prints without end is ended, and rests for half a minute.

    Args:
        program: instead of the system's ``pactl``; where there is none nothing is ever told.
        pause_ms: the first pause.
    """

    def __init__(self, program: str | None = None, *, pause_ms: int = PAUSE_MS) -> None:
        self._program = program or shutil.which("pactl")
        self._changed: Callable[[], None] | None = None
        self._lines = EventLines()
        self._first_pause_ms = self._pause_ms = pause_ms
        self._deaf = False
        """Whether something may have changed while none was running."""
        self._flooded = False
        self._second = QElapsedTimer()
        self._printed = 0
        self._rest = QTimer()
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._run)
        # One for all: it must not be destroyed from within its own signals.
        self._process = QProcess()
        self._process.setStandardInputFile(QProcess.nullDevice())
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.readyReadStandardOutput.connect(self._on_printed)
        self._process.finished.connect(self._on_ended)
        self._process.errorOccurred.connect(self._on_error)

    def start(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` on this thread, that of Qt's loop, from now on, until `stop`."""
        if self._program is None or self._changed is not None:
            return
        self._changed = changed
        self._deaf = False
        self._pause_ms = self._first_pause_ms
        self._run()

    def stop(self) -> None:
        """End it; nothing is told any more. Waits until the process is gone, a second at most."""
        self._changed = None
        self._rest.stop()
        self._process.blockSignals(True)
        # It has nothing to put in order, and whatever hangs cannot refuse.
        self._process.kill()
        self._process.waitForFinished(_DIES_WITHIN_MS)
        self._process.blockSignals(False)

    def _run(self) -> None:
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            # Killed, and still not gone.
            self._on_ended()
            return
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("LC_ALL", "C")
        self._process.setProcessEnvironment(environment)
        self._lines = EventLines()
        self._flooded = False
        self._printed = 0
        self._second.start()
        # pactl does not mind that nobody reads what it prints: it would outlive a crash of ours.
        bound = ["-I", "-S", str(_BOUND), str(os.getpid())]
        self._process.start(sys.executable, [*bound, self._program or "", "subscribe"])

    def _on_printed(self) -> None:
        printed = bytes(self._process.readAllStandardOutput().data())
        if self._flooded or self._changed is None:
            return
        if self._floods(len(printed)):
            _log.info("pactl prints without end")
            self._flooded = True
            self._pause_ms = LONGEST_PAUSE_MS
            self._process.kill()
            return
        self._pause_ms = self._first_pause_ms
        if self._lines.feed(printed) or self._deaf:
            self._deaf = False
            self._changed()

    def _floods(self, count: int) -> bool:
        if self._second.hasExpired(1000):
            self._second.start()
            self._printed = 0
        self._printed += count
        return self._printed > FLOOD_BYTES_PER_S

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            # It has not begun, so nobody says that it has ended.
            self._on_ended()

    def _on_ended(self, *_how: object) -> None:
        if self._changed is None:
            return
        self._deaf = True
        self._rest.start(self._pause_ms)
        self._pause_ms = min(2 * self._pause_ms, LONGEST_PAUSE_MS)
