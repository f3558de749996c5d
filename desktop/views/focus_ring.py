"""The focus ring: 2 px with a 1 px gap around whatever has the keyboard, drawn over the window.

It is an overlay of the window, so that it needs no room in any layout and no clipped corner. Text
fields always wear it; buttons only after a key brought the focus there, not after a click.
"""

from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from desktop.views.theme import CLICKED_PROPERTY, scheme_of

_RING_PX: Final = 2
_GAP_PX: Final = 1
_REACH_PX: Final = _RING_PX + _GAP_PX
_RADIUS_PX: Final = 10
_MOVES: Final = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
)


class FocusRing(QWidget):
    """Follows the focus inside one window; lets every mouse event through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focus_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        mine = new is not None and new.window() is self.parentWidget()
        self._follow(new if mine else None)

    def _follow(self, target: QWidget | None) -> None:
        for widget in self._watched:
            # A page that was replaced may be gone before the focus moves on.
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        self._target = target
        # A scroll area moves what it holds, a layout moves whole columns: each parent counts.
        step = target
        while step is not None and step is not self.parentWidget():
            step.installEventFilter(self)
            self._watched.append(step)
            step = step.parentWidget()
        self._place()

    def _place(self) -> None:
        target, window = self._target, self.parentWidget()
        if (
            target is None
            or window is None
            or not target.isVisible()
            or target is window
            or isinstance(target, QScrollArea)
            or target.focusPolicy() == Qt.FocusPolicy.NoFocus
            or target.property(CLICKED_PROPERTY) is True
        ):
            self.hide()
            return
        box = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        self.setGeometry(box.adjusted(-_REACH_PX, -_REACH_PX, _REACH_PX, _REACH_PX))
        self.setMask(self._visible_part(target, window))
        self.raise_()
        self.show()
        self.update()

    def _visible_part(self, target: QWidget, window: QWidget) -> QRegion:
        """Return the ring without its middle, and without what a scroll area has cut off."""
        whole = QRegion(self.rect())
        middle = self.rect().adjusted(_REACH_PX + 6, _REACH_PX + 6, -_REACH_PX - 6, -_REACH_PX - 6)
        seen = whole.subtracted(QRegion(middle))
        step = target.parentWidget()
        while step is not None and step is not window:
            if isinstance(step.parentWidget(), QScrollArea):
                frame = QRect(step.mapTo(window, QPoint(0, 0)), step.size())
                reach = frame.adjusted(-_REACH_PX, 0, _REACH_PX, 0)
                seen = seen.intersected(QRegion(reach.translated(-self.pos())))
            step = step.parentWidget()
        return seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _MOVES and isinstance(watched, QWidget) and watched in self._watched:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        radius = _RADIUS_PX
        target = self._target
        if target is not None and target.property("kind") in ("control", "control-end"):
            radius = 16
        elif target is not None and target.property("kind") in ("avatar", "overlay"):
            radius = target.height() // 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(scheme_of(target).focus), _RING_PX))
        half = _RING_PX / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(box, radius + _GAP_PX, radius + _GAP_PX)
        painter.end()
