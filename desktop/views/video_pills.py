"""Rounded labels that float over the picture: who it is, and the clock."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.viewmodels.call_state import ClockFace, ClockTone
from desktop.views.phrases import countdown
from desktop.views.widgets.drawn_once import DrawnOnce

_GROUND: Final = QColor(0, 0, 0, 190)
_WHITE: Final = "#FFFFFF"
_QUIET: Final = "#D3D9E2"
_INKS: Final = {
    ClockTone.CALM: _WHITE,
    ClockTone.SOON: "#FBBF24",
    ClockTone.LAST: "#F87171",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one weight and colour."""

    text: str
    strong: bool = False
    ink: str = _WHITE


class RunsPill(QWidget):
    """One line of runs on a dark, rounded ground; of the size its text needs."""

    def __init__(self, *, text_px: int = 14, height_px: int = 30, parent: QWidget) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self._text_px = text_px
        self._height_px = height_px
        self._gap_px = 8
        self._room_px: int | None = None
        self._drawn = DrawnOnce()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_runs(self, *runs: Run) -> None:
        """Show runs; empty ones are left out, and without any the pill hides."""
        shown = tuple(run for run in runs if run.text)
        if shown != self._runs:
            self._runs = shown
            self.setAccessibleName(" ".join(run.text for run in shown))
            self.resize(self.sizeHint())
            self.update()
        self.setVisible(bool(shown))

    def text(self) -> str:
        """Return all it says, also what there is no room for just now."""
        return " ".join(run.text for run in self._runs)

    def fit(self, room_px: int | None) -> None:
        """Draw only the runs that fit; the first one always, cut off if it must be. None: all."""
        if room_px != self._room_px:
            self._room_px = room_px
            self.resize(self.sizeHint())
            self.update()

    def least_px(self) -> int:
        """Return the width of the first run alone."""
        return self._needs_px(self._runs[:1])

    def drawn_text(self) -> str:
        """Return what is drawn."""
        return " ".join(run.text for run in self._drawn_runs())

    def _drawn_runs(self) -> tuple[Run, ...]:
        runs, room = self._runs, self._room_px
        while room is not None and len(runs) > 1 and self._needs_px(runs) > room:
            runs = runs[:-1]
        if room is not None and runs and self._needs_px(runs) > room:
            metrics = QFontMetrics(self._font(runs[0]))
            words = metrics.elidedText(
                runs[0].text, Qt.TextElideMode.ElideRight, room - self._height_px
            )
            runs = (replace(runs[0], text=words),)
        return runs

    def _needs_px(self, runs: tuple[Run, ...]) -> int:
        gaps = self._gap_px * max(0, len(runs) - 1)
        return sum(self._widths(runs)) + gaps + self._height_px

    def _font(self, run: Run) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._text_px)
        font.setWeight(QFont.Weight.DemiBold if run.strong else QFont.Weight.Normal)
        return font

    def _widths(self, runs: tuple[Run, ...]) -> list[int]:
        return [QFontMetrics(self._font(run)).horizontalAdvance(run.text) + 1 for run in runs]

    def sizeHint(self) -> QSize:
        return QSize(self._needs_px(self._drawn_runs()), self._height_px)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = (self._runs, self._room_px, self.font().toString())
        self._drawn.paint(self, look, self._draw)

    def _draw(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_GROUND)
        radius = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        left = self._height_px // 2
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        runs = self._drawn_runs()
        for run, width in zip(runs, self._widths(runs), strict=True):
            painter.setFont(self._font(run))
            painter.setPen(QColor(run.ink))
            painter.drawText(QRectF(left, 0, width, self.height()), middle, run.text)
            left += width + self._gap_px


class ClockPill(RunsPill):
    """The paid time left. It changes its words with its colour, and is never read out unasked."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(text_px=17, height_px=38, parent=parent)
        self.setObjectName("call_clock")

    def show_face(self, face: ClockFace | None) -> None:
        """Show the clock; None before the service told it hides the pill."""
        if face is None:
            self.show_runs()
            return
        time = Run(countdown(face.remaining_seconds), strong=True, ink=_INKS[face.tone])
        if not face.started:
            self.show_runs(time, Run(self.tr("starts when both are here"), ink=_QUIET))
        elif not face.running:
            self.show_runs(time, Run(self.tr("stopped"), ink=_QUIET))
        elif face.tone is ClockTone.CALM:
            self.show_runs(time)
        else:
            self.show_runs(time, Run(self.tr("left"), ink=_INKS[face.tone]))
