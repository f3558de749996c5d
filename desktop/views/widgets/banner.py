"""A band that says what happened, whose side it is on and what to do, until that is over."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.views.announce import announce
from desktop.views.theme import Tone, icon_pixmap, scheme_of, set_role
from desktop.views.widgets.button import Button, Command
from desktop.views.widgets.card import GAP_M, GAP_XS
from desktop.views.widgets.text import Text, TextRole

_ICON_PX = 20
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.OK: "check-circle",
    Tone.WARN: "warning",
    Tone.BAD: "cross-circle",
    Tone.ACCENT: "info",
}


class Banner(QFrame):
    """Icon, a strong sentence, a plain one, at most one button. Hidden while it has no words."""

    def __init__(
        self,
        *,
        name: str,
        rounded: bool = False,
        upright: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a band.

        Args:
            name: its lasting object name; the button's is ``<name>_action``.
            rounded: with round corners, inside a card or a column.
            upright: the plain sentence stands below the strong one, for narrow places.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "banner")
        self.setProperty("rounded", "true" if rounded else "false")
        self._tone = Tone.NEUTRAL
        self._icon_name: str | None = None
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON_PX, _ICON_PX)
        self._strong = Text(role=TextRole.STRONG, wrap=upright)
        self._plain = Text(wrap=True)
        self._button = Button("", name=f"{name}_action")
        row = QHBoxLayout(self)
        row.setContentsMargins(16 if rounded else 24, 10, 16 if rounded else 24, 10)
        row.setSpacing(GAP_M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop if upright else _MIDDLE)
        if upright:
            words = QVBoxLayout()
            words.setSpacing(GAP_XS)
            words.addWidget(self._strong)
            words.addWidget(self._plain)
            words.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
            row.addLayout(words, 1)
        else:
            row.addWidget(self._strong)
            row.addWidget(self._plain, 1)
            row.addWidget(self._button)
        self._button.hide()
        self.hide()

    def show_words(
        self,
        strong: str,
        plain: str = "",
        *,
        tone: Tone = Tone.WARN,
        icon_name: str | None = None,
        action: str = "",
        command: Command | None = None,
    ) -> None:
        """Show the band, or hide it while ``strong`` is empty. New words are announced."""
        if not strong:
            self.hide()
            return
        is_news = strong != self._strong.text() or not self.isVisible()
        self._tone, self._icon_name = tone, icon_name
        set_role(self, "tone", tone.value)
        self._strong.set_tone(tone)
        self._plain.set_tone(tone)
        self._strong.show_text(strong)
        self._plain.show_text(plain)
        if action:
            self._button.set_words(action)
        self._button.set_command(command)
        self._button.setVisible(bool(action))
        self._tint()
        self.show()
        if is_news:
            announce(self, f"{strong} {plain}".strip())

    def words(self) -> str:
        """Return all the words the band shows now."""
        return " ".join(filter(None, (self._strong.text(), self._plain.text())))

    def _tint(self) -> None:
        colours = scheme_of(self)
        name = self._icon_name or _ICONS[self._tone]
        scale = self.devicePixelRatioF()
        self._icon.setPixmap(icon_pixmap(name, colours.ink(self._tone), _ICON_PX, scale))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
