"""Sound between two threads: a bounded queue of 10 ms blocks that counts what it loses."""

import threading
from collections import deque

from preflight.devices.frames import AudioBlock

BLOCK_MS = 10


class AudioFifo:
    """Blocks in the order they came; when full, the oldest is dropped, so delay never grows.

    Writing copies a reference and wakes the reader: fit for an audio callback.
    """

    def __init__(self, capacity_ms: int) -> None:
        if capacity_ms < BLOCK_MS:
            raise ValueError(f"a FIFO of {capacity_ms} ms holds no block")
        self._capacity = capacity_ms // BLOCK_MS
        self._blocks: deque[AudioBlock] = deque()
        self._ready = threading.Condition(threading.Lock())
        self._overruns = 0
        self._underruns = 0

    @property
    def overruns(self) -> int:
        """Blocks dropped because nobody read them in time."""
        return self._overruns

    @property
    def underruns(self) -> int:
        """Reads that found nothing."""
        return self._underruns

    @property
    def level_ms(self) -> int:
        """How much sound waits."""
        return len(self._blocks) * BLOCK_MS

    def push(self, block: AudioBlock) -> None:
        """Add a block; never waits for a reader."""
        with self._ready:
            if len(self._blocks) >= self._capacity:
                self._blocks.popleft()
                self._overruns += 1
            self._blocks.append(block)
            self._ready.notify()

    def pop(self, wait_s: float = 0.0) -> AudioBlock | None:
        """Take the oldest block, waiting at most ``wait_s`` for one."""
        with self._ready:
            if not self._blocks and wait_s > 0:
                self._ready.wait_for(self._blocks.__len__, wait_s)
            if not self._blocks:
                self._underruns += 1
                return None
            return self._blocks.popleft()
