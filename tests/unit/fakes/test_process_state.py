"""What a test bends for the whole process is straight again for the next one."""

import faulthandler
import gc
import inspect
import io
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from client_api.clock import SystemClock
from desktop.app.crash import CrashReporter
from desktop.media.sdk_log import guard_sdk_log
from desktop.views.language import install_language
from desktop.views.phrases import Phrases
from desktop.views.theme import ThemeMode, apply_theme, program_mode
from liftbay_backend.logs import configure_logging
from tests.conftest import _logging_as_before
from tests.process_state import (
    application_as_before,
    descendants,
    hooks_as_before,
    loggers_as_before,
)

ROOT = Path(__file__).resolve().parents[3]


def wears(app: QApplication) -> tuple[object, ...]:
    """Return all that a theme and a language change."""
    return (
        program_mode(),
        app.font().toString(),
        app.palette().window().color().name(),
        app.styleSheet(),
        len(app.dynamicPropertyNames()),
        QLocale().name(),
        Phrases().minutes(0),
    )


def test_a_program_without_a_look_and_a_language_has_none_again(qapp: QApplication) -> None:
    before = wears(qapp)

    with application_as_before(qapp):
        apply_theme(qapp, ThemeMode.DARK)
        qapp.setStyleSheet("QWidget { color: red }")
        install_language(qapp, QLocale("fr_CA"))
        bent = wears(qapp)

    assert wears(qapp) == before
    assert all(one != other for one, other in zip(bent, before, strict=True))


def test_a_program_that_wore_a_look_wears_it_again(qapp: QApplication) -> None:
    apply_theme(qapp, ThemeMode.CONTRAST)
    before = wears(qapp)

    with application_as_before(qapp):
        apply_theme(qapp, ThemeMode.LIGHT)
        bent = wears(qapp)

    assert wears(qapp) == before
    assert bent != before


def test_the_hooks_for_faults_are_those_of_before(tmp_path: Path, native_fd: int | None) -> None:
    before = sys.excepthook, threading.excepthook, faulthandler.is_enabled()
    reporter = CrashReporter(tmp_path, SystemClock())

    with hooks_as_before(native_fd):
        reporter.install()
        reporter.uninstall()
        bent = sys.excepthook, threading.excepthook, faulthandler.is_enabled()

    assert bent != before
    assert (sys.excepthook, threading.excepthook, faulthandler.is_enabled()) == before


@pytest.mark.parametrize("is_known", [True, False])
def test_what_was_hung_on_a_logger_is_taken_away(is_known: bool) -> None:
    name = f"made.up.{is_known}"
    if is_known:
        logging.getLogger(name)

    with loggers_as_before():
        logger = logging.getLogger(name)
        logger.addFilter(lambda record: False)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False

    assert (logger.filters, logger.handlers, logger.propagate) == ([], [], True)


def test_the_filter_on_the_call_library_stays_for_its_late_lines(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("livekit")
    monkeypatch.setattr(logger, "filters", [])

    with loggers_as_before():
        guard_sdk_log()
    logger.warning("of a room that the test before left")

    assert [each.levelno for each in caplog.records] == [logging.INFO]


def logging_now() -> tuple[object, ...]:
    """Return all that a command changes of logging."""
    return (
        logging.getLogger().handlers[:],
        logging.getLogger().level,
        logging.getLogger("uvicorn.access").disabled,
        logging.getLogger("made.up").level,
        warnings.showwarning,
        structlog.is_configured(),
        structlog.contextvars.get_contextvars(),
    )


def test_logging_is_that_of_before(capsys: pytest.CaptureFixture[str]) -> None:
    """The stream of a command is closed when the next test logs."""
    before = logging_now()
    undoing: Generator[None] = inspect.unwrap(_logging_as_before)()
    next(undoing)

    with io.StringIO() as stream:
        configure_logging("DEBUG", stream)
        structlog.contextvars.bind_contextvars(request="r-1")
        logging.getLogger("made.up").setLevel(logging.CRITICAL)
        bent = logging_now()
        assert next(undoing, "ended") == "ended"
    logging.getLogger("made.up").info("said by the next test")

    assert logging_now() == before
    assert all(one != other for one, other in zip(bent, before, strict=True))
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds what a process may take")
def test_what_takes_memory_without_end_fails_where_it_stands() -> None:
    endless = (
        "from tests.process_state import bound_memory\n"
        "bound_memory(1 << 28)\n"
        "def gather():\n"
        "    kept = []\n"
        "    while True:\n"
        "        kept.append(bytes(1 << 20))\n"
        "gather()\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", endless],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert "in gather" in ended.stderr
    assert "MemoryError" in ended.stderr


PARENT = """
import subprocess, sys, threading

def start():
    child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    print(child.pid, flush=True)
    sys.stdin.readline()
    child.communicate()

threading.Thread(target=start).start()
"""


def test_processes_of_processes_and_of_their_threads_are_found() -> None:
    before = descendants()
    with subprocess.Popen(
        [sys.executable, "-S", "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        grandchild = int(parent.stdout.readline())
        found = {process.pid for process in descendants() - before}
        parent.communicate("\n")

    assert found == {parent.pid, grandchild}
    assert descendants() == before


def test_what_the_whole_run_has_loaded_is_not_looked_through_for_garbage() -> None:
    assert gc.get_freeze_count() > 50_000
