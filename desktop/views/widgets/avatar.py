"""A person in a circle: their initials, or an icon while nobody is known."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.views.theme import icon_pixmap, scheme_of


class Avatar(QWidget):
    """Initials of a name on a round ground. Says the whole name to a screen reader."""

    def __init__(self, name: str = "", *, edge_px: int = 44, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._edge_px = edge_px
        self.setFixedSize(edge_px, edge_px)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_name(self, name: str) -> None:
        """Show the initials of another name."""
        if name != self._name:
            self._name = name
            self.setAccessibleName(name)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._edge_px, self._edge_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = scheme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = int(colours.border_px)
        painter.setPen(QPen(QColor(colours.line), border))
        painter.setBrush(QColor(colours.well))
        inset = border / 2
        painter.drawEllipse(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
        letters = initials(self._name)
        if letters:
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            font.setPixelSize(max(14, round(self._edge_px * 0.34)))
            painter.setFont(font)
            painter.setPen(QColor(colours.text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, letters)
        else:
            edge = round(self._edge_px * 0.5)
            at = (self._edge_px - edge) // 2
            scale = self.devicePixelRatioF()
            painter.drawPixmap(at, at, icon_pixmap("user", colours.dim, edge, scale))
        painter.end()


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name, in capitals."""
    words = name.split()
    if not words:
        return ""
    if len(words) == 1:
        return words[0][:1].upper()
    return (words[0][:1] + words[-1][:1]).upper()
