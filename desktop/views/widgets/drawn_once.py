"""Draws what seldom changes once, and after that only copies it.

Widgets over the remote picture are repainted with every picture, thirty times a second; laying
out their text each time took a sixth of the main thread.
"""

from collections.abc import Callable, Hashable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget


class DrawnOnce:
    """The drawing of one widget, kept until its size or its look changes."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._key: Hashable = None
        self.drawings = 0
        """How often it was really drawn."""

    def paint(self, widget: QWidget, look: Hashable, draw: Callable[[QPainter], None]) -> None:
        """Paint ``widget``; ``draw`` is called when ``look`` or the widget's size is another."""
        scale = widget.devicePixelRatioF()
        key = (widget.width(), widget.height(), scale, look)
        if key != self._key:
            self._key = key
            self._pixmap = QPixmap(widget.size() * scale)
            self._pixmap.setDevicePixelRatio(scale)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw(painter)
            painter.end()
            self.drawings += 1
        painter = QPainter(widget)
        painter.drawPixmap(0, 0, self._pixmap)
        painter.end()
