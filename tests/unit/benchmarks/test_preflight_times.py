"""How the phases of a preflight are read from its report."""

from typing import Any

from benchmarks.preflight import phase_times


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
