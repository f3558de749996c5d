"""Test beeps for a loudspeaker. Pure but for numpy."""

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ

BEEP_S = 0.18
GAP_S = 0.24
BEEP_HZ = 880.0
_PEAK = 8000.0
_FADE_S = 0.01


def beeps(count: int) -> npt.NDArray[np.int16]:
    """Return ``count`` beeps of 880 Hz with gaps, whole blocks of int16 mono."""
    at = np.arange(round(BEEP_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    fade = np.minimum(1.0, np.minimum(at, at[::-1]) / _FADE_S)
    tone = np.round(_PEAK * fade * np.sin(2 * np.pi * BEEP_HZ * at)).astype(np.int16)
    one = np.concatenate([tone, np.zeros(round(GAP_S * SAMPLE_RATE_HZ), np.int16)])
    all_of_them = np.tile(one, max(0, count))
    return np.resize(all_of_them, len(all_of_them) // BLOCK_SAMPLES * BLOCK_SAMPLES)
