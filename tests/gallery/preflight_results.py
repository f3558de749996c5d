"""Verdicts for the preflight's pictures that do not contradict one another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from preflight.model import CheckResult, CheckState, RunProgress
from preflight.verdicts.catalogue import CATALOGUE
from preflight.verdicts.gate import GATING
from tests.fakes.preflight_desk import progress

Figure = float | int | bool | str | None

_FIGURES: Final[Mapping[str, Mapping[str, Figure]]] = {
    "camera.fps_low": {"fps": 29.97},
    "net.rtt_high": {"rtt_median_ms": 42.0},
}
GATING_NEEDS: Final[Mapping[str, str]] = {
    "camera.permission": "camera.none",
    "camera.busy": "camera.permission",
    "camera.open_failed": "camera.busy",
    "camera.no_frames": "camera.open_failed",
    "camera.frozen": "camera.no_frames",
    "camera.black": "camera.no_frames",
    "camera.fps_low": "camera.frozen",
    "camera.unplugged": "camera.no_frames",
    "mic.permission": "mic.none",
    "mic.busy": "mic.permission",
    "mic.open_failed": "mic.busy",
    "mic.no_data": "mic.open_failed",
    "mic.silent": "mic.open_failed",
    "mic.unplugged": "mic.open_failed",
    "net.health": "net.unreachable",
    "net.rtt_high": "net.health",
    "net.signal": "net.unreachable",
    "net.room": "net.unreachable",
}
"""What each gating check waits for, as the checks themselves say."""


def checks(**states: CheckState) -> tuple[CheckResult, ...]:
    """All gating checks passed, but for those named with ``__`` for the dot.

    What waits for one that does not pass is skipped, as the runner leaves it.
    """
    wanted = {name.replace("__", "."): state for name, state in states.items()}
    roots: dict[str, str] = {}
    made: list[CheckResult] = []
    for check in GATING:
        state = wanted.get(check.code, CheckState.PASSED)
        root = roots.get(GATING_NEEDS.get(check.code, ""))
        if root is not None and check.code not in wanted:
            roots[check.code] = root
            result = CheckResult(
                check.code, check.no, check.group, CheckState.SKIPPED, reason=f"needs:{root}"
            )
        else:
            if state.final and not state.lets_pass:
                roots[check.code] = check.code
            measured = _FIGURES.get(check.code, {})
            result = CheckResult(check.code, check.no, check.group, state, measured=measured)
        made.append(result)
    return tuple(made)


def with_figures(
    results: tuple[CheckResult, ...], code: str, **measured: Figure
) -> tuple[CheckResult, ...]:
    """The same checks, one of them with other figures."""
    return tuple(
        replace(each, measured=measured) if each.code == code else each for each in results
    )


def all_passed() -> RunProgress:
    """A whole run in which nothing is to be told: gate and advice."""
    advice = tuple(
        CheckResult(row.code, row.no, row.group, CheckState.PASSED, gating=False)
        for row in CATALOGUE
        if not row.gating
    )
    return progress(*checks(), *advice)
