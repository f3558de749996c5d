"""One look at the screen: a figure, in short steps, and nothing of what is on it."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.media import screen_look
from desktop.media.screen_look import LINES, STEP, ScreenLook

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


class _Screen:
    """A screen of 1280x960 that is black but for one line of text, or nothing at all."""

    def __init__(self, text_at: int | None) -> None:
        self._text_at = text_at

    def size(self) -> QSize:
        return QSize(1280, 960)

    def grabWindow(self, _window: int, _x: int, y: int, width: int, _height: int) -> QPixmap:
        line = QImage(width, 1, QImage.Format.Format_RGB32)
        line.fill(0)
        if self._text_at is not None and self._text_at <= y < self._text_at + 16:
            for x in range(100, 700, 3):
                line.setPixel(x, 0, 0xFFFFFF)
        return QPixmap.fromImage(line)


@pytest.mark.parametrize("text_at", [21, 143, 503, 943])
def test_a_single_line_of_text_is_something_to_see(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, text_at: int
) -> None:
    """It stands between two of the first lines, which are 40 apart."""
    spread, turns = _looked_at(_Screen(text_at), monkeypatch)

    assert spread is not None
    assert spread > 2
    assert turns == LINES + 960 // STEP


def test_a_black_screen_is_looked_at_more_closely_and_is_black(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _looked_at(_Screen(None), monkeypatch) == (0.0, LINES + 960 // STEP)


def _looked_at(screen: _Screen, monkeypatch: pytest.MonkeyPatch) -> tuple[float | None, int]:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    only = SimpleNamespace(screens=lambda: [screen])
    monkeypatch.setattr(screen_look, "QGuiApplication", only)
    return looked(ScreenLook())


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
