"""The chat of the call page, as it is painted."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client_api.records import Message
from client_api.wire import Role, SessionId
from desktop.views.widgets.text import Text
from tests.qt.call_screen import CallScreen

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def stage(qtbot: QtBot) -> CallScreen:
    stage = CallScreen(qtbot, Role.MECHANIC, (1280, 800))
    stage.go_live()
    return stage


def test_a_line_that_was_sent_has_room_for_its_time_at_once(
    qtbot: QtBot, stage: CallScreen
) -> None:
    """One frame with "You · 11" was painted before the layout ran."""
    stage.key(Qt.Key.Key_C)
    stage.chat.send("hello")
    client_id, text = stage.queued[0]
    (meta,) = (
        label
        for label in stage.find(QWidget, "chat_panel").findChildren(Text)
        if label.text() == "Sending"
    )
    qtbot.waitUntil(lambda: meta.isVisible() and meta.width() == meta.sizeHint().width())

    stage.chat.on_messages(
        [Message(7, client_id, SessionId("s"), Role.MECHANIC, text, stage.clock.now())]
    )

    assert meta.text().startswith("You · ")
    assert meta.width() >= meta.sizeHint().width()
