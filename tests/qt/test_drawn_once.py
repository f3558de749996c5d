"""What floats over the picture is drawn when it changes, not with every picture."""

import pytest
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.views.widgets.drawn_once import DrawnOnce


class Filled(QWidget):
    """Paints its whole area in one colour."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn = DrawnOnce()
        self.colour = "#ff0000"

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.drawn.paint(self, self.colour, self._draw)

    def _draw(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.colour)

    def painted(self) -> str:
        return self.grab().toImage().pixelColor(5, 5).name()


@pytest.fixture
def widget(qtbot: QtBot) -> Filled:
    made = Filled()
    qtbot.addWidget(made)
    made.resize(40, 20)
    return made


def test_the_same_look_is_drawn_once_and_reaches_the_widget_each_time(widget: Filled) -> None:
    colours = [widget.painted() for _ in range(4)]

    assert colours == ["#ff0000"] * 4
    assert widget.drawn.drawings == 1


def test_another_look_or_size_is_drawn_anew(widget: Filled) -> None:
    widget.painted()
    widget.colour = "#0000ff"
    changed = widget.painted()
    widget.resize(50, 20)
    widget.painted()

    assert changed == "#0000ff"
    assert widget.drawn.drawings == 3
