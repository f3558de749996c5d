"""The gate's table, one verdict, and the decision on Join."""

import math
from typing import Any

import pytest

from preflight.model import CheckResult, CheckState, Group, Measured
from preflight.verdicts.catalogue import judge
from preflight.verdicts.gate import GATE_VERSION, GATING, decide
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, FirstKnown, MustBe, NotIn, Rule
from tests.check_cases import just_misses
from tests.fakes.contract import fixture


def _as_contract(rule: Rule) -> dict[str, Any]:
    match rule:
        case AtMost(field, warn, fail):
            return {"kind": "max", "field": field, "warn": warn, "fail": fail}
        case AtLeast(field, warn, fail):
            return {"kind": "min", "field": field, "warn": warn, "fail": fail}
        case MustBe(field, value):
            return {"kind": "true" if value else "false", "field": field}
        case NotIn(field, values):
            return {"kind": "not_in", "field": field, "values": list(values)}
        case AllOf(rules):
            limits = {each.field: each.fail for each in rules if isinstance(each, AtLeast)}
            assert len(limits) == len(rules), "the service knows no other kind"
            return {"kind": "all_below", "limits": limits}
        case FirstKnown():
            raise AssertionError("the service knows no such rule")


def test_the_table_says_what_the_contract_says() -> None:
    contract = fixture("gate")

    ours = [
        {
            "no": check.no,
            "code": check.code,
            "group": check.group.value,
            "deadline_ms": check.deadline_ms,
            "rules": [_as_contract(rule) for rule in check.rules],
            "unless": check.unless,
        }
        for check in GATING
    ]

    assert ours == contract["checks"]
    assert contract["gate_version"] == GATE_VERSION


def test_every_check_of_the_report_fixture_passes() -> None:
    report = fixture("report")["report"]

    verdicts = {row["code"]: judge(row["code"], row["measured"]) for row in report["checks"]}

    assert verdicts == dict.fromkeys([check.code for check in GATING], CheckState.PASSED)


PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED


@pytest.mark.parametrize(
    ("code", "measured", "expected"),
    [
        ("camera.none", {"cameras": 1}, PASSED),
        ("camera.none", {"cameras": 0}, FAILED),
        ("camera.permission", {"permission": "undetermined", "picture": False}, PASSED),
        ("camera.permission", {"permission": "denied", "picture": False}, FAILED),
        ("camera.permission", {"permission": "restricted", "picture": False}, FAILED),
        ("camera.permission", {"permission": "denied", "picture": True}, PASSED),
        ("camera.busy", {"busy": True}, FAILED),
        ("camera.open_failed", {"opened": True, "open_ms": 3999.9}, PASSED),
        ("camera.open_failed", {"opened": True, "open_ms": 4000}, WARNED),
        ("camera.open_failed", {"opened": True, "open_ms": 10000}, FAILED),
        ("camera.open_failed", {"opened": False, "open_ms": 10}, FAILED),
        ("camera.no_frames", {"first_frame_ms": 1999}, PASSED),
        ("camera.no_frames", {"first_frame_ms": 2000}, WARNED),
        ("camera.no_frames", {"first_frame_ms": 5000}, FAILED),
        ("camera.frozen", {"unchanged_ms": 4999}, PASSED),
        ("camera.frozen", {"unchanged_ms": 5000}, FAILED),
        ("camera.black", {"luma_mean": 39.9, "structure": 0.49, "colour_spread": 3}, FAILED),
        ("camera.black", {"luma_mean": 40, "structure": 0.49, "colour_spread": 3}, PASSED),
        ("camera.black", {"luma_mean": 39.9, "structure": 0.5, "colour_spread": 3}, PASSED),
        ("camera.black", {"luma_mean": 128, "structure": 0.49, "colour_spread": 0.1}, PASSED),
        ("camera.black", {"luma_mean": 128, "structure": 0.49, "colour_spread": 0.099}, FAILED),
        ("camera.black", {"luma_mean": 128, "structure": 14.2}, FAILED),
        ("camera.fps_low", {"fps": 24}, PASSED),
        ("camera.fps_low", {"fps": 23.9}, WARNED),
        ("camera.fps_low", {"fps": 5}, WARNED),
        ("camera.fps_low", {"fps": 4.9}, FAILED),
        ("camera.unplugged", {"present": False}, FAILED),
        ("mic.none", {"microphones": 0}, FAILED),
        ("mic.permission", {"permission": "denied", "sound": True}, PASSED),
        ("mic.open_failed", {"opened": True, "open_ms": 2000}, WARNED),
        ("mic.open_failed", {"opened": True, "open_ms": 6000}, FAILED),
        ("mic.no_data", {"first_block_ms": 999, "received_ratio": 0.95}, PASSED),
        ("mic.no_data", {"first_block_ms": 999, "received_ratio": 0.949}, WARNED),
        ("mic.no_data", {"first_block_ms": 1000, "received_ratio": 1.0}, WARNED),
        ("mic.no_data", {"first_block_ms": 999, "received_ratio": 0.799}, FAILED),
        ("mic.silent", {"sound": False}, FAILED),
        ("mic.unplugged", {"present": False}, FAILED),
        ("mic.unplugged", {"present": True}, PASSED),
        ("net.unreachable", {"dns_ok": True, "tcp_ok": True, "tls_ok": True}, FAILED),
        (
            "net.unreachable",
            {"dns_ok": True, "tcp_ok": True, "tls_ok": True, "dns_ms": 500},
            WARNED,
        ),
        (
            "net.unreachable",
            {"dns_ok": True, "tcp_ok": True, "tls_ok": False, "dns_ms": 1},
            FAILED,
        ),
        ("net.health", {"healthy": True, "lost": 0}, PASSED),
        ("net.health", {"healthy": True, "lost": 2}, WARNED),
        ("net.health", {"healthy": True, "lost": 3}, FAILED),
        ("net.health", {"healthy": False, "lost": 0}, FAILED),
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 199.9}, PASSED),
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 200}, WARNED),
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 299.9}, WARNED),
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 300}, FAILED),
        ("net.rtt_high", {"samples": 4, "rtt_median_ms": 20}, FAILED),
        ("net.signal", {"joined": True, "join_ms": 3000}, WARNED),
        ("net.signal", {"joined": False}, FAILED),
        ("net.room", {"connected": True, "connect_ms": 9999}, WARNED),
        ("net.changed", {"changed": True}, FAILED),
    ],
)
def test_a_verdict_turns_exactly_at_its_threshold(
    code: str, measured: Measured, expected: CheckState
) -> None:
    assert judge(code, measured) is expected


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None, True, "24"])
def test_a_figure_that_is_no_finite_number_fails(value: float | str | None) -> None:
    assert judge("camera.fps_low", {"fps": value}) is CheckState.FAILED


@pytest.mark.parametrize("check", GATING, ids=lambda check: check.code)
def test_a_check_without_figures_fails(check: Any) -> None:
    assert judge(check.code, {}) is CheckState.FAILED


def _results(**changed: tuple[CheckState, str | None]) -> list[CheckResult]:
    return [
        CheckResult(
            check.code,
            check.no,
            check.group,
            *changed.get(check.no, (CheckState.PASSED, None)),
        )
        for check in GATING
    ]


def test_join_is_possible_when_every_gating_check_passed_or_warned() -> None:
    decision = decide(_results(C08=(CheckState.WARNED, None)))

    assert decision.passed
    assert decision.decided
    assert decision.blocking == ()
    assert decision.groups[Group.CAMERA] is CheckState.WARNED
    assert decision.groups[Group.NETWORK] is CheckState.PASSED


def test_nothing_passes_before_anything_ran() -> None:
    decision = decide([])

    assert not decision.passed
    assert not decision.decided
    assert set(decision.groups.values()) == {CheckState.PENDING}


@pytest.mark.parametrize(
    "state", [s for s in CheckState if s not in (CheckState.PASSED, CheckState.WARNED)]
)
@pytest.mark.parametrize("check", GATING, ids=lambda check: check.no)
def test_any_single_check_in_any_other_state_holds_join_back(check: Any, state: CheckState) -> None:
    decision = decide(_results(**{check.no: (state, None)}))

    assert not decision.passed
    assert decision.decided is state.final
    assert decision.blocking == ((check.code,) if state.final else ())


def test_the_failed_prerequisite_blocks_not_what_waits_for_it() -> None:
    decision = decide(
        _results(
            C01=(CheckState.FAILED, None),
            C02=(CheckState.SKIPPED, "needs:camera.none"),
        )
    )

    assert decision.blocking == ("camera.none",)
    assert decision.groups[Group.CAMERA] is CheckState.FAILED


def test_a_group_that_still_works_is_running_even_with_a_warning() -> None:
    decision = decide(_results(C04=(CheckState.WARNED, None), C06=(CheckState.RUNNING, None)))

    assert decision.groups[Group.CAMERA] is CheckState.RUNNING


def test_a_group_with_some_checks_done_and_some_to_come_is_running() -> None:
    decision = decide(_results(C09=(CheckState.PENDING, None)))

    assert decision.groups[Group.CAMERA] is CheckState.RUNNING


@pytest.mark.parametrize(
    ("code", "measured", "expected"),
    [
        pytest.param(
            "net.unreachable",
            {"dns_ok": True, "tcp_ok": True, "tls_ok": True, "dns_ms": 499.9},
            PASSED,
            marks=just_misses("net.unreachable"),
        ),
        (
            "net.unreachable",
            {"dns_ok": True, "tcp_ok": True, "tls_ok": True, "dns_ms": 500.0},
            WARNED,
        ),
        pytest.param(
            "net.health", {"healthy": True, "lost": 2}, WARNED, marks=just_misses("net.health")
        ),
        ("net.health", {"healthy": True, "lost": 3}, FAILED),
        pytest.param(
            "net.signal",
            {"joined": True, "join_ms": 2999.9},
            PASSED,
            marks=just_misses("net.signal"),
        ),
        ("net.signal", {"joined": True, "join_ms": 3000.0}, WARNED),
        pytest.param(
            "net.room",
            {"connected": True, "connect_ms": 2999.9},
            PASSED,
            marks=just_misses("net.room"),
        ),
        ("net.room", {"connected": True, "connect_ms": 3000.0}, WARNED),
    ],
)
def test_the_networks_limits_decide_to_the_point(
    code: str, measured: Measured, expected: CheckState
) -> None:
    assert judge(code, measured) is expected
