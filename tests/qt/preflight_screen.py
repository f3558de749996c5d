"""The preflight page on a fake preflight, in a window, for tests that press it."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from client_api.wire import ReportId
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.support_panel import SupportPanel
from desktop.views.preflight_view import PreflightView
from desktop.views.theme import dress
from desktop.views.widgets.button import Button
from tests.fakes.preflight_desk import FakePreflightDesk
from tests.fakes.support_desk import FakeSupportDesk, no_answer, no_path
from tests.fakes.wire_samples import sample_session


class _Ran:
    """A task that has already run."""

    def add_done_callback(self, _done: Callable[[Any], object]) -> None: ...
    def cancel(self) -> None: ...


def run_now(coro: Coroutine[Any, Any, object], /, *, name: str) -> Any:
    """Run a coroutine that waits for nothing, at once: these tests need no loop."""
    try:
        while True:
            coro.send(None)
    except StopIteration:
        return _Ran()


class Stage:
    def __init__(self, qtbot: QtBot) -> None:
        self.desk = FakePreflightDesk()
        self.preview = PictureMailbox()
        self.joined: list[ReportId] = []
        self.left = 0
        self.page = PreflightPage(
            session=sample_session(),
            desk=self.desk,
            preview=self.preview,
            spawn=run_now,
            on_join=self.joined.append,
            on_leave=self._on_leave,
            pick_beeps=lambda: 2,
            support=SupportPanel(
                FakeSupportDesk(),
                ask_path=no_path,
                ask_parcel=no_answer,
                copy=lambda _: None,
                spawn=run_now,
            ),
        )
        self.page.start()
        self.view = PreflightView(self.page)
        dress(self.view)
        qtbot.addWidget(self.view)
        self.view.resize(1280, 800)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.view.activateWindow()

    def _on_leave(self) -> None:
        self.left += 1

    def button(self, name: str) -> Button:
        found = self.view.findChild(Button, name)
        assert isinstance(found, Button)
        return found

    def words(self, name: str) -> str:
        label = self.view.findChild(QLabel, name)
        assert isinstance(label, QLabel)
        return label.text()


def press(qtbot: QtBot, button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
