"""A status in a word: icon, word and tint together, so that colour never speaks alone."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.views.theme import Tone, icon_pixmap, scheme_of
from desktop.views.widgets.drawn_once import DrawnOnce

_HEIGHT_PX: Final = 28
_PAD_PX: Final = 11
_ICON_PX: Final = 16
_GAP_PX: Final = 6


class Pill(QWidget):
    """A rounded label of fixed size with an icon, a word and a tint."""

    def __init__(
        self,
        text: str = "",
        tone: Tone = Tone.NEUTRAL,
        *,
        icon_name: str | None = None,
        over_video: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._tone = tone
        self._icon_name = icon_name
        self._over_video = over_video
        self._drawn = DrawnOnce()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_status(self, text: str, tone: Tone, icon_name: str | None = None) -> None:
        """Show a status; an empty text hides the pill."""
        if (text, tone, icon_name) != (self._text, self._tone, self._icon_name):
            self._text, self._tone, self._icon_name = text, tone, icon_name
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()
        self.setVisible(bool(text))

    def text(self) -> str:
        """Return the word the pill shows."""
        return self._text

    def tone(self) -> Tone:
        """Return the tone the pill wears."""
        return self._tone

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._strong())

    def _strong(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def sizeHint(self) -> QSize:
        lead = _ICON_PX + _GAP_PX if self._icon_name else 0
        return QSize(
            2 * _PAD_PX + lead + self._metrics().horizontalAdvance(self._text) + 1, _HEIGHT_PX
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = scheme_of(self)
        ground, ink = QColor(colours.tint(self._tone)), colours.ink(self._tone)
        if self._over_video and self._tone is not Tone.ACCENT:
            ground = QColor(0, 0, 0, 190)
            ink = "#FFFFFF" if self._tone is Tone.NEUTRAL else ink
        border = int(colours.border_px)
        look = (self._text, self._icon_name, ground.rgba(), ink, border, self.font().toString())
        self._drawn.paint(self, look, lambda painter: self._draw(painter, ground, ink, border))

    def _draw(self, painter: QPainter, ground: QColor, ink: str, border: int) -> None:
        outlined = border > 1
        painter.setPen(QPen(QColor(ink), border) if outlined else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        inset = border / 2 if outlined else 0.0
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        left = _PAD_PX
        if self._icon_name:
            top = (self.height() - _ICON_PX) // 2
            scale = self.devicePixelRatioF()
            painter.drawPixmap(
                QPoint(left, top), icon_pixmap(self._icon_name, ink, _ICON_PX, scale)
            )
            left += _ICON_PX + _GAP_PX
        painter.setFont(self._strong())
        painter.setPen(QColor(ink))
        text_box = self.rect().adjusted(left, 0, 0, 0)
        painter.drawText(
            text_box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._text
        )
