"""What one picture, or a few, tell: luma, structure, identity, and the true frame rate.

Thresholds live in `preflight.verdicts.gate`; here are only the figures. Measured constants of the
catalogue (section 16) hold for the sizes below, so pictures are always scaled to them first.
"""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2

LUMA_WIDTH = 320
LUMA_HEIGHT = 180
GREY_WIDTH = 640
GREY_HEIGHT = 360
TILE_PX = 8
TILE_COLUMNS = 40
TILE_ROWS = 22
"""22 rows of 8 px use 176 of the 180 lines; the last 4 are left out."""

FULL_RATE_INTERVALS = 45
"""How many intervals of distinct frames make a full measurement of the rate."""

Luma = npt.NDArray[np.float32]
Tiles = npt.NDArray[np.float64]

# BT.601 weights for B, G, R: what the limits of the catalogue were measured with.
_WEIGHTS = np.array([0.114, 0.587, 0.299], dtype=np.float32)


def checksum(pixels: npt.NDArray[np.uint8]) -> int:
    """Return a CRC-32 of every fourth row at full size.

    Live pictures differ in their noise even when nothing moves, so equal sums mean the very same
    picture. Costs about 0.25 ms at 720p.
    """
    return zlib.crc32(np.ascontiguousarray(pixels[::4]).data)


def reduce_picture(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Scale a BGR picture by area to 320x180, shape (180, 320, 3)."""
    small = cv2.resize(pixels, (LUMA_WIDTH, LUMA_HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def luma_of(picture: npt.NDArray[np.uint8]) -> Luma:
    """Return the luma of a BGR picture in its own size, 0..255."""
    return np.asarray(picture.astype(np.float32) @ _WEIGHTS, dtype=np.float32)


def grey_picture(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Scale a BGR picture by area to 640x360 and return its luma in whole steps, (360, 640)."""
    small = cv2.resize(pixels, (GREY_WIDTH, GREY_HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def movement(frames: Sequence[Tiles]) -> float:
    """Return how far the tiles change over time, in luma steps; a sensor's noise gives below 1."""
    return float(np.sqrt(np.stack(frames).var(axis=0).mean()))


def colour_spread(pixels: npt.NDArray[np.uint8]) -> float:
    """Return how far the colour differs within one picture; 0 for a single colour.

    The largest standard deviation of a channel (in steps of 0..255), over every eighth row at full
    size, where the noise of a sensor still counts: even a blank wall measures above 0.2.
    """
    _, deviations = cv2.meanStdDev(pixels[::8])
    return float(deviations.max())


def tile_means(luma: Luma) -> Tiles:
    """Return the means of 8x8 px tiles, shape (22, 40)."""
    used = luma[: TILE_ROWS * TILE_PX, : TILE_COLUMNS * TILE_PX].astype(np.float64)
    grid = used.reshape(TILE_ROWS, TILE_PX, TILE_COLUMNS, TILE_PX)
    return np.asarray(grid.mean(axis=(1, 3)))


def structure(frames: Sequence[Tiles]) -> float:
    """Return how much lasting structure the pictures share, in luma steps; 0 for none.

    Noise differs between the average of the even and the average of the odd frames, so it drops
    out of their product; vignetting and row or column patterns of the sensor are fitted and
    taken away first. A covered lens measures below 0.1, the darkest useful scene above 1.

    Raises:
        ValueError: fewer than two frames.
    """
    if len(frames) < 2:
        raise ValueError("structure needs at least two frames")
    even = _flatten(np.mean(np.stack(frames[0::2]), axis=0))
    odd = _flatten(np.mean(np.stack(frames[1::2]), axis=0))
    return float(np.sqrt(max(0.0, float(np.mean(even * odd)))))


def frame_rate(distinct_ns: Sequence[int]) -> float:
    """Return frames per second from the median interval of distinct frames; 0.0 below two.

    The median forgives single drops; frames that a driver repeats to keep its rate up are left
    out by the caller, so a camera that doubles every frame shows half its nominal rate.
    """
    if len(distinct_ns) < 2:
        return 0.0
    interval_ns = float(np.median(np.diff(np.asarray(distinct_ns, dtype=np.int64))))
    return 1e9 / interval_ns if interval_ns > 0 else 0.0


def _surface() -> npt.NDArray[np.float64]:
    y, x = np.mgrid[-1 : 1 : TILE_ROWS * 1j, -1 : 1 : TILE_COLUMNS * 1j]
    terms = (np.ones_like(x), x, y, x * x, x * y, y * y)
    return np.stack([term.ravel() for term in terms], axis=1)


_SURFACE = _surface()
_FIT = np.linalg.pinv(_SURFACE)


def _flatten(tiles: Tiles) -> Tiles:
    flat = tiles.ravel()
    rest = (flat - _SURFACE @ (_FIT @ flat)).reshape(tiles.shape)
    rest = rest - rest.mean(axis=1, keepdims=True)
    return np.asarray(rest - rest.mean(axis=0, keepdims=True))
