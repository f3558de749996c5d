"""The runner looks again: by itself, when it is told to, and while all is well."""

from preflight.check import Check, Live
from preflight.model import CheckedAgain, CheckState, Group, Measured
from tests.fakes.clock import FakeClock
from tests.unit.preflight.runner_world import (
    BUSY,
    FAILED,
    FREE,
    PASSED,
    PENDING,
    RUNNING,
    MadeUpGroup,
    gives,
    result_of,
    running,
    takes,
)


async def test_a_failing_check_is_measured_again_by_itself_and_quietly() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(BUSY, BUSY, FREE))])

    async with running(clock, group) as (runner, page):
        await clock.advance(10)

        assert result_of(runner, "camera.busy") == (PASSED, None)
        assert page.states("camera.busy") == [PENDING, RUNNING, FAILED, PASSED]
        assert runner.progress.checks[0].attempts == 3
        assert group.begun == 1


async def test_a_device_that_is_not_open_is_opened_again_for_the_next_try() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(BUSY, FREE))])
    group.is_usable = False

    async with running(clock, group) as (runner, _):
        await clock.advance(3)

        assert group.begun == 2
        assert result_of(runner, "camera.busy") == (PASSED, None)


async def test_a_failing_network_waits_longer_than_a_device() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", gives({"changed": True}, {"changed": False}))]
    )
    group.retry_every_s = 5

    async with running(clock, group) as (runner, _):
        await clock.advance(4.5)
        assert result_of(runner, "net.changed") == (FAILED, None)
        await clock.advance(1)

        assert result_of(runner, "net.changed") == (PASSED, None)


async def test_a_hint_measures_a_failing_check_at_once() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(BUSY, FREE))])

    async with running(clock, group) as (runner, _):
        runner.hint(Group.CAMERA)
        await clock.advance(0.25)

        assert result_of(runner, "camera.busy") == (PASSED, None)


async def test_a_restart_begins_its_group_alone_and_shows_it() -> None:
    clock = FakeClock()
    camera = MadeUpGroup(Group.CAMERA, [Check("camera.busy", takes(clock, 1, FREE))])
    sound = MadeUpGroup(Group.MICROPHONE, [Check("mic.busy", gives(FREE))])

    async with running(clock, camera, sound) as (runner, _):
        await clock.advance(1)
        runner.restart(Group.CAMERA)
        await clock.advance(0.5)

        assert result_of(runner, "camera.busy") == (RUNNING, None)
        assert result_of(runner, "mic.busy") == (PASSED, None)
        assert not runner.progress.gate.passed
        assert (camera.begun, sound.begun) == (2, 1)
        await clock.advance(0.5)
        assert result_of(runner, "camera.busy") == (PASSED, None)


async def test_a_restart_in_the_middle_leaves_only_the_new_run() -> None:
    clock = FakeClock()
    started = 0

    async def measure() -> Measured:
        nonlocal started
        started += 1
        mine = started
        await clock.sleep(1)
        return {"busy": mine == 1}

    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", measure)])

    async with running(clock, group) as (runner, page):
        await clock.advance(0.9)
        runner.restart(Group.CAMERA)
        await clock.advance(1)

        assert result_of(runner, "camera.busy") == (PASSED, None)
        assert CheckState.FAILED not in page.states("camera.busy")


async def test_a_live_fault_is_raised_after_a_second_and_cleared_after_two() -> None:
    clock = FakeClock()
    present = True

    def now() -> Measured:
        return {"present": present}

    group = MadeUpGroup(
        Group.CAMERA, [Check("camera.unplugged", gives({"present": True}), live=Live(now))]
    )

    async with running(clock, group) as (runner, _):
        await clock.advance(1)
        present = False
        await clock.advance(1.0)
        assert result_of(runner, "camera.unplugged") == (PASSED, None)
        await clock.advance(0.25)
        assert result_of(runner, "camera.unplugged") == (FAILED, None)
        present = True
        await clock.advance(2.0)
        assert result_of(runner, "camera.unplugged") == (FAILED, None)
        await clock.advance(0.25)
        assert result_of(runner, "camera.unplugged") == (PASSED, None)


async def test_a_changed_network_starts_everything_of_it_over() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", takes(clock, 0.5, {"changed": False}))]
    )

    async with running(clock, group) as (runner, page):
        await clock.advance(1)
        group.is_void = True
        await clock.advance(0.25)
        assert result_of(runner, "net.changed") == (RUNNING, None)
        await clock.advance(0.5)

        assert page.states("net.changed") == [PENDING, RUNNING, PASSED, PENDING, RUNNING, PASSED]
        assert group.begun == 2


async def test_why_a_changed_network_is_checked_again_is_said_until_it_has_its_verdicts() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", takes(clock, 0.5, {"changed": False}))]
    )

    async with running(clock, group) as (runner, _):
        await clock.advance(1)
        before = runner.progress.again
        group.is_void = True
        await clock.advance(0.25)
        meanwhile = runner.progress.again
        await clock.advance(0.5)

        assert before is None
        assert meanwhile is CheckedAgain.NETWORK_CHANGED
        assert runner.progress.again is None


async def test_a_restart_that_the_person_asked_for_needs_no_words() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", takes(clock, 0.5, {"changed": False}))]
    )

    async with running(clock, group) as (runner, page):
        runner.restart(Group.NETWORK, CheckedAgain.REPORT_OLD)
        await clock.advance(0.1)
        assert runner.progress.again is CheckedAgain.REPORT_OLD
        runner.restart(Group.NETWORK)
        await clock.advance(0.1)

        assert page.seen[-1].again is None


async def test_a_refresh_measures_again_with_company_while_all_is_well() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK,
        [
            Check("net.health", gives({"healthy": True, "lost": 0})),
            Check(
                "net.rtt_high",
                gives(
                    {"samples": 11, "rtt_median_ms": 20.0}, {"samples": 11, "rtt_median_ms": 400.0}
                ),
                needs=("net.health",),
                together=("net.health",),
            ),
        ],
        retry_every_s=5,
    )
    group.refresh = (("net.rtt_high",), 15)

    async with running(clock, group) as (runner, page):
        await clock.advance(14.9)
        assert result_of(runner, "net.rtt_high") == (PASSED, None)
        await clock.advance(0.2)

        assert result_of(runner, "net.rtt_high") == (FAILED, None)
        assert page.states("net.health") == [PENDING, RUNNING, PASSED]
        assert runner.progress.checks[0].attempts == 2
