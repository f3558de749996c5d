"""The gate of a paid session: which checks must pass, and how a verdict follows from numbers.

The service believes measured values, not verdicts: it works the verdict out again from this table
and takes a check as blocking as well when the client itself did not pass it. The client has the
same table; both are tested against tests/contract/gate.json.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, TypeAlias, assert_never

from liftbay_backend.domain.figures import finite

GATE_VERSION: Final = "1"
REAL_KIND: Final = "real"
_ACCEPTED_STATES: Final = frozenset({"passed", "warned"})


class Verdict(IntEnum):
    """A check's outcome; the worst rule wins, so the order matters."""

    PASSED = 0
    WARNED = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class AtMost:
    """Fails from `fail` upwards, warns from `warn` upwards."""

    field: str
    warn: float | None
    fail: float


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Fails below `fail`, warns below `warn`."""

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
    """Fails when the field holds one of these words, or no word at all."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllBelow:
    """Fails when every listed field is below its limit."""

    limits: tuple[tuple[str, float], ...]


Rule: TypeAlias = AtMost | AtLeast | MustBe | NotIn | AllBelow


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One gating check.

    Attributes:
        no: the spoken form, e.g. ``C07``.
        unless: a boolean field that passes the check whatever the rules say.
    """

    no: str
    code: str
    group: str
    deadline_ms: int
    rules: tuple[Rule, ...]
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The service's own decision about a report.

    Attributes:
        blocking: codes that did not pass, in the order of the table.
        missing: gating codes the report does not hold at all; such a report is refused.
        synthetic: the kinds other than ``real`` that camera and microphone had.
    """

    passed: bool
    blocking: tuple[str, ...]
    missing: tuple[str, ...]
    synthetic: tuple[str, ...]


def _check(
    no: str, code: str, deadline_ms: int, *rules: Rule, unless: str | None = None
) -> GateCheck:
    group = {"C": "camera", "M": "microphone", "N": "network"}[no[0]]
    return GateCheck(no, code, group, deadline_ms, rules, unless)


_REFUSED: Final = ("denied", "restricted")

GATE: Final[tuple[GateCheck, ...]] = (
    _check("C01", "camera.none", 2_000, AtLeast("cameras", None, 1)),
    _check("C02", "camera.permission", 1_000, NotIn("permission", _REFUSED), unless="picture"),
    _check("C03", "camera.busy", 2_000, MustBe("busy", False)),
    _check(
        "C04",
        "camera.open_failed",
        10_000,
        MustBe("opened", True),
        AtMost("open_ms", 4_000, 10_000),
    ),
    _check("C05", "camera.no_frames", 5_000, AtMost("first_frame_ms", 2_000, 5_000)),
    _check("C06", "camera.frozen", 6_000, AtMost("unchanged_ms", None, 5_000)),
    _check(
        "C07",
        "camera.black",
        2_000,
        AtLeast("colour_spread", None, 0.1),
        AllBelow((("luma_mean", 40), ("structure", 0.5))),
    ),
    _check("C08", "camera.fps_low", 3_000, AtLeast("fps", 24, 5)),
    _check("C09", "camera.unplugged", 2_000, MustBe("present", True)),
    _check("M01", "mic.none", 2_000, AtLeast("microphones", None, 1)),
    _check("M02", "mic.permission", 1_000, NotIn("permission", _REFUSED), unless="sound"),
    _check("M03", "mic.busy", 2_000, MustBe("busy", False)),
    _check(
        "M04", "mic.open_failed", 6_000, MustBe("opened", True), AtMost("open_ms", 2_000, 6_000)
    ),
    _check(
        "M05",
        "mic.no_data",
        4_000,
        AtMost("first_block_ms", 1_000, 2_000),
        AtLeast("received_ratio", 0.95, 0.8),
    ),
    _check("M06", "mic.silent", 10_000, MustBe("sound", True)),
    _check("M07", "mic.unplugged", 1_000, MustBe("present", True)),
    _check(
        "N01",
        "net.unreachable",
        9_000,
        MustBe("dns_ok", True),
        MustBe("tcp_ok", True),
        MustBe("tls_ok", True),
        AtMost("dns_ms", 500, 3_000),
    ),
    _check("N02", "net.health", 8_000, MustBe("healthy", True), AtMost("lost", 1, 3)),
    _check(
        "N03",
        "net.rtt_high",
        8_000,
        AtLeast("samples", None, 5),
        AtMost("rtt_median_ms", 200, 300),
    ),
    _check("N04", "net.signal", 8_000, MustBe("joined", True), AtMost("join_ms", 3_000, 8_000)),
    _check(
        "N05", "net.room", 10_000, MustBe("connected", True), AtMost("connect_ms", 3_000, 10_000)
    ),
    _check("N06", "net.changed", 2_000, MustBe("changed", False)),
)


def verdict_of(check: GateCheck, measured: Mapping[str, Any]) -> Verdict:
    """Work one verdict out; a missing, non-finite or wrongly typed field fails."""
    if check.unless is not None and measured.get(check.unless) is True:
        return Verdict.PASSED
    return max(_judge(rule, measured) for rule in check.rules)


def judge_report(checks: Sequence[Mapping[str, Any]], devices: Mapping[str, Any]) -> GateVerdict:
    """Decide about a report's ``checks[]`` and ``devices``.

    A code that appears twice is judged by its worst entry. A device without a known kind counts
    as synthetic: only what says ``real`` is real.
    """
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for entry in checks:
        by_code.setdefault(str(entry.get("code")), []).append(entry)
    missing = tuple(check.code for check in GATE if check.code not in by_code)
    blocking = tuple(
        check.code
        for check in GATE
        if any(_blocks(check, entry) for entry in by_code.get(check.code, ()))
    )
    kinds = {_kind(devices.get(name)) for name in ("camera", "microphone")}
    synthetic = tuple(sorted(kinds - {REAL_KIND}))
    return GateVerdict(not missing and not blocking, blocking, missing, synthetic)


def gate_as_wire() -> dict[str, Any]:
    """Return the table as the contract writes it, for ``POST /api/preflight``."""
    return {
        "gate_version": GATE_VERSION,
        "checks": [
            {
                "no": check.no,
                "code": check.code,
                "group": check.group,
                "deadline_ms": check.deadline_ms,
                "rules": [_rule_as_wire(rule) for rule in check.rules],
                "unless": check.unless,
            }
            for check in GATE
        ],
    }


def _blocks(check: GateCheck, entry: Mapping[str, Any]) -> bool:
    if entry.get("state") not in _ACCEPTED_STATES:
        return True
    measured = entry.get("measured")
    if not isinstance(measured, Mapping):
        return True
    return verdict_of(check, measured) is Verdict.FAILED


def _kind(device: object) -> str:
    kind = device.get("kind") if isinstance(device, Mapping) else None
    return kind if isinstance(kind, str) and kind else "unknown"


def _judge(rule: Rule, measured: Mapping[str, Any]) -> Verdict:
    match rule:
        case AtMost(field, warn, fail):
            return _graded(measured.get(field), warn, fail, lambda value, limit: value >= limit)
        case AtLeast(field, warn, fail):
            return _graded(measured.get(field), warn, fail, lambda value, limit: value < limit)
        case MustBe(field, value):
            return Verdict.PASSED if measured.get(field) is value else Verdict.FAILED
        case NotIn(field, values):
            word = measured.get(field)
            return (
                Verdict.PASSED if isinstance(word, str) and word not in values else Verdict.FAILED
            )
        case AllBelow(limits):
            numbers = [(finite(measured.get(field)), limit) for field, limit in limits]
            if any(number is None for number, _ in numbers):
                return Verdict.FAILED
            below = all(number is not None and number < limit for number, limit in numbers)
            return Verdict.FAILED if below else Verdict.PASSED
        case _:
            assert_never(rule)


def _graded(
    value: object, warn: float | None, fail: float, beyond: Callable[[float, float], bool]
) -> Verdict:
    number = finite(value)
    if number is None or beyond(number, fail):
        return Verdict.FAILED
    if warn is not None and beyond(number, warn):
        return Verdict.WARNED
    return Verdict.PASSED


def _rule_as_wire(rule: Rule) -> dict[str, Any]:
    match rule:
        case AtMost(field, warn, fail):
            return {"kind": "max", "field": field, "warn": warn, "fail": fail}
        case AtLeast(field, warn, fail):
            return {"kind": "min", "field": field, "warn": warn, "fail": fail}
        case MustBe(field, value):
            return {"kind": "true" if value else "false", "field": field}
        case NotIn(field, values):
            return {"kind": "not_in", "field": field, "values": list(values)}
        case AllBelow(limits):
            return {"kind": "all_below", "limits": dict(limits)}
        case _:
            assert_never(rule)
