"""The chat of the call page, as it is used and painted."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from client_api.records import Message
from client_api.wire import Role, SessionId
from desktop.call.states import Ended, EndReason
from desktop.views.widgets.button import Button, ControlButton
from desktop.views.widgets.text import Text
from tests.fakes.call_page import make_talk
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


def test_a_message_is_sent_with_enter_and_seen_at_once(stage: CallScreen) -> None:
    stage.key(Qt.Key.Key_C)
    chat = stage.find(QLineEdit, "chat_input")
    assert chat.hasFocus(), "the person opened the chat to write"

    QTest.keyClicks(chat, "cmv hello")
    QTest.keyClick(chat, Qt.Key.Key_Return)

    assert [text for _, text in stage.queued] == ["cmv hello"]
    assert stage.sent == [], "letters typed are no shortcuts"
    assert chat.text() == ""


def test_the_send_button_sends_and_an_empty_line_does_not(stage: CallScreen) -> None:
    stage.key(Qt.Key.Key_C)
    stage.press("chat_send")
    stage.find(QLineEdit, "chat_input").setText("hello")
    stage.press("chat_send")

    assert [text for _, text in stage.queued] == ["hello"]


def test_a_refused_message_is_sent_again_by_a_click(stage: CallScreen) -> None:
    stage.key(Qt.Key.Key_C)
    stage.chat.send("hello")
    stage.chat.on_refused(stage.queued[0][0])

    stage.press("chat_retry")

    assert len(stage.queued) == 2
    assert stage.queued[0] == stage.queued[1]


def test_unread_messages_are_counted_until_the_chat_is_open(stage: CallScreen) -> None:
    stage.say("Like this?")
    assert stage.find(ControlButton, "toggle_chat").accessibleName() == "Chat (C), 1 unread"
    assert stage.find(Button, "tab_chat").text() == "Chat (1)"

    stage.press("tab_chat")

    assert stage.find(ControlButton, "toggle_chat").accessibleName() == "Chat (C)"


def test_after_the_end_the_chat_can_be_read_but_not_written(stage: CallScreen) -> None:
    stage.key(Qt.Key.Key_C)
    stage.page.on_call_state(Ended(EndReason.SESSION_ENDED, make_talk()))

    assert not stage.find(QLineEdit, "chat_input").isEnabled()
