"""A call page on the screen, for tests that press it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from client_api.records import Finding
from client_api.wire import Role
from desktop.views.call_view import CallView
from desktop.views.widgets.button import Button
from tests.fakes.call_page import CallStage


class CallScreen(CallStage):
    """A call page on the screen."""

    def __init__(self, qtbot: QtBot, role: Role, size: tuple[int, int]) -> None:
        super().__init__(role)
        self.view = CallView(self.page)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.view.activateWindow()

    def find(self, kind: type[Any], name: str) -> Any:
        found = self.view.findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def press(self, name: str) -> None:
        QTest.mouseClick(self.find(Button, name), Qt.MouseButton.LeftButton)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        QTest.keyClick(self.view, key, modifier or Qt.KeyboardModifier.NoModifier)

    def shown(self, name: str) -> bool:
        return bool(self.find(QWidget, name).isVisible())

    def findings(self) -> tuple[Finding, ...]:
        assert self.notes is not None
        return self.notes.state.value.findings

    def dialog(self) -> QDialog:
        found = self.view.findChild(QDialog, "confirm")
        assert isinstance(found, QDialog)
        return found
