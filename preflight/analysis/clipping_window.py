"""The tap that counts where a voice is cut off at its peaks, over the last 3 s.

Two kinds of cuts. At the converter's ceiling: 3 samples in a row at full scale. Before it, where
an amplifier clips and its level is then lowered: 4 equal samples at the top of all that came,
entered by a step. A wave's own round top may hold equal samples, but is entered softly.
"""

import threading

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import AudioBlock

WINDOW_BLOCKS = 300
BLOCKS_PER_S = 100
CEILING = 32_766
TOP_SHARE = 0.98
STEP_LSB = 4
"""A round top of 4 equal samples is entered by at most 2."""
_BEFORE = 5
_MOST_FLATS = 12
"""Flat tops kept of one block: 1,200 a second are clipping, whatever came beyond."""


class ClippingWindow:
    """Counts the cuts of one open microphone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin(1)

    def _begin(self, channels: int) -> None:
        self._tail = np.zeros((_BEFORE, channels), np.int16)
        self._ceiling = np.zeros((WINDOW_BLOCKS, channels), np.int32)
        self._peaks = np.zeros((WINDOW_BLOCKS, channels), np.int32)
        self._flats = np.zeros((WINDOW_BLOCKS, _MOST_FLATS, channels), np.int32)
        self._blocks = 0

    def tap(self, block: AudioBlock) -> None:
        """Look at one block of 10 ms; called by the source, in order."""
        with self._lock:
            if self._tail.shape[1] != block.samples.shape[1]:
                self._begin(block.samples.shape[1])
            raw = np.concatenate([self._tail, block.samples])
            self._tail = raw[-_BEFORE:]
            at = self._blocks % WINDOW_BLOCKS
            self._blocks += 1
            lowest = block.samples.min(axis=0).astype(np.int32)
            self._peaks[at] = np.maximum(block.samples.max(axis=0), -lowest)
            self._ceiling[at] = _ceiling_runs(raw) if self._peaks[at].max() >= CEILING else 0
            self._flats[at] = 0
            equal = raw[1:] == raw[:-1]
            level = equal[4:] & equal[3:-1] & equal[2:-2]
            if level.any():
                self._keep_flats(at, raw.astype(np.int32), level)

    def _keep_flats(
        self, at: int, whole: npt.NDArray[np.int32], level: npt.NDArray[np.bool_]
    ) -> None:
        """Keep the heights of runs that reach 4 equal samples and that a step led to."""
        step = np.abs(np.diff(whole, axis=0))
        flat = level & (step[1:-3] >= STEP_LSB)
        for channel in range(whole.shape[1]):
            heights = np.abs(whole[_BEFORE:, channel])[flat[:, channel]][:_MOST_FLATS]
            self._flats[at, : len(heights), channel] = heights

    def runs_per_s(self, *, flat_tops: bool) -> float:
        """Return the cuts a second of the worst channel over the last 3 s.

        Args:
            flat_tops: count those before the converter as well; sensible once a voice was heard.
        """
        with self._lock:
            blocks = min(self._blocks, WINDOW_BLOCKS)
            runs = self._ceiling.sum(axis=0)
            if flat_tops:
                top = np.maximum(self._peaks.max(axis=0) * TOP_SHARE, 1.0)
                # What lies at the ceiling is counted there.
                below = (self._flats >= top) & (self._flats < CEILING)
                runs = runs + below.sum(axis=(0, 1))
        return float(runs.max()) * BLOCKS_PER_S / blocks if blocks else 0.0


def _ceiling_runs(raw: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    """Count the runs of each channel that reach 3 samples in the block behind the tail."""
    hot = np.abs(raw.astype(np.int32)) >= CEILING
    reached = hot[5:] & hot[4:-1] & hot[3:-2] & ~hot[2:-3]
    return np.asarray(reached.sum(axis=0))
