"""What a burst of equal packets says of the narrowest part of its way. Pure.

Sent at once, they leave a narrow line one after the other, evenly: the time between the first and
the last at the far end, and the bytes in between, are its rate. Jitter and a busy machine spread
them unevenly, which tells nothing.
"""

import itertools
import statistics
from collections.abc import Sequence

PACKETS = 8
PAYLOAD_BYTES = 700
"""Eight of them stay in the smallest queue that routers have, 200 ms at 300 kbit/s."""
ON_THE_LINE_BYTES = 850
"""With what the SDK, SCTP, DTLS, UDP and IP put around it, by the forwarder's count."""
NARROW_KBPS = 500.0
"""Below this a trial picture of 720p is too much from its first one on (docs/calibration.md)."""
BURSTS = 4
ENOUGH_BURSTS = 2
_SHORTEST, _LONGEST = 0.4, 2.0
"""The gaps of an even burst, in medians."""
_ALIKE = 1.3
"""What two bursts over the same line may differ by."""


def rate_kbps(arrivals_s: Sequence[float]) -> float | None:
    """Return the rate at which a burst came; None where it does not tell.

    Args:
        arrivals_s: in the order of their arrival.
    """
    if len(arrivals_s) < PACKETS // 2:
        return None
    took_s = arrivals_s[-1] - arrivals_s[0]
    if took_s <= 0:
        return float("inf")
    rate = (len(arrivals_s) - 1) * ON_THE_LINE_BYTES * 8 / 1000 / took_s
    if rate >= NARROW_KBPS:
        return rate
    gaps = [later - earlier for earlier, later in itertools.pairwise(arrivals_s)]
    middle = statistics.median(gaps)
    even = min(gaps) >= _SHORTEST * middle and max(gaps) <= _LONGEST * middle
    return rate if even else None


def narrow_kbps(bursts: Sequence[Sequence[float]]) -> float | None:
    """Return the rate of a line that is too narrow for the large picture; None for all others.

    One burst that came quickly shows that there is room, whatever the others say.
    """
    known = [rate for rate in map(rate_kbps, bursts) if rate is not None]
    if len(known) < ENOUGH_BURSTS or max(known) >= NARROW_KBPS:
        return None
    if max(known) > _ALIKE * min(known):
        return None
    return statistics.median(known)


def told_enough(bursts: Sequence[Sequence[float]]) -> bool:
    """Say whether another burst would change nothing."""
    known = [rate for rate in map(rate_kbps, bursts) if rate is not None]
    return (
        len(bursts) >= BURSTS
        or len(known) >= ENOUGH_BURSTS
        or max(known, default=0) >= (NARROW_KBPS)
    )
