"""What a list says while it is empty or could not be fetched: why, and what to do."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.views.theme import icon_pixmap, scheme_of
from desktop.views.widgets.button import Button, Command
from desktop.views.widgets.card import GAP_S, Card
from desktop.views.widgets.text import Text, TextRole

_ICON_PX = 28


class EmptyState(Card):
    """Icon, a line, a plainer line, and at most one button."""

    def __init__(self, icon_name: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName(name)
        self._icon_name = icon_name
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON_PX, _ICON_PX)
        self._title = Text(role=TextRole.STRONG, wrap=True)
        self._text = Text(role=TextRole.DIM, wrap=True)
        self._button = Button("", name=f"{name}_action")
        self.body.setSpacing(GAP_S)
        self.body.addWidget(self._icon)
        self.body.addWidget(self._title)
        self.body.addWidget(self._text)
        self.body.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self._button.hide()
        self._tint()

    def show_words(
        self, title: str, text: str, *, action: str = "", command: Command | None = None
    ) -> None:
        """Say why there is nothing, and offer a way out where there is one."""
        self._title.setText(title)
        self._text.show_text(text)
        if action:
            self._button.set_words(action)
        self._button.set_command(command)
        self._button.setVisible(bool(action))

    def _tint(self) -> None:
        scale = self.devicePixelRatioF()
        ink = scheme_of(self).dim
        self._icon.setPixmap(icon_pixmap(self._icon_name, ink, _ICON_PX, scale))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
