"""The demo as a person runs it: with windows where there is a display, and Ctrl-C at any time."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from benchmarks.display import Display
from tests.conftest import lives
from tests.e2e.consultation import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

WIDTH, HEIGHT = 1920, 1080


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """A demo in a session of its own, as a shell's foreground job."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """What the terminal shows so far."""
        return self.log.read_text("utf-8")

    def family(self) -> list[psutil.Process]:
        """The clients and servers it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def interrupt(self) -> int:
        """Press Ctrl-C, which reaches the whole group, and return the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)


@contextmanager
def demo(folder: Path, *arguments: str, **environment: str) -> Iterator[RunningDemo]:
    """Run ``liftbay demo``; whatever is left of it at the end is killed."""
    log = folder / "demo.log"
    output = ("--output", str(folder / "out"))
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "desktop.app.cli", "demo", *arguments, *output],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env=os.environ | environment,
            start_new_session=True,
        )
    try:
        yield RunningDemo(process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_ctrl_c_on_the_demo_leaves_no_process_and_no_port(tmp_path: Path) -> None:
    with demo(tmp_path, "--headless") as running:
        until("both live", lambda: running.said().count(" live\n") == 2, 120)
        family = running.family()
        ports = _listening_ports(family)

        assert running.interrupt() == 130

    assert len(family) >= 4
    assert len(ports) >= 2
    _assert_all_gone(family, running.said())
    assert [port for port in ports if _is_open(port)] == []


@dataclass(frozen=True, slots=True)
class Window:
    """A window as the window system knows it, in pixels of the screen."""

    title: str
    width: int
    height: int
    left: int
    top: int


@pytest.fixture
def display() -> Iterator[Display]:
    shown = Display(f"{WIDTH}x{HEIGHT}x24")
    shown.start()
    yield shown
    shown.stop()


def test_with_a_display_two_windows_stand_side_by_side_and_wait_for_a_person(
    tmp_path: Path, display: Display
) -> None:
    with demo(tmp_path, DISPLAY=display.name, QT_QPA_PLATFORM="xcb") as running:
        until("both windows", lambda: len(_windows(display)) == 2, 120)
        until("both signed in", lambda: running.said().count(" signed in\n") == 2, 60)
        windows = sorted(_windows(display), key=lambda one: one.left)
        # Nobody presses anything, so nothing more may happen.
        told = running.said()
        time.sleep(3)
        later = running.said()
        family = running.family()

        assert running.interrupt() == 130

    left, right = windows
    assert left.left + left.width <= right.left
    assert left.width == right.width >= WIDTH // 2 - 40
    assert all(one.height >= HEIGHT * 0.8 for one in windows)
    assert all("Liftbay" in one.title for one in windows)
    for step in range(1, 6):
        assert f"  {step}. " in told
    assert "intake submitted" not in later
    assert later == told
    _assert_all_gone(family, running.said())


def _assert_all_gone(family: list[psutil.Process], said: str) -> None:
    until("the end of every process", lambda: not any(map(lives, family)), 5)
    assert "interrupted" in said
    assert "Traceback" not in said


def _windows(display: Display) -> list[Window]:
    """Return the big windows that are on the screen."""
    told = subprocess.run(
        ["xwininfo", "-display", display.name, "-root", "-children"],
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    ).stdout
    found = re.findall(r'0x[0-9a-f]+ "([^"]*)": .*?(\d+)x(\d+)\+-?\d+\+-?\d+ +\+(\d+)\+(\d+)', told)
    windows = [Window(title, *map(int, numbers)) for title, *numbers in found]
    return [one for one in windows if one.width > WIDTH // 4 and one.height > HEIGHT // 4]


def _listening_ports(processes: list[psutil.Process]) -> set[int]:
    found: set[int] = set()
    for process in processes:
        # One that has ended meanwhile listens nowhere.
        with suppress(psutil.NoSuchProcess):
            found |= {
                connection.laddr.port
                for connection in process.net_connections("tcp")
                if connection.status == psutil.CONN_LISTEN
            }
    return found


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
