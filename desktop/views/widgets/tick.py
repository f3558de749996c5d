"""A box to tick with its words beside it, big enough for a gloved hand."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.views.theme import icon_pixmap, scheme_of
from desktop.views.widgets.button import MIN_HIT_PX

_BOX_PX = 22
_GAP_PX = 12
_RADIUS_PX = 6


class Tick(QCheckBox):
    """A choice that is off until the person ticks it."""

    def __init__(self, text: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(MIN_HIT_PX)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(_BOX_PX + _GAP_PX + words + 4, MIN_HIT_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        # The words are as good to press as the box.
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt ticks with Space alone; everybody expects Enter too.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = scheme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(1, (self.height() - _BOX_PX) // 2, _BOX_PX, _BOX_PX)
        painter.setPen(QPen(QColor(colours.control_line), float(colours.border_px)))
        painter.setBrush(QColor(colours.accent_fill if self.isChecked() else colours.panel))
        painter.drawRoundedRect(box, _RADIUS_PX, _RADIUS_PX)
        if self.isChecked():
            scale = self.devicePixelRatioF()
            mark = icon_pixmap("check", colours.on_accent, _BOX_PX - 4, scale)
            painter.drawPixmap(box.left() + 2, box.top() + 2, mark)
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.dim))
        words = self.rect().adjusted(_BOX_PX + _GAP_PX, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()
