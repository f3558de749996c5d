"""Dialogs are awaited, and Enter alone destroys nothing."""

import asyncio

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.dialogs import ConfirmDialog, confirm, finished
from desktop.views.widgets.button import Button, ButtonKind


async def test_a_dialog_is_awaited(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    asked = asyncio.ensure_future(finished(dialog))
    await asyncio.sleep(0)

    dialog.accept()

    assert await asked == QDialog.DialogCode.Accepted


async def test_a_cancelled_question_leaves_no_dialog_open(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    asked = asyncio.ensure_future(finished(dialog))
    await asyncio.sleep(0)

    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)

    assert not dialog.isVisible()


@pytest.mark.parametrize(("name", "answer"), [("confirm_action", True), ("confirm_back", False)])
async def test_a_question_has_two_answers(qtbot: QtBot, name: str, answer: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    asked = asyncio.ensure_future(
        confirm(
            window,
            title="End the session?",
            text="Both sides leave the call.",
            action="End session",
            back="Stay",
            destructive=True,
        )
    )
    await asyncio.sleep(0)
    (dialog,) = window.findChildren(ConfirmDialog)
    button = dialog.findChild(Button, name)
    assert isinstance(button, Button)

    button.click()

    assert await asked is answer


def test_enter_alone_destroys_nothing(qtbot: QtBot) -> None:
    dialog = ConfirmDialog(
        None,
        title="End the session?",
        text="Both sides leave the call.",
        action="End session",
        back="Stay",
        destructive=True,
    )
    qtbot.addWidget(dialog)

    held = dialog.focusWidget()
    action = dialog.findChild(Button, "confirm_action")

    assert held is not None
    assert held.objectName() == "confirm_back"
    assert isinstance(action, Button)
    assert action.property("kind") == ButtonKind.DANGER.value
