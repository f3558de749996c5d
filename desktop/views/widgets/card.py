"""Cards, section headers and the boxes pages are laid out with."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.views.theme import Tone, set_role
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole

GAP_XS: Final = 4
GAP_S: Final = 8
GAP_M: Final = 12
GAP_L: Final = 16
GAP_XL: Final = 24
GAP_XXL: Final = 32
CARD_PAD: Final = 20
"""Room between a card's edge and what is in it."""


class Card(QFrame):
    """A panel with a border; put things into ``body``, a vertical layout."""

    def __init__(
        self, *, inner: bool = False, pad: int = CARD_PAD, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "inner" if inner else "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(pad, pad, pad, pad)
        self.body.setSpacing(GAP_M)

    def set_tone(self, tone: Tone | None) -> None:
        """Draw the border in a tone: a card that needs attention."""
        set_role(self, "tone", tone.value if tone else "")


class SectionHeader(QWidget):
    """A section's name and, beside it, how many there are."""

    def __init__(self, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        self._text = Text(text, TextRole.SECTION)
        self._count = Pill("", Tone.ACCENT)
        self._count.hide()
        row.addWidget(self._text)
        row.addWidget(self._count)
        row.addStretch(1)
        self.setMinimumHeight(28)

    def set_count(self, count: int) -> None:
        """Show how many things the section holds; 0 hides the number."""
        self._count.show_status(str(count) if count else "", Tone.ACCENT)


def vbox(*, gap: int = GAP_L, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return a vertical layout with the margins left, top, right, bottom."""
    layout = QVBoxLayout()
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    return layout


def hbox(*, gap: int = GAP_L, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return a horizontal layout with the margins left, top, right, bottom."""
    layout = QHBoxLayout()
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    return layout


def plain(parent: QWidget | None = None) -> QWidget:
    """Return a see-through widget to lay things out in."""
    widget = QWidget(parent)
    widget.setProperty("role", "plain")
    return widget


def scroller(content: QWidget, *, name: str) -> QScrollArea:
    """Return a frameless area that scrolls ``content`` up and down only."""
    area = QScrollArea()
    area.setObjectName(name)
    area.setProperty("role", "plain")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
