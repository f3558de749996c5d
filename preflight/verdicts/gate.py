"""The gate: the 22 gating checks as data, and the decision on Join.

Pure. The table says what the service's own table says; both are tested against
``tests/contract/gate.json``, so a verdict that the client shows is the verdict the service
recomputes from the same figures.
"""

from collections.abc import Iterable

from preflight.model import GATING_GROUPS, CheckResult, CheckState, GateDecision, Group
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, CheckRow, MustBe, NotIn

GATE_VERSION = "1"
VALID_FOR_S = 300
"""How long the service accepts a passing report; shown in the report, decided by the service."""


_DENIED = ("denied", "restricted")

GATING: tuple[CheckRow, ...] = (
    CheckRow("C01", "camera.none", Group.CAMERA, 2000, (AtLeast("cameras", None, 1),), source="AC"),
    CheckRow(
        "C02",
        "camera.permission",
        Group.CAMERA,
        1000,
        (NotIn("permission", _DENIED),),
        source="AC",
        unless="picture",
    ),
    CheckRow("C03", "camera.busy", Group.CAMERA, 2000, (MustBe("busy", False),), source="AC"),
    CheckRow(
        "C04",
        "camera.open_failed",
        Group.CAMERA,
        10000,
        (MustBe("opened", True), AtMost("open_ms", 4000, 10000)),
        source="own",
    ),
    CheckRow(
        "C05",
        "camera.no_frames",
        Group.CAMERA,
        5000,
        (AtMost("first_frame_ms", 2000, 5000),),
        source="T; own",
    ),
    CheckRow(
        "C06",
        "camera.frozen",
        Group.CAMERA,
        6000,
        (AtMost("unchanged_ms", None, 5000),),
        source="AC",
    ),
    CheckRow(
        "C07",
        "camera.black",
        Group.CAMERA,
        2000,
        (
            AtLeast("colour_spread", None, 0.1),
            AllOf((AtLeast("luma_mean", None, 40), AtLeast("structure", None, 0.5))),
        ),
        source="m",
    ),
    CheckRow(
        "C08", "camera.fps_low", Group.CAMERA, 3000, (AtLeast("fps", 24, 5),), source="own; T"
    ),
    CheckRow(
        "C09", "camera.unplugged", Group.CAMERA, 2000, (MustBe("present", True),), source="JI, AC"
    ),
    CheckRow(
        "M01", "mic.none", Group.MICROPHONE, 2000, (AtLeast("microphones", None, 1),), source="AC"
    ),
    CheckRow(
        "M02",
        "mic.permission",
        Group.MICROPHONE,
        1000,
        (NotIn("permission", _DENIED),),
        source="AC",
        unless="sound",
    ),
    CheckRow("M03", "mic.busy", Group.MICROPHONE, 2000, (MustBe("busy", False),), source="AC"),
    CheckRow(
        "M04",
        "mic.open_failed",
        Group.MICROPHONE,
        6000,
        (MustBe("opened", True), AtMost("open_ms", 2000, 6000)),
        source="own",
    ),
    CheckRow(
        "M05",
        "mic.no_data",
        Group.MICROPHONE,
        4000,
        (AtMost("first_block_ms", 1000, 2000), AtLeast("received_ratio", 0.95, 0.8)),
        source="own",
    ),
    CheckRow(
        "M06", "mic.silent", Group.MICROPHONE, 10000, (MustBe("sound", True),), source="T, TW, JI"
    ),
    CheckRow(
        "M07", "mic.unplugged", Group.MICROPHONE, 1000, (MustBe("present", True),), source="JI, AC"
    ),
    CheckRow(
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
    CheckRow(
        "N02",
        "net.health",
        Group.NETWORK,
        8000,
        (MustBe("healthy", True), AtMost("lost", 1, 3)),
        source="own",
    ),
    CheckRow(
        "N03",
        "net.rtt_high",
        Group.NETWORK,
        8000,
        (AtLeast("samples", None, 5), AtMost("rtt_median_ms", 200, 300)),
        source="DA, AC",
    ),
    CheckRow(
        "N04",
        "net.signal",
        Group.NETWORK,
        8000,
        (MustBe("joined", True), AtMost("join_ms", 3000, 8000)),
        source="LK",
    ),
    CheckRow(
        "N05",
        "net.room",
        Group.NETWORK,
        10000,
        (MustBe("connected", True), AtMost("connect_ms", 3000, 10000)),
        source="LK",
    ),
    CheckRow("N06", "net.changed", Group.NETWORK, 2000, (MustBe("changed", False),), source="own"),
)


def decide(results: Iterable[CheckResult]) -> GateDecision:
    """Decide on Join from the gating checks as they stand; missing ones count as pending.

    A check that was skipped because its prerequisite failed is not named as blocking: the
    prerequisite is, and that is what the person can do something about.
    """
    by_code = {result.code: result for result in results}
    states: dict[Group, list[CheckState]] = {group: [] for group in GATING_GROUPS}
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
