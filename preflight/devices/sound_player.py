"""Sound that is ready, as blocks for a loudspeaker to pull. Pure but for numpy."""

import threading
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock


class SoundPlayer:
    """Gives what it was told to play, and silence before and after; for one open loudspeaker.

    Args:
        now_ns: the monotonic clock that microphones stamp their blocks with.
    """

    def __init__(self, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._lock = threading.Lock()
        self._now_ns = now_ns
        self._began_ns: int | None = None
        self._left: npt.NDArray[np.int16] = np.empty(0, np.int16)

    @property
    def is_over(self) -> bool:
        """True when everything was pulled. Any thread."""
        with self._lock:
            return len(self._left) == 0

    @property
    def began_ns(self) -> int | None:
        """When the loudspeaker took the first block of the newest sound; None: not yet."""
        with self._lock:
            return self._began_ns

    def play(self, samples: npt.NDArray[np.int16]) -> float:
        """Queue a sound in place of what is still to be played; returns its seconds. Any thread.

        Args:
            samples: int16, mono, 48 kHz, shape (n,); whole blocks of 10 ms.
        """
        with self._lock:
            self._left = samples
            self._began_ns = None
        return len(samples) / SAMPLE_RATE_HZ

    def pull(self) -> AudioBlock | None:
        """Return the next 10 ms; None for silence. Called on the loudspeaker's thread."""
        with self._lock:
            if len(self._left) == 0:
                return None
            if self._began_ns is None:
                self._began_ns = self._now_ns()
            block, self._left = self._left[:BLOCK_SAMPLES], self._left[BLOCK_SAMPLES:]
        return AudioBlock(block[:, np.newaxis], 0)
