"""Machine and account within the whole preflight, and what follows from them."""

import pytest

from preflight.model import CheckState, Group, MeasuredValue
from preflight.preflight import Preflight
from preflight.system.machine_ports import Heat, HeatLook, ProgramTime
from preflight.verdicts.recommendation import recommend
from tests.fakes.media_probe import GOOD_TRIAL
from tests.unit.preflight.conftest import Bench, verdict

PASSED, WARNED, FAILED, SKIPPED = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.SKIPPED,
)


def states(preflight: Preflight, group: Group) -> dict[str, CheckState]:
    """States of a group's checks by code."""
    return {check.code: check.state for check in preflight.progress.checks if check.group is group}


async def test_a_healthy_machine_and_session_pass_and_the_line_is_left_for_counting(
    bench: Bench,
) -> None:
    bench.probe.more = {
        "clock_skew_s": 0.3,
        "clock_error_s": 0.012,
        "service_version": "0.1.0",
        "min_client_version": "0.1.0",
    }
    seen_at_trial: list[int] = []
    trial = bench.media.trial

    async def noted(*given: object, **named: object) -> object:
        seen_at_trial.append(bench.machine.looks)
        return await trial(*given, **named)  # type: ignore[arg-type]  # handed through

    bench.media.trial = noted  # type: ignore[method-assign,assignment]  # watched

    preflight = await bench.run(30)

    assert set(states(preflight, Group.HOST).values()) == {PASSED}
    assert set(states(preflight, Group.ACCOUNT).values()) == {PASSED}
    assert seen_at_trial == [2], "both readings of the processor came before the load of ours"
    assert preflight.progress.finished


@pytest.mark.parametrize(
    ("encode_ms", "saving", "heat", "rung", "fps", "because"),
    [
        (9.0, True, None, 3, 25, ("host.power_saver",)),
        (9.0, False, HeatLook(Heat.SERIOUS), 3, 25, ("host.thermal",)),
        (17.0, False, None, 3, 25, ("host.cpu_encode",)),
        (30.0, True, None, 2, 15, ("host.cpu_encode",)),
    ],
)
async def test_what_the_machine_cannot_do_is_not_sent(
    bench: Bench,
    encode_ms: float,
    saving: bool,
    heat: HeatLook | None,
    rung: int,
    fps: int,
    because: tuple[str, ...],
) -> None:
    figures: dict[str, MeasuredValue] = {"encode_ms": encode_ms}
    bench.media.figures = {**GOOD_TRIAL, **figures}
    bench.machine.saving, bench.machine.temperature = saving, heat
    preflight = await bench.run(
        13,
        only=(
            "camera.black",
            "mic.silent",
            "media.uplink_low",
            "host.cpu_encode",
            "host.power_saver",
            "host.thermal",
        ),
    )

    found = recommend(preflight.progress.checks)

    assert (found.rung, found.fps, found.because) == (rung, fps, because)


async def test_one_check_brings_what_it_needs_of_another_group_along(bench: Bench) -> None:
    bench.probe.more = {"clock_skew_s": -600.0, "clock_error_s": 0.02}

    preflight = await bench.run(4, only=("host.clock_skew",))

    assert [check.code for check in preflight.progress.checks] == [
        "net.unreachable",
        "net.health",
        "host.clock_skew",
    ]
    assert verdict(preflight, "host.clock_skew") == (FAILED, None)


async def test_without_the_network_the_machine_is_asked_at_once(bench: Bench) -> None:
    preflight = await bench.run(3, only=("host.cpu_busy", "host.memory"))

    assert states(preflight, Group.HOST) == {"host.cpu_busy": PASSED, "host.memory": PASSED}


async def test_a_refused_report_shows_until_the_next_one_is_taken(bench: Bench) -> None:
    preflight = await bench.run(6)
    bench.service.refuse_next = "preflight.nonce_used"
    handing_in = preflight._run.tasks.spawn(preflight.passed_report(), name="hand in")
    await bench.clock.advance(1)
    while_refused = verdict(preflight, "session.report_stale")

    await bench.clock.advance(8)
    await handing_in

    assert while_refused == (WARNED, None)
    assert verdict(preflight, "session.report_stale") == (PASSED, None)


async def test_the_program_that_takes_the_processor_is_named_here_alone(bench: Bench) -> None:
    bench.machine.others_busy, bench.machine.own_busy = 0.9, 0.05
    bench.machine.programs = {5: ProgramTime("secretgame", 3.6)}
    preflight = await bench.run(3, only=("host.cpu_busy",))

    busy = next(each for each in preflight.progress.checks if each.code == "host.cpu_busy")
    sent = await preflight.report_to_give(None)  # type: ignore[arg-type]  # not ended yet

    assert busy.measured["holder"] == "secretgame"
    assert "secretgame" not in str(sent)
