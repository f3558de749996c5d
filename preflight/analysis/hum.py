"""Mains hum: lines at 50 or 60 Hz and their multiples that are there all the time, in step.

A spectrum of 3 s does not do: it finds no hum beneath a voice, and takes a voice that holds its
pitch for one. So the sound is cut into short frames of whole cycles. A line that turns in step
through all frames adds up, everything else cancels; and frames without a voice weigh more.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.analysis.sound import FULL_SCALE, LOWEST_DBFS
from preflight.devices.frames import SAMPLE_RATE_HZ

MAINS_HZ = (50.0, 60.0)
LINES = 6
"""The mains itself and five multiples."""
OFF_HZ = 0.35
"""How far the mains (0.2 Hz) and a device's clock (0.3 %) may stray."""
OFF_STEPS = 15
PROMINENT_DB = 20.0
"""Power of what is in step over what is not, of the strongest line. Noise alone reaches 8."""
ALSO_DB = 10.0
_LOW_RATE_HZ = 1200
"""Everything above 600 Hz is left out first: 40 times less to do."""
_FRAME_OF = {50.0: 48, 60.0: 60}
"""Samples of a frame: 2 cycles of 50 Hz, 3 of 60. Multiples do not disturb one another in them."""
_QUIETEST_PERCENTILE = 10


@dataclass(frozen=True, slots=True)
class Hum:
    """The louder of the two hums.

    Attributes:
        dbfs: its level, -120 where no line is prominent.
        prominence_db: of its strongest line over what is not in step with it.
        mains_hz: 50 or 60; None without hum.
    """

    dbfs: float
    prominence_db: float
    mains_hz: int | None


def hum(samples: npt.NDArray[np.int16]) -> Hum:
    """Measure the louder channel of 3 s of sound, shape (n, channels), n >= 24000."""
    wide = samples.astype(np.float64)
    wide -= wide.mean(axis=0)
    mono = wide[:, int(np.argmax(np.square(wide).mean(axis=0)))] / FULL_SCALE
    count = len(mono) * _LOW_RATE_HZ // SAMPLE_RATE_HZ
    low = np.fft.irfft(np.fft.rfft(mono)[: count // 2 + 1], count) * (count / len(mono))
    found = [_family(low, mains_hz) for mains_hz in MAINS_HZ]
    return max(found, key=lambda each: (each.dbfs, each.prominence_db))


def _family(low: npt.NDArray[np.float64], mains_hz: float) -> Hum:
    size = _FRAME_OF[mains_hz]
    frames = low[: len(low) // size * size].reshape(-1, size)
    power = np.square(frames).mean(axis=1)
    there = power > 0.0
    if np.count_nonzero(there) < 2:
        return Hum(LOWEST_DBFS, 0.0, None)
    quietest = float(np.percentile(power[there], _QUIETEST_PERCENTILE))
    weights = np.where(there, 1.0 / np.maximum(power, quietest), 0.0)
    weights /= weights.sum()

    at_s = np.arange(frames.size).reshape(frames.shape) / _LOW_RATE_HZ
    offs = np.linspace(-OFF_HZ, OFF_HZ, OFF_STEPS)
    looks = [_lines(frames, at_s, weights, mains_hz + float(off)) for off in offs]
    powers, prominence_db = max(looks, key=lambda look: float(look[1].max()))
    strongest_db = float(prominence_db.max())
    energy = float(powers[prominence_db >= ALSO_DB].sum())
    if strongest_db < PROMINENT_DB or energy <= 0.0:
        return Hum(LOWEST_DBFS, strongest_db, None)
    level = max(LOWEST_DBFS, 10.0 * float(np.log10(energy)))
    return Hum(level, strongest_db, round(mains_hz))


def _lines(
    frames: npt.NDArray[np.float64],
    at_s: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    base_hz: float,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the power of each line (full scale 1) and its prominence in dB."""
    turning = np.exp(-2j * np.pi * base_hz * at_s)
    turned, powers, prominence = frames.astype(np.complex128), [], []
    for _ in range(LINES):
        turned = turned * turning
        vectors = turned.mean(axis=1)
        common = complex((weights * vectors).sum())
        stray = float(np.square(weights * np.abs(vectors - common)).sum())
        powers.append(2.0 * abs(common) ** 2)
        prominence.append(10.0 * np.log10((abs(common) ** 2 + 1e-24) / (stray + 1e-24)))
    return np.array(powers), np.array(prominence)
