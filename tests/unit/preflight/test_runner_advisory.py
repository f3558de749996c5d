"""Advisory checks: beside the gate, never in its way."""

import asyncio

import pytest

from preflight.check import CannotTell, Check, Live, NotMeasured
from preflight.model import CheckState, Group, Measured
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock
from tests.unit.preflight.runner_world import (
    BUSY,
    FAILED,
    FREE,
    PASSED,
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

UNKNOWN, WARNED = CheckState.UNKNOWN, CheckState.WARNED
BRIGHT: Measured = {"bright_share": 0.01}
TOO_BRIGHT: Measured = {"bright_share": 0.5}


async def test_the_gate_does_not_wait_for_advice() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.busy", gives(FREE)),
            Check("camera.overexposed", takes(clock, 3, TOO_BRIGHT)),
        ],
    )

    async with running(clock, group) as (runner, _):
        assert result_of(runner, "camera.overexposed") == (RUNNING, None)
        assert (await runner.decided()).fraction == 0.5
        assert runner.decided_ms == 0
        assert not runner.progress.finished

        await clock.advance(3)

        assert result_of(runner, "camera.overexposed") == (FAILED, None)
        assert (await runner.finished()).finished
        assert "camera.overexposed" not in runner.progress.gate.blocking


async def test_advice_that_fails_is_not_measured_again_and_again() -> None:
    clock = FakeClock()
    asked = 0

    async def measure() -> Measured:
        nonlocal asked
        asked += 1
        return TOO_BRIGHT

    group = MadeUpGroup(Group.CAMERA, [Check("camera.overexposed", measure)])

    async with running(clock, group) as (runner, _):
        for _ in range(40):
            await clock.advance(0.25)

        assert result_of(runner, "camera.overexposed") == (FAILED, None)
        assert (asked, group.begun) == (1, 1)


async def test_advice_is_kept_alive_once_it_has_a_verdict() -> None:
    clock = FakeClock()
    figures = TOO_BRIGHT
    live = Live(lambda: figures, raise_after_ms=1000, clear_after_ms=1000)
    check = Check("camera.overexposed", takes(clock, 1, TOO_BRIGHT), live=live)
    group = MadeUpGroup(Group.CAMERA, [check])

    async with running(clock, group) as (runner, _):
        await clock.advance(1)
        figures = BRIGHT
        for _ in range(10):
            await clock.advance(0.25)

        assert result_of(runner, "camera.overexposed") == (PASSED, None)


async def test_advice_follows_when_its_prerequisite_has_come_right() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.busy", gives(BUSY, FREE)),
            Check("camera.overexposed", gives(BRIGHT), needs=("camera.busy",)),
        ],
        retry_every_s=2,
    )

    async with running(clock, group) as (runner, _):
        assert result_of(runner, "camera.overexposed") == (SKIPPED, "needs:camera.busy")
        for _ in range(10):
            await clock.advance(0.25)

        assert result_of(runner, "camera.overexposed") == (PASSED, None)


async def test_what_was_skipped_for_another_reason_is_left_alone() -> None:
    clock = FakeClock()
    asked = 0

    async def measure() -> Measured:
        nonlocal asked
        asked += 1
        raise NotMeasured("platform")

    check = Check("camera.flicker", measure, needs=("camera.busy",))
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(FREE)), check])

    async with running(clock, group) as (runner, _):
        for _ in range(8):
            await clock.advance(0.25)

        assert result_of(runner, "camera.flicker") == (SKIPPED, "platform")
        assert asked == 1


async def test_no_answer_and_a_hang_are_unknown_and_a_fault_of_ours_is_failed(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("check camera.hazy threw RuntimeError")
    clock = FakeClock()

    async def cannot_tell() -> Measured:
        raise CannotTell("too_dark", {"luma_mean": 3.0})

    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.blurred", cannot_tell),
            Check("camera.flicker", hangs),
            Check("camera.hazy", throws),
            Check("camera.drops", gives({})),
        ],
    )

    async with running(clock, group) as (runner, _):
        await clock.advance(5)

        assert result_of(runner, "camera.blurred") == (UNKNOWN, "too_dark")
        assert result_of(runner, "camera.flicker") == (UNKNOWN, "deadline")
        assert result_of(runner, "camera.hazy") == (FAILED, "check.internal")
        assert result_of(runner, "camera.drops") == (UNKNOWN, None)
        assert runner.progress.gate.blocking == ()


async def test_another_device_ends_the_advice_about_the_first() -> None:
    clock = FakeClock()
    ended: list[str] = []
    starts = 0

    async def measure() -> Measured:
        nonlocal starts
        starts += 1
        if starts > 1:
            return BRIGHT
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("first")
        return TOO_BRIGHT

    group = MadeUpGroup(Group.CAMERA, [Check("camera.overexposed", measure)])

    async with running(clock, group) as (runner, _):
        assert result_of(runner, "camera.overexposed") == (RUNNING, None)
        runner.restart(Group.CAMERA)
        await clock.advance(0)

        assert ended == ["first"]
        assert result_of(runner, "camera.overexposed") == (PASSED, None)


async def test_a_warning_does_not_hold_join_back() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.busy", gives(FREE)),
            Check("camera.overexposed", gives({"bright_share": 0.2})),
        ],
    )

    async with running(clock, group) as (runner, _):
        gate = runner.progress.gate

        assert result_of(runner, "camera.overexposed") == (WARNED, None)
        assert gate.blocking == ()


async def test_a_group_that_needs_longer_gets_its_time() -> None:
    """The network came right late: its trial call was promised forty seconds."""
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA, [Check("camera.overexposed", gives(BRIGHT), before=lambda: clock.sleep(58))]
    )
    late = MadeUpGroup(Group.MEDIA, [Check("media.mos", hangs)])
    late.late_s = 30.0
    later = MadeUpGroup(Group.HOST, [Check("host.disk", hangs, before=lambda: clock.sleep(59))])
    later.late_s = 70.0
    async with running(clock, group, late, later) as (runner, _):
        for _ in range(31):
            await clock.advance(1)
        assert result_of(runner, "media.mos") == (UNKNOWN, "deadline")
        for _ in range(29):
            await clock.advance(1)
        assert result_of(runner, "camera.overexposed") == (PASSED, None)
        assert result_of(runner, "host.disk") == (RUNNING, None)


@pytest.mark.parametrize(("standing", "as_of_ms"), [(True, 10_000), (False, 20_000)])
async def test_figures_of_the_newest_look_are_as_old_as_their_last_change(
    standing: bool, as_of_ms: float
) -> None:
    clock = FakeClock()
    share = 0.01
    live = Live(lambda: {"bright_share": share}, standing=standing)
    group = MadeUpGroup(Group.CAMERA, [Check("camera.overexposed", gives(BRIGHT), live=live)])
    async with running(clock, group) as (runner, _):
        await clock.advance(1)
        first = runner.progress.checks[0].as_of_ms
        await clock.advance(9)
        share = 0.02
        await clock.advance(10)

        assert first == pytest.approx(0 if standing else 1_000, abs=300)
        assert runner.progress.checks[0].as_of_ms == pytest.approx(as_of_ms, abs=300)
