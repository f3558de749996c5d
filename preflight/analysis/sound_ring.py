"""The tap that keeps the last seconds of a microphone as they are, for checks that ask.

Bounded: 3 s of int16 (576 kB for two channels) and 6 s of block stamps, overwritten in place. The
tap runs on the source's pump thread and only copies; whoever analyses gets a copy.
"""

import threading
from collections import deque

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock

RING_S = 3.0
RING_SAMPLES = round(RING_S * SAMPLE_RATE_HZ)
STAMPS = 600
"""6 s of blocks: for the pace of a device, 3 s of late threads say too little."""


class SoundRing:
    """The newest sound of one open microphone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._samples: npt.NDArray[np.int16] | None = None
        self._next = 0
        self._filled = 0
        self._stamps: deque[int] = deque(maxlen=STAMPS)
        self._lost: deque[int] = deque(maxlen=STAMPS)

    def tap(self, block: AudioBlock, lost: int = 0) -> None:
        """Keep one block of 10 ms, and how many the driver or our queue had lost by then."""
        with self._lock:
            ring = self._samples
            if ring is None or ring.shape[1] != block.samples.shape[1]:
                ring = np.zeros((RING_SAMPLES, block.samples.shape[1]), np.int16)
                self._samples, self._next, self._filled = ring, 0, 0
            ring[self._next : self._next + BLOCK_SAMPLES] = block.samples
            self._next = (self._next + BLOCK_SAMPLES) % RING_SAMPLES
            self._filled = min(RING_SAMPLES, self._filled + BLOCK_SAMPLES)
            self._stamps.append(block.captured_ns)
            self._lost.append(lost)

    @property
    def seconds(self) -> float:
        """How much sound there is, 0..3."""
        with self._lock:
            return self._filled / SAMPLE_RATE_HZ

    def sound(self) -> npt.NDArray[np.int16]:
        """Return a copy of the sound in the order it came: int16, shape (n, channels)."""
        with self._lock:
            ring = self._samples
            if ring is None:
                return np.empty((0, 1), np.int16)
            if self._filled < RING_SAMPLES:
                return ring[: self._filled].copy()
            return np.concatenate([ring[self._next :], ring[: self._next]])

    def stamps_ns(self, seconds: float = RING_S) -> npt.NDArray[np.int64]:
        """Return when each block of the last ``seconds`` came, at most 6 s of them."""
        with self._lock:
            return np.array(self._stamps, np.int64)[-round(100 * seconds) :]

    def lost(self, seconds: float = RING_S) -> npt.NDArray[np.int64]:
        """Return how many blocks had been lost by each block of the last ``seconds``."""
        with self._lock:
            return np.array(self._lost, np.int64)[-round(100 * seconds) :]
