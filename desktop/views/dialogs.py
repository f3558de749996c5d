"""Dialogs that are awaited. ``open()`` and a future, never a loop inside the loop."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_L, GAP_M, hbox, vbox
from desktop.views.widgets.text import Text, TextRole

_WIDTH_PX = 440


async def finished(dialog: QDialog) -> int:
    """Open a dialog over its window and return its result code once it is closed.

    A cancelled wait closes the dialog, so that none is left open without an owner.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[int] = loop.create_future()

    def settle(code: int) -> None:
        if not answer.done():
            answer.set_result(code)

    dialog.finished.connect(settle)
    dialog.open()
    try:
        return await answer
    finally:
        if dialog.isVisible():
            dialog.close()
        dialog.deleteLater()


class ConfirmDialog(QDialog):
    """Asks one question; the way back holds the focus, so that Enter alone destroys nothing."""

    def __init__(
        self,
        parent: QWidget | None,
        *,
        title: str,
        text: str,
        action: str,
        back: str,
        destructive: bool,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("confirm")
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleDescription(text)
        self.setFixedWidth(_WIDTH_PX)
        no = Button(back, name="confirm_back")
        kind = ButtonKind.DANGER if destructive else ButtonKind.PRIMARY
        yes = Button(action, name="confirm_action", kind=kind)
        no.set_command(self.reject)
        yes.set_command(self.accept)
        heading = Text(title, TextRole.SECTION, wrap=True)
        body = Text(text, wrap=True)
        buttons = hbox(gap=GAP_M)
        buttons.addStretch(1)
        buttons.addWidget(no)
        buttons.addWidget(yes)
        column = vbox(gap=GAP_M, margins=(24, 24, 24, 24))
        column.addWidget(heading)
        column.addWidget(body)
        column.addSpacing(GAP_L)
        column.addLayout(buttons)
        self.setLayout(column)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.reject)
        (no if destructive else yes).setFocus(Qt.FocusReason.TabFocusReason)


async def confirm(
    parent: QWidget | None,
    *,
    title: str,
    text: str,
    action: str,
    back: str,
    destructive: bool = False,
) -> bool:
    """Ask a question with two answers; True for ``action``, False for ``back`` or Escape."""
    dialog = ConfirmDialog(
        parent, title=title, text=text, action=action, back=back, destructive=destructive
    )
    return await finished(dialog) == QDialog.DialogCode.Accepted


async def ask_save_path(parent: QWidget | None, *, title: str, suggestion: str) -> Path | None:
    """Ask where to save a file; None when the user thought better of it."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(suggestion)
    if await finished(dialog) != QDialog.DialogCode.Accepted:
        return None
    chosen = dialog.selectedFiles()
    return Path(chosen[0]) if chosen else None
