"""The shape of what is still being fetched, so that nothing jumps when it comes."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.views.theme import scheme_of

_LINE_PX = 14
_LEADING_PX = 26
_PAD_PX = 20


class Skeleton(QWidget):
    """A card's outline with grey bars where its lines will be."""

    def __init__(self, *, lines: int = 3, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setAccessibleName(accessible)
        self.setFixedHeight(2 * _PAD_PX + lines * _LEADING_PX - (_LEADING_PX - _LINE_PX))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = scheme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.line))
        painter.setBrush(QColor(colours.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        shares = (0.42, 0.78, 0.58)
        for line in range(self._lines):
            width = (self.width() - 2 * _PAD_PX) * shares[line % len(shares)]
            top = _PAD_PX + line * _LEADING_PX
            painter.drawRoundedRect(QRectF(_PAD_PX, top, width, _LINE_PX), 5, 5)
        painter.end()
