"""What blocks of sound tell: level, silence, and whether all of them came.

Levels are dBFS of the RMS against int16 full scale, so a full-scale sine is -3.0 dBFS.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FULL_SCALE = 32768.0
LOWEST_DBFS = -120.0
"""Stands for digital zero, whose level has no logarithm."""
SILENCE_LSB = 1
"""Samples within +-1 of one value are silence: a driver's dither is no sound (-92 dBFS)."""
FLOOR_PERCENTILE = 10
VOICE_PERCENTILE = 95
VOICE_OVER_FLOOR_DB = 10.0
"""Steady noise has less than 1 dB, speech 15 to 41 dB (measured)."""
FEWEST_FRAMES = 15
"""300 ms: less than that is a knock."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Floor and voice of a stretch of sound.

    Attributes:
        floor_dbfs: 10th percentile of the 20 ms levels.
        voice_dbfs: 95th percentile of them.
    """

    floor_dbfs: float
    voice_dbfs: float


def dbfs(mean_square: float) -> float:
    """Turn a mean square of int16 samples into dBFS, at least -120."""
    if mean_square <= 0.0:
        return LOWEST_DBFS
    return max(LOWEST_DBFS, 10.0 * float(np.log10(mean_square / (FULL_SCALE * FULL_SCALE))))


def mean_square(samples: npt.NDArray[np.int16]) -> float:
    """Return the mean square of the loudest channel; samples have shape (n, channels) or (n,).

    The loudest, not the mix: channels in opposite phase cancel each other in a mix.
    """
    if samples.size == 0:
        return 0.0
    wide = samples.astype(np.float64)
    power = np.square(wide).mean(axis=0)
    return float(np.max(power))


def rms_dbfs(samples: npt.NDArray[np.int16]) -> float:
    """Return the level of the loudest channel."""
    return dbfs(mean_square(samples))


def is_silent(samples: npt.NDArray[np.int16]) -> bool:
    """Say whether every sample of a channel lies within +-1 of one value: nobody hears that.

    The value is zero, or the constant part of a faulty input.
    """
    if samples.size == 0:
        return True
    low, high = samples.min(axis=0).astype(np.int32), samples.max(axis=0).astype(np.int32)
    if np.max(high - low) > 2 * SILENCE_LSB:
        return False
    middle = np.median(samples, axis=0)
    constant = np.where((low >= -SILENCE_LSB) & (high <= SILENCE_LSB), 0.0, middle)
    return bool(np.all(high - constant <= SILENCE_LSB) and np.all(constant - low <= SILENCE_LSB))


def levels(mean_squares: npt.ArrayLike) -> Levels:
    """Return floor and voice of 20 ms mean squares; the lowest level when there are none."""
    if np.size(mean_squares) == 0:
        return Levels(LOWEST_DBFS, LOWEST_DBFS)
    share = np.asarray(mean_squares) / (FULL_SCALE * FULL_SCALE)
    found = 10.0 * np.log10(np.maximum(share, 10 ** (LOWEST_DBFS / 10)))
    floor, voice = np.percentile(found, [FLOOR_PERCENTILE, VOICE_PERCENTILE])
    return Levels(float(floor), float(voice))


def heard_voice(mean_squares: npt.NDArray[np.float64]) -> Levels | None:
    """Return floor and voice where somebody speaks: 10 dB between them; None where nobody does.

    Frames of silence are left out. Sound that begins or ends, as when a device starts or is
    muted, would be a voice otherwise: there is no distance within it.
    """
    sounding = mean_squares[mean_squares > SILENCE_LSB**2]
    if len(sounding) < FEWEST_FRAMES:
        return None
    found = levels(sounding)
    return found if found.voice_dbfs - found.floor_dbfs >= VOICE_OVER_FLOOR_DB else None


def received_ratio(samples: int, elapsed_ns: int, rate_hz: int) -> float:
    """Return samples received per samples expected; 0.0 for no time at all.

    Above 1 is possible for a moment, when a driver delivers what it had stored.
    """
    if elapsed_ns <= 0:
        return 0.0
    return samples / (rate_hz * elapsed_ns / 1e9)
