"""Hands that press a client's widgets the way a person does: real mouse and key events.

A widget is found by its object name, must be visible and enabled, and is given time to become
so. Nothing here calls a view model.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

W = TypeVar("W", bound=QWidget)

LOOK_EVERY_S = 0.05


class NotThere(Exception):
    """A widget did not appear, or something did not become true, in time."""


class Hands:
    """Finds and presses widgets of this process's windows."""

    async def until(
        self, what: str, condition: Callable[[], object], *, within_s: float = 30.0
    ) -> None:
        """Wait until ``condition`` is truthy.

        Raises:
            NotThere: it did not within the time; ``what`` says what was waited for.
        """
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                raise NotThere(f"{what} did not happen within {within_s:.0f} s")
            await asyncio.sleep(LOOK_EVERY_S)

    async def find(
        self, name: str, kind: type[W], *, within_s: float = 30.0, enabled: bool = True
    ) -> W:
        """Return the visible (and enabled) widget called ``name``.

        Raises:
            NotThere: no such widget became usable in time.
        """
        deadline = time.monotonic() + within_s
        while True:
            for window in QApplication.topLevelWidgets():
                if not window.isVisible():
                    continue
                for widget in [window, *window.findChildren(QWidget, name)]:
                    if (
                        widget.objectName() == name
                        and isinstance(widget, kind)
                        and widget.isVisible()
                        and (widget.isEnabled() or not enabled)
                    ):
                        return widget
            if time.monotonic() > deadline:
                raise NotThere(f"{name} was not usable within {within_s:.0f} s")
            await asyncio.sleep(LOOK_EVERY_S)

    async def click(self, name: str, *, within_s: float = 30.0) -> None:
        """Press a button with the left mouse button in its middle."""
        button = await self.find(name, QWidget, within_s=within_s)
        self._bring_into_view(button)
        await asyncio.sleep(0)
        QTest.mouseClick(
            button,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            QPoint(button.width() // 2, button.height() // 2),
        )

    async def type_into(self, name: str, text: str) -> None:
        """Click into a field, replace what stands there, letter by letter."""
        field = await self.find(name, QWidget)
        self._bring_into_view(field)
        field.setFocus(Qt.FocusReason.MouseFocusReason)
        if isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit):
            field.selectAll()
        QTest.keyClicks(field, text)

    async def choose(self, name: str, text: str) -> None:
        """Choose the entry of a list that contains ``text``.

        Raises:
            NotThere: the list has no such entry.
        """
        box = await self.find(name, QComboBox)
        for index in range(box.count()):
            if text.lower() in box.itemText(index).lower():
                box.setFocus(Qt.FocusReason.MouseFocusReason)
                box.setCurrentIndex(index)
                box.activated.emit(index)
                return
        raise NotThere(f"{name} offers no {text!r}")

    async def press_key(self, name: str, key: Qt.Key) -> None:
        """Press one key in a widget."""
        widget = await self.find(name, QWidget)
        QTest.keyClick(widget, key)

    async def move_over(self, name: str) -> None:
        """Move the mouse a little over a widget, as a person does before pressing anything.

        Not with ``QTest.mouseMove``: it spins the event loop, inside this very task.
        """
        widget = await self.find(name, QWidget, enabled=False)
        middle = QPointF(widget.rect().center())
        for step in (QPointF(0, 0), QPointF(12, 8)):
            at = middle + step
            event = QMouseEvent(
                QEvent.Type.MouseMove,
                at,
                widget.mapToGlobal(at),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(widget, event)
            await asyncio.sleep(LOOK_EVERY_S)

    def is_there(self, name: str) -> bool:
        """True when a visible, enabled widget has that name now."""
        return any(
            widget.isVisible() and widget.isEnabled()
            for window in QApplication.topLevelWidgets()
            if window.isVisible()
            for widget in window.findChildren(QWidget, name)
        )

    @staticmethod
    def is_checked(widget: QWidget) -> bool:
        """True for a checked button."""
        return isinstance(widget, QAbstractButton) and widget.isChecked()

    @staticmethod
    def _bring_into_view(widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()
