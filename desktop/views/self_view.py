"""One's own picture, small and mirrored; it can be dragged, and lands in the nearest corner."""

from enum import Enum
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.picture_geometry import Fit
from desktop.views.video_view import VideoView

SELF_WIDTH_PX: Final = 208
SELF_HEIGHT_PX: Final = 117
_RADIUS_PX: Final = 12


class Corner(Enum):
    """Where the self view rests: (right, bottom)."""

    TOP_LEFT = (False, False)
    TOP_RIGHT = (True, False)
    BOTTOM_LEFT = (False, True)
    BOTTOM_RIGHT = (True, True)


class SelfView(VideoView):
    """A `VideoView` that knows its corner; arrow keys move it as well as the mouse.

    Signals:
        corner_chosen: it was moved; its owner places it.
    """

    corner_chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, fit=Fit.FILL)
        self.setObjectName("self_view")
        self.setAccessibleName(self.tr("Your own picture"))
        self.setAccessibleDescription(self.tr("Arrow keys move it to another corner."))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFixedSize(SELF_WIDTH_PX, SELF_HEIGHT_PX)
        self.set_mirrored(True)
        self.set_corner_radius(_RADIUS_PX, border=True)
        self.corner = Corner.BOTTOM_RIGHT
        self._grip: QPoint | None = None

    def set_small(self, small: bool) -> None:
        """Take less room in a small window."""
        scale = 0.7 if small else 1.0
        self.setFixedSize(round(SELF_WIDTH_PX * scale), round(SELF_HEIGHT_PX * scale))

    def _rest_in(self, *, right: bool, bottom: bool) -> None:
        self.corner = Corner((right, bottom))
        self.corner_chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            event.ignore()
            return
        at = self.mapToParent(event.position().toPoint()) - self._grip
        self.move(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        parent = self.parentWidget()
        if self._grip is None or parent is None:
            return
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        middle = self.geometry().center()
        self._rest_in(
            right=middle.x() > parent.width() / 2, bottom=middle.y() > parent.height() / 2
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        right, bottom = self.corner.value
        match event.key():
            case Qt.Key.Key_Left:
                self._rest_in(right=False, bottom=bottom)
            case Qt.Key.Key_Right:
                self._rest_in(right=True, bottom=bottom)
            case Qt.Key.Key_Up:
                self._rest_in(right=right, bottom=False)
            case Qt.Key.Key_Down:
                self._rest_in(right=right, bottom=True)
            case _:
                super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(SELF_WIDTH_PX, SELF_HEIGHT_PX)
