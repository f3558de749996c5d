"""Faults end in a crash file without secrets; each of the four doors, in processes of their own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.app.crash import CRASH_FILES_KEPT, CrashReporter
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock

ROOT = Path(__file__).resolve().parents[3]
SECRET = "hunter2-planted"

PROGRAM = """
import asyncio, sys, threading
from pathlib import Path
from client_api.clock import SystemClock
from desktop.app.crash import CrashReporter
reporter = CrashReporter(Path(sys.argv[1]), SystemClock())
reporter.install()

def fail(where):
    planted = "hunter2-" + "planted"
    raise RuntimeError(f"{where}: password={planted} of sam@example.org")

async def in_loop():
    loop = asyncio.get_running_loop()
    reporter.watch(loop)
    loop.call_soon(fail, "loop")
    await asyncio.sleep(0)
    await asyncio.sleep(0)

match sys.argv[2]:
    case "main":
        fail("main")
    case "thread":
        thread = threading.Thread(target=fail, args=("thread",), name="pump")
        thread.start()
        thread.join()
    case "loop":
        asyncio.run(in_loop())
    case "native":
        import os
        planted = "hunter2-" + "planted"
        os.abort()
"""


def crashed(folder: Path, door: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), door],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("door", "says"),
    [("main", "main thread"), ("thread", "thread pump"), ("loop", "event loop")],
)
def test_a_fault_leaves_one_file_without_a_secret(tmp_path: Path, door: str, says: str) -> None:
    ended = crashed(tmp_path, door)

    files = sorted(tmp_path.glob("crash-*.txt"))
    assert len(files) == 1
    text = files[0].read_text()
    assert text.startswith(says)
    assert "RuntimeError" in text
    assert "in fail" in text
    for told in (text, ended.stdout + ended.stderr):
        assert SECRET not in told
        assert "sam@" not in told


def test_a_native_crash_leaves_a_trace_without_values(tmp_path: Path) -> None:
    ended = crashed(tmp_path, "native")

    trace = (tmp_path / "native-crash.txt").read_text()
    assert ended.returncode == -signal.SIGABRT
    assert "Aborted" in trace
    assert SECRET not in trace + ended.stderr


def test_a_fault_is_told_once_with_the_name_of_its_file(
    tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("fault in test")
    told: list[str] = []
    reporter = CrashReporter(tmp_path, FakeClock(), told.append)

    path = reporter.record(ValueError("broken"), "test")

    assert path is not None
    assert told == [path.name]
    assert reporter.faults == 1


def test_what_caused_the_fault_is_in_the_file_redacted(
    tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("fault in test")
    cause = KeyError(f"token={SECRET}")
    error = RuntimeError("above")
    error.__cause__ = cause

    path = CrashReporter(tmp_path, FakeClock()).record(error, "test")

    assert path is not None
    assert "KeyError" in path.read_text()
    assert SECRET not in path.read_text()


def test_old_crash_files_are_thrown_away(tmp_path: Path, expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("fault in test")
    clock = FakeClock()
    reporter = CrashReporter(tmp_path, clock)

    kept = []
    for number in range(CRASH_FILES_KEPT + 5):
        clock.move(60)
        kept.append(reporter.record(ValueError(str(number)), "test"))

    assert sorted(tmp_path.glob("crash-*.txt")) == sorted(filter(None, kept[-CRASH_FILES_KEPT:]))


def test_a_folder_that_is_gone_costs_the_file_and_nothing_else(
    tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("fault in test")
    expected_logs.allow("could not be written")
    reporter = CrashReporter(tmp_path / "gone", FakeClock())

    assert reporter.record(ValueError("broken"), "test") is None
    assert reporter.faults == 1


def test_the_trace_of_a_native_crash_outlives_the_next_start(
    tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("native crash")
    (tmp_path / "native-crash.txt").write_text("Fatal Python error: Aborted\n")
    reporter = CrashReporter(tmp_path, FakeClock())

    reporter.install()
    reporter.uninstall()

    kept = [path.read_text() for path in tmp_path.glob("crash-*-native.txt")]
    assert kept == ["Fatal Python error: Aborted\n"]


def test_a_program_that_crashes_at_every_start_does_not_fill_the_folder(
    tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("native crash")
    clock = FakeClock()

    for number in range(CRASH_FILES_KEPT + 5):
        clock.move(60)
        (tmp_path / "native-crash.txt").write_text(f"Fatal Python error: {number}\n")
        reporter = CrashReporter(tmp_path, clock)
        reporter.install()
        reporter.uninstall()

    kept = sorted(tmp_path.glob("crash-*.txt"))
    assert len(kept) == CRASH_FILES_KEPT
    assert kept[-1].read_text() == f"Fatal Python error: {CRASH_FILES_KEPT + 4}\n"
