"""The runner on made-up checks and virtual time."""

import asyncio

from preflight.check import Check, NotMeasured
from preflight.model import Group, Measured
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock
from tests.unit.preflight.runner_world import (
    FAILED,
    FREE,
    ONE,
    PASSED,
    PENDING,
    RUNNING,
    SKIPPED,
    MadeUpGroup,
    gives,
    hangs,
    result_of,
    running,
    takes,
    throws,
)


async def test_groups_run_beside_each_other() -> None:
    clock = FakeClock()
    camera = MadeUpGroup(Group.CAMERA, [Check("camera.busy", takes(clock, 1, FREE))])
    sound = MadeUpGroup(Group.MICROPHONE, [Check("mic.busy", takes(clock, 1, FREE))])

    async with running(clock, camera, sound) as (runner, _):
        await clock.advance(1)

        assert runner.progress.finished
        assert runner.decided_ms == 1000


async def test_a_check_waits_for_its_prerequisite() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.none", takes(clock, 1, ONE)),
            Check("camera.busy", gives(FREE), needs=("camera.none",)),
        ],
    )

    async with running(clock, group) as (runner, page):
        assert result_of(runner, "camera.busy") == (PENDING, None)
        await clock.advance(1)

        assert result_of(runner, "camera.busy") == (PASSED, None)
        assert page.states("camera.busy") == [PENDING, RUNNING, PASSED]


async def test_what_waits_for_a_failed_check_is_skipped_and_names_the_root() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.none", gives({"cameras": 0})),
            Check("camera.busy", gives(FREE), needs=("camera.none",)),
            Check("camera.no_frames", gives({}), needs=("camera.busy",)),
        ],
    )

    async with running(clock, group) as (runner, _):
        assert result_of(runner, "camera.busy") == (SKIPPED, "needs:camera.none")
        assert result_of(runner, "camera.no_frames") == (SKIPPED, "needs:camera.none")
        assert runner.progress.finished


async def test_a_check_that_hangs_fails_at_its_deadline_and_the_others_go_on() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA, [Check("camera.none", hangs), Check("camera.busy", gives(FREE))]
    )

    async with running(clock, group) as (runner, _):
        assert result_of(runner, "camera.busy") == (PASSED, None)
        await clock.advance(1.999)
        assert result_of(runner, "camera.none") == (RUNNING, None)
        await clock.advance(0.001)

        assert result_of(runner, "camera.none") == (FAILED, "deadline")


async def test_a_check_that_throws_fails_as_internal_and_the_others_go_on(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("check camera.none threw RuntimeError")
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA, [Check("camera.none", throws), Check("camera.busy", gives(FREE))]
    )

    async with running(clock, group) as (runner, _):
        assert result_of(runner, "camera.none") == (FAILED, "check.internal")
        assert result_of(runner, "camera.busy") == (PASSED, None)


async def test_the_time_before_the_deadline_starts_is_not_counted() -> None:
    clock = FakeClock()

    async def opened() -> None:
        await clock.sleep(9)

    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", takes(clock, 1, FREE), before=opened)])

    async with running(clock, group) as (runner, _):
        await clock.advance(10)

        assert result_of(runner, "camera.busy") == (PASSED, None)


async def test_what_cannot_be_measured_is_skipped_with_its_reason_and_left_alone() -> None:
    clock = FakeClock()
    asked = 0

    async def signal() -> Measured:
        nonlocal asked
        asked += 1
        raise NotMeasured("not_signed_in")

    group = MadeUpGroup(Group.NETWORK, [Check("net.signal", signal)])

    async with running(clock, group) as (runner, _):
        await clock.advance(60)

        assert result_of(runner, "net.signal") == (SKIPPED, "not_signed_in")
        assert asked == 1


async def test_the_fraction_counts_final_checks() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [Check("camera.none", gives(ONE)), Check("camera.busy", takes(clock, 1, FREE))],
    )

    async with running(clock, group) as (runner, _):
        assert runner.progress.fraction == 0.5
        decided = asyncio.ensure_future(runner.decided())
        await clock.advance(1)

        assert (await decided).fraction == 1.0


async def test_a_group_that_cannot_begin_still_gets_verdicts(expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("group camera did not begin")
    clock = FakeClock()

    class Broken(MadeUpGroup):
        async def begin(self) -> None:
            raise OSError("made up")

    group = Broken(Group.CAMERA, [Check("camera.busy", gives(FREE))])

    async with running(clock, group) as (runner, _):
        assert result_of(runner, "camera.busy") == (PASSED, None)
