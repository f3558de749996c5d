"""How long a run takes beside its slowest checks, in virtual time: what is waited for in vain."""

from benchmarks.preflight import SERIAL, phase_times
from preflight.checks.media.bench import REST_S
from tests.unit.preflight.conftest import Bench


async def test_no_phase_waits_for_more_than_its_slowest_check(bench: Bench) -> None:
    preflight = await bench.run(10)
    # Later its round trips are measured anew, every 15 s.
    gate = phase_times(preflight.report()["checks"])[0]
    await bench.clock.advance(35)

    report = preflight.report()
    assert preflight.progress.finished
    assert report["gate"]["decided_at_ms"] <= 5000
    phases = [gate, *phase_times(report["checks"])[1:]]
    assert [phase.name for phase in phases] == ["gate", "ramp", *SERIAL]
    assert {phase.name: phase.ratio for phase in phases if phase.ratio > 1.15} == {}
    # Between gate and ramp stands the rest for who joins at once, and nothing else.
    serial_ms = REST_S * 1000 + sum(phase.slowest_ms for phase in phases)
    ends = [
        check["started_ms"] + check["duration_ms"]
        for check in report["checks"]
        if check["group"] == "media" and check["state"] == "passed"
    ]
    assert max(ends) <= 1.1 * serial_ms
