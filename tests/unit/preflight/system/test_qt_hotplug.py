"""Hints that devices changed."""

import pytest
from pytestqt.qtbot import QtBot

from preflight.system.qt_hotplug import DEBOUNCE_MS, QtHotplug

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
