"""The tap on an open camera: keeps what the camera checks need, over a sliding window.

The tap runs on the capture thread (about 1 ms per analysed 720p frame, ten of them a second);
the figures are read from any thread.
"""

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.analysis.picture import (
    FULL_RATE_INTERVALS,
    Tiles,
    checksum,
    colour_spread,
    frame_rate,
    reduce_luma,
    structure,
    tile_means,
)
from preflight.devices.frames import CameraFrame, is_picture

WINDOW_FRAMES = 16
SETTLE_FRAMES = 5
SETTLE_SHARE = 0.05
_ANALYSE_EVERY_NS = 95_000_000
"""A little under 100 ms, so that a 30 fps camera is looked at every third frame."""
_RATE_WINDOW_NS = 2_500_000_000
_RATE_FRAMES = FULL_RATE_INTERVALS + 1


@dataclass(frozen=True, slots=True)
class Visibility:
    """How dark and how empty the picture is over the last analysed frames.

    Attributes:
        luma_mean: 0..255 over all frames of the window.
        structure: see `preflight.analysis.picture.structure`.
        colour_spread: of the most varied frame, see `preflight.analysis.picture.colour_spread`.
        frames: how many frames were analysed, at most 16.
        settled: exposure stands still: mean luma moved less than 5 % over the last 5 frames.
    """

    luma_mean: float
    structure: float
    colour_spread: float
    frames: int
    settled: bool


class PictureWindow:
    """Collects the figures of one open camera; `tap` is attached to the source."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames = 0
        self._invalid = 0
        self._last_ns = 0
        self._last_sum: int | None = None
        self._changed_ns = 0
        self._distinct: deque[int] = deque(maxlen=_RATE_FRAMES)
        self._analysed_ns: int | None = None
        self._tiles: deque[Tiles] = deque(maxlen=WINDOW_FRAMES)
        self._means: deque[float] = deque(maxlen=WINDOW_FRAMES)
        self._spreads: deque[float] = deque(maxlen=WINDOW_FRAMES)

    def tap(self, frame: CameraFrame) -> None:
        """Take one frame; called by the source, in order."""
        if not is_picture(frame.pixels):
            with self._lock:
                self._invalid += 1
            return
        found = checksum(frame.pixels)
        due = (
            self._analysed_ns is None or frame.captured_ns - self._analysed_ns >= _ANALYSE_EVERY_NS
        )
        analysed = _analyse(frame.pixels) if due else None
        with self._lock:
            self._frames += 1
            self._last_ns = frame.captured_ns
            if found != self._last_sum:
                self._last_sum = found
                self._changed_ns = frame.captured_ns
                self._distinct.append(frame.captured_ns)
            if analysed is not None:
                self._analysed_ns = frame.captured_ns
                tiles, mean, spread = analysed
                self._tiles.append(tiles)
                self._means.append(mean)
                self._spreads.append(spread)

    @property
    def frames(self) -> int:
        """How many valid pictures came so far."""
        with self._lock:
            return self._frames

    @property
    def invalid(self) -> int:
        """How many answers of the driver were no picture."""
        with self._lock:
            return self._invalid

    def silent_ms(self, now_ns: int) -> float | None:
        """Return the time since the last picture; None before the first."""
        with self._lock:
            return None if self._frames == 0 else (now_ns - self._last_ns) / 1e6

    def unchanged_ms(self, now_ns: int) -> float | None:
        """Return for how long the very same picture has stood; None before the first."""
        with self._lock:
            return None if self._frames == 0 else max(0.0, (now_ns - self._changed_ns) / 1e6)

    def distinct_intervals(self) -> int:
        """Return how many intervals of distinct frames are held, at most 45."""
        with self._lock:
            return max(0, len(self._distinct) - 1)

    def fps(self) -> float:
        """Return the rate of distinct frames over the last 45 intervals or 2.5 s."""
        with self._lock:
            recent = [at for at in self._distinct if self._last_ns - at <= _RATE_WINDOW_NS]
        return frame_rate(recent)

    def luma(self) -> float | None:
        """Return the mean luma of the newest analysed picture, 0..255; None before the first."""
        with self._lock:
            return self._means[-1] if self._means else None

    def visibility(self) -> Visibility | None:
        """Return how visible the scene is; None below two analysed frames."""
        with self._lock:
            tiles = list(self._tiles)
            means = list(self._means)
            spread = max(self._spreads, default=0.0)
        if len(tiles) < 2:
            return None
        mean = float(np.mean(means))
        return Visibility(mean, structure(tiles), spread, len(tiles), _settled(means))


def _analyse(pixels: npt.NDArray[np.uint8]) -> tuple[Tiles, float, float]:
    luma = reduce_luma(pixels)
    return tile_means(luma), float(luma.mean()), colour_spread(pixels)


def _settled(means: list[float]) -> bool:
    if len(means) < SETTLE_FRAMES:
        return False
    last = means[-SETTLE_FRAMES:]
    # One luma step of slack: 5 % of a black picture is nothing.
    return max(last) - min(last) < max(1.0, SETTLE_SHARE * float(np.mean(last)))
