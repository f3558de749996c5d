"""H02 to H10 through their own measurement, on a made machine."""

from pathlib import Path

import pytest

from preflight.checks.host.cpu_count import use_between
from preflight.model import CheckState, Measured, MeasuredValue
from preflight.system.machine_ports import (
    Battery,
    CpuTimes,
    Heat,
    HeatLook,
    ProgramTime,
    SystemFacts,
)
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.unit.preflight.conftest import Bench
from tests.unit.preflight.host.host_world import HostWorld

PASSED, WARNED, FAILED, UNKNOWN, SKIPPED = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
    CheckState.SKIPPED,
)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param(0.1, PASSED, marks=clears("host.cpu_busy")),
        pytest.param(0.75, WARNED, marks=raises("host.cpu_busy")),
        pytest.param(0.95, FAILED, marks=raises("host.cpu_busy")),
    ],
)
async def test_what_others_compute_decides_and_not_what_we_do(
    bench: Bench, others: float, expected: CheckState
) -> None:
    bench.machine.others_busy, bench.machine.own_busy = others, 0.05
    bench.machine.programs = {
        7: ProgramTime("backup", 4 * others * 0.6),
        8: ProgramTime("backup", 4 * others * 0.2),
        9: ProgramTime("editor", 4 * others * 0.2),
    }

    found = await HostWorld(bench).result("host.cpu_busy")

    assert found.state is expected
    assert found.measured["busy_percent"] == pytest.approx(100 * others)
    assert found.measured["holder"] == ("backup" if others > 0.5 else None)


async def test_our_own_work_does_not_count(bench: Bench) -> None:
    bench.machine.own_busy = 0.9

    found = await HostWorld(bench).result("host.cpu_busy")

    assert found.state is PASSED
    assert found.measured["busy_percent"] == pytest.approx(10.0)


async def test_the_processor_is_counted_once_and_before_the_deadline_begins(bench: Bench) -> None:
    world = HostWorld(bench)
    bench.machine.others_busy = 0.75

    found = await world.result("host.cpu_busy", seconds=4)

    assert bench.machine.looks == 2
    assert found.started_ms >= 2000, "counted before its deadline began"
    assert found.duration_ms < 100


async def test_a_trial_call_waits_until_the_processor_was_counted(bench: Bench) -> None:
    world = HostWorld(bench)
    counting = world.media._tasks.spawn(world.host.cpu.counted(), name="count")
    await bench.clock.advance(0.1)

    ready = world.media._tasks.spawn(world.media.ready(), name="ready")
    await bench.clock.advance(1.5)
    waits = not ready.done() and not counting.done()
    await bench.clock.advance(2)

    assert waits
    assert ready.done()
    assert world.host.cpu.use is not None
    await world.media.close()
    await world.host.close()


def test_programs_are_taken_together_and_new_ones_count_whole() -> None:
    before = CpuTimes(10, 100, 1, {1: ProgramTime("web", 5), 2: ProgramTime("old", 3)})
    after = CpuTimes(
        14,
        108,
        2,
        {1: ProgramTime("web", 6), 2: ProgramTime("new", 0.5), 3: ProgramTime("web", 1)},
    )

    use = use_between(before, after)

    assert use is not None
    assert (use.busy_percent, use.top_program, use.top_percent) == (37.5, "web", 25.0)
    assert use_between(after, after) is None


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        pytest.param(True, (PASSED, None), marks=[clears("host.sleep"), just_misses("host.sleep")]),
        pytest.param(False, (WARNED, None), marks=raises("host.sleep")),
        (None, (SKIPPED, "platform")),
    ],
)
async def test_a_lock_that_cannot_be_taken_warns(
    bench: Bench, lock: bool | None, expected: tuple[CheckState, str | None]
) -> None:
    bench.machine.lock = lock

    found = await HostWorld(bench).result("host.sleep")

    assert (found.state, found.reason) == expected


@pytest.mark.parametrize(
    ("gb", "expected"),
    [
        pytest.param(8.0, PASSED, marks=clears("host.memory")),
        pytest.param(1.5, PASSED, marks=just_misses("host.memory")),
        pytest.param(1.49, WARNED, marks=raises("host.memory")),
        (0.49, FAILED),
    ],
)
async def test_memory_that_programs_can_still_get(
    bench: Bench, gb: float, expected: CheckState
) -> None:
    bench.machine.available_gb = gb

    assert (await HostWorld(bench).result("host.memory")).state is expected


@pytest.mark.parametrize(
    ("free_gb", "writable", "expected"),
    [
        pytest.param(200.0, True, PASSED, marks=clears("host.disk")),
        pytest.param(3.0, True, PASSED, marks=just_misses("host.disk")),
        pytest.param(2.99, True, WARNED, marks=raises("host.disk")),
        (0.99, True, FAILED),
        pytest.param(200.0, False, FAILED, marks=raises("host.disk")),
        (None, False, FAILED),
        (None, True, UNKNOWN),
    ],
)
async def test_a_full_or_closed_disk(
    bench: Bench, free_gb: float | None, writable: bool, expected: CheckState
) -> None:
    bench.machine.free_gb, bench.machine.writable = free_gb, writable

    found = await HostWorld(bench).result("host.disk")

    assert found.state is expected
    assert bench.machine.written == ([bench.folder] if writable else [])


async def test_nothing_is_kept_and_so_no_disk_is_looked_at(bench: Bench) -> None:
    world = HostWorld(bench)
    world.host.folder = None

    found = await world.result("host.disk")

    assert (found.state, found.reason) == (SKIPPED, "not_offered")


@pytest.mark.parametrize(
    ("battery", "booked", "expected"),
    [
        pytest.param(None, 45, PASSED, marks=clears("host.battery")),
        (Battery(True, 4, None), 45, PASSED),
        pytest.param(Battery(False, 80, 55), 45, PASSED, marks=just_misses("host.battery")),
        pytest.param(Battery(False, 80, 54.9), 45, WARNED, marks=raises("host.battery")),
        (Battery(False, 80, 20), None, PASSED),
        (Battery(False, 30, None), 45, PASSED),
        (Battery(False, 29.9, None), 45, WARNED),
        pytest.param(Battery(False, 9.9, 200), 45, FAILED, marks=raises("host.battery")),
        (Battery(None, 80, None), 45, UNKNOWN),
    ],
)
async def test_a_battery_against_the_booked_time_and_ten_minutes(
    bench: Bench, battery: Battery | None, booked: int | None, expected: CheckState
) -> None:
    bench.machine.power = battery

    found = await HostWorld(bench, booked_minutes=booked).result("host.battery")

    assert found.state is expected


@pytest.mark.parametrize(
    ("saving", "expected"),
    [
        pytest.param(
            False,
            (PASSED, None),
            marks=[clears("host.power_saver"), just_misses("host.power_saver")],
        ),
        pytest.param(True, (WARNED, None), marks=raises("host.power_saver")),
        (None, (SKIPPED, "platform")),
    ],
)
async def test_saving_energy_warns(
    bench: Bench, saving: bool | None, expected: tuple[CheckState, str | None]
) -> None:
    bench.machine.saving = saving

    found = await HostWorld(bench).result("host.power_saver")

    assert (found.state, found.reason) == expected


@pytest.mark.parametrize(
    ("look", "rises", "expected"),
    [
        pytest.param(HeatLook(throttled=900), 0, PASSED, marks=just_misses("host.thermal")),
        pytest.param(HeatLook(throttled=900), 1, WARNED, marks=raises("host.thermal")),
        pytest.param(HeatLook(Heat.NOMINAL), 0, PASSED, marks=clears("host.thermal")),
        (HeatLook(Heat.FAIR), 0, WARNED),
        pytest.param(HeatLook(Heat.SERIOUS, 5), 3, FAILED, marks=raises("host.thermal")),
        (None, 0, SKIPPED),
    ],
)
async def test_heat_of_now_counts_and_not_that_of_yesterday(
    bench: Bench, look: HeatLook | None, rises: int, expected: CheckState
) -> None:
    bench.machine.temperature, bench.machine.throttles_per_look = look, rises

    found = await HostWorld(bench).result("host.thermal")

    assert found.state is expected


@pytest.mark.parametrize(
    ("skew_s", "expected"),
    [
        pytest.param(0.2, PASSED, marks=clears("host.clock_skew")),
        pytest.param(-4.99, PASSED, marks=just_misses("host.clock_skew")),
        pytest.param(5.0, WARNED, marks=raises("host.clock_skew")),
        (-299.9, WARNED),
        pytest.param(-600.0, FAILED, marks=raises("host.clock_skew")),
        (None, UNKNOWN),
    ],
)
async def test_a_clock_that_is_off_in_either_direction(
    bench: Bench, skew_s: float | None, expected: CheckState
) -> None:
    world = HostWorld(bench)
    bench.probe.more = {} if skew_s is None else {"clock_skew_s": skew_s, "clock_error_s": 0.012}
    looking = world.media._tasks.spawn(world.network.look(), name="look")
    await bench.clock.advance(3)
    await looking

    found = await world.result("host.clock_skew")

    assert found.state is expected
    if skew_s is not None:
        assert found.measured == {"off_s": abs(skew_s), "skew_s": skew_s, "error_s": 0.012}


_NEWEST: Measured = {"service_version": "0.2.0", "min_client_version": "0.1.0"}
_LINUX = SystemFacts("Linux", "x86_64", "2.36")


@pytest.mark.parametrize(
    ("ours", "facts", "expected"),
    [
        pytest.param("0.2.0", _LINUX, PASSED, marks=clears("host.outdated")),
        pytest.param("0.1.9", _LINUX, WARNED, marks=raises("host.outdated")),
        pytest.param("0.0.9", _LINUX, FAILED, marks=raises("host.outdated")),
        pytest.param(
            "0.2.0",
            SystemFacts("Linux", "aarch64", "2.28"),
            PASSED,
            marks=just_misses("host.outdated"),
        ),
        ("0.2.0", SystemFacts("Linux", "x86_64", "2.27"), WARNED),
        ("0.2.0", SystemFacts("Linux", "x86_64", None), WARNED),
        ("0.2.0", SystemFacts("Linux", "i686", "2.36"), WARNED),
        ("0.2.0", SystemFacts("Windows", "AMD64"), PASSED),
        ("0.2.0", SystemFacts("Darwin", "arm64"), PASSED),
        ("0.2.0", SystemFacts("FreeBSD", "amd64"), WARNED),
        ("", _LINUX, UNKNOWN),
    ],
)
async def test_program_and_system_against_what_is_needed(
    bench: Bench, ours: str, facts: SystemFacts, expected: CheckState
) -> None:
    world = HostWorld(bench)
    assert world.host.surroundings is not None
    world.host.surroundings.app["liftbay"] = ours
    bench.machine.runs_on, bench.probe.more = facts, _NEWEST
    looking = world.media._tasks.spawn(world.network.look(), name="look")
    await bench.clock.advance(3)
    await looking

    found = await world.result("host.outdated")

    assert found.state is expected
    assert found.measured["glibc"] == facts.glibc


@pytest.mark.parametrize(
    ("code", "measured", "expected"),
    [
        pytest.param(
            "host.cpu_busy", {"busy_percent": 69.9}, PASSED, marks=just_misses("host.cpu_busy")
        ),
        ("host.cpu_busy", {"busy_percent": 70.0}, WARNED),
        ("host.cpu_busy", {"busy_percent": 90.0}, FAILED),
        ("host.memory", {"available_gb": 0.5}, WARNED),
        ("host.disk", {"writable": True, "free_gb": 1.0}, WARNED),
        ("host.clock_skew", {"off_s": 300.0}, FAILED),
    ],
)
def test_a_row_at_its_limits(
    code: str, measured: dict[str, MeasuredValue], expected: CheckState
) -> None:
    assert judge(code, measured) is expected


def test_the_folder_of_the_disk_is_where_recordings_go(bench: Bench) -> None:
    assert HostWorld(bench).host.folder == Path(bench.folder)
