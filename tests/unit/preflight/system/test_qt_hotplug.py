"""Hints that devices changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from preflight.system import qt_hotplug
from preflight.system.pulse_events import PulseEvents
from preflight.system.qt_hotplug import DEBOUNCE_MS, LATEST_MS, QtHotplug, has_no_sound_server

# What QtMultimedia says on a machine without a sound server: then it only never hints.
pytestmark = pytest.mark.qt_log_ignore("pipewire", "PulseAudioService")


def test_several_changes_at_once_are_one_hint(qtbot: QtBot) -> None:
    hotplug = QtHotplug()
    hints: list[str] = []
    hotplug.subscribe(lambda: hints.append("changed"))

    for _ in range(3):
        hotplug.note_change()
    qtbot.waitUntil(lambda: bool(hints), timeout=10 * DEBOUNCE_MS)

    assert hints == ["changed"]


def test_after_unsubscribing_no_hint_comes(qtbot: QtBot) -> None:
    hotplug = QtHotplug()
    gone: list[str] = []
    still: list[str] = []
    unsubscribe = hotplug.subscribe(lambda: gone.append("changed"))
    hotplug.subscribe(lambda: still.append("changed"))

    unsubscribe()
    unsubscribe()
    hotplug.note_change()
    qtbot.waitUntil(lambda: bool(still), timeout=10 * DEBOUNCE_MS)

    assert gone == []


def test_a_new_device_node_is_a_hint(qtbot: QtBot, tmp_path: Path) -> None:
    hotplug = QtHotplug((tmp_path, tmp_path / "not-there"))
    hints: list[str] = []
    hotplug.subscribe(lambda: hints.append("changed"))

    (tmp_path / "video0").touch()
    qtbot.waitUntil(lambda: bool(hints), timeout=10 * DEBOUNCE_MS)

    assert hints == ["changed"]


def test_beside_a_sound_server_the_nodes_are_watched_as_well(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qt_hotplug, "_NODES", (tmp_path,))
    monkeypatch.setattr(qt_hotplug, "has_no_sound_server", lambda system, environment: False)
    monkeypatch.setattr(QtHotplug, "_media_devices", lambda self: QObject())
    hotplug = QtHotplug()
    hints: list[str] = []
    hotplug.subscribe(lambda: hints.append("changed"))

    (tmp_path / "video0").touch()
    qtbot.waitUntil(lambda: bool(hints), timeout=10 * DEBOUNCE_MS)

    assert hints == ["changed"]


def test_changes_that_do_not_cease_are_a_hint_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    """A loose plug comes and goes several times a second."""
    hotplug = QtHotplug((tmp_path,))
    hints: list[str] = []
    hotplug.subscribe(lambda: hints.append("changed"))
    changing = QTimer()
    changing.timeout.connect(hotplug.note_change)
    changing.start(DEBOUNCE_MS // 6)

    qtbot.waitUntil(lambda: len(hints) >= 2, timeout=20 * LATEST_MS)
    changing.stop()

    assert hints[:2] == ["changed", "changed"]


class Pulse(PulseEvents):
    """The sound server's events, as a test wants them."""

    def __init__(self) -> None:
        self.told: Callable[[], None] | None = None

    def start(self, changed: Callable[[], None]) -> None:
        self.told = changed

    def stop(self) -> None:
        self.told = None


def test_the_sound_server_is_heard_while_somebody_is_subscribed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    pulse = Pulse()
    hotplug = QtHotplug((tmp_path,), pulse)
    hints: list[str] = []
    before = pulse.told
    first = hotplug.subscribe(lambda: hints.append("first"))
    second = hotplug.subscribe(lambda: hints.append("second"))
    assert pulse.told is not None

    first()
    pulse.told()
    qtbot.waitUntil(lambda: bool(hints), timeout=10 * DEBOUNCE_MS)
    second()

    assert before is None
    assert hints == ["second"]
    assert pulse.told is None


def test_a_sound_server_is_known_by_its_name_or_its_socket(tmp_path: Path) -> None:
    socket = tmp_path / "pulse" / "native"
    socket.parent.mkdir()
    socket.touch()

    assert not has_no_sound_server("linux", {"PULSE_SERVER": "tcp:host"})
    assert not has_no_sound_server("linux", {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert not has_no_sound_server("darwin", {})


def test_linux_without_name_and_socket_has_no_sound_server(tmp_path: Path) -> None:
    assert has_no_sound_server("linux", {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert has_no_sound_server("linux", {})
