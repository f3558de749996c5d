"""One look at the screen: a figure, in short steps, and nothing of what is on it."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.media import screen_look
from desktop.media.screen_look import LINES, ScreenLook

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def looked(look: ScreenLook) -> tuple[float | None, int]:
    """Look, and count in how many turns of the loop that was done."""
    work, turns = look.luma_spread(), 0
    try:
        while True:
            work.send(None)
            turns += 1
    except StopIteration as over:
        return over.value, turns


def test_a_window_on_the_screen_is_something_to_see(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    window = QLabel("Liftbay " * 60)
    window.setWordWrap(True)
    qtbot.addWidget(window)
    window.resize(700, 700)
    with qtbot.waitExposed(window):
        window.show()

    spread, turns = looked(ScreenLook())

    assert spread is not None
    assert spread > 2
    assert turns == LINES, "the window draws between two lines"


def test_on_wayland_nobody_looks(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")

    assert looked(ScreenLook()) == (None, 0)


def test_a_screen_that_gives_nothing_is_not_judged(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    monkeypatch.setattr(screen_look, "_line", lambda *_: None)

    assert looked(ScreenLook()) == (None, 0)
