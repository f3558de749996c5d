"""The tap on an open camera: keeps what the camera checks need, over a sliding window.

The tap runs on the capture thread (about 1 ms per analysed 720p frame, ten of them a second);
the figures are read from any thread.
"""

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.analysis.cadence import Cadence, cadence
from preflight.analysis.exposure import (
    ChromaTiles,
    Histogram,
    Light,
    chroma_tiles,
    contrast,
    light,
    luma_histogram,
)
from preflight.analysis.picture import (
    FULL_RATE_INTERVALS,
    GREY_HEIGHT,
    GREY_WIDTH,
    Tiles,
    checksum,
    colour_spread,
    frame_rate,
    grey_picture,
    luma_of,
    movement,
    reduce_picture,
    structure,
    tile_means,
)
from preflight.devices.frames import CameraFrame, is_picture

WINDOW_FRAMES = 16
SETTLE_FRAMES = 5
SETTLE_SHARE = 0.05
STILL_BELOW = 1.5
STILL_SHARE = 0.05
"""A picture whose tiles move less, in luma steps or against its contrast, stands still: the average
of its frames then holds the scene without the noise. Measured on the tuning pictures: noise gives
0.1 to 0.3, a scene that wanders by 1, 4 and 16 px a frame 1.5 %, 6 % and 15 % of its contrast."""
_ANALYSE_EVERY_NS = 95_000_000
"""A little under 100 ms, so that a 30 fps camera is looked at every third frame."""
_RATE_WINDOW_NS = 2_500_000_000
_RATE_FRAMES = FULL_RATE_INTERVALS + 1
_CADENCE_WINDOW_NS = 10_000_000_000
_STAMPS = 600
"""Times of the last pictures: 10 s at 60 a second."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Distinct pictures a second, and from how many intervals that is known."""

    fps: float
    intervals: int


@dataclass(frozen=True, slots=True)
class Visibility:
    """How dark and how empty the picture is over the last analysed frames.

    Attributes:
        luma_mean: 0..255 over all frames of the window, which begins anew once exposure stands.
        structure: see `preflight.analysis.picture.structure`.
        colour_spread: of the most varied frame, see `preflight.analysis.picture.colour_spread`.
        frames: how many frames were analysed, at most 16.
        settled: exposure stands still: mean luma moved less than 5 % over the last 5 frames.
        light: how light is spread over the picture.
    """

    luma_mean: float
    structure: float
    colour_spread: float
    frames: int
    settled: bool
    light: Light


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What is kept of one analysed frame."""

    tiles: Tiles
    mean: float
    spread: float
    histogram: Histogram
    chroma: ChromaTiles
    grey: npt.NDArray[np.uint8]


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
        self._stamps: deque[int] = deque(maxlen=_STAMPS)
        self._analysed_ns: int | None = None
        self._looks: deque[_Look] = deque(maxlen=WINDOW_FRAMES)
        self._grey_sum = np.zeros((GREY_HEIGHT, GREY_WIDTH), np.uint16)
        self._still_histogram: Histogram | None = None
        self._seen: tuple[int | None, Visibility] | None = None
        self._size: tuple[int, int] | None = None

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
            height, width = frame.pixels.shape[:2]
            if self._size != (width, height):
                # Turned, or in another mode: neither looks nor times go on from before.
                self._size = (width, height)
                self._forget_looks()
                self._stamps.clear()
            self._stamps.append(frame.captured_ns)
            if found != self._last_sum:
                self._last_sum = found
                self._changed_ns = frame.captured_ns
                self._distinct.append(frame.captured_ns)
            if analysed is not None:
                self._analysed_ns = frame.captured_ns
                self._add(analysed)

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

    def rate(self, since_ns: int) -> Rate:
        """Return the rate of distinct frames since then, over the last 45 intervals or 2.5 s."""
        with self._lock:
            oldest_ns = max(since_ns, self._last_ns - _RATE_WINDOW_NS)
            recent = [at for at in self._distinct if at >= oldest_ns]
        return Rate(frame_rate(recent), max(0, len(recent) - 1))

    def fps(self) -> float:
        """Return the rate of distinct frames over the last 45 intervals or 2.5 s."""
        return self.rate(0).fps

    def luma(self) -> float | None:
        """Return the mean luma of the newest analysed picture, 0..255; None before the first."""
        with self._lock:
            return self._looks[-1].mean if self._looks else None

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the last picture in pixels; None before the first."""
        with self._lock:
            return self._size

    @property
    def last_ns(self) -> int:
        """When the last picture was captured; 0 before the first."""
        with self._lock:
            return self._last_ns

    def cadence(self, since_ns: int) -> Cadence:
        """Return how evenly pictures came since then, over 10 s at most."""
        with self._lock:
            last_ns = self._last_ns
            recent = [
                at for at in self._stamps if at >= since_ns and last_ns - at <= _CADENCE_WINDOW_NS
            ]
        return cadence(recent)

    def visibility(self) -> Visibility | None:
        """Return how visible the scene is; None below two analysed frames.

        Worked out once for each analysed frame, however many checks ask.
        """
        with self._lock:
            analysed_ns, looks, seen = self._analysed_ns, list(self._looks), self._seen
            still = self._still_histogram
        if len(looks) < 2 or still is None:
            return None
        if seen is not None and seen[0] == analysed_ns:
            return seen[1]
        found = _visibility(looks, still)
        with self._lock:
            self._seen = (analysed_ns, found)
        return found

    def _add(self, look: _Look) -> None:
        if len(self._looks) == WINDOW_FRAMES:
            self._grey_sum -= self._looks[0].grey
        self._looks.append(look)
        self._grey_sum += look.grey
        # What was too bright or too dark a moment ago is no longer what the camera shows.
        for _ in range(_before_it_stood([each.mean for each in self._looks])):
            self._grey_sum -= self._looks.popleft().grey
        count = len(self._looks)
        average = ((self._grey_sum + count // 2) // count).astype(np.uint8)
        self._still_histogram = np.bincount(average[::2].ravel(), minlength=256)

    def _forget_looks(self) -> None:
        self._looks.clear()
        self._grey_sum[:] = 0
        self._still_histogram = None


def _analyse(pixels: npt.NDArray[np.uint8]) -> _Look:
    reduced = reduce_picture(pixels)
    luma = luma_of(reduced)
    return _Look(
        tile_means(luma),
        float(luma.mean()),
        colour_spread(pixels),
        luma_histogram(luma),
        chroma_tiles(reduced),
        grey_picture(pixels),
    )


def _visibility(looks: list[_Look], still: Histogram) -> Visibility:
    tiles = [look.tiles for look in looks]
    means = [look.mean for look in looks]
    histogram = np.sum(np.stack([look.histogram for look in looks]), axis=0)
    if movement(tiles) < max(STILL_BELOW, STILL_SHARE * contrast(histogram)):
        histogram = still
    return Visibility(
        luma_mean=float(np.mean(means)),
        structure=structure(tiles),
        colour_spread=max(look.spread for look in looks),
        frames=len(looks),
        settled=_settled(means),
        light=light(
            histogram,
            np.mean(np.stack(tiles), axis=0),
            [look.chroma for look in looks],
        ),
    )


def _settled(means: list[float]) -> bool:
    if len(means) < SETTLE_FRAMES:
        return False
    last = means[-SETTLE_FRAMES:]
    return max(last) - min(last) < _slack(float(np.mean(last)))


def _slack(level: float) -> float:
    # One luma step at least: 5 % of a black picture is nothing.
    return max(1.0, SETTLE_SHARE * level)


def _before_it_stood(means: list[float]) -> int:
    """Return how many of the first looks are from before exposure stood; 0 while it moves."""
    if not _settled(means):
        return 0
    level = float(np.mean(means[-SETTLE_FRAMES:]))
    off = [index for index, mean in enumerate(means) if abs(mean - level) > _slack(level)]
    return off[-1] + 1 if off else 0
