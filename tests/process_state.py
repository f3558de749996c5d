"""What belongs to the whole process, given back to the next test as this one found it.

Tests run in random order: whatever one of them bends for good, another one may stand on.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

# Not loaded here: most tests need no Qt.
if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


MOST_MEMORY_BYTES: Final = 8 << 30
"""Seven times of what a whole run takes; below what the kernel would kill neighbours for."""


def bound_memory(most_bytes: int = MOST_MEMORY_BYTES) -> None:
    """Let what takes memory without end fail where it stands, with its stack.

    Else the kernel ends some process without a word, as it once did at 24 GB in the middle of a
    run. Python raises MemoryError then; native code aborts, and the fault handler writes the
    stack. Processes that tests start have the same bound, each for itself.
    """
    # Windows has no such module, and macOS no such bound.
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def descendants() -> set[psutil.Process]:
    """Return the processes that this one has started, and theirs; zombies are among them.

    The kernel's own list, where it keeps one: psutil reads every process of the machine for the
    same answer, twice for each of thousands of tests.
    """
    if not _KERNEL_LISTS_CHILDREN:
        return set(psutil.Process().children(recursive=True))
    found: set[psutil.Process] = set()
    waiting = [os.getpid()]
    while waiting:
        for child in _children_of(waiting.pop()):
            try:
                process = psutil.Process(child)
            except psutil.Error:
                # It ended between the two questions.
                continue
            if process not in found:
                found.add(process)
                waiting.append(child)
    return found


_KERNEL_LISTS_CHILDREN: Final = Path(f"/proc/self/task/{os.getpid()}/children").exists()


def _children_of(pid: int) -> list[int]:
    """Return the processes that the threads of one have started; none if it has ended."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            # A thread that has just ended has no file; its children are another thread's now.
            with suppress(OSError):
                found += map(int, (thread / "children").read_bytes().split())
    except OSError:
        return found
    return found


@contextmanager
def hooks_as_before(native_fd: int | None) -> Iterator[None]:
    """Give the hooks for unhandled faults back: pytest hears of a thread's fault by its own.

    Args:
        native_fd: where the trace of a native crash goes; None leaves that as it is.
    """
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    try:
        yield
    finally:
        bent = hooks != (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        # Nobody can ask where the trace goes, but whoever takes the one takes the others.
        if native_fd is not None and (bent or not faulthandler.is_enabled()):
            faulthandler.enable(native_fd)


OUTLIVING_LOGGER: Final = "livekit"


@contextmanager
def loggers_as_before() -> Iterator[None]:
    """Take away what was hung on single loggers: a filter may hide what the next test watches.

    The root logger, levels and structlog are `_logging_as_before`'s in `tests/conftest.py`. What
    the program hung on the LiveKit library's logger stays, as in the program: the native side
    logs on threads of its own that outlive a test, and its last lines about a room arrive when
    the next test runs.
    """
    before = {name: _hung_on(logger) for name, logger in _loggers()}
    try:
        yield
    finally:
        for name, logger in _loggers():
            if name == OUTLIVING_LOGGER:
                continue
            filters, handlers, logger.propagate = before.get(name, ((), (), True))
            logger.filters[:] = filters
            logger.handlers[:] = handlers


def _loggers() -> list[tuple[str, logging.Logger]]:
    known = logging.root.manager.loggerDict.items()
    return [(name, logger) for name, logger in known if isinstance(logger, logging.Logger)]


def _hung_on(logger: logging.Logger) -> tuple[Sequence[Any], Sequence[logging.Handler], bool]:
    return logger.filters[:], logger.handlers[:], logger.propagate


@contextmanager
def application_as_before(app: QApplication) -> Iterator[None]:
    """Give the program its look back, and take the language that it learnt meanwhile."""
    from PySide6.QtCore import QLocale, QTranslator

    locale, translators = QLocale(), app.findChildren(QTranslator)
    font, look, sheet, marks = app.font(), app.palette(), app.styleSheet(), _marks(app)
    try:
        yield
    finally:
        QLocale.setDefault(locale)
        for translator in app.findChildren(QTranslator):
            if translator not in translators:
                app.removeTranslator(translator)
                translator.setParent(None)
        app.setFont(font)
        app.setPalette(look)
        if app.styleSheet() != sheet:
            app.setStyleSheet(sheet)
        for name in _marks(app):
            app.setProperty(name, marks.get(name))


def _marks(app: QApplication) -> dict[str, object]:
    names = [bytes(name.data()).decode() for name in app.dynamicPropertyNames()]
    return {name: app.property(name) for name in names}
