"""The tap that looks for lamp flicker: 60 consecutive pictures once, then nothing any more."""

import threading
from collections import deque

import numpy as np

from preflight.analysis.cadence import cadence
from preflight.analysis.flicker import FRAMES, Flicker, Rows, flicker, row_means
from preflight.devices.frames import CameraFrame, is_picture

FEWEST = 30
"""With fewer pictures a lamp's pulse cannot be told from other changes."""
_BEAT_OF = 10
"""A missing picture is looked for among so many last ones."""


class FlickerWindow:
    """Collects the rows of consecutive pictures after `begin`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = False
        self._rows: deque[Rows] = deque(maxlen=FRAMES)
        self._stamps: deque[int] = deque(maxlen=FRAMES)

    def begin(self) -> None:
        """Collect from the next picture on; forgets earlier ones."""
        with self._lock:
            self._rows.clear()
            self._stamps.clear()
            self._wanted = True

    def end(self) -> None:
        """Collect no more: a frame costs nothing then."""
        with self._lock:
            self._wanted = False

    def tap(self, frame: CameraFrame) -> None:
        """Take one frame; called by the source, in order."""
        with self._lock:
            wanted = self._wanted and len(self._rows) < FRAMES
        if not wanted or not is_picture(frame.pixels):
            return
        # Bands lie along the sensor's rows, which run downwards in a picture turned by a quarter.
        pixels = frame.pixels.swapaxes(0, 1) if frame.quarter_turned else frame.pixels
        rows = row_means(pixels)
        with self._lock:
            if self._rows and rows.shape != self._rows[-1].shape:
                # Another size: the camera is in another mode.
                self._rows.clear()
                self._stamps.clear()
            if self._rows and np.array_equal(rows, self._rows[-1]):
                # Repeated by the driver: no sample of its own.
                return
            self._rows.append(rows)
            self._stamps.append(frame.captured_ns)
            if self._missed_one():
                self._rows.clear()
                self._stamps.clear()

    @property
    def complete(self) -> bool:
        """Whether 60 pictures without a gap are there."""
        with self._lock:
            return len(self._rows) >= FRAMES

    @property
    def frames(self) -> int:
        """How many pictures without a gap are held."""
        with self._lock:
            return len(self._rows)

    def luma_mean(self) -> float:
        """Return the mean of the last picture's rows; 0 without any."""
        with self._lock:
            return float(self._rows[-1].mean()) if self._rows else 0.0

    def flicker(self) -> Flicker | None:
        """Return what the pictures show; None where the rate hides both kinds of lamp.

        Raises:
            ValueError: fewer than 30 pictures.
        """
        with self._lock:
            rows, stamps = list(self._rows), list(self._stamps)
        if len(rows) < FEWEST:
            raise ValueError("flicker needs at least 30 pictures")
        intervals = len(stamps) - 1
        return flicker(rows, 1e9 * intervals / (stamps[-1] - stamps[0]))

    def _missed_one(self) -> bool:
        return cadence(list(self._stamps)[-_BEAT_OF:]).drops > 0
