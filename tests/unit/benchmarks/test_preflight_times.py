"""How the phases of a preflight are read from its report."""

import json
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.preflight import PhaseTime, RoundTimes, ended, phase_times, untold, written


def check(code: str, group: str, started: int, took: int, **more: Any) -> dict[str, Any]:
    gating = group in ("camera", "network")
    return {
        "code": code,
        "group": group,
        "gating": gating,
        "state": "passed",
        "started_ms": started,
        "duration_ms": took,
        **more,
    }


def test_a_phase_is_as_long_as_from_its_first_start_to_its_last_verdict() -> None:
    gate, path = phase_times(
        [
            check("camera.none", "camera", 0, 100),
            check("net.room", "network", 500, 3500),
            check("net.signal", "network", 9000, 9000, state="skipped"),
            check("media.uplink_low", "media", 5000, 8000),
            check("media.loss", "media", 5100, 7900),
        ]
    )

    assert (gate.name, gate.wall_ms, gate.slowest) == ("gate", 4000, "net.room")
    assert round(gate.ratio, 3) == 1.143
    assert (path.name, path.wall_ms, path.slowest_ms, path.ratio) == ("ramp", 8000, 8000, 1.0)


def test_what_did_not_run_has_no_phase() -> None:
    assert phase_times([check("camera.none", "camera", 0, 1, state="skipped")]) == []


def test_what_gave_up_is_named_but_not_what_was_left_out() -> None:
    assert untold(
        [
            check("media.reconnect", "media", 0, 1, state="unknown", reason="deadline"),
            check("media.relay_blocked", "media", 0, 1, state="skipped", reason="not_offered"),
            check("camera.orientation", "camera", 0, 1, state="unknown", reason="not_asked"),
            check("media.bandwidth_limited", "media", 0, 1, state="unknown", reason="too_short"),
            check("speaker.delay", "speaker", 0, 1, state="unknown", reason="no_speaker"),
            check("net.mtu", "network", 0, 1, state="warned", reason=None),
        ]
    ) == ["media.reconnect (deadline)"]


GATE = PhaseTime("gate", 3000, "net.room", 2900)
RAMP = PhaseTime("ramp", 10_000, "media.uplink_low", 10_000)
KEPT = RoundTimes(3.1, 13.5, True, (GATE, RAMP))


@pytest.mark.parametrize(
    ("times", "bound"),
    [
        (replace(KEPT, gate_s=15.0), "gate after 15.0 s"),
        (replace(KEPT, all_s=60.0, phases=(replace(RAMP, slowest_ms=58_000),)), "run of 60.0 s"),
        (replace(KEPT, all_s=14.3), "run ratio 1.109"),
        (replace(KEPT, phases=(replace(GATE, wall_ms=3400), RAMP)), "gate ratio 1.172"),
        (replace(KEPT, passed=False), "the gate did not pass"),
        (replace(KEPT, untold=["media.reconnect (x)"]), "no verdict of media.reconnect (x)"),
    ],
)
def test_a_broken_bound_is_named_and_ends_with_one(
    times: RoundTimes, bound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ended with 0 whatever the ratios were."""
    assert times.broken() == [bound]
    assert ended([KEPT, times], []) == 1
    assert capsys.readouterr().out == f"bound broken: round 2: {bound}\n"


def test_kept_bounds_end_with_nothing_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended([KEPT], [2.9]) == 0
    assert capsys.readouterr().out == ""


def test_a_late_return_and_no_round_at_all_end_with_one() -> None:
    assert ended([KEPT], [3.0]) == 1
    assert ended([], []) == 1


def test_what_is_kept_holds_the_machine_every_round_and_its_broken_bounds() -> None:
    found = json.loads(json.dumps(written({"cores": 2}, [replace(KEPT, gate_s=15.0)], [1.504])))

    assert found["machine"] == {"cores": 2}
    assert found["returns_s"] == [1.5]
    (only,) = found["rounds"]
    assert (only["run_s"], only["serial_s"], only["ratio"]) == (13.5, 12.9, 1.047)
    assert only["phases"]["ramp"] == {
        "s": 10.0,
        "checks": 1,
        "slowest": "media.uplink_low",
        "ratio": 1.0,
    }
    assert only["broken"] == ["gate after 15.0 s"]
