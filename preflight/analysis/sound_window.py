"""The tap on an open microphone: levels, silence and completeness over a sliding window.

The tap runs on the source's pump thread; the figures are read from any thread.
"""

import threading
from collections import deque
from dataclasses import dataclass

from preflight.analysis.sound import (
    LOWEST_DBFS,
    Levels,
    dbfs,
    is_silent,
    levels,
    mean_square,
    received_ratio,
)
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock

WINDOW_LEVELS = 150
"""3 s of 20 ms frames."""
BLOCKS_PER_LEVEL = 2
_METER_LEVELS = 3
"""The meter shows the loudest of the last 60 ms, so a 20 Hz reader misses nothing."""
_PEAK_HOLD_NS = 1_500_000_000
_RATE_BLOCKS = 301
"""3 s of block stamps; the ratio uses the last 2 s of them."""
_RATE_WINDOW_NS = 2_000_000_000
_BLOCK_NS = BLOCK_SAMPLES * 1_000_000_000 // SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class MeterLevel:
    """What the level meter shows.

    Attributes:
        rms_dbfs: the level now, -120 for nothing.
        peak_dbfs: the highest level of the last 1.5 s.
    """

    rms_dbfs: float
    peak_dbfs: float


NO_LEVEL = MeterLevel(LOWEST_DBFS, LOWEST_DBFS)


class SoundWindow:
    """Collects the figures of one open microphone; `tap` is attached to the source."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks = 0
        self._first_ns = 0
        self._last_ns = 0
        self._sound_ns: int | None = None
        self._stamps: deque[int] = deque(maxlen=_RATE_BLOCKS)
        self._half: list[float] = []
        self._squares: deque[float] = deque(maxlen=WINDOW_LEVELS)
        self._peak_dbfs = LOWEST_DBFS
        self._peak_ns = 0

    def tap(self, block: AudioBlock) -> None:
        """Take one block of 10 ms; called by the source, in order."""
        silent = is_silent(block.samples)
        square = mean_square(block.samples)
        with self._lock:
            if self._blocks == 0:
                self._first_ns = block.captured_ns
            self._blocks += 1
            self._last_ns = block.captured_ns
            self._stamps.append(block.captured_ns)
            if not silent:
                self._sound_ns = block.captured_ns
            self._half.append(square)
            if len(self._half) == BLOCKS_PER_LEVEL:
                self._add_level(sum(self._half) / BLOCKS_PER_LEVEL, block.captured_ns)
                self._half.clear()

    def _add_level(self, square: float, at_ns: int) -> None:
        self._squares.append(square)
        level = dbfs(square)
        if level >= self._peak_dbfs or at_ns - self._peak_ns > _PEAK_HOLD_NS:
            self._peak_dbfs = level
            self._peak_ns = at_ns

    @property
    def blocks(self) -> int:
        """How many blocks came so far."""
        with self._lock:
            return self._blocks

    def heard(self) -> bool:
        """Say whether anything but silence ever came."""
        with self._lock:
            return self._sound_ns is not None

    def silence_ms(self, now_ns: int) -> float | None:
        """Return for how long only silence came; None before the first block."""
        with self._lock:
            if self._blocks == 0:
                return None
            since = self._first_ns if self._sound_ns is None else self._sound_ns
            return max(0.0, (now_ns - since) / 1e6)

    def missing_ms(self, now_ns: int) -> float | None:
        """Return the time since the last block; None before the first."""
        with self._lock:
            return None if self._blocks == 0 else (now_ns - self._last_ns) / 1e6

    def running_ms(self, now_ns: int) -> float:
        """Return the time since the first block, 0 before it."""
        with self._lock:
            return 0.0 if self._blocks == 0 else (now_ns - self._first_ns) / 1e6

    def received_ratio(self, now_ns: int) -> float:
        """Return received per expected sound over the last 2 s (or since the first block)."""
        with self._lock:
            if self._blocks == 0:
                return 0.0
            start_ns = max(self._first_ns, now_ns - _RATE_WINDOW_NS)
            count = sum(1 for at in self._stamps if at >= start_ns)
        # The first block's own 10 ms lie before its stamp.
        return received_ratio(count * BLOCK_SAMPLES, now_ns - start_ns + _BLOCK_NS, SAMPLE_RATE_HZ)

    def levels(self) -> Levels:
        """Return floor and voice over the last 3 s."""
        with self._lock:
            squares = list(self._squares)
        return levels(squares)

    def meter(self) -> MeterLevel:
        """Return what the meter shows now."""
        with self._lock:
            if not self._squares:
                return NO_LEVEL
            recent = list(self._squares)[-_METER_LEVELS:]
            return MeterLevel(dbfs(max(recent)), self._peak_dbfs)
