"""A row of buttons that goes on in the next line."""

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.widgets.flow import Flow

GAP = 8


class Row:
    """Four buttons of 100 x 40 in a window of their own."""

    def __init__(self, qtbot: QtBot, width: int) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.buttons = [QPushButton(str(each)) for each in range(4)]
        self.flow = Flow(gap=GAP)
        for button in self.buttons:
            button.setFixedSize(100, 40)
            self.flow.addWidget(button)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.flow)
        column.addStretch(1)
        self.window.setLayout(column)
        self.window.resize(width, 400)
        with qtbot.waitExposed(self.window):
            self.window.show()

    def places(self) -> list[tuple[int, int]]:
        return [
            (button.x(), button.y()) for button in self.buttons if button.isVisibleTo(self.window)
        ]


@pytest.mark.parametrize(
    ("width", "places"),
    [
        (424, [(0, 0), (108, 0), (216, 0), (324, 0)]),
        (423, [(0, 0), (108, 0), (216, 0), (0, 48)]),
        (210, [(0, 0), (108, 0), (0, 48), (108, 48)]),
        (100, [(0, 0), (0, 48), (0, 96), (0, 144)]),
    ],
)
def test_what_does_not_fit_stands_in_the_next_line(
    qtbot: QtBot, width: int, places: list[tuple[int, int]]
) -> None:
    assert Row(qtbot, width).places() == places


def test_what_is_hidden_takes_no_room(qtbot: QtBot) -> None:
    row = Row(qtbot, 210)

    row.buttons[0].hide()
    row.buttons[2].hide()
    qtbot.waitUntil(lambda: row.places() == [(0, 0), (108, 0)])

    assert row.flow.heightForWidth(210) == 40


def test_it_is_never_narrower_than_its_widest_button(qtbot: QtBot) -> None:
    row = Row(qtbot, 424)

    assert row.flow.minimumSize().width() == 100
    assert row.flow.sizeHint().width() == 424
    assert row.flow.heightForWidth(424) == 40
    assert row.flow.heightForWidth(210) == 88


def test_a_button_can_be_taken_out(qtbot: QtBot) -> None:
    row = Row(qtbot, 424)

    taken = row.flow.takeAt(0)
    assert taken is not None
    assert taken.widget() is row.buttons[0]
    row.buttons[0].hide()

    assert row.flow.count() == 3
    assert row.flow.takeAt(9) is None


def test_its_margins_are_kept_free(qtbot: QtBot) -> None:
    row = Row(qtbot, 424)

    row.flow.setContentsMargins(24, 2, 0, 4)
    qtbot.waitUntil(lambda: row.places() == [(24, 2), (132, 2), (240, 2), (24, 50)])

    assert row.flow.heightForWidth(424) == 88 + 6
    assert row.flow.minimumSize().width() == 124
