"""Faults of our own in a preflight: they cost a verdict, never the watch over a device."""

from preflight.check import Check, Live
from preflight.model import Group, Measured
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock
from tests.unit.preflight.runner_world import (
    FAILED,
    FREE,
    ONE,
    PASSED,
    MadeUpGroup,
    gives,
    result_of,
    running,
    takes,
)


async def test_a_group_that_a_fault_of_ours_throws_off_is_told_and_begun_anew(
    expected_logs: ExpectedLogs,
) -> None:
    """Else its passed checks would hold the gate open though nobody watches the device any more."""
    expected_logs.allow("looking after group camera failed")
    clock = FakeClock()
    is_broken = False

    def now() -> Measured | None:
        if is_broken:
            raise OSError("made up")
        return FREE

    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(FREE), live=Live(now))])
    async with running(clock, group) as (runner, _):
        await clock.advance(1)
        before = result_of(runner, "camera.busy")

        is_broken = True
        await clock.advance(0.5)
        meanwhile = result_of(runner, "camera.busy")
        is_broken = False
        await clock.advance(3.5)

        assert before == (PASSED, None)
        assert meanwhile == (FAILED, "check.internal")
        assert result_of(runner, "camera.busy") == (PASSED, None)
        assert group.begun == 2


async def test_a_wait_before_a_check_that_throws_fails_that_check_alone(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("check camera.busy threw OSError")
    clock = FakeClock()

    async def no_process() -> None:
        raise OSError("made up")

    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.none", takes(clock, 1, ONE)),
            Check("camera.busy", gives(FREE), before=no_process),
        ],
    )

    async with running(clock, group) as (runner, _):
        await clock.advance(1)

        assert result_of(runner, "camera.none") == (PASSED, None)
        assert result_of(runner, "camera.busy") == (FAILED, "check.internal")
