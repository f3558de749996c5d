"""Surprises fail the test: unexpected logs, leaked tasks, threads and processes.

Each name on an ignore list has its reason beside it.
"""

import asyncio
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack

import psutil

# pytest-qt imports PySide6 when it configures; PySide6's import hook then reads the source of
# half-imported modules, which pydantic's module __getattr__ answers with a circular import.
import pydantic.fields  # noqa: F401  # loaded whole, before anybody reads half of it
import pytest
import structlog
from _pytest.faulthandler import fault_handler_stderr_fd_key

from tests.planted import pytest_runtest_makereport  # noqa: F401  # a hook, found by its name
from tests.process_state import (
    application_as_before,
    bound_memory,
    descendants,
    hooks_as_before,
    loggers_as_before,
)

# Before any Qt import: a test run has no display of its own. Tests of a window system start
# an Xvfb and say so in the environment of their own process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")
# PortAudio and the SDK would otherwise look for a sound server of the machine.
os.environ.setdefault("LIFTBAY_TESTS", "1")

bound_memory()

THREAD_GRACE_S = 3.0

IGNORED_LOGGERS = {
    # Says at WARNING that a callback was slow; two loaded cores make that noise, not news.
    "asyncio.slow",
}

IGNORED_MESSAGES = (
    # One native slot and the newest picture wins: a loaded machine makes it say so at any time
    # (docs/livekit.md). The program files it as information, where its filter is set.
    ("livekit", "native video stream queue overflow"),
)

IGNORED_THREADS = (
    "ThreadPoolExecutor",  # a loop's default executor; its threads idle until the loop closes
    "asyncio_",  # the same, named by asyncio
    "AnyIO worker thread",  # idle workers, stopped by anyio when its loop ends
    "pytest_timeout",  # the hang guard of the test itself
    "Dummy-",  # Qt and PortAudio threads that once called into Python
    "ffi",  # the LiveKit library's own runtime, one per process, never ends
    "livekit",
    "dbos",  # DBOS keeps its thread pool until the process ends
    "DBOS",
)

_leaked_tasks: list[str] = []
_cancel_all_tasks = asyncio.runners._cancel_all_tasks  # type: ignore[attr-defined]  # no public hook


def _noting_cancel_all_tasks(loop: asyncio.AbstractEventLoop) -> None:
    if any(_closes_a_generator(task) for task in asyncio.all_tasks(loop)):
        # The collector has just found one of a library's; Python closes it in a task of its own.
        loop.run_until_complete(asyncio.sleep(0.1))
    pending = [task for task in asyncio.all_tasks(loop) if not task.done()]
    _leaked_tasks.extend(repr(task.get_coro()) for task in pending)
    _cancel_all_tasks(loop)


def _closes_a_generator(task: asyncio.Task[object]) -> bool:
    return type(task.get_coro()).__name__ == "async_generator_athrow"


asyncio.runners._cancel_all_tasks = _noting_cancel_all_tasks  # type: ignore[attr-defined]  # no public hook


class _Recorder(logging.Handler):
    """Keeps what was logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class ExpectedLogs:
    """Says which warnings a test means to cause: ``expected_logs.allow("part of the text")``."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._due: set[str] = set()

    def allow(self, part: str, *, may_stay_away: bool = False) -> None:
        """Let records pass whose message contains ``part``.

        One of them must come, else the test fails: who announces a warning claims that it is
        given. ``may_stay_away`` is for what another program says as its timing wants it.
        """
        self._parts.append(part)
        if not may_stay_away:
            self._due.add(part)

    def covers(self, record: logging.LogRecord) -> bool:
        """True for a record that was announced."""
        message = record.getMessage()
        matching = {part for part in self._parts if part in message}
        self._due -= matching
        return bool(matching)

    def never_came(self) -> list[str]:
        """Return what was announced and is still due."""
        return sorted(self._due)


@pytest.fixture
def expected_logs() -> ExpectedLogs:
    """Announce warnings that the test causes on purpose."""
    return ExpectedLogs()


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Undo what a command set up: its process would have ended, and its streams are closed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    loggers = {
        name: (logger.level, logger.disabled)
        for name, logger in root.manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, logger in root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger):
            before, logger.disabled = loggers.get(name, (logging.NOTSET, False))
            logger.setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture(autouse=True)
def _no_unexpected_logs(expected_logs: ExpectedLogs, _logging_as_before: None) -> Iterator[None]:
    recorder = _Recorder()
    root = logging.getLogger()
    root.addHandler(recorder)
    yield
    root.removeHandler(recorder)
    unexpected = [
        f"{record.levelname} {record.name}: {record.getMessage()}"
        for record in recorder.records
        if not _is_ignored(record) and not expected_logs.covers(record)
    ]
    if unexpected:
        pytest.fail("unexpected logs:\n" + "\n".join(unexpected), pytrace=False)
    if never_came := expected_logs.never_came():
        pytest.fail("announced and never logged: " + ", ".join(never_came), pytrace=False)


def _is_ignored(record: logging.LogRecord) -> bool:
    return record.name in IGNORED_LOGGERS or any(
        record.name == name and part in record.getMessage() for name, part in IGNORED_MESSAGES
    )


@pytest.fixture
def native_fd(pytestconfig: pytest.Config) -> int | None:
    """Where pytest has the trace of a native crash go."""
    return pytestconfig.stash.get(fault_handler_stderr_fd_key, None)


@pytest.fixture(autouse=True)
def _process_as_before(request: pytest.FixtureRequest, native_fd: int | None) -> Iterator[None]:
    """Give back what the test may have bent for the whole process."""
    with ExitStack() as undone_after:
        undone_after.enter_context(hooks_as_before(native_fd))
        undone_after.enter_context(loggers_as_before())
        if "qapp" in request.fixturenames:
            undone_after.enter_context(application_as_before(request.getfixturevalue("qapp")))
        yield


def _threads() -> set[threading.Thread]:
    return {
        thread
        for thread in threading.enumerate()
        if not thread.name.startswith(IGNORED_THREADS) and thread.is_alive()
    }


def _children() -> set[psutil.Process]:
    return {child for child in descendants() if lives(child)}


def lives(process: psutil.Process) -> bool:
    """Tell whether a process still runs; a zombie does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        # It ended between the two questions.
        return False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Remember what ran before the test, fixtures included."""
    item.stash[_BEFORE] = (_threads(), _children())
    return (yield)


def pytest_collection_finish() -> None:
    """Keep what lives as long as the run out of every collection of garbage from here on.

    Each one would walk through thousands of tests, their modules and all that these import.
    """
    gc.collect()
    gc.freeze()


_BEFORE = pytest.StashKey[tuple[set[threading.Thread], set[psutil.Process]]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, None, None]:
    """After the fixtures are gone nothing of the test may still run."""
    _leaked_tasks.clear()
    yield
    if _leaked_tasks:
        leaked = "\n".join(_leaked_tasks)
        _leaked_tasks.clear()
        pytest.fail(f"leaked asyncio tasks:\n{leaked}", pytrace=False)
    threads, children = item.stash[_BEFORE]
    wider = _scope_keeps_things(item, nextitem)
    deadline = time.monotonic() + THREAD_GRACE_S
    while True:
        left_threads = set() if wider else _threads() - threads
        left_children = set() if wider else _children() - children
        if not left_threads and not left_children:
            return
        if time.monotonic() > deadline:
            break
        gc.collect()
        time.sleep(0.05)
    names = [f"thread {thread.name}" for thread in left_threads]
    names += [f"process {child.pid} {_command(child)}" for child in left_children]
    pytest.fail("left behind: " + ", ".join(names), pytrace=False)


_loops_closed = 0


@pytest.fixture(autouse=True)
def _no_qt_loop_left_as_garbage() -> Iterator[None]:
    """Collect a window's closed loop here, on Qt's thread.

    It holds socket notifiers in cycles. Collected on another thread, whenever that one happens to
    fill a generation, they warn in somebody else's test, or end the process (decision 0014).
    """
    before = _loops_closed
    _count_closed_qt_loops()
    yield
    was_loaded_meanwhile = _count_closed_qt_loops()
    if was_loaded_meanwhile or _loops_closed != before:
        gc.collect()


def _count_closed_qt_loops() -> bool:
    """Have qasync's loops counted as they close; True if it was not counted before."""
    qasync = sys.modules.get("qasync")
    if qasync is None or getattr(qasync, "_closes_are_counted", False):
        return False
    close = qasync._QEventLoop.close

    def counted(loop: object) -> None:
        global _loops_closed
        _loops_closed += 1
        close(loop)

    qasync._QEventLoop.close = counted
    qasync._closes_are_counted = True  # type: ignore[attr-defined]  # our own mark
    return True


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()[:4])
    except psutil.Error:
        return "(gone)"


def _scope_keeps_things(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """True while a module- or session-wide fixture of the item is still meant to be alive."""
    info = getattr(item, "_fixtureinfo", None)
    if info is None or nextitem is None:
        return False
    for definitions in info.name2fixturedefs.values():
        for definition in definitions:
            if definition.scope == "session" and definition.argname not in _LIGHT_FIXTURES:
                return True
            if definition.scope == "module" and item.getparent(pytest.Module) is (
                nextitem.getparent(pytest.Module)
            ):
                return True
    return False


# Session-wide fixtures of plugins that start neither threads nor processes of ours.
_LIGHT_FIXTURES = {
    "event_loop_policy",
    "qapp",
    "qapp_args",
    "qapp_cls",
    "tmp_path_factory",
    "_session_event_loop",
    "session_mocker",
    "testrun_uid",
    "pytestconfig",
    "doctest_namespace",
    "_session_scoped_runner",
    "anyio_backend",
}
