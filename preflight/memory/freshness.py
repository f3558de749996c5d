"""How long figures count, part by part, and whether those of an earlier run still do.

Pure. The service keeps the same limits (``liftbay_backend/domain/preflight_freshness.py``); both
are section 12 of docs/preflight_checks.md.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from preflight.model import CheckResult, Group

NETWORK_S = 120.0
"""Round trips, signalling and the room."""
MARGIN_S = 10.0
"""The report needs time to get there."""
MEDIA_PATH = timedelta(minutes=30)
RETURN_WITHIN = timedelta(minutes=10)
NETWORK_PARTS = frozenset({"route", "wifi", "vpn", "proxy", "service", "call_server"})
"""Parts of the fingerprint that make another media path."""
SLOWER_BY = 2.0
"""A median round trip of so many times the earlier one is another path too."""
FASTEST_MS = 5.0
"""Below this a doubled median is no sign of anything: 0.4 and 0.9 ms are the same network."""
CLOCK_SLACK = timedelta(seconds=5)
"""A wall clock may be set back a little; figures from further in the future count no more."""


@dataclass(frozen=True, slots=True)
class PathThen:
    """What a reused media path was measured over.

    Attributes:
        at: by the wall clock, because it must count past a restart.
        rtt_median_ms: of N03 in that run; None where it was not measured.
    """

    at: datetime
    rtt_median_ms: float | None


def media_path_counts(
    then: PathThen, *, now: datetime, changed: Iterable[str], rtt_median_ms: float | None
) -> bool:
    """Say whether a media path measured earlier still tells of the one now.

    Args:
        changed: parts of the fingerprint that differ.
        rtt_median_ms: of N03 in this run.
    """
    if not within(then.at, now, MEDIA_PATH):
        return False
    if not NETWORK_PARTS.isdisjoint(changed) or "app" in changed:
        return False
    if then.rtt_median_ms is None or rtt_median_ms is None:
        return False
    if not math.isfinite(rtt_median_ms):
        return False
    return rtt_median_ms < max(FASTEST_MS, SLOWER_BY * then.rtt_median_ms)


def within(then: datetime, now: datetime, limit: timedelta) -> bool:
    """Say whether ``then`` lies at most ``limit`` back."""
    return -CLOCK_SLACK <= now - then <= limit


def network_is_old(results: Iterable[CheckResult], elapsed_ms: float) -> bool:
    """Say whether a gating figure of the network would be refused for its age."""
    limit_ms = (NETWORK_S - MARGIN_S) * 1000
    return any(
        elapsed_ms - result.as_of_ms > limit_ms
        for result in results
        if result.gating and result.group is Group.NETWORK and result.as_of_ms is not None
    )
