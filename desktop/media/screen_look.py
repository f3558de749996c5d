"""One look at the main screen for the preflight: is there anything to be seen on it?

Only how much its lines vary in brightness is told; no picture of the screen is put together.
"""

import asyncio
import math
import os

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QGuiApplication, QImage, QScreen

from preflight.system.screen_here import on_wayland

LINES = 24
"""So many lines over the whole width find nearly everything that stands on a screen; each grab is
short, where a whole one takes the thread that draws up to 176 ms (1920x1080, a loaded machine)."""
STEP = 8
"""Where those lines are all alike one is looked at every so many pixels: a single line of text
stands between two of the first."""
_ALIKE = 2.0
"""Luma that varies less is one brightness (X02)."""


class ScreenLook:
    """``ScreenEye`` through ``QScreen``; belongs to the Qt thread."""

    async def luma_spread(self) -> float | None:
        """Return the standard deviation of the luma over lines of the main screen.

        None on Wayland, where a grab is black without the person's leave, and without a screen.
        """
        screens = QGuiApplication.screens()
        if not screens or on_wayland(os.environ):
            return None
        screen, spread = screens[0], _Spread()
        height = screen.size().height()
        first = [(2 * line + 1) * height // (2 * LINES) for line in range(LINES)]
        for places in (first, range(STEP // 2, height, STEP)):
            for place in places:
                luma = _line(screen, place, screen.size().width())
                if luma is None:
                    return None
                spread.add(luma)
                # The thread draws and listens between two lines.
                await asyncio.sleep(0)
            if spread.now > _ALIKE:
                break
        return spread.now


class _Spread:
    """The standard deviation of what was added, none of which is kept."""

    def __init__(self) -> None:
        self._total, self._squares, self._count = 0.0, 0.0, 0

    def add(self, luma: npt.NDArray[np.float64]) -> None:
        self._total += float(luma.sum())
        self._squares += float(np.square(luma).sum())
        self._count += luma.size

    @property
    def now(self) -> float:
        mean = self._total / self._count
        return math.sqrt(max(0.0, self._squares / self._count - mean * mean))


def _line(screen: QScreen, place: int, width: int) -> npt.NDArray[np.float64] | None:
    """Return the luma of one line, 0..255; None where nothing can be grabbed."""
    image = screen.grabWindow(0, 0, place, width, 1).toImage()
    if image.isNull():
        return None
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    across = np.frombuffer(grey.constBits(), np.uint8)[: grey.width()]
    return across.astype(np.float64)
