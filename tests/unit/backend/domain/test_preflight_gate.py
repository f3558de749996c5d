"""The service's gate against the contract, at its boundaries, and against dishonest reports."""

import copy
import math
from typing import Any

import pytest

from liftbay_backend.domain.preflight_gate import (
    GATE,
    GATE_VERSION,
    Verdict,
    gate_as_wire,
    judge_report,
    verdict_of,
)
from tests.fakes.contract import fixture

CHECKS = {check.code: check for check in GATE}


def report() -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(fixture("report")["report"])
    return found


def entry(of: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in of["checks"] if one["code"] == code)
    return found


def test_the_table_is_the_contracts_table() -> None:
    contract = fixture("gate")

    assert gate_as_wire() == {key: contract[key] for key in ("gate_version", "checks")}
    assert contract["gate_version"] == GATE_VERSION


def test_the_contracts_report_passes() -> None:
    judged = judge_report(report()["checks"], report()["devices"])

    assert judged.passed
    assert judged.blocking == judged.missing == judged.synthetic == ()


@pytest.mark.parametrize(
    ("code", "measured", "verdict"),
    [
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 199.9}, Verdict.PASSED),
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 200}, Verdict.WARNED),
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 299.9}, Verdict.WARNED),
        ("net.rtt_high", {"samples": 11, "rtt_median_ms": 300}, Verdict.FAILED),
        ("net.rtt_high", {"samples": 4, "rtt_median_ms": 20}, Verdict.FAILED),
        ("camera.fps_low", {"fps": 24}, Verdict.PASSED),
        ("camera.fps_low", {"fps": 23.9}, Verdict.WARNED),
        ("camera.fps_low", {"fps": 4.9}, Verdict.FAILED),
        (
            "camera.black",
            {"luma_mean": 39, "structure": 0.4, "colour_spread": 3},
            Verdict.FAILED,
        ),
        (
            "camera.black",
            {"luma_mean": 40, "structure": 0.4, "colour_spread": 3},
            Verdict.PASSED,
        ),
        (
            "camera.black",
            {"luma_mean": 39, "structure": 0.5, "colour_spread": 3},
            Verdict.PASSED,
        ),
        (
            "camera.black",
            {"luma_mean": 128, "structure": 0.5, "colour_spread": 0.1},
            Verdict.PASSED,
        ),
        (
            "camera.black",
            {"luma_mean": 128, "structure": 0.5, "colour_spread": 0.099},
            Verdict.FAILED,
        ),
        ("camera.black", {"luma_mean": 39, "colour_spread": 3}, Verdict.FAILED),
        ("camera.black", {"luma_mean": 128, "structure": 14.2}, Verdict.FAILED),
        ("camera.permission", {"permission": "denied", "picture": False}, Verdict.FAILED),
        ("camera.permission", {"permission": "denied", "picture": True}, Verdict.PASSED),
        ("camera.permission", {"picture": False}, Verdict.FAILED),
        ("mic.busy", {"busy": True}, Verdict.FAILED),
        ("mic.busy", {"busy": 0}, Verdict.FAILED),
        ("camera.none", {"cameras": True}, Verdict.FAILED),
        ("camera.none", {"cameras": "1"}, Verdict.FAILED),
        ("camera.none", {}, Verdict.FAILED),
        ("net.signal", {"joined": True, "join_ms": math.nan}, Verdict.FAILED),
        ("net.signal", {"joined": True, "join_ms": math.inf}, Verdict.FAILED),
        ("camera.open_failed", {"opened": True, "open_ms": 4000}, Verdict.WARNED),
        ("camera.open_failed", {"opened": False, "open_ms": 10}, Verdict.FAILED),
    ],
)
def test_a_verdict_follows_from_the_numbers(
    code: str, measured: dict[str, Any], verdict: Verdict
) -> None:
    assert verdict_of(CHECKS[code], measured) is verdict


@pytest.mark.parametrize("code", list(CHECKS))
def test_every_check_blocks_when_it_measured_nothing(code: str) -> None:
    told = report()
    entry(told, code)["measured"] = {}

    judged = judge_report(told["checks"], told["devices"])

    assert judged.blocking == (code,)
    assert not judged.passed


def test_a_lie_about_the_verdict_does_not_help() -> None:
    told = report()
    entry(told, "net.rtt_high")["measured"]["rtt_median_ms"] = 800

    assert judge_report(told["checks"], told["devices"]).blocking == ("net.rtt_high",)


@pytest.mark.parametrize("state", ["failed", "skipped", "unknown", "running", "pending", None])
def test_a_check_the_client_did_not_pass_blocks_whatever_it_measured(state: str | None) -> None:
    told = report()
    entry(told, "camera.frozen")["state"] = state

    assert judge_report(told["checks"], told["devices"]).blocking == ("camera.frozen",)


def test_a_code_that_appears_twice_is_judged_by_its_worst_entry() -> None:
    told = report()
    second = copy.deepcopy(entry(told, "mic.silent"))
    second["measured"] = {"sound": False}
    told["checks"].append(second)

    assert judge_report(told["checks"], told["devices"]).blocking == ("mic.silent",)


def test_a_code_that_is_left_out_is_missing() -> None:
    told = report()
    told["checks"] = [one for one in told["checks"] if one["code"] != "net.room"]

    judged = judge_report(told["checks"], told["devices"])

    assert judged.missing == ("net.room",)
    assert not judged.passed


@pytest.mark.parametrize(
    ("camera", "synthetic"),
    [
        ({"kind": "real"}, ()),
        ({"kind": "pattern"}, ("pattern",)),
        ({"kind": None}, ("unknown",)),
        ({}, ("unknown",)),
        (None, ("unknown",)),
    ],
)
def test_only_what_says_real_is_real(
    camera: dict[str, Any] | None, synthetic: tuple[str, ...]
) -> None:
    devices = {"camera": camera, "microphone": {"kind": "real"}, "speaker": {"kind": "file"}}

    assert judge_report(report()["checks"], devices).synthetic == synthetic
