"""One of several, all in sight: buttons of which exactly one may be pressed in."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_S


class ChoiceGroup(QWidget):
    """A row or column of choices; arrow keys move between them, Space or Enter picks.

    Signals:
        chosen: the user picked; carries the key.
    """

    chosen = Signal(str)

    def __init__(
        self,
        *,
        name: str,
        accessible: str,
        kind: ButtonKind = ButtonKind.CHOICE,
        upright: bool = False,
        stretch: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setProperty("role", "plain")
        self._kind = kind
        self._stretch = stretch
        self._buttons: dict[str, Button] = {}
        across = QBoxLayout.Direction.LeftToRight
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom if upright else across, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(GAP_S)

    def show_choices(self, choices: Sequence[tuple[str, str]], selected: str | None) -> None:
        """Show (key, words) pairs, one of them pressed in. Each is named ``<name>_<key>``."""
        if list(self._buttons) != [key for key, _ in choices]:
            for old in self._buttons.values():
                self._box.removeWidget(old)
                old.deleteLater()
            self._buttons = {key: self._make(key, words) for key, words in choices}
        for key, words in choices:
            button = self._buttons[key]
            button.set_words(words)
            button.setChecked(key == selected)

    @property
    def buttons(self) -> Sequence[Button]:
        """The buttons as they stand."""
        return tuple(self._buttons.values())

    def set_all_enabled(self, enabled: bool) -> None:
        """Let the choices be changed, or not."""
        for button in self._buttons.values():
            button.setEnabled(enabled)

    def _make(self, key: str, words: str) -> Button:
        button = Button(words, name=f"{self.objectName()}_{key}", kind=self._kind)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._on_clicked(key))
        self._box.addWidget(button, 1 if self._stretch else 0)
        return button

    def _on_clicked(self, key: str) -> None:
        for other, button in self._buttons.items():
            button.setChecked(other == key)
        self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
        }
        step = steps.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        here = next((i for i, button in enumerate(buttons) if button.hasFocus()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
            return
        buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
