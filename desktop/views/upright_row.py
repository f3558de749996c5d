"""The row under the preview: is the picture upright, and what turns it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.viewmodels.preflight_state import UprightQuestion
from desktop.views.kept_focus import KeptFocus
from desktop.views.widgets.button import Button
from desktop.views.widgets.card import GAP_S, hbox
from desktop.views.widgets.text import Text, TextRole


class UprightRow(QWidget):
    """Shows an `UprightQuestion`; there is no row before the first picture.

    Then it keeps its place: a camera is checked again often, and a row that comes and goes would
    move everything under it, and the focus.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        # Wrapped, or three long words of another language would push the results aside.
        self._words = Text("", TextRole.DIM, wrap=True)
        self._words.setObjectName("upright_question")
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._yes = Button(
            self.tr("Yes"), name="confirm_upright", accessible=self.tr("The picture is upright")
        )
        self._turn = Button(
            self.tr("Turn"),
            name="turn_camera",
            accessible=self.tr("Turn the picture for everybody"),
            shortcut="Alt+T",
        )
        self._mirror = Button(
            self.tr("Mirror"),
            name="mirror_camera",
            accessible=self.tr("Mirror the picture for everybody"),
            shortcut="Alt+M",
        )
        row = hbox(gap=GAP_S)
        row.addWidget(self._words, 1)
        for button in (self._yes, self._turn, self._mirror):
            row.addWidget(button)
        self.setLayout(row)
        self._focus = KeptFocus(self)
        self.hide()

    def render_question(self, question: UprightQuestion | None) -> None:
        """Show a question, or that there is none."""
        confirm = None if question is None else question.confirm
        if confirm is None and self._yes.hasFocus():
            # Qt hands the focus of a hidden button to the next one.
            self._turn.setFocus(Qt.FocusReason.OtherFocusReason)
        if question is None:
            self._focus.before((self._turn, self._mirror))
        self._words.setText(
            self.tr("Is the picture upright?")
            if confirm is not None
            else self.tr("You see yourself mirrored; others do not.")
        )
        self._yes.offer(confirm)
        self._turn.set_command(None if question is None else question.turn)
        self._mirror.set_command(None if question is None else question.mirror)
        if question is not None:
            self.show()
        self._focus.after()
