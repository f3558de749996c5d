"""How far up a microphone's sound goes: telephone quality ends in a cliff at 4 or 8 kHz."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import SAMPLE_RATE_HZ

CLIFF_DB = 25.0
NARROW_HZ = ((3000.0, 3800.0), (4300.0, 5000.0))
WIDE_HZ = ((6500.0, 7800.0), (8300.0, 9500.0))
_SEGMENT = 2048
NARROW_RATE_HZ, WIDE_RATE_HZ = 8_000, 16_000


class Band(StrEnum):
    """How far up the sound goes: to 20, to 8 or to 4 kHz."""

    FULL = "full"
    WIDE = "wide"
    NARROW = "narrow"


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """What lies on both sides of the two edges.

    Attributes:
        band: None where it is too quiet below an edge for a cliff to show.
        narrow_cliff_db, wide_cliff_db: fall of the power density at 4 and at 8 kHz.
    """

    band: Band | None
    narrow_cliff_db: float
    wide_cliff_db: float


def bandwidth(samples: npt.NDArray[np.int16]) -> Bandwidth:
    """Measure the louder channel of sound of shape (n, channels), n >= 2048."""
    wide = samples.astype(np.float64)
    wide -= wide.mean(axis=0)
    mono = wide[:, int(np.argmax(np.square(wide).mean(axis=0)))]
    density = _density(mono)
    narrow_db, narrow_shows = _cliff(density, *NARROW_HZ)
    wide_db, wide_shows = _cliff(density, *WIDE_HZ)
    if narrow_db >= CLIFF_DB:
        band: Band | None = Band.NARROW
    elif wide_db >= CLIFF_DB:
        band = Band.WIDE
    else:
        band = Band.FULL if narrow_shows and wide_shows else None
    return Bandwidth(band, narrow_db, wide_db)


def band_of_rate(rate_hz: int | None) -> Band | None:
    """Return what a device's own rate allows; None where it is not known."""
    if rate_hz is None:
        return None
    if rate_hz <= NARROW_RATE_HZ:
        return Band.NARROW
    return Band.WIDE if rate_hz <= WIDE_RATE_HZ else Band.FULL


def _density(mono: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean power per Hz (LSB squared) over half-overlapping Hann windows (Welch)."""
    count = 1 + (len(mono) - _SEGMENT) // (_SEGMENT // 2)
    strides = np.lib.stride_tricks.sliding_window_view(mono, _SEGMENT)[:: _SEGMENT // 2][:count]
    window = np.hanning(_SEGMENT)
    spectrum = np.square(np.abs(np.fft.rfft(strides * window, axis=1)))
    return np.asarray(2.0 * spectrum.mean(axis=0) / (SAMPLE_RATE_HZ * np.square(window).sum()))


_ROUNDING = 1.0 / 12.0 / (SAMPLE_RATE_HZ / 2)
"""Density of the noise that rounding to whole numbers makes (LSB squared per Hz)."""


def _cliff(
    density: npt.NDArray[np.float64], below: tuple[float, float], above: tuple[float, float]
) -> tuple[float, bool]:
    """Return the fall in dB, and whether a cliff would show above the noise of rounding."""
    low, high = _mean(density, *below), _mean(density, *above)
    fall = 10.0 * np.log10((low + 1e-12) / max(high, 1e-12))
    return float(fall), bool(10.0 * np.log10((low + 1e-12) / _ROUNDING) >= CLIFF_DB)


def _mean(density: npt.NDArray[np.float64], low_hz: float, high_hz: float) -> float:
    width = SAMPLE_RATE_HZ / _SEGMENT
    return float(density[round(low_hz / width) : round(high_hz / width)].mean())
