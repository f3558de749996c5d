"""One to five stars, each a button of its own."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.theme import Palette
from desktop.views.widgets.button import Command, IconButton
from desktop.views.widgets.card import GAP_XS

_STAR_PX = 28
_MOST = 5


class _Star(IconButton):
    """A star; lit ones are filled in the accent colour."""

    def ink(self, colours: Palette) -> str:
        return colours.accent_text

    def icon_px(self) -> int:
        return _STAR_PX

    def light(self, lit: bool) -> None:
        """Fill the star, or show its outline."""
        self.set_icon("star-filled" if lit else "star")
        self.setIconSize(QSize(_STAR_PX, _STAR_PX))


class Stars(QWidget):
    """Shows how many stars were given, and takes another number while there are commands."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "plain")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_XS)
        self._stars: list[_Star] = []
        for number in range(1, _MOST + 1):
            words = self.tr("%n star(s)", "", number)
            star = _Star("star", words, name=f"{name}_{number}")
            self._stars.append(star)
            row.addWidget(star)
        row.addStretch(1)

    def show_stars(self, count: int, commands: Sequence[Command]) -> None:
        """Show ``count`` lit stars; ``commands`` has one command per star, or none at all."""
        for at, star in enumerate(self._stars):
            star.light(at < count)
            star.set_command(commands[at] if at < len(commands) else None)
