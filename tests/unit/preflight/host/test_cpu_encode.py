"""H01: the encoder's figures of the trial call, or of one of the last seven days."""

from datetime import timedelta

import pytest

from preflight.check import Check
from preflight.checks.host.group import host_group
from preflight.checks.scope import in_scope
from preflight.memory.machine_file import load_memory
from preflight.model import CheckResult, CheckState, Group, MeasuredValue
from preflight.running.runner import PreflightRunner
from tests.check_cases import clears, just_misses, raises
from tests.fakes.media_probe import GOOD_TRIAL
from tests.unit.preflight.conftest import Bench
from tests.unit.preflight.host.host_world import HostWorld
from tests.unit.preflight.runner_world import MadeUpGroup, gives

PASSED, WARNED, FAILED, UNKNOWN, SKIPPED = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
    CheckState.SKIPPED,
)
CODE = "host.cpu_encode"


async def encode(world: HostWorld) -> CheckResult:
    """Judge the encoder once."""
    return await world.result(CODE, seconds=12)


@pytest.mark.parametrize(
    ("encode_ms", "limited", "expected"),
    [
        pytest.param(9.0, 0.0, PASSED, marks=clears(CODE)),
        pytest.param(14.9, 0.0, PASSED, marks=just_misses(CODE)),
        pytest.param(15.0, 0.0, WARNED, marks=raises(CODE)),
        pytest.param(9.0, 0.5, WARNED, marks=raises(CODE)),
        (24.9, 19.9, WARNED),
        pytest.param(25.0, 0.0, FAILED, marks=raises(CODE)),
        (9.0, 20.0, FAILED),
        (None, 0.0, UNKNOWN),
    ],
)
async def test_time_for_a_picture_and_want_of_processor(
    bench: Bench, encode_ms: float | None, limited: float, expected: CheckState
) -> None:
    figures: dict[str, MeasuredValue] = {
        "encode_ms": encode_ms,
        "cpu_limited_percent": limited,
        "encoder": "libvpx",
        "power_efficient": False,
    }
    bench.media.figures = {**GOOD_TRIAL, **figures}

    found = await encode(HostWorld(bench))

    assert found.state is expected
    if encode_ms is not None:
        assert found.measured == figures


async def test_without_a_trial_call_and_without_memory_it_is_not_measured(bench: Bench) -> None:
    found = await encode(HostWorld(bench, signed_in=False))

    assert (found.state, found.reason) == (SKIPPED, "not_signed_in")


@pytest.mark.parametrize(
    ("later", "app", "power", "busy", "expected"),
    [
        (timedelta(days=6, hours=23), "0.1.0", "mains", 0.1, WARNED),
        (timedelta(days=7, seconds=1), "0.1.0", "mains", 0.1, SKIPPED),
        (timedelta(days=-1), "0.1.0", "mains", 0.1, SKIPPED),
        (timedelta(days=1), "0.2.0", "mains", 0.1, SKIPPED),
        (timedelta(days=1), "0.1.0", "battery", 0.1, SKIPPED),
        (timedelta(days=1), "0.1.0", "mains", 0.8, SKIPPED),
    ],
)
async def test_figures_of_this_week_stand_for_a_call_that_is_not_possible(
    bench: Bench, later: timedelta, app: str, power: str, busy: float, expected: CheckState
) -> None:
    bench.media.figures = {**GOOD_TRIAL, "encode_ms": 17.0}
    await encode(HostWorld(bench))
    bench.clock.set_wall_clock(bench.clock.now() + later)
    world = HostWorld(bench, signed_in=False)
    assert world.host.surroundings is not None
    world.host.surroundings.app["liftbay"] = app
    world.host.surroundings.host["power"] = power
    bench.machine.others_busy = busy

    found = await world.result(CODE, "host.cpu_busy", seconds=12)

    assert found.state is expected
    if expected is WARNED:
        assert (found.measured["encode_ms"], found.measured["measured_days_ago"]) == (17.0, 6)


async def test_they_stand_for_it_too_where_the_network_keeps_it_back(bench: Bench) -> None:
    await encode(HostWorld(bench))
    world = HostWorld(bench)
    await world.memory.read()
    network = MadeUpGroup(
        Group.NETWORK,
        _network_that_fails(),
        retry_every_s=1000,
    )
    (host,) = in_scope((host_group(world.host),), (CODE,))
    runner = PreflightRunner([network, host], bench.clock, lambda _: None)
    runner.start()
    await bench.clock.advance(2)

    found = next(each for each in runner.progress.checks if each.code == CODE)

    assert (found.state, found.reason) == (PASSED, None)
    assert found.measured["measured_days_ago"] == 0
    await runner.stop()
    await world.host.close()


def _network_that_fails() -> list[Check]:
    return [Check("net.room", gives({"connected": False}))]


async def test_a_trial_call_that_died_leaves_it_to_the_memory(bench: Bench) -> None:
    await encode(HostWorld(bench))
    bench.media.dies = True

    found = await encode(HostWorld(bench))

    assert (found.state, found.measured["encode_ms"]) == (PASSED, 9.0)


async def test_the_memory_keeps_the_devices_beside_it(bench: Bench) -> None:
    world = HostWorld(bench)
    await encode(world)
    await world.memory.keep(None, None)

    kept = load_memory(bench.folder)

    assert kept.encode is not None
    assert (kept.encode.app, kept.encode.power) == ("0.1.0", "mains")
    assert kept.encode.figures["encode_ms"] == 9.0
