"""Round trips of the service: median, percentile and jitter, and when eleven are not enough.

Pure.
"""

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.figures import finite
from preflight.verdicts.rules import steps

SAMPLES = 11
SAMPLES_BORDERLINE = 15
_JITTER_GAIN = 16.0


def _around(step: object, below: float, above: float) -> tuple[float, float]:
    limit = finite(step)
    assert limit is not None
    return round(limit * below, 3), round(limit * above, 3)


BORDERLINE_MS = _around(steps(BY_CODE["net.rtt_high"].rules)[1], 0.9, 1.1)
"""Around the 300 ms at which the gate fails the median of eleven is not sure enough."""
JITTER_BORDERLINE_MS = _around(steps(BY_CODE["net.jitter_high"].rules)[0], 2 / 3, 1.5)
"""Around the 30 ms at which N07 warns ten changes are not sure enough (decision 0039)."""


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """The figures of some warm samples, in milliseconds; ``jitter_ms`` is the settled one."""

    rtt_min_ms: float
    rtt_median_ms: float
    rtt_p95_ms: float
    rtt_max_ms: float
    jitter_ms: float
    samples: int


def borderline(rtts_ms: Sequence[float]) -> bool:
    """Say whether four more samples are worth their time."""
    if not rtts_ms:
        return False
    low, high = BORDERLINE_MS
    least, most = JITTER_BORDERLINE_MS
    return low <= statistics.median(rtts_ms) <= high or least <= settled_jitter_ms(rtts_ms) <= most


def jitter_ms(rtts_ms: Sequence[float]) -> float:
    """Return the interarrival jitter of RFC 3550 over consecutive round trips."""
    jitter = 0.0
    for before, now in itertools.pairwise(rtts_ms):
        jitter += (abs(now - before) - jitter) / _JITTER_GAIN
    return jitter


def settled_jitter_ms(rtts_ms: Sequence[float]) -> float:
    """Return what that jitter would come to on this line, were it watched for long.

    It begins at zero and takes a sixteenth of each change: after the ten changes of a gate it has
    come to 48 % of its way, and a limit on it would be twice as high as it says (decision 0036).
    """
    changes = len(rtts_ms) - 1
    if changes < 1:
        return 0.0
    return jitter_ms(rtts_ms) / (1.0 - (1.0 - 1.0 / _JITTER_GAIN) ** changes)


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
        jitter_ms=settled_jitter_ms(rtts_ms),
        samples=len(ordered),
    )
