"""The ring around what has the focus follows keys, not clicks."""

import shiboken6
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.focus_ring import FocusRing
from desktop.views.widgets.button import Button
from desktop.views.widgets.card import scroller
from desktop.views.widgets.field import TextField


def test_the_ring_follows_keys_and_leaves_clicks_alone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    first, second = Button("One", name="one"), Button("Two", name="two")
    column.addWidget(first)
    column.addWidget(second)
    ring = FocusRing(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    first.setFocus(Qt.FocusReason.TabFocusReason)
    by_key = ring.isVisible(), ring.geometry().contains(first.geometry())
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    by_click = ring.isVisible()

    assert by_key == (True, True)
    assert not by_click


def test_the_ring_stays_with_a_field_that_is_moved_or_scrolled(qtbot: QtBot) -> None:
    """A line of trouble above pushes a field down; a page scrolls under the fingers."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    content = QWidget()
    content.setMinimumHeight(2000)
    rows = QVBoxLayout(content)
    trouble, field = QLabel("Use digits only."), TextField("Year", name="year")
    trouble.hide()
    for row in (trouble, field):
        rows.addWidget(row)
    rows.addStretch(1)
    area = scroller(content, name="scroll")
    column.addWidget(area)
    ring = FocusRing(window)
    window.resize(400, 300)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def is_around() -> bool:
        top = field.edit.mapTo(window, QPoint(0, 0))
        return ring.geometry().center() == QRect(top, field.edit.size()).center()

    before = ring.geometry()
    trouble.show()
    qtbot.waitUntil(lambda: ring.geometry() != before and is_around())
    pushed = ring.geometry()
    area.verticalScrollBar().setValue(20)

    assert is_around()
    assert ring.geometry().top() == pushed.top() - 20


def test_the_ring_outlives_the_page_whose_field_it_was_around(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    page, other = QWidget(), Button("Stay", name="stay")
    field = TextField("Year", name="year")
    QVBoxLayout(page).addWidget(field)
    for part in (page, other):
        column.addWidget(part)
    ring = FocusRing(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.edit.setFocus(Qt.FocusReason.TabFocusReason)

    shiboken6.delete(page)
    other.setFocus(Qt.FocusReason.TabFocusReason)

    assert ring.geometry().center() == other.geometry().center()
