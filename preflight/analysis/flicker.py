"""Does lamp light that pulses with the mains show in the picture?

A rolling shutter reads row after row, so a pulsing lamp paints bands that stand, or wander with
the difference between the lamp's pulse (100 or 120 Hz) and the camera's beat. Pure but for numpy.
Source: catalogue C16 and decision 0020.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FRAMES = 60
ROWS = 180
MAINS_HZ = (50, 60)
BANDS = (1, 6)
"""How many bands a picture can show, from slow to fast read-out."""

Rows = npt.NDArray[np.float64]

_COLUMNS = 160
_BLIND_BINS = 2
"""Wandering slower than this many periods in the measured time cannot be told from the scene."""
_SLOW_HZ = 1.5
"""Hands and people change a picture this slowly, and by far the most. Measured on the tuning scenes
in a hand: with slower changes counted a lamp of 3 % was told in 69 % of 48 films, without them in
all; what moves without a lamp then has a share of 0.02 at most (decision 0023)."""


@dataclass(frozen=True, slots=True)
class Flicker:
    """What the rows of some pictures show.

    Attributes:
        share: share of the changes quicker than 1.5 Hz that go with a lamp's pulse, 0..1.
        depth: amplitude of the bands against the picture's own brightness, e.g. 0.03.
        mains_hz: the mains that would make them, 50 or 60.
        blind_hz: the mains whose bands would stand still at this rate; None where there is none.
    """

    share: float
    depth: float
    mains_hz: int
    blind_hz: int | None


def row_means(pixels: npt.NDArray[np.uint8]) -> Rows:
    """Return the mean green of about 180 evenly spaced rows, over about 160 columns.

    Costs about 0.05 ms at 720p.
    """
    height, width = pixels.shape[:2]
    some = pixels[:: max(1, height // ROWS), :: max(1, width // _COLUMNS), 1]
    return np.asarray(some.mean(axis=1), dtype=np.float64)


def wander_hz(mains_hz: int, fps: float) -> float:
    """Return how fast the bands of a lamp wander: its pulse less the next multiple of the rate."""
    pulse = 2.0 * mains_hz
    return pulse - round(pulse / fps) * fps


def flicker(rows: Sequence[Rows], fps: float) -> Flicker | None:
    """Look for the bands of either mains in consecutive pictures.

    Args:
        rows: `row_means` of pictures that follow each other without a gap.
        fps: their true rate.

    Returns:
        The mains that explains more; None when the bands of both would stand still.
    """
    stack = np.stack(list(rows))
    count, height = stack.shape
    mean = stack.mean(axis=0)
    # A row of black says nothing, and would weigh most.
    relative = (stack - mean) / np.maximum(mean, 1.0)
    power = np.abs(np.fft.fft(np.fft.rfft(relative, axis=1), axis=0)) ** 2
    slow = _SLOW_HZ / fps * count
    total = float(power[np.abs(np.fft.fftfreq(count)) * count > slow].sum())
    found: list[tuple[float, float, int]] = []
    blind: int | None = None
    for mains_hz in MAINS_HZ:
        at = wander_hz(mains_hz, fps) / fps * count
        if abs(at) < max(_BLIND_BINS, slow + 2):
            blind = mains_hz
            continue
        energy = _bands_energy(power, at, count)
        share = energy / total if total > 0 else 0.0
        # A travelling wave is one line of the half spectrum; its conjugate is not in it.
        depth = 2.0 * float(np.sqrt(energy)) / (count * height)
        found.append((share, depth, mains_hz))
    if not found:
        return None
    share, depth, mains_hz = max(found)
    return Flicker(share, depth, mains_hz, blind)


def _bands_energy(power: npt.NDArray[np.float64], at: float, count: int) -> float:
    """Sum the lines around a wandering frequency, in the direction that has more.

    Bands wander one way, up or down; a movement in the picture is in both.
    """
    low, high = BANDS
    nearest = round(at)
    either = []
    for sign in (1, -1):
        lines = sorted({(sign * nearest + step) % count for step in (-1, 0, 1)} - {0})
        either.append(float(power[lines, low : high + 1].sum()))
    return max(either)
