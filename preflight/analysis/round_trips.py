"""Round trips of the service: median, percentile and jitter, and when eleven are not enough.

Pure.
"""

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

SAMPLES = 11
SAMPLES_BORDERLINE = 15
BORDERLINE_MS = (270.0, 330.0)
"""Around the 300 ms of the gate the median of eleven is not sure enough."""
_JITTER_GAIN = 16.0


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """The figures of some warm samples, in milliseconds."""

    rtt_min_ms: float
    rtt_median_ms: float
    rtt_p95_ms: float
    rtt_max_ms: float
    jitter_ms: float
    samples: int


def borderline(rtts_ms: Sequence[float]) -> bool:
    """Say whether four more samples are worth their time."""
    low, high = BORDERLINE_MS
    return bool(rtts_ms) and low <= statistics.median(rtts_ms) <= high


def jitter_ms(rtts_ms: Sequence[float]) -> float:
    """Return the interarrival jitter of RFC 3550 over consecutive round trips."""
    jitter = 0.0
    for before, now in itertools.pairwise(rtts_ms):
        jitter += (abs(now - before) - jitter) / _JITTER_GAIN
    return jitter


def summarise(rtts_ms: Sequence[float]) -> RoundTrips:
    """Return the figures of samples in the order they were taken.

    Raises:
        ValueError: no sample at all.
    """
    if not rtts_ms:
        raise ValueError("no round trip was measured")
    ordered = sorted(rtts_ms)
    # Nearest rank: with eleven samples the 95th percentile is the largest.
    rank = -(-95 * len(ordered) // 100)
    return RoundTrips(
        rtt_min_ms=ordered[0],
        rtt_median_ms=float(statistics.median(ordered)),
        rtt_p95_ms=ordered[rank - 1],
        rtt_max_ms=ordered[-1],
        jitter_ms=jitter_ms(rtts_ms),
        samples=len(ordered),
    )
