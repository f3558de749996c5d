"""How old a report's figures may be, part by part, and what a renewal takes over.

Pure. A report says of every check how old its figures were when it was written (``age_ms``); how
old the report is itself, the service's own clock says. Both sides keep the same limits (section 12
of docs/preflight_checks.md); the client's are in ``preflight/memory/freshness.py``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from liftbay_backend.domain.figures import finite
from liftbay_backend.domain.preflight_gate import GATE

FRESH_MS: Final[Mapping[str, int]] = {"network": 120_000, "media": 1_800_000}
"""Groups whose figures grow old. Camera and microphone are watched live until the hand-over, so
their figures are as old as the report, for which the service has its own limit of 5 minutes."""

_GATING: Final = frozenset(check.code for check in GATE)


def too_old(checks: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the gating codes whose figures were older than their part allows, in order.

    An entry without an age is judged by the report's arrival alone; an age that is no number, or
    lies in the future, is none that we believe.
    """
    groups = {check.code: check.group for check in GATE}
    found = {
        str(entry.get("code"))
        for entry in checks
        if entry.get("code") in groups
        and entry.get("age_ms") is not None
        and not _is_fresh(entry["age_ms"], FRESH_MS.get(groups[entry["code"]]))
    }
    return tuple(check.code for check in GATE if check.code in found)


def renewed_checks(
    earlier: Sequence[Mapping[str, Any]], delta: Sequence[Mapping[str, Any]], since_ms: int
) -> list[dict[str, Any]]:
    """Return the checks of a renewed report: the delta's, and what it leaves out while it counts.

    Args:
        earlier: of the report that is renewed.
        since_ms: how long ago that report arrived.
    """
    told = {str(entry.get("code")) for entry in delta}
    kept = []
    for entry in earlier:
        limit_ms = FRESH_MS.get(str(entry.get("group")), FRESH_MS["media"])
        age_ms = _age(entry.get("age_ms"))
        is_left = entry.get("code") not in told and entry.get("code") not in _GATING
        if is_left and age_ms >= 0 and age_ms + since_ms <= limit_ms:
            kept.append({**entry, "age_ms": round(age_ms + since_ms)})
    return [*(dict(entry) for entry in delta), *kept]


def _is_fresh(age_ms: object, at_most_ms: int | None) -> bool:
    found = _age(age_ms)
    return found >= 0 and (at_most_ms is None or found <= at_most_ms)


def _age(value: object) -> float:
    """Return an age; -1 for what is none."""
    found = finite(value)
    return -1.0 if found is None else found
