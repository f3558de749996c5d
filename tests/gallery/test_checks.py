"""The gallery's checks find what they are there for; a check that finds nothing proves nothing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.gallery.checks import complaints
from tests.gallery.registry import GalleryPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def sound() -> tuple[QWidget, QPushButton, QLineEdit, QLabel]:
    """Return a page without a fault: a button, a field and a line of text."""
    page = QWidget()
    button, field, label = QPushButton("Accept"), QLineEdit(), QLabel("Two requests wait")
    column = QVBoxLayout(page)
    for part, name in ((button, "accept"), (field, "search"), (label, "count")):
        part.setObjectName(name)
        part.setAccessibleName(name)
        part.setMinimumSize(60, 48)
        column.addWidget(part)
    page.resize(500, 400)
    return page, button, field, label


def found(qtbot: QtBot, page: QWidget) -> list[str]:
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    return complaints(GalleryPage("made-up", lambda: page), page)


def test_a_page_without_a_fault_is_left_in_peace(qtbot: QtBot) -> None:
    assert found(qtbot, sound()[0]) == []


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (lambda button: button.setAccessibleName(""), "has no accessible name"),
        (lambda button: button.setObjectName(""), "has no object name"),
        (lambda button: button.setFocusPolicy(Qt.FocusPolicy.NoFocus), "is not reached by Tab"),
        (lambda button: button.setFocusPolicy(Qt.FocusPolicy.ClickFocus), "is not reached by Tab"),
        # As a style of its own, since the theme's least height stands above a fixed size.
        (lambda button: button.setStyleSheet("min-height: 0; max-height: 30px"), "is only ("),
        (lambda button: button.setFixedSize(44, 44), "needs"),
    ],
    ids=["nameless", "no-object-name", "no-focus", "mouse-alone", "small", "cut-off"],
)
def test_a_button_that_fails_people_is_told(
    qtbot: QtBot, harm: Callable[[QPushButton], None], complaint: str
) -> None:
    page, button, _, _ = sound()
    if complaint == "needs":
        button.setText("Accept the request of this customer")
    harm(button)

    told = found(qtbot, page)

    assert [line for line in told if complaint in line], told


def test_words_that_are_cut_off_are_told(qtbot: QtBot) -> None:
    page, _, _, label = sound()
    label.setFixedWidth(60)

    assert any("QLabel count" in line and "needs" in line for line in found(qtbot, page))


def test_what_hangs_out_of_the_window_is_told(qtbot: QtBot) -> None:
    page, button, _, _ = sound()
    column = page.layout()
    assert column is not None
    column.removeWidget(button)
    button.setGeometry(460, 10, 120, 48)

    assert any("sticks out sideways" in line for line in found(qtbot, page))
