"""The microphone's level as a bar that moves, with its value in words beside it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.viewmodels.preflight_state import QUIET_DBFS, LevelState
from desktop.views.theme import scheme_of

LOWEST_DBFS: Final = -80.0
_EVERY_MS: Final = 50
_SPEAK_EVERY: Final = 20
_BAR_PX: Final = 12
_TICK_PX: Final = 18
_CAPTION_PX: Final = 12.5
# Between the words and the scale's own: "−60" before them, "0" after them.
_BEFORE_PX: Final = 20
_AFTER_PX: Final = 12
_UNIT: Final = " dBFS"
_LOUD_FROM: Final = 0.85
_GREEN: Final = QColor("#22C55E")
_AMBER: Final = QColor("#F59E0B")


def share_of(dbfs: float | None) -> float:
    """Return where a level lies on the bar, 0..1; silence lies at 0."""
    if dbfs is None:
        return 0.0
    return min(1.0, max(0.0, 1.0 - dbfs / LOWEST_DBFS))


class LevelMeter(QWidget):
    """A bar from -80 to 0 dBFS with a held peak and the line below which nobody hears you.

    It asks ``read`` 20 times a second while it is seen, and never otherwise.
    """

    def __init__(self, read: Callable[[], LevelState], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("microphone_level")
        self.setAccessibleName(self.tr("Microphone level"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._read = read
        self._level = LevelState()
        self._words = ""
        self._readings = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)
        self.show_level(self._level)

    @property
    def words(self) -> str:
        """The level in words, as it is painted under the bar where there is room."""
        return self._words

    def show_level(self, level: LevelState) -> None:
        """Show a level; the same one again repaints nothing."""
        words = self._say(level)
        if level != self._level or words != self._words:
            self._level, self._words = level, words
            self.update()

    def _say(self, level: LevelState) -> str:
        if level.rms_dbfs is None:
            return self.tr("No sound yet")
        value = f"{round(level.rms_dbfs)}{_UNIT}".replace("-", "−")
        if level.speaking:
            return self.tr("We hear you: {level}").format(level=value)
        if level.quiet:
            return self.tr("Too quiet: {level}").format(level=value)
        return self.tr("Say something: {level}").format(level=value)

    def _on_timeout(self) -> None:
        self.show_level(self._read())
        self._readings += 1
        if self._readings % _SPEAK_EVERY == 0:
            # A screen reader that is asked gets a value of this second, not of this frame.
            self.setAccessibleDescription(self._words)

    def sizeHint(self) -> QSize:
        return QSize(260, 44)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = scheme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 5.0
        bar = QRectF(0, top, self.width(), _BAR_PX)
        shape = QPainterPath()
        shape.addRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)
        painter.fillPath(shape, colours.colour("well"))
        painter.save()
        painter.setClipPath(shape)
        fill = QLinearGradient(bar.topLeft(), bar.topRight())
        fill.setColorAt(0.0, _GREEN)
        fill.setColorAt(_LOUD_FROM - 0.15, _GREEN)
        fill.setColorAt(_LOUD_FROM, _AMBER)
        width = bar.width() * share_of(self._level.rms_dbfs)
        painter.fillRect(QRectF(0, top, width, _BAR_PX), fill)
        if self._level.peak_dbfs is not None:
            at = bar.width() * share_of(self._level.peak_dbfs)
            painter.fillRect(QRectF(at - 3, top, 3, _BAR_PX), colours.colour("text"))
        painter.restore()
        painter.setPen(QPen(colours.colour("control_line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        quiet_x = bar.width() * share_of(QUIET_DBFS)
        painter.setPen(QPen(colours.colour("text"), 2))
        painter.drawLine(round(quiet_x), 2, round(quiet_x), 2 + _TICK_PX)
        self._paint_captions(painter, quiet_x, colours.colour("dim"))
        painter.end()

    def painted_words(self) -> tuple[str, float, float]:
        """Return the words as they are painted, their width, and the room there is, in pixels.

        In a narrow window the unit goes first: the bar above shows the same.
        """
        room = self.width() * (1.0 - share_of(QUIET_DBFS)) - _BEFORE_PX - _AFTER_PX
        metrics = QFontMetricsF(self._caption_font())
        words = self._words
        if metrics.horizontalAdvance(words) > room:
            words = words.removesuffix(_UNIT)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        return words, metrics.horizontalAdvance(words), room

    def _caption_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(_CAPTION_PX))
        return font

    def _paint_captions(self, painter: QPainter, quiet_x: float, ink: QColor) -> None:
        painter.setFont(self._caption_font())
        painter.setPen(ink)
        row = QRectF(0, 22, self.width(), 20)
        painter.drawText(row.adjusted(quiet_x - 10, 0, 0, 0), Qt.AlignmentFlag.AlignLeft, "−60")
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, "0")
        words = row.adjusted(quiet_x + _BEFORE_PX, 0, -_AFTER_PX, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, self.painted_words()[0])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
