"""How light is spread over a picture: burnt-out parts, contrast, light from behind, colour.

Thresholds live in `preflight.verdicts.advice.camera`; here are only the figures, as the catalogue
defines them (section 2, C12, C13, C15, C21). Burnt-out share and contrast come from the 640x360
picture, averaged over the window where it stands still (decision 0023); the rest from the 320x180
picture that the camera's window has anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.analysis.picture import TILE_COLUMNS, TILE_PX, TILE_ROWS, Luma, Tiles
from preflight.devices.opencv import cv2

BRIGHT_FROM = 250
"""From this luma on a pixel counts as burnt out."""

Histogram = npt.NDArray[np.int64]
Reduced = npt.NDArray[np.uint8]
ChromaTiles = npt.NDArray[np.float32]

_LOW, _HIGH = 0.05, 0.95
_RING_ROWS, _RING_COLUMNS = 4, 6
"""How many tiles wide the border is: a sixth of the picture, all round."""
# BT.601: how far blue and red stand off the luma, in steps of Cb and Cr.
_BLUE, _RED = 0.564, 0.713


@dataclass(frozen=True, slots=True)
class Light:
    """How light is spread, over the last analysed frames.

    Attributes:
        bright_share: share of pixels with a luma of 250 and more, 0..1.
        contrast: 95th less 5th percentile of luma, 0..255.
        centre_luma: mean of the middle third (across and down), 0..255.
        border_luma: mean of the outer sixth all round, 0..255.
        chroma_deviation: how far colour differs within a picture, see `chroma_deviation`.
    """

    bright_share: float
    contrast: float
    centre_luma: float
    border_luma: float
    chroma_deviation: float


def luma_histogram(luma: Luma) -> Histogram:
    """Count the luma of every second pixel across and down, shape (256,)."""
    return np.bincount(luma[::2, ::2].astype(np.uint8).ravel(), minlength=256)


def bright_share(histogram: Histogram) -> float:
    """Return the share of burnt-out pixels, 0..1."""
    return float(histogram[BRIGHT_FROM:].sum() / histogram.sum())


def contrast(histogram: Histogram) -> float:
    """Return the distance between the 5th and the 95th percentile of luma."""
    below = np.cumsum(histogram) / histogram.sum()
    low, high = np.searchsorted(below, (_LOW, _HIGH))
    return float(high - low)


def centre_and_border(tiles: Tiles) -> tuple[float, float]:
    """Return the mean luma of the middle third and of the outer ring.

    Args:
        tiles: means of 8x8 px, shape (22, 40).
    """
    third_rows, third_columns = TILE_ROWS // 3, TILE_COLUMNS // 3
    centre = tiles[
        third_rows : TILE_ROWS - third_rows, third_columns : TILE_COLUMNS - third_columns
    ]
    inside = tiles[_RING_ROWS:-_RING_ROWS, _RING_COLUMNS:-_RING_COLUMNS]
    ring = (float(tiles.sum()) - float(inside.sum())) / (tiles.size - inside.size)
    return float(centre.mean()), ring


def chroma_tiles(reduced: Reduced) -> ChromaTiles:
    """Return the means of Cb and Cr over 8x8 px, less 128, shape (2, 22, 40).

    Args:
        reduced: the 320x180 picture, uint8, channels B, G, R.
    """
    used = reduced[: TILE_ROWS * TILE_PX, : TILE_COLUMNS * TILE_PX].astype(np.float32)
    tiles = cv2.resize(used, (TILE_COLUMNS, TILE_ROWS), interpolation=cv2.INTER_AREA)
    blue, green, red = (tiles[:, :, channel] for channel in range(3))
    luma = 0.587 * green + 0.299 * red + 0.114 * blue
    return np.stack([_BLUE * (blue - luma), _RED * (red - luma)])


def chroma_deviation(frames: Sequence[ChromaTiles]) -> float:
    """Return how far colour differs within the picture, in steps of Cb or Cr; 0 for grey.

    The larger standard deviation of the two over the tiles, as far as the average of the even and
    of the odd frames share it: a sensor's coloured noise differs between them and drops out.

    Args:
        frames: two or more.
    """
    even = np.mean(np.stack(frames[0::2]), axis=0)
    odd = np.mean(np.stack(frames[1::2]), axis=0)
    shared = _centred(even) * _centred(odd)
    return float(np.sqrt(np.maximum(shared.mean(axis=(1, 2)), 0.0).max()))


def _centred(tiles: ChromaTiles) -> ChromaTiles:
    return np.asarray(tiles - tiles.mean(axis=(1, 2), keepdims=True))


def light(histogram: Histogram, tiles: Tiles, chroma: Sequence[ChromaTiles]) -> Light:
    """Put the figures of two or more frames together.

    Args:
        histogram: of the luma of their average where they stand still, else of all of them.
        tiles: their mean, shape (22, 40).
        chroma: `chroma_tiles` of each.
    """
    centre, border = centre_and_border(tiles)
    return Light(
        bright_share(histogram), contrast(histogram), centre, border, chroma_deviation(chroma)
    )
