"""Fields: a label above, the control, and below it what is wrong, in words.

Each field is one widget; its control is in ``edit`` (or ``box``) and carries the object name, so
that tests and the demo type into what a person types into.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.views.announce import announce
from desktop.views.theme import Tone, icon_pixmap, scheme_of, set_role
from desktop.views.widgets.button import MIN_HIT_PX
from desktop.views.widgets.card import GAP_XS
from desktop.views.widgets.text import Text, TextRole

_ARROW_PX: Final = 20
_LEAST_LETTERS: Final = 10
_AROUND_PX: Final = 60


class _Field(QWidget):
    """Label above, trouble below; a subclass puts its control between."""

    def __init__(self, label: str, control: QWidget, *, name: str, hint: str = "") -> None:
        super().__init__()
        control.setObjectName(name)
        control.setAccessibleName(label)
        self._control = control
        self._label = Text(label, TextRole.FIELD)
        self._label.setBuddy(control)
        self._hint_text = hint
        self._hint = Text(hint, TextRole.DIM, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_XS)
        column.addWidget(self._label)
        column.addWidget(control)
        column.addWidget(self._hint)
        self._hint.setVisible(bool(hint))

    def show_trouble(self, text: str, tone: Tone = Tone.BAD) -> None:
        """Say beneath the field what is wrong; an empty text brings the hint back."""
        is_news = bool(text) and text != self._hint.text()
        self._hint.show_text(text or self._hint_text)
        self._hint.set_tone(tone if text else None)
        set_role(self._control, "tone", tone.value if text else "")
        self._control.setAccessibleDescription(text or self._hint_text)
        if is_news:
            announce(self._control, text)

    def trouble(self) -> str:
        """Return the words beneath the field."""
        return "" if self._hint.isHidden() else self._hint.text()

    def set_label(self, label: str) -> None:
        """Name the field."""
        self._label.setText(label)
        self._control.setAccessibleName(label)


class TextField(_Field):
    """One line of text.

    Signals:
        edited: the user (not the program) changed the text; carries it.
        submitted: Enter was pressed in it.
    """

    edited = Signal(str)
    submitted = Signal()

    def __init__(
        self,
        label: str,
        *,
        name: str,
        placeholder: str = "",
        hint: str = "",
        secret: bool = False,
        max_length: int = 200,
    ) -> None:
        self.edit = QLineEdit()
        super().__init__(label, self.edit, name=name, hint=hint)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setMaxLength(max_length)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.textEdited.connect(self.edited)
        self.edit.returnPressed.connect(self.submitted)

    def show_text(self, text: str) -> None:
        """Show a text without calling it the user's; the caret stays where it is when equal."""
        if text != self.edit.text():
            self.edit.setText(text)


class TextAreaField(_Field):
    """Several lines of text. Tab leaves it, as in every other field.

    Signals:
        edited: the user changed the text; carries it.
    """

    edited = Signal(str)

    def __init__(
        self, label: str, *, name: str, placeholder: str = "", hint: str = "", lines: int = 4
    ) -> None:
        self.edit = QPlainTextEdit()
        super().__init__(label, self.edit, name=name, hint=hint)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * lines + 28)
        self.edit.textChanged.connect(self._on_text_changed)
        self._is_showing = False

    def show_text(self, text: str) -> None:
        """Show a text without calling it the user's."""
        if text != self.edit.toPlainText():
            self._is_showing = True
            self.edit.setPlainText(text)
            self._is_showing = False

    def _on_text_changed(self) -> None:
        if not self._is_showing:
            self.edited.emit(self.edit.toPlainText())


class Chooser(QComboBox):
    """A combo box with our arrow, 44 px rows, and no change by a passing mouse wheel.

    Signals:
        chosen: the user picked another entry; carries its key.
    """

    chosen = Signal(str)

    def __init__(self, *, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(self._on_activated)

    def show_entries(self, entries: Sequence[tuple[str, str]], selected: str | None) -> None:
        """Show (key, words) pairs and select one by its key; None selects nothing."""
        now = [(str(self.itemData(i)), self.itemText(i)) for i in range(self.count())]
        self.blockSignals(True)
        if now != list(entries):
            self.clear()
            for key, words in entries:
                self.addItem(words, key)
        keys = [key for key, _ in entries]
        self.setCurrentIndex(keys.index(selected) if selected in keys else -1)
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        # Not by a policy of Qt's: setting one builds the list that drops down, 5 ms for each box.
        letters = self.fontMetrics().horizontalAdvance("X") * _LEAST_LETTERS
        return QSize(letters + _AROUND_PX, MIN_HIT_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.itemData(index)))

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showPopup()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours = scheme_of(self)
        painter = QPainter(self)
        at = QPoint(self.width() - _ARROW_PX - 12, (self.height() - _ARROW_PX) // 2)
        ink = colours.text if self.isEnabled() else colours.dim
        painter.drawPixmap(
            at, icon_pixmap("chevron-down", ink, _ARROW_PX, self.devicePixelRatioF())
        )
        painter.end()
