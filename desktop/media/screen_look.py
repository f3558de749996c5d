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
"""So many lines over the whole width find whatever stands on a screen; each grab is short, where
a whole one takes the thread that draws up to 176 ms (1920x1080, a loaded machine)."""


class ScreenLook:
    """``ScreenEye`` through ``QScreen``; belongs to the Qt thread."""

    async def luma_spread(self) -> float | None:
        """Return the standard deviation of the luma over 24 lines of the main screen.

        None on Wayland, where a grab is black without the person's leave, and without a screen.
        """
        screens = QGuiApplication.screens()
        if not screens or on_wayland(os.environ):
            return None
        screen = screens[0]
        size = screen.size()
        total, squares, count = 0.0, 0.0, 0
        for line in range(LINES):
            place = (2 * line + 1) * size.height() // (2 * LINES)
            luma = _line(screen, place, size.width())
            if luma is None:
                return None
            total += float(luma.sum())
            squares += float(np.square(luma).sum())
            count += luma.size
            # The thread draws and listens between two lines.
            await asyncio.sleep(0)
        mean = total / count
        return math.sqrt(max(0.0, squares / count - mean * mean))


def _line(screen: QScreen, place: int, width: int) -> npt.NDArray[np.float64] | None:
    """Return the luma of one line, 0..255; None where nothing can be grabbed."""
    image = screen.grabWindow(0, 0, place, width, 1).toImage()
    if image.isNull():
        return None
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    across = np.frombuffer(grey.constBits(), np.uint8)[: grey.width()]
    return across.astype(np.float64)
