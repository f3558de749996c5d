"""The tap on an open microphone: levels, silence and completeness over a sliding window.

The tap runs on the source's pump thread; the figures are read from any thread.
"""

import threading
from collections import deque
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from preflight.analysis.sound import (
    LOWEST_DBFS,
    SILENCE_LSB,
    Levels,
    dbfs,
    heard_voice,
    is_silent,
    levels,
    received_ratio,
)
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock

WINDOW_LEVELS = 150
"""3 s of 20 ms frames."""
BLOCKS_PER_LEVEL = 2
_VOICE_EVERY = 12
"""A voice is looked for every 240 ms: sorting 150 levels takes a tenth of a block's time."""
_METER_LEVELS = 3
"""The meter shows the loudest of the last 60 ms, so a 20 Hz reader misses nothing."""
_PEAK_HOLD_NS = 1_500_000_000
_RATE_BLOCKS = 301
"""3 s of block stamps; the ratio uses the last 2 s of them."""
_RATE_WINDOW_NS = 2_000_000_000
_BLOCK_NS = BLOCK_SAMPLES * 1_000_000_000 // SAMPLE_RATE_HZ
_Power: TypeAlias = npt.NDArray[np.float64]
"""Mean and mean square of each channel: shape (2, channels), or that for each frame."""


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
        self._powers: _Power = np.zeros((WINDOW_LEVELS, 2, 1))
        self._half: list[_Power] = []
        self._loudest: deque[float] = deque(maxlen=_METER_LEVELS)
        self._frames = 0
        self._deaf = False
        self._voice: Levels | None = None
        self._peak_dbfs = LOWEST_DBFS
        self._peak_ns = 0

    def leave_out(self, left_out: bool) -> None:
        """Leave what comes now out of `levels`, or no more: it is a sound of our own.

        The meter goes on, and so does the count of blocks.
        """
        with self._lock:
            self._deaf = left_out

    def tap(self, block: AudioBlock) -> None:
        """Take one block of 10 ms; called by the source, in order."""
        silent = is_silent(block.samples)
        power = _power(block.samples)
        with self._lock:
            if self._blocks == 0:
                self._first_ns = block.captured_ns
            self._blocks += 1
            self._last_ns = block.captured_ns
            self._stamps.append(block.captured_ns)
            if not silent:
                self._sound_ns = block.captured_ns
            if power.shape != self._powers.shape[1:]:
                self._powers = np.zeros((WINDOW_LEVELS, *power.shape))
                self._frames = 0
                self._half.clear()
            self._half.append(power)
            if len(self._half) == BLOCKS_PER_LEVEL:
                self._add_level((self._half[0] + self._half[1]) / BLOCKS_PER_LEVEL)
                self._raise_peak(block.captured_ns)
                self._half.clear()

    def _add_level(self, power: _Power) -> None:
        self._loudest.append(float(power[1].max()))
        if self._deaf:
            return
        self._powers[self._frames % WINDOW_LEVELS] = power
        self._frames += 1
        if self._frames % _VOICE_EVERY == 0:
            kept = self._powers[: min(self._frames, WINDOW_LEVELS)]
            self._voice = heard_voice(_squares(kept)) or self._voice

    def _raise_peak(self, at_ns: int) -> None:
        level = dbfs(self._loudest[-1])
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
        return levels(_squares(self._kept()))

    def voice_now(self) -> Levels | None:
        """Return floor and voice of the last 3 s where somebody spoke in them."""
        return heard_voice(_squares(self._kept()))

    @property
    def voice(self) -> Levels | None:
        """Floor and voice when somebody was heard last; None as long as nobody ever spoke."""
        with self._lock:
            return self._voice

    def rms_dbfs(self) -> float:
        """Return the level of the last 3 s as a whole."""
        squares = _squares(self._kept())
        return dbfs(float(squares.mean())) if len(squares) else LOWEST_DBFS

    def _kept(self) -> _Power:
        """Return the frames of the last 3 s, in no order."""
        with self._lock:
            return self._powers[: min(self._frames, WINDOW_LEVELS)].copy()

    def meter(self) -> MeterLevel:
        """Return what the meter shows now."""
        with self._lock:
            if not self._loudest:
                return NO_LEVEL
            return MeterLevel(dbfs(max(self._loudest)), self._peak_dbfs)


def _power(samples: npt.NDArray[np.int16]) -> _Power:
    wide = samples.astype(np.float64)
    return np.stack([wide.mean(axis=0), np.square(wide).mean(axis=0)])


def _squares(powers: _Power) -> npt.NDArray[np.float64]:
    """Return the mean squares of the loudest channel about its constant part.

    A faulty input's constant part is no sound: with it a silent room would be loud.

    Args:
        powers: shape (frames, 2, channels).
    """
    mean, square = powers[:, 0], powers[:, 1]
    # What came before the device began, or while it was muted, has no constant part either.
    sounding = square.max(axis=1) > SILENCE_LSB**2
    if not sounding.any():
        return np.asarray(square.max(axis=1))
    constant = mean[sounding].mean(axis=0)
    moving = np.maximum(square - 2.0 * constant * mean + constant**2, 0.0)
    moving[~sounding] = 0.0
    return np.asarray(moving[:, int(np.argmax(moving.mean(axis=0)))])
