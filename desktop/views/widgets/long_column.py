"""A column of many rows that grows for the price of one row.

A box layout inside a scroll area first squeezes what it has whenever a row is added, and then gives
everything its room again: with a hundred rows that is four hundred moves for each new one.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class LongColumn(QWidget):
    """Stands its rows one below the other, each as high as it wants to be for the column's width.

    Its own height is always that of its rows, so nothing around it can squeeze them.

    Args:
        gap: between two rows, in pixels.
        side: left and right of them, in pixels.
    """

    def __init__(self, *, gap: int, side: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._gap = gap
        self._side = side
        self._rows: list[QWidget] = []
        self._least_px = 0
        self.setFixedHeight(0)

    @property
    def rows(self) -> Sequence[QWidget]:
        """The rows from top to bottom."""
        return tuple(self._rows)

    def add(self, row: QWidget, place: int | None = None) -> None:
        """Add a row, at the end or before the one that now has its place."""
        at_end = place is None or place >= len(self._rows)
        row.setParent(self)
        self._rows.insert(len(self._rows) if place is None else place, row)
        row.ensurePolished()
        self._least_px = max(self._least_px, row.minimumSizeHint().width())
        row.show()
        self._stand(len(self._rows) - 1 if at_end else 0)

    def take(self, row: QWidget) -> None:
        """Take a row out; the caller deletes it."""
        self._rows.remove(row)
        row.hide()
        self._stand(0)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least_px + 2 * self._side, 0)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _stand(self, first: int) -> None:
        """Give the rows from ``first`` on their places."""
        width = self.width() - 2 * self._side
        top = 0
        if first:
            before = self._rows[first - 1]
            top = before.y() + before.height() + self._gap
        for row in self._rows[first:]:
            height = row.heightForWidth(width) if row.hasHeightForWidth() else -1
            if height < 0:
                height = row.sizeHint().height()
            row.setGeometry(self._side, top, width, height)
            top += height + self._gap
        self.setFixedHeight(max(0, top - self._gap))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._stand(0)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            # A row wants to be higher or lower than it was.
            self._stand(0)
        return super().event(event)
