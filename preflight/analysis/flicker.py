"""Does lamp light that pulses with the mains show in the picture?

A rolling shutter reads row after row, so a pulsing lamp paints bands that stand, or wander with
the difference between the lamp's pulse (100 or 120 Hz) and the camera's beat. Pure but for numpy.
Source: catalogue C16 and decisions 0020, 0023 and 0059.
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
all (decision 0023)."""
_SLOW_OF_WANDER = 0.5
"""What is slower than this part of a lamp's own wandering is movement too: its energy falls with
its speed, a lamp's does not."""
_BESIDE = (3, 7)
"""How many lines beside a lamp's line movement is measured; up to 2 the window smears the lamp."""


@dataclass(frozen=True, slots=True)
class Flicker:
    """What the rows of some pictures show.

    Attributes:
        share: share of the changes that go with a lamp's pulse, 0..1; of those alone that are as
            coarse as its bands and quick enough to be told from movement.
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
    # A picture that moved ends elsewhere than it began. Unfaded, that step is in every line.
    fade = np.hanning(count + 1)[:count]
    # A row of black says nothing, and would weigh most.
    relative = (stack - mean) / np.maximum(mean, 1.0) * fade[:, np.newaxis]
    # What is finer than a lamp's bands cannot be a lamp: print or bricks that move.
    coarse = np.fft.rfft(relative, axis=1)[:, : BANDS[1] + 1]
    power = np.abs(np.fft.fft(coarse, axis=0)) ** 2
    slow = _SLOW_HZ / fps * count
    speed = np.abs(np.fft.fftfreq(count)) * count
    found: list[tuple[float, float, int]] = []
    blind: int | None = None
    for mains_hz in MAINS_HZ:
        at = wander_hz(mains_hz, fps) / fps * count
        if abs(at) < max(_BLIND_BINS, slow + 2):
            blind = mains_hz
            continue
        energy = _bands_energy(power, at, max(slow, _SLOW_OF_WANDER * abs(at)))
        total = float(power[speed > max(slow, _SLOW_OF_WANDER * abs(at))].sum())
        share = energy / total if total > 0 else 0.0
        # A travelling wave is one line of the half spectrum; its conjugate is not in it.
        depth = 2.0 * float(np.sqrt(energy / np.mean(fade**2))) / (count * height)
        found.append((share, depth, mains_hz))
    if not found:
        return None
    share, depth, mains_hz = max(found)
    return Flicker(share, depth, mains_hz, blind)


def _bands_energy(power: npt.NDArray[np.float64], at: float, slow: float) -> float:
    """Sum the lines around a wandering frequency, less what movement would have left there.

    Bands wander one way, up or down, and at one frequency. What moves to and fro is in both
    directions, and what moves one way is in the lines beside as well.
    """
    bands = power[:, BANDS[0] : BANDS[1] + 1].sum(axis=1)
    count = bands.size
    nearest = round(at)

    def around(line: int) -> float:
        return float(bands[sorted({(line + step) % count for step in (-1, 0, 1)} - {0})].sum())

    def beside(line: int) -> float:
        steps = range(_BESIDE[0], _BESIDE[1] + 1)
        lines = {(line + sign * step) % count for step in steps for sign in (1, -1)}
        return 3.0 * float(bands[[k for k in sorted(lines) if min(k, count - k) > slow]].mean())

    one, other = around(nearest), around(-nearest)
    if one < other:
        nearest, one, other = -nearest, other, one
    return max(0.0, one - other - beside(nearest))
