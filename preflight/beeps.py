"""Test beeps for a loudspeaker, as blocks to pull.

Pure but for numpy.
"""

import threading

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock

BEEP_S = 0.18
GAP_S = 0.24
BEEP_HZ = 880.0
_PEAK = 8000.0
_FADE_S = 0.01


class BeepPlayer:
    """Gives silence, and beeps when asked; its `pull` belongs to one open speaker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: npt.NDArray[np.int16] = np.empty(0, np.int16)

    def play(self, count: int) -> float:
        """Queue ``count`` beeps in place of what is still to be played; returns their seconds."""
        samples = beeps(count)
        with self._lock:
            self._left = samples
        return len(samples) / SAMPLE_RATE_HZ

    def pull(self) -> AudioBlock | None:
        """Return the next 10 ms; None for silence. Called on the speaker's thread."""
        with self._lock:
            if len(self._left) == 0:
                return None
            block, self._left = self._left[:BLOCK_SAMPLES], self._left[BLOCK_SAMPLES:]
        return AudioBlock(block[:, np.newaxis], 0)


def beeps(count: int) -> npt.NDArray[np.int16]:
    """Return ``count`` beeps of 880 Hz with gaps, whole blocks of int16 mono."""
    at = np.arange(round(BEEP_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    fade = np.minimum(1.0, np.minimum(at, at[::-1]) / _FADE_S)
    tone = np.round(_PEAK * fade * np.sin(2 * np.pi * BEEP_HZ * at)).astype(np.int16)
    one = np.concatenate([tone, np.zeros(round(GAP_S * SAMPLE_RATE_HZ), np.int16)])
    all_of_them = np.tile(one, max(0, count))
    return np.resize(all_of_them, len(all_of_them) // BLOCK_SAMPLES * BLOCK_SAMPLES)
