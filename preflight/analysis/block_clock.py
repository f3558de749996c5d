"""What the stamps of 10 ms blocks tell: whether sound is missing between them, and their pace.

A block that comes late and is caught up with is no loss. So each block is judged by how far
*all later ones* lag behind an even pace: only what is never made up for is missing.
"""

import itertools

import numpy as np
import numpy.typing as npt

BLOCK_MS = 10.0
GAP_MS = 30.0
SETTLE_BLOCKS = 20
"""A late block has 200 ms to be caught up with before it counts."""
FEWEST_BLOCKS = 100
PIECE_BLOCKS = 25
UNEVEN_MS = 15.0
"""Quarter seconds that stray further from a straight line come from a machine that is too busy."""
OVERFLOW_APART = 10
"""Losses within 100 ms are one moment of trouble."""


def clock_gaps(stamps_ns: npt.NDArray[np.int64]) -> int:
    """Count the places where more than 30 ms are missing for good."""
    return int(np.count_nonzero(_lost_ms(stamps_ns) > GAP_MS))


def rate_off_share(stamps_ns: npt.NDArray[np.int64]) -> float | None:
    """Return how far the pace is from 48 kHz: 0.02 for 2 %, faster or slower.

    None for under 1 s, and where blocks come too unevenly for a pace.

    Missing sound is no slowness: the stretches between gaps are fitted with one slope and a
    beginning of their own. It goes through the earliest arrivals of each quarter second, for a
    thread that is late makes no clock slow.
    """
    if len(stamps_ns) < FEWEST_BLOCKS:
        return None
    lag_ms = _lag_ms(stamps_ns)
    ends = [0, *np.flatnonzero(_lost_ms(stamps_ns) > GAP_MS).tolist(), len(lag_ms)]
    pieces = [_earliest(lag_ms, start, end) for start, end in itertools.pairwise(ends)]
    at = np.concatenate([each[0] for each in pieces])
    earliest = np.concatenate([each[1] for each in pieces])
    across = float(np.square(at).sum())
    if across == 0.0:
        return None
    slope_ms = float((at * earliest).sum()) / across
    if float(np.abs(earliest - slope_ms * at).max()) > UNEVEN_MS:
        return None
    # A device at 1.02 times the rate needs 10 / 1.02 ms for each block.
    return abs(BLOCK_MS / (BLOCK_MS + slope_ms) - 1.0)


def _earliest(
    lag_ms: npt.NDArray[np.float64], start: int, end: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return place and lag of the earliest block of each quarter second, about their means."""
    pieces = range(start, end - PIECE_BLOCKS + 1, PIECE_BLOCKS)
    at = np.array([each + int(np.argmin(lag_ms[each : each + PIECE_BLOCKS])) for each in pieces])
    if len(at) == 0:
        return np.zeros(0), np.zeros(0)
    return at - at.mean(), lag_ms[at] - lag_ms[at].mean()


def overflow_moments(lost: npt.NDArray[np.int64]) -> int:
    """Count the moments at which a count of lost blocks rose."""
    rises = np.flatnonzero(np.diff(lost) > 0)
    if len(rises) == 0:
        return 0
    return 1 + int(np.count_nonzero(np.diff(rises) > OVERFLOW_APART))


def _lag_ms(stamps_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    even = np.arange(len(stamps_ns)) * BLOCK_MS
    return np.asarray((stamps_ns - stamps_ns[:1]) / 1e6 - even, np.float64)


def _lost_ms(stamps_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return for each block the time before it that no later block makes up for."""
    if len(stamps_ns) < 2:
        return np.zeros(len(stamps_ns))
    ahead = np.minimum.accumulate(_lag_ms(stamps_ns)[::-1])[::-1]
    lost = np.diff(ahead, prepend=ahead[:1])
    lost[-SETTLE_BLOCKS:] = 0.0
    return lost
