"""The whole preflight on fakes: what a person notices of the network."""

from dataclasses import replace
from typing import TypeVar

import pytest

from preflight.model import CheckedAgain, CheckState
from tests.check_cases import clears, just_misses, raises
from tests.fakes.network_probe import GOOD_REACH
from tests.unit.preflight.conftest import Bench, verdict

T = TypeVar("T")

PASSED, FAILED, SKIPPED, WARNED = (
    CheckState.PASSED,
    CheckState.FAILED,
    CheckState.SKIPPED,
    CheckState.WARNED,
)


@pytest.mark.parametrize(
    ("rtt_ms", "expected"),
    [
        (199.0, PASSED),
        (200.0, WARNED),
        pytest.param(299.0, WARNED, marks=just_misses("net.rtt_high")),
        pytest.param(300.0, FAILED, marks=raises("net.rtt_high")),
    ],
)
async def test_the_round_trip_decides_by_the_products_rule(
    bench: Bench, rtt_ms: float, expected: CheckState
) -> None:
    bench.probe.rtt_ms = rtt_ms

    preflight = await bench.run(7)

    assert verdict(preflight, "net.rtt_high") == (expected, None)


@clears("net.rtt_high")
async def test_a_slow_line_is_measured_again_by_itself(bench: Bench) -> None:
    bench.probe.rtt_ms = 400
    preflight = await bench.run(7)
    assert preflight.progress.gate.blocking == ("net.rtt_high",)

    bench.probe.rtt_ms = 40
    await bench.clock.advance(12)

    assert preflight.progress.gate.passed


async def test_the_round_trip_is_measured_every_fifteen_seconds(bench: Bench) -> None:
    await bench.run(5)

    await bench.clock.advance(34)

    assert bench.probe.looks == 3


@raises("net.health")
async def test_an_unwell_service_is_our_fault_and_named(bench: Bench) -> None:
    bench.probe.healthy = False

    preflight = await bench.run(5)

    assert preflight.progress.gate.blocking == ("net.health",)


@raises("net.unreachable")
async def test_an_unreachable_service_skips_the_rest_of_the_network(bench: Bench) -> None:
    bench.probe.reach_figures = {**GOOD_REACH, "tcp_ok": False, "stage": "tcp"}

    preflight = await bench.run(5)

    assert preflight.progress.gate.blocking == ("net.unreachable",)
    assert verdict(preflight, "net.room") == (SKIPPED, "needs:net.unreachable")


@raises("net.signal")
@raises("net.room")
async def test_a_blocked_call_server_is_named(bench: Bench) -> None:
    bench.probe.connects = False

    preflight = await bench.run(5)

    assert preflight.progress.gate.blocking == ("net.signal", "net.room")


@raises("net.changed")
@clears("net.changed")
async def test_a_changed_network_is_measured_anew(bench: Bench) -> None:
    preflight = await bench.run(5)

    bench.way_out = "wlan0 192.168.1.7"
    await bench.clock.advance(1.5)
    while_measuring = preflight.progress.gate.passed
    await bench.clock.advance(3)

    assert (while_measuring, preflight.progress.gate.passed) == (False, True)
    assert bench.probe.begun == 2


async def test_without_an_account_the_call_checks_are_skipped_as_such(bench: Bench) -> None:
    preflight = await bench.run(5, signed_in=False)

    assert verdict(preflight, "net.signal") == (SKIPPED, "not_signed_in")
    assert verdict(preflight, "net.room") == (SKIPPED, "not_signed_in")
    assert bench.service.begun == 0


async def test_a_probe_that_starts_slowly_is_no_fault_of_the_network(bench: Bench) -> None:
    bench.probe.start_s = 12

    preflight = await bench.run(30)

    assert preflight.progress.gate.passed


async def test_a_way_out_that_cannot_be_read_once_is_watched_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a network that changes later would never be noticed."""
    answers: list[str | OSError] = [OSError("made up"), "eth0 10.0.0.2", OSError("made up")]

    def way_out() -> str:
        answer = answers.pop(0) if answers else bench.way_out
        if isinstance(answer, OSError):
            raise answer
        return answer

    parts = replace(bench.parts(), identity=way_out)
    monkeypatch.setattr(bench, "parts", lambda: parts)
    preflight = await bench.run(7)
    passed = preflight.progress.gate.passed

    bench.way_out = "wlan0 192.168.1.20"
    await bench.clock.advance(1.25)

    assert passed
    assert preflight.progress.again is CheckedAgain.NETWORK_CHANGED


@just_misses("net.changed")
async def test_a_way_out_that_is_unknown_for_a_moment_is_no_change(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that is busy with a new address has none for a moment: the same one comes back."""
    unknown = False

    def way_out() -> str:
        if unknown:
            raise OSError("made up")
        return bench.way_out

    parts = replace(bench.parts(), identity=way_out)
    monkeypatch.setattr(bench, "parts", lambda: parts)
    preflight = await bench.run(7)

    unknown = True
    await bench.clock.advance(2)
    unknown = False
    await bench.clock.advance(3)

    assert verdict(preflight, "net.changed") == (PASSED, None)
    assert preflight.progress.again is None
    assert bench.probe.begun == 1
