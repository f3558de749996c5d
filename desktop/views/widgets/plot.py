"""Small plots for a report: a line over time with its limit, and bars of stages.

Painted, with a text for screen readers that says the same in numbers.
"""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.views.theme import Palette, scheme_of
from preflight.support.lines import Axis, runs

HEIGHT_PX = 132
_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 64, 10, 10, 24
_TEXT_PX = 12
_BAR_PX = 16
_BAR_STEP_PX = 22
_NAMES_PX = 150
_LENGTHS_PX = 80


class LinePlot(QWidget):
    """One line; where a value is missing the line has a gap."""

    def __init__(self, title: str, axis: Axis, x_unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._axis = axis
        self._x_unit = x_unit
        self._x: Sequence[float] = ()
        self._y: Sequence[float | None] = ()
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(self, x: Sequence[float], y: Sequence[float | None]) -> None:
        """Show other values; hidden while there are none."""
        self._x, self._y = x, y
        known = [value for value in y if value is not None]
        self.setVisible(bool(known))
        if known:
            told = f"{_told(min(known))} – {_told(max(known))} {self._axis.unit}"
            self.setAccessibleName(f"{self._title}: {told}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        known = [value for value in self._y if value is not None]
        if not known:
            return
        colours = scheme_of(self)
        painter = _begin(self)
        area = QRectF(
            _LEFT_PX,
            _TOP_PX,
            self.width() - _LEFT_PX - _RIGHT_PX,
            self.height() - _TOP_PX - _BOTTOM_PX,
        )
        axis = self._axis.beside(known)
        low, high = min(axis.low, *known), max(axis.high, *known)
        self._paint_axes(painter, colours, area, low, high, axis.limit)
        painter.setPen(QPen(QColor(colours.focus), 2))
        first = self._x[0]
        length = (self._x[-1] - first) or 1.0
        for run in runs(self._x, self._y):
            points = [
                QPointF(
                    area.left() + (when - first) / length * area.width(),
                    _height_of(value, area, low, high),
                )
                for when, value in run
            ]
            if len(points) == 1:
                painter.drawEllipse(points[0], 2, 2)
            else:
                painter.drawPolyline(QPolygonF(points))
        painter.end()

    def _paint_axes(
        self,
        painter: QPainter,
        colours: Palette,
        area: QRectF,
        low: float,
        high: float,
        limit: float | None,
    ) -> None:
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        right = Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(colours.dim))
        names = QRectF(0, area.top() - 8, _LEFT_PX - 8, 16)
        painter.drawText(names, right | Qt.AlignmentFlag.AlignVCenter, _told(high))
        names.moveTop(area.bottom() - 8)
        painter.drawText(names, right | Qt.AlignmentFlag.AlignVCenter, _told(low))
        foot = QRectF(area.left(), area.bottom() + 4, area.width(), 18)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, _told(self._x[0]))
        painter.drawText(foot, right, f"{_told(self._x[-1])} {self._x_unit}")
        if limit is not None and low <= limit <= high:
            height = _height_of(limit, area, low, high)
            painter.setPen(QPen(QColor(colours.bad), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            names.moveTop(height - 8)
            if abs(height - area.top()) > 14 and abs(height - area.bottom()) > 14:
                painter.setPen(QColor(colours.bad))
                painter.drawText(names, right | Qt.AlignmentFlag.AlignVCenter, _told(limit))


class StageBars(QWidget):
    """When each stage began and how long it took."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._bars: Sequence[tuple[str, float, float]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[tuple[str, float, float]]) -> None:
        """Show stages ``(name, start in ms, length in ms)``; hidden without any."""
        self._bars = bars
        self.setFixedHeight(max(1, len(bars)) * _BAR_STEP_PX + 8)
        self.setVisible(bool(bars))
        told = ", ".join(f"{name} {_told(length)} ms" for name, _, length in bars)
        self.setAccessibleName(f"{self._title}: {told}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        colours = scheme_of(self)
        painter = _begin(self)
        end = max(start + length for _, start, length in self._bars) or 1.0
        room = max(1.0, self.width() - _NAMES_PX - _LENGTHS_PX)
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, (name, start, length) in enumerate(self._bars):
            top = 4 + place * _BAR_STEP_PX
            left = _NAMES_PX + start / end * room
            wide = max(2.0, length / end * room)
            painter.setPen(QColor(colours.dim))
            words = QRectF(0, top, _NAMES_PX - 10, _BAR_PX)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | middle, name)
            painter.fillRect(QRectF(left, top, wide, _BAR_PX), QColor(colours.focus))
            painter.setPen(QColor(colours.text))
            told = QRectF(left + wide + 6, top, _LENGTHS_PX, _BAR_PX)
            painter.drawText(told, Qt.AlignmentFlag.AlignLeft | middle, f"{_told(length)} ms")
        painter.end()


def _begin(widget: QWidget) -> QPainter:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = widget.font()
    font.setPixelSize(_TEXT_PX)
    painter.setFont(font)
    return painter


def _height_of(value: float, area: QRectF, low: float, high: float) -> float:
    return area.bottom() - (value - low) / ((high - low) or 1.0) * area.height()


def _told(value: float) -> str:
    whole = abs(value) >= 10 or value == round(value)
    return QLocale().toString(float(value), "f", 0 if whole else 1)
