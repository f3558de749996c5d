"""The sound server's own events: the lines, and a ``pactl subscribe`` that misbehaves."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from preflight.system import pulse_events
from preflight.system.pulse_events import EventLines, PulseEvents
from tests.conftest import lives

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is of Linux alone")
PATIENCE_MS = 20_000
"""What takes a few milliseconds may take long on a crowded machine."""
REMOVED = "Event 'remove' on source #7"
OTHER = "Event 'new' on client #12"


@pytest.mark.parametrize(
    ("line", "tells"),
    [
        ("Event 'new' on source #3", True),
        ("Event 'remove' on source #3", True),
        ("Event 'new' on sink #0", True),
        ("Event 'remove' on sink #4294967295", True),
        ("Event 'change' on source #3", False),
        ("Event 'new' on source-output #3", False),
        ("Event 'remove' on sink-input #3", False),
        ("Event 'new' on client #3", False),
        ("Event 'change' on server #0", False),
        ("Évènement « new » sur source #3", False),
        ("Event 'new' on source #", False),
        ("", False),
    ],
)
def test_only_a_device_that_came_or_went_tells_something(line: str, tells: bool) -> None:
    assert EventLines().feed(f"{OTHER}\n{line}\n".encode()) is tells


def test_a_line_may_come_in_pieces_and_is_told_once() -> None:
    lines = EventLines()
    data = f"{REMOVED}\n".encode()

    told = [lines.feed(data[at : at + 1]) for at in range(len(data))]

    assert told == [False] * (len(data) - 1) + [True]
    assert lines.feed(b"") is False


def test_a_line_without_end_is_not_kept_and_the_next_one_is_read() -> None:
    lines = EventLines()

    for _ in range(1000):
        assert lines.feed(b"x" * 65_536) is False
        assert len(lines._begun) <= 200
    assert lines.feed(b"Event 'new' on source #3\n") is False

    assert lines.feed(b"Event 'new' on source #3\n") is True


class Fake:
    """A made ``pactl``: notes that it was started, and does as it is told then.

    Attributes:
        heard: how often a change was told.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pactl"
        self.starts = folder / "starts"
        self.starts.touch()
        self.events: list[PulseEvents] = []
        self.heard = 0

    def does(self, script: str, *, pause_ms: int = 50) -> PulseEvents:
        self.path.write_text(f'#!/bin/sh\necho "$$ $1 $LC_ALL" >> "{self.starts}"\n{script}\n')
        self.path.chmod(0o755)
        return self.made(str(self.path), pause_ms)

    def made(self, program: str, pause_ms: int = 50) -> PulseEvents:
        self.events.append(PulseEvents(program, pause_ms=pause_ms))
        return self.events[-1]

    def hear(self) -> None:
        self.heard += 1

    @property
    def started(self) -> list[str]:
        return self.starts.read_text().splitlines()

    def running(self) -> list[int]:
        pids = [int(line.split()[0]) for line in self.started]
        return [pid for pid in pids if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        return lives(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Fake]:
    made = Fake(tmp_path)
    yield made
    for each in made.events:
        each.stop()


def test_a_device_that_goes_is_told(qtbot: QtBot, fake: Fake) -> None:
    events = fake.does(f'echo "{OTHER}"; echo "{REMOVED}"; exec sleep 300')

    events.start(fake.hear)
    qtbot.waitUntil(lambda: fake.heard > 0, timeout=PATIENCE_MS)

    assert fake.heard == 1
    assert [line.split()[1:] for line in fake.started] == [["subscribe", "C"]]


def test_what_is_of_no_device_is_not_told(qtbot: QtBot, fake: Fake) -> None:
    done = fake.path.with_name("done")
    events = fake.does(f'echo "{OTHER}"; touch "{done}"; exec sleep 300')

    events.start(fake.hear)
    qtbot.waitUntil(done.exists, timeout=PATIENCE_MS)
    qtbot.wait(200)

    assert fake.heard == 0


def test_one_that_ends_begins_again_and_what_nobody_heard_is_told(qtbot: QtBot, fake: Fake) -> None:
    """The first one ends in silence, as when the server goes; the second one has something to say,
    which is not of a device: but one may have come or gone before."""
    events = fake.does(
        f'[ "$(wc -l < "{fake.starts}")" = 1 ] && exit 1; echo "{OTHER}"; exec sleep 300'
    )

    events.start(fake.hear)
    qtbot.waitUntil(lambda: fake.heard > 0, timeout=PATIENCE_MS)

    assert fake.heard == 1
    assert len(fake.started) == 2
    assert len(fake.running()) == 1


def test_one_that_always_ends_is_asked_more_and_more_seldom(qtbot: QtBot, fake: Fake) -> None:
    events = fake.does("exit 1", pause_ms=200)
    began_s = time.monotonic()

    events.start(fake.hear)
    qtbot.waitUntil(lambda: len(fake.started) == 4, timeout=PATIENCE_MS)

    # The pauses are 0.2, 0.4 and 0.8 s, however crowded the machine is; Qt's coarse timers may
    # fire a twentieth early. Without doubling they were 0.6 s.
    assert time.monotonic() - began_s >= 0.95 * 1.4
    assert fake.heard == 0


def test_one_that_prints_without_end_is_ended_and_the_loop_goes_on(
    qtbot: QtBot, fake: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger=pulse_events.__name__)
    events = fake.does("exec yes without-a-device")
    ticks: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start(10)

    events.start(fake.hear)
    qtbot.waitUntil(lambda: bool(caplog.messages), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not fake.running(), timeout=PATIENCE_MS)
    qtbot.wait(500)
    timer.stop()

    assert caplog.messages == ["pactl prints without end"]
    assert len(fake.started) == 1
    assert len(ticks) > 10
    assert fake.heard == 0


def test_one_that_hangs_is_ended_with_its_owner(qtbot: QtBot, fake: Fake) -> None:
    events = fake.does("trap '' TERM INT HUP; exec sleep 300")
    events.start(fake.hear)
    qtbot.waitUntil(lambda: len(fake.running()) == 1, timeout=PATIENCE_MS)

    events.stop()

    assert fake.running() == []
    assert fake.heard == 0


def test_while_it_pauses_it_can_be_stopped_for_good(qtbot: QtBot, fake: Fake) -> None:
    events = fake.does("exit 1", pause_ms=300)
    events.start(fake.hear)
    qtbot.waitUntil(lambda: len(fake.started) == 1, timeout=PATIENCE_MS)
    qtbot.wait(100)

    events.stop()
    events.stop()
    qtbot.wait(600)

    assert len(fake.started) == 1


def test_it_can_be_started_again_and_runs_once_at_a_time(qtbot: QtBot, fake: Fake) -> None:
    events = fake.does(f'echo "{REMOVED}"; exec sleep 300')
    events.start(fake.hear)
    events.start(fake.hear)
    qtbot.waitUntil(lambda: fake.heard == 1, timeout=PATIENCE_MS)
    events.stop()

    events.start(fake.hear)
    qtbot.waitUntil(lambda: fake.heard == 2, timeout=PATIENCE_MS)

    assert len(fake.started) == 2
    assert len(fake.running()) == 1


def test_a_machine_without_pactl_tells_nothing(
    qtbot: QtBot, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(fake.path.parent))
    events = PulseEvents()

    events.start(fake.hear)
    qtbot.wait(50)
    events.stop()

    assert fake.heard == 0


def test_a_program_that_cannot_be_started_is_tried_again(qtbot: QtBot, fake: Fake) -> None:
    """It is being installed anew, say."""
    events = fake.made(str(fake.path))
    events.start(fake.hear)
    qtbot.wait(100)

    fake.path.write_text(f'#!/bin/sh\necho "{REMOVED}"\nexec sleep 300\n')
    fake.path.chmod(0o755)
    qtbot.waitUntil(lambda: fake.heard > 0, timeout=PATIENCE_MS)

    assert fake.heard == 1


def test_a_bound_program_is_killed_with_whoever_started_it(qtbot: QtBot, fake: Fake) -> None:
    """Also where that one is killed itself, and can end nothing any more."""
    fake.does("exec sleep 300")
    start = (
        "import os, subprocess, sys, time; "
        f"subprocess.Popen([sys.executable, {str(pulse_events._BOUND)!r}, str(os.getpid()), "
        f"{str(fake.path)!r}, 'subscribe']); time.sleep(300)"
    )
    with subprocess.Popen([sys.executable, "-c", start]) as owner:
        try:
            qtbot.waitUntil(lambda: len(fake.running()) == 1, timeout=PATIENCE_MS)
        finally:
            owner.kill()

    qtbot.waitUntil(lambda: not fake.running(), timeout=PATIENCE_MS)
    assert len(fake.started) == 1


def test_a_bound_program_does_not_begin_once_its_owner_is_gone(fake: Fake) -> None:
    fake.does("exit 1")
    gone = "4194304"  # above every process id

    command = [sys.executable, str(pulse_events._BOUND), gone, str(fake.path)]
    done = subprocess.run(command, check=False, timeout=60)

    assert done.returncode == 0
    assert fake.started == []
