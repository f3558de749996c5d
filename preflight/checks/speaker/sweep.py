"""The sound that looks for an echo: a rising tone, quiet enough to startle nobody.

Pure but for numpy.
"""

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import SAMPLE_RATE_HZ

SWEEP_S = 0.5
LOWEST_HZ = 300.0
HIGHEST_HZ = 3400.0
"""The band of a telephone: every loudspeaker and every microphone has it, headsets too."""
LEVEL_DBFS = -20.0
_FADE_S = 0.02


def sweep() -> npt.NDArray[np.int16]:
    """Return the sweep: int16, mono, 48 kHz, whole blocks of 10 ms, RMS -20 dBFS."""
    at = np.arange(round(SWEEP_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    octaves = np.log(HIGHEST_HZ / LOWEST_HZ)
    phase = 2 * np.pi * LOWEST_HZ * SWEEP_S / octaves * (np.exp(at / SWEEP_S * octaves) - 1.0)
    rise = np.clip(np.minimum(at, at[::-1]) / _FADE_S, 0.0, 1.0)
    # Rounded edges: a hard beginning would click.
    tone = np.sin(phase) * (0.5 - 0.5 * np.cos(np.pi * rise))
    wanted = 10 ** (LEVEL_DBFS / 20) * 32768.0
    sound: npt.NDArray[np.int16] = np.round(tone * (wanted / np.sqrt(np.mean(tone**2)))).astype(
        np.int16
    )
    return sound


def quiet(seconds: float) -> npt.NDArray[np.int16]:
    """Return silence as a sound, in whole blocks: it proves that a loudspeaker takes sound."""
    blocks = max(1, round(seconds * 100))
    return np.zeros(blocks * (SAMPLE_RATE_HZ // 100), np.int16)
