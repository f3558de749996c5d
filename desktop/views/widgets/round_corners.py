"""Cuts the corners off what was drawn, and draws a thin edge along them."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

_EDGE: Final = QColor(255, 255, 255, 60)
_EDGE_PX: Final = 2


class RoundCorners:
    """The mask and the edge of one size, kept: stroking a rounded path takes longer than a
    picture takes to paint."""

    def __init__(self, radius_px: int, *, border: bool) -> None:
        self._radius_px = radius_px
        self._border = border
        self._key: tuple[QSize, float] | None = None
        self._mask = QPixmap()
        self._edge = QPixmap()

    def cut(self, painter: QPainter, size: QSize) -> None:
        """Round what ``painter`` drew on a transparent ground of ``size`` logical pixels."""
        scale = painter.device().devicePixelRatioF()
        if (size, scale) != self._key:
            self._key = (QSize(size), scale)
            self._mask = self._draw(size, scale, edge=False)
            self._edge = self._draw(size, scale, edge=True)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawPixmap(0, 0, self._mask)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self._border:
            painter.drawPixmap(0, 0, self._edge)

    def _draw(self, size: QSize, scale: float, *, edge: bool) -> QPixmap:
        pixmap = QPixmap(size * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_EDGE, _EDGE_PX) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if edge else Qt.GlobalColor.black)
        inset = _EDGE_PX // 2 if edge else 0
        box = QRectF(0, 0, size.width(), size.height()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, self._radius_px - inset, self._radius_px - inset)
        painter.end()
        return pixmap
