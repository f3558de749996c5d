"""Holes in a microphone's sound: stretches of zeros that cut a wave off.

A headset that gates noise sends zeros as well, between words. It fades to them and from them; a
lost buffer does neither.
"""

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import SAMPLE_RATE_HZ

HOLE_SAMPLES = 5 * SAMPLE_RATE_HZ // 1000
LONGEST_SAMPLES = SAMPLE_RATE_HZ // 2
"""What is silent for longer was muted."""
EDGE_SAMPLES = 6
AROUND_SAMPLES = 2 * SAMPLE_RATE_HZ // 1000
ABRUPT = 0.12
"""How loud a wave is at a hole's edges, compared with the 2 ms beyond, as the mean of both edges.

Cuts measured 0.12 to 2 (a wave may just have been low at one edge), fades of 8 to 30 ms below 0.13
in 95 of 100 pairs when loud, and next to nothing where a gate works: in the quiet.
"""
SOUND_LSB = 3.0
"""Edges below this are silence (-81 dBFS), which may well hold zeros."""


def holes(samples: npt.NDArray[np.int16]) -> int:
    """Count the holes of 5 ms and more in sound of shape (n, channels)."""
    zero = np.concatenate([[False], ~samples.any(axis=1), [False]])
    edges = np.flatnonzero(zero[1:] != zero[:-1])
    found = 0
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if HOLE_SAMPLES <= end - start <= LONGEST_SAMPLES:
            before = samples[max(0, start - AROUND_SAMPLES) : start][::-1]
            found += _is_cut_out(before, samples[end : end + AROUND_SAMPLES])
    return found


def _is_cut_out(before: npt.NDArray[np.int16], after: npt.NDArray[np.int16]) -> bool:
    """Say whether sound, read away from a hole on both sides, is cut off at it."""
    if min(len(before), len(after)) < AROUND_SAMPLES:
        return False
    edge = np.sqrt(_rms(before[:EDGE_SAMPLES]) * _rms(after[:EDGE_SAMPLES]))
    return bool(edge >= SOUND_LSB and edge >= ABRUPT * np.sqrt(_rms(before) * _rms(after)))


def _rms(samples: npt.NDArray[np.int16]) -> float:
    return float(np.sqrt(np.square(samples.astype(np.float64)).mean(axis=0).max()))
