"""The gate: the 22 gating checks as data, the verdict of one check, and the decision on Join.

Pure. The table says what the service's own table says; both are tested against
``tests/contract/gate.json``, so a verdict that the client shows is the verdict the service
recomputes from the same figures.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from preflight.model import CheckResult, CheckState, GateDecision, Group, Measured

GATE_VERSION = "1"
VALID_FOR_S = 300
"""How long the service accepts a passing report; shown in the report, decided by the service."""


@dataclass(frozen=True, slots=True)
class AtMost:
    """Warns from ``warn`` on and fails from ``fail`` on; None leaves a step out."""

    field: str
    warn: float | None
    fail: float


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Warns below ``warn`` and fails below ``fail``; None leaves a step out."""

    field: str
    warn: float | None
    fail: float


@dataclass(frozen=True, slots=True)
class MustBe:
    """Fails unless the field is exactly this boolean."""

    field: str
    value: bool


@dataclass(frozen=True, slots=True)
class NotIn:
    """Fails when the field holds one of the values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotAllBelow:
    """Fails when every listed field is below its limit, e.g. dark *and* without structure."""

    limits: tuple[tuple[str, float], ...]


Rule: TypeAlias = AtMost | AtLeast | MustBe | NotIn | NotAllBelow


@dataclass(frozen=True, slots=True)
class GatingCheck:
    """One gating check of the catalogue.

    Attributes:
        no: the spoken form of the code.
        rules: the worst of them is the verdict.
        unless: a boolean figure that passes the check whatever the rules say.
        source: where the thresholds come from (keys of the catalogue).
    """

    no: str
    code: str
    group: Group
    deadline_ms: int
    rules: tuple[Rule, ...]
    source: str
    unless: str | None = None


_DENIED = ("denied", "restricted")

GATING: tuple[GatingCheck, ...] = (
    GatingCheck(
        "C01", "camera.none", Group.CAMERA, 2000, (AtLeast("cameras", None, 1),), source="AC"
    ),
    GatingCheck(
        "C02",
        "camera.permission",
        Group.CAMERA,
        1000,
        (NotIn("permission", _DENIED),),
        source="AC",
        unless="picture",
    ),
    GatingCheck("C03", "camera.busy", Group.CAMERA, 2000, (MustBe("busy", False),), source="AC"),
    GatingCheck(
        "C04",
        "camera.open_failed",
        Group.CAMERA,
        10000,
        (MustBe("opened", True), AtMost("open_ms", 4000, 10000)),
        source="own",
    ),
    GatingCheck(
        "C05",
        "camera.no_frames",
        Group.CAMERA,
        5000,
        (AtMost("first_frame_ms", 2000, 5000),),
        source="T; own",
    ),
    GatingCheck(
        "C06",
        "camera.frozen",
        Group.CAMERA,
        6000,
        (AtMost("unchanged_ms", None, 5000),),
        source="AC",
    ),
    GatingCheck(
        "C07",
        "camera.black",
        Group.CAMERA,
        2000,
        (
            AtLeast("colour_spread", None, 0.1),
            NotAllBelow((("luma_mean", 40), ("structure", 0.5))),
        ),
        source="m",
    ),
    GatingCheck(
        "C08", "camera.fps_low", Group.CAMERA, 3000, (AtLeast("fps", 24, 5),), source="own; T"
    ),
    GatingCheck(
        "C09", "camera.unplugged", Group.CAMERA, 2000, (MustBe("present", True),), source="JI, AC"
    ),
    GatingCheck(
        "M01", "mic.none", Group.MICROPHONE, 2000, (AtLeast("microphones", None, 1),), source="AC"
    ),
    GatingCheck(
        "M02",
        "mic.permission",
        Group.MICROPHONE,
        1000,
        (NotIn("permission", _DENIED),),
        source="AC",
        unless="sound",
    ),
    GatingCheck("M03", "mic.busy", Group.MICROPHONE, 2000, (MustBe("busy", False),), source="AC"),
    GatingCheck(
        "M04",
        "mic.open_failed",
        Group.MICROPHONE,
        6000,
        (MustBe("opened", True), AtMost("open_ms", 2000, 6000)),
        source="own",
    ),
    GatingCheck(
        "M05",
        "mic.no_data",
        Group.MICROPHONE,
        4000,
        (AtMost("first_block_ms", 1000, 2000), AtLeast("received_ratio", 0.95, 0.8)),
        source="own",
    ),
    GatingCheck(
        "M06", "mic.silent", Group.MICROPHONE, 10000, (MustBe("sound", True),), source="T, TW, JI"
    ),
    GatingCheck(
        "M07", "mic.unplugged", Group.MICROPHONE, 1000, (MustBe("present", True),), source="JI, AC"
    ),
    GatingCheck(
        "N01",
        "net.unreachable",
        Group.NETWORK,
        9000,
        (
            MustBe("dns_ok", True),
            MustBe("tcp_ok", True),
            MustBe("tls_ok", True),
            AtMost("dns_ms", 500, 3000),
        ),
        source="own",
    ),
    GatingCheck(
        "N02",
        "net.health",
        Group.NETWORK,
        8000,
        (MustBe("healthy", True), AtMost("lost", 1, 3)),
        source="own",
    ),
    GatingCheck(
        "N03",
        "net.rtt_high",
        Group.NETWORK,
        8000,
        (AtLeast("samples", None, 5), AtMost("rtt_median_ms", 200, 300)),
        source="DA, AC",
    ),
    GatingCheck(
        "N04",
        "net.signal",
        Group.NETWORK,
        8000,
        (MustBe("joined", True), AtMost("join_ms", 3000, 8000)),
        source="LK",
    ),
    GatingCheck(
        "N05",
        "net.room",
        Group.NETWORK,
        10000,
        (MustBe("connected", True), AtMost("connect_ms", 3000, 10000)),
        source="LK",
    ),
    GatingCheck(
        "N06", "net.changed", Group.NETWORK, 2000, (MustBe("changed", False),), source="own"
    ),
)

BY_CODE: Mapping[str, GatingCheck] = {check.code: check for check in GATING}

_SEVERITY = {CheckState.PASSED: 0, CheckState.WARNED: 1, CheckState.FAILED: 2}


def judge(code: str, measured: Measured) -> CheckState:
    """Turn a check's figures into passed, warned or failed.

    A missing figure, a figure of another type and a number that is not finite fail: the gate
    opens on proof only.

    Raises:
        KeyError: ``code`` is no gating check.
    """
    check = BY_CODE[code]
    if check.unless is not None and measured.get(check.unless) is True:
        return CheckState.PASSED
    verdicts = [_apply(rule, measured) for rule in check.rules]
    return max(verdicts, key=_SEVERITY.__getitem__)


def decide(results: Iterable[CheckResult]) -> GateDecision:
    """Decide on Join from the gating checks as they stand; missing ones count as pending.

    A check that was skipped because its prerequisite failed is not named as blocking: the
    prerequisite is, and that is what the person can do something about.
    """
    by_code = {result.code: result for result in results}
    states: dict[Group, list[CheckState]] = {group: [] for group in Group}
    blocking: list[str] = []
    for check in GATING:
        result = by_code.get(check.code)
        state = CheckState.PENDING if result is None else result.state
        states[check.group].append(state)
        waits = result is not None and (result.reason or "").startswith("needs:")
        if state.final and not state.lets_pass and not waits:
            blocking.append(check.code)
    groups = {group: _of_group(found) for group, found in states.items()}
    everything = [state for found in states.values() for state in found]
    return GateDecision(
        passed=all(state.lets_pass for state in everything),
        decided=all(state.final for state in everything),
        groups=groups,
        blocking=tuple(blocking),
    )


_WORST_FIRST = (
    CheckState.FAILED,
    CheckState.RUNNING,
    CheckState.PENDING,
    CheckState.SKIPPED,
    CheckState.UNKNOWN,
    CheckState.WARNED,
)


def _of_group(states: list[CheckState]) -> CheckState:
    """A failure shows at once; a group that still works shows that before it shows a warning."""
    if CheckState.FAILED not in states and CheckState.PENDING in states:
        started = any(state is not CheckState.PENDING for state in states)
        return CheckState.RUNNING if started else CheckState.PENDING
    return next((state for state in _WORST_FIRST if state in states), CheckState.PASSED)


def _apply(rule: Rule, measured: Measured) -> CheckState:
    match rule:
        case AtMost(field, warn, fail):
            value = _number(measured, field)
            if value is None or value >= fail:
                return CheckState.FAILED
            return CheckState.WARNED if warn is not None and value >= warn else CheckState.PASSED
        case AtLeast(field, warn, fail):
            value = _number(measured, field)
            if value is None or value < fail:
                return CheckState.FAILED
            return CheckState.WARNED if warn is not None and value < warn else CheckState.PASSED
        case MustBe(field, wanted):
            return CheckState.PASSED if measured.get(field) is wanted else CheckState.FAILED
        case NotIn(field, values):
            text = measured.get(field)
            listed = not isinstance(text, str) or text in values
            return CheckState.FAILED if listed else CheckState.PASSED
        case NotAllBelow(limits):
            found = [(_number(measured, field), limit) for field, limit in limits]
            if any(value is None for value, _ in found):
                return CheckState.FAILED
            below = all(value is not None and value < limit for value, limit in found)
            return CheckState.FAILED if below else CheckState.PASSED
        case _:
            assert_never(rule)


def _number(measured: Measured, field: str) -> float | None:
    value = measured.get(field)
    # bool is an int in Python, but "true" is no measurement.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None
