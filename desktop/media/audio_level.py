"""How loud and how high a sound is: for meters, and for proving that the right sound came."""

import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import SAMPLE_RATE_HZ

SILENCE_DBFS = -120.0
_FULL_SCALE = 32768.0


@dataclass(frozen=True, slots=True)
class ToneReading:
    """What a stretch of sound measures.

    Attributes:
        rms_dbfs: level over the loudest 100 ms in it, so that a gated tone reads like a held one;
            -120 for digital silence.
        peak_hz: strongest frequency above 60 Hz; None below -60 dBFS, where it means nothing.
    """

    rms_dbfs: float
    peak_hz: float | None


def rms_dbfs(samples: npt.NDArray[np.int16]) -> float:
    """Root mean square against full scale, in decibels; -120 for silence or no samples."""
    if samples.size == 0:
        return SILENCE_DBFS
    floats = samples.astype(np.float32).reshape(-1)
    power = float(np.dot(floats, floats)) / floats.size
    if power <= 0.0:
        return SILENCE_DBFS
    return max(SILENCE_DBFS, 10.0 * float(np.log10(power / _FULL_SCALE**2)))


def read_tone(samples: npt.NDArray[np.int16]) -> ToneReading:
    """Measure mono sound of 48 kHz, at least 100 ms of it; less reads as silence."""
    window = SAMPLE_RATE_HZ // 10
    count = samples.size // window
    if count == 0:
        return ToneReading(SILENCE_DBFS, None)
    parts = samples[: count * window].reshape(count, window)
    loudest = max(rms_dbfs(part) for part in parts)
    if loudest < -60.0:
        return ToneReading(loudest, None)
    spectrum = np.abs(np.fft.rfft(samples * _window(samples.size)))
    first = int(60 * samples.size / SAMPLE_RATE_HZ) + 1
    peak = first + int(np.argmax(spectrum[first:]))
    return ToneReading(loudest, peak * SAMPLE_RATE_HZ / samples.size)


@lru_cache(maxsize=4)
def _window(size: int) -> npt.NDArray[np.float32]:
    made = np.hanning(size).astype(np.float32)
    made.flags.writeable = False
    return made


class SoundWindow:
    """The last second of somebody's sound, overwritten in place. One thread writes."""

    def __init__(self, seconds: float = 1.0) -> None:
        self._samples = np.zeros(int(seconds * SAMPLE_RATE_HZ), np.int16)
        self._at = 0
        self._lock = threading.Lock()

    def write(self, samples: npt.NDArray[np.int16]) -> None:
        """Append mono samples, at most one window at once."""
        with self._lock:
            end = self._at + samples.size
            size = self._samples.size
            if end <= size:
                self._samples[self._at : end] = samples
            else:
                split = size - self._at
                self._samples[self._at :] = samples[:split]
                self._samples[: end - size] = samples[split:]
            self._at = end % size

    def read(self) -> npt.NDArray[np.int16]:
        """A copy, oldest sample first."""
        with self._lock:
            return np.concatenate((self._samples[self._at :], self._samples[: self._at]))
