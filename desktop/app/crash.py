"""What happens when our own code fails: a redacted crash file, a log line, and the window stays.

Four doors lead here: Python's excepthook, a thread's, asyncio's, and the interpreter's fault
handler for native crashes. None of them may print a secret: values of variables are left out,
and every line passes `redact`.
"""

import asyncio
import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any

from client_api.clock import Clock
from desktop.app.redaction import redact

log = logging.getLogger(__name__)

CRASH_FILES_KEPT = 10


class CrashReporter:
    """Writes crash files into ``folder`` and tells the window once about each fault.

    ``faults`` counts what was caught, for tests and the demo.
    """

    def __init__(
        self, folder: Path, clock: Clock, on_fault: Callable[[str], None] | None = None
    ) -> None:
        self.faults = 0
        self._folder = folder
        self._clock = clock
        self._on_fault = on_fault
        self._native: TextIOWrapper | None = None

    def install(self) -> None:
        """Take over the process's hooks."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        native = self._folder / "native-crash.txt"
        self._keep_last_native_crash(native)
        self._native = native.open("w")
        faulthandler.enable(self._native)

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        faulthandler.disable()
        if self._native is not None:
            self._native.close()
            self._native = None

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take what the loop would otherwise only log."""
        loop.set_exception_handler(self._on_loop_exception)

    def record(self, error: BaseException, where: str) -> Path | None:
        """Write one crash file; None when even that fails (then the log has the line)."""
        self.faults += 1
        text = redact(
            f"{where}\n" + "".join(traceback.format_exception(error, limit=40, chain=True))
        )
        log.error("fault in %s: %s", where, redact(f"{type(error).__name__}: {error}"))
        stamp = self._clock.now().strftime("%Y%m%d-%H%M%S")
        path = self._folder / f"crash-{stamp}-{self.faults}.txt"
        try:
            path.write_text(text, encoding="utf-8")
            self._throw_old_away()
        except OSError:
            log.error("the crash file could not be written")
            return None
        if self._on_fault is not None:
            self._on_fault(path.name)
        return path

    def _throw_old_away(self) -> None:
        for old in sorted(self._folder.glob("crash-*.txt"))[:-CRASH_FILES_KEPT]:
            old.unlink(missing_ok=True)

    def _keep_last_native_crash(self, native: Path) -> None:
        """Put the trace that a native crash of the last run left beside the other crash files."""
        try:
            trace = native.read_text(errors="replace")
            if trace.strip():
                stamp = self._clock.now().strftime("%Y%m%d-%H%M%S")
                (self._folder / f"crash-{stamp}-native.txt").write_text(redact(trace))
                log.error("the last run ended in a native crash")
                # A program that crashes at every start never comes to `record`.
                self._throw_old_away()
        except OSError:
            # None was left, or it cannot be read: neither must keep the program from starting.
            return

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        self.record(error.with_traceback(trace), "main thread")

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            name = args.thread.name if args.thread else "unknown"
            self.record(args.exc_value, f"thread {name}")

    def _on_loop_exception(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.record(error, "event loop")
        else:
            log.error("event loop: %s", redact(str(context.get("message"))))
