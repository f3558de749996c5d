"""The base widgets do what hands, keys and screen readers expect of them."""

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.viewmodels.observable import Observable
from desktop.views.bind import bind
from desktop.views.theme import Tone
from desktop.views.widgets.avatar import initials
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button, ControlButton, IconButton
from desktop.views.widgets.choice import ChoiceGroup
from desktop.views.widgets.field import Chooser, TextAreaField, TextField
from desktop.views.widgets.keyed_list import KeyedList
from desktop.views.widgets.notice import NoticeHost
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_button_follows_its_command(qtbot: QtBot) -> None:
    pressed: list[str] = []
    button = Button("Accept", name="accept")
    qtbot.addWidget(button)

    button.set_command(lambda: pressed.append("first"))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.set_command(None)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert pressed == ["first"]
    assert not button.isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_is_pressed_by_key(qtbot: QtBot, key: Qt.Key) -> None:
    pressed: list[int] = []
    button = Button("Accept", name="accept")
    qtbot.addWidget(button)
    button.set_command(lambda: pressed.append(1))

    QTest.keyClick(button, key)

    assert pressed == [1]


def test_an_offered_button_is_seen_only_while_there_is_a_command(qtbot: QtBot) -> None:
    button = Button("Join session", name="join_session")
    qtbot.addWidget(button)

    button.offer(None)
    hidden = button.isHidden()
    button.offer(lambda: None)

    assert hidden
    assert not button.isHidden()


def test_a_shortcut_survives_new_words(qtbot: QtBot) -> None:
    button = Button("Join", name="join", shortcut="Ctrl+Return")
    qtbot.addWidget(button)

    button.set_words("Join session")

    assert button.shortcut().toString() == "Ctrl+Return"


def test_an_icon_button_speaks(qtbot: QtBot) -> None:
    button = IconButton("sign-out", "Sign out", name="sign_out")
    qtbot.addWidget(button)

    assert (button.accessibleName(), button.toolTip()) == ("Sign out", "Sign out")
    assert min(button.width(), button.height()) >= 44


def test_a_call_control_is_large_and_carries_its_count(qtbot: QtBot) -> None:
    button = ControlButton("chat", "Chat", name="chat")
    qtbot.addWidget(button)
    before = button.grab().toImage()

    button.set_count(120)

    assert (button.width(), button.height()) == (56, 56)
    assert button.grab().toImage() != before


def test_a_pill_is_as_wide_as_its_word_and_hides_without_one(qtbot: QtBot) -> None:
    pill = Pill("Live", Tone.OK, icon_name="dot")
    qtbot.addWidget(pill)
    narrow = pill.sizeHint().width()

    pill.show_status("Waiting for you", Tone.WARN, "clock")
    wide = pill.sizeHint().width()
    pill.show_status("", Tone.NEUTRAL)

    assert wide > narrow
    assert pill.isHidden()
    assert pill.accessibleName() == ""


def test_a_field_says_what_is_wrong_and_goes_back_to_its_hint(qtbot: QtBot) -> None:
    field = TextField("Password", name="password", hint="At least 8 characters", secret=True)
    qtbot.addWidget(field)

    field.show_trouble("Fill this in.")
    trouble = (field.trouble(), field.edit.accessibleDescription())
    field.show_trouble("")

    assert trouble == ("Fill this in.", "Fill this in.")
    assert field.trouble() == "At least 8 characters"


def test_only_the_user_edits(qtbot: QtBot) -> None:
    field = TextAreaField("Concern", name="concern")
    qtbot.addWidget(field)
    edited: list[str] = []
    field.edited.connect(edited.append)

    field.show_text("from the state")
    QTest.keyClicks(field.edit, "x")

    assert edited == ["xfrom the state"]


def test_the_mouse_wheel_does_not_change_a_choice_in_passing(qtbot: QtBot) -> None:
    chooser = Chooser(name="camera", accessible="Camera")
    qtbot.addWidget(chooser)
    chosen: list[str] = []
    chooser.chosen.connect(chosen.append)
    chooser.show_entries([("a", "First"), ("b", "Second")], "a")

    chooser.activated.emit(1)

    assert chosen == ["b"]
    assert chooser.currentText() == "First"


def test_one_of_several_is_chosen_by_mouse_and_arrow(qtbot: QtBot) -> None:
    group = ChoiceGroup(name="urgency", accessible="Urgency")
    qtbot.addWidget(group)
    group.show_choices([("now", "Now"), ("soon", "Soon")], "now")
    chosen: list[str] = []
    group.chosen.connect(chosen.append)
    group.show()
    now, soon = group.findChildren(Button)

    QTest.mouseClick(soon, Qt.MouseButton.LeftButton)
    soon.setFocus()
    QTest.keyClick(soon, Qt.Key.Key_Right)

    assert chosen == ["soon"]
    assert (now.isChecked(), soon.isChecked()) == (False, True)
    assert group.focusWidget() is now


def test_a_band_is_hidden_while_it_has_nothing_to_say(qtbot: QtBot) -> None:
    band = Banner(name="band")
    qtbot.addWidget(band)
    pressed: list[int] = []

    band.show_words(
        "You are offline.",
        "It updates by itself.",
        action="Retry",
        command=lambda: pressed.append(1),
    )
    button = band.findChild(Button, "band_action")
    assert isinstance(button, Button)
    button.click()
    said = band.words()
    band.show_words("")

    assert said == "You are offline. It updates by itself."
    assert pressed == [1]
    assert band.isHidden()


def test_a_list_keeps_each_row_as_long_as_its_key_stays(qtbot: QtBot) -> None:
    rows: KeyedList[tuple[str, str], QLabel] = KeyedList(
        key=lambda row: row[0], make=QLabel, update=lambda label, row: label.setText(row[1])
    )
    qtbot.addWidget(rows)
    rows.show_rows([("a", "one"), ("b", "two")])
    first, second = rows.widgets()

    rows.show_rows([("c", "new"), ("b", "two again"), ("a", "one")])

    top, middle, bottom = rows.widgets()
    assert (middle, bottom) == (second, first)
    assert [label.text() for label in (top, middle, bottom)] == ["new", "two again", "one"]
    rows.show_rows([])
    assert rows.isHidden()


def test_three_notices_at_most_float_at_once_and_go_by_themselves(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(800, 600)
    host = NoticeHost(page)
    pressed: list[int] = []

    for number in range(4):
        host.show_notice(f"Notice {number}")
    host.show_notice("Undo?", action="Undo", command=lambda: pressed.append(1))
    (button,) = page.findChildren(Button, "notice_action")
    button.click()

    assert host.texts() == ("Notice 2", "Notice 3")
    assert pressed == [1]


def test_text_from_people_is_never_markup(qtbot: QtBot) -> None:
    label = Text("<b>Sam</b>")
    qtbot.addWidget(label)

    assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_wrapped_text_claims_the_height_it_needs(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    column = QVBoxLayout(box)
    text = Text("word " * 60, wrap=True)
    column.addWidget(text)
    box.resize(200, 40)
    box.show()

    narrow = text.minimumHeight()
    box.resize(900, 400)

    assert narrow > text.minimumHeight() >= text.fontMetrics().height()
    assert text.height() >= text.minimumHeight()


@pytest.mark.parametrize(
    ("name", "letters"), [("Dana Roy", "DR"), ("sam", "S"), ("Ana da Silva", "AS"), ("", "")]
)
def test_initials_come_from_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_what_is_published_is_rendered_until_the_owner_is_gone(qtbot: QtBot) -> None:
    source = Observable("one")
    seen: list[str] = []
    owner = QWidget()
    bind(owner, source, seen.append)
    source.set("two")

    shiboken6.delete(owner)
    source.set("three")

    assert seen == ["one", "two"]
