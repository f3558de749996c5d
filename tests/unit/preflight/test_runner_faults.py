"""Faults of our own in a preflight: they cost a verdict, never the watch over a device."""

import asyncio
import json
import math
from typing import Any

import numpy as np
import pytest

from preflight.check import Check, Live
from preflight.model import CheckState, Group, Measured
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock
from tests.unit.preflight.runner_world import (
    FAILED,
    FREE,
    ONE,
    PASSED,
    RUNNING,
    MadeUpGroup,
    gives,
    result_of,
    running,
    takes,
)

UNKNOWN = CheckState.UNKNOWN
DULL: Measured = {"bright_share": 0.01}


class BrokenGroup(MadeUpGroup):
    """One that cannot say how it is."""

    is_broken = False

    def must_restart(self) -> bool:
        if self.is_broken:
            raise OSError("made up")
        return super().must_restart()


async def test_a_group_that_a_fault_of_ours_throws_off_is_told_and_begun_anew(
    expected_logs: ExpectedLogs,
) -> None:
    """Else its passed checks would hold the gate open though nobody watches the device any more."""
    expected_logs.allow("looking after group camera failed: OSError")
    clock = FakeClock()
    group = BrokenGroup(Group.CAMERA, [Check("camera.busy", gives(FREE))])
    async with running(clock, group) as (runner, _):
        await clock.advance(1)
        before = result_of(runner, "camera.busy")

        group.is_broken = True
        await clock.advance(0.5)
        meanwhile = result_of(runner, "camera.busy")
        group.is_broken = False
        await clock.advance(3.5)

        assert before == (PASSED, None)
        assert meanwhile == (FAILED, "check.internal")
        assert result_of(runner, "camera.busy") == (PASSED, None)
        assert group.begun == 2


async def test_advice_whose_live_figures_throw_fails_alone_until_it_is_measured_again(
    expected_logs: ExpectedLogs,
) -> None:
    """The camera must not be opened anew because a picture's size was nonsense for once."""
    expected_logs.allow("following camera.overexposed threw OSError")
    clock = FakeClock()
    is_broken = False

    def now() -> Measured | None:
        if is_broken:
            raise OSError("made up")
        return DULL

    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.busy", gives(FREE), live=Live(lambda: FREE)),
            Check("camera.overexposed", gives(DULL), live=Live(now)),
        ],
    )
    async with running(clock, group) as (runner, _):
        await clock.advance(1)

        is_broken = True
        await clock.advance(5)
        meanwhile = result_of(runner, "camera.overexposed")
        gating = result_of(runner, "camera.busy")
        is_broken = False
        runner.again("camera.overexposed")
        await clock.advance(1)

        assert meanwhile == (FAILED, "check.internal")
        assert gating == (PASSED, None)
        assert result_of(runner, "camera.overexposed") == (PASSED, None)
        assert group.begun == 1


async def test_a_gating_check_whose_live_figures_throw_is_measured_again_by_itself(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("following camera.busy threw OSError")
    clock = FakeClock()
    is_broken = False

    def now() -> Measured | None:
        if is_broken:
            raise OSError("made up")
        return FREE

    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(FREE), live=Live(now))])
    async with running(clock, group) as (runner, _):
        await clock.advance(1)

        is_broken = True
        await clock.advance(0.5)
        meanwhile = result_of(runner, "camera.busy")
        is_broken = False
        await clock.advance(3.5)

        assert meanwhile == (FAILED, "check.internal")
        assert result_of(runner, "camera.busy") == (PASSED, None)


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


class NotFigures:
    """Something that no report can hold."""


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "passed",
        7,
        {"busy": NotFigures()},
        {"busy": [False]},
        {"busy": {"busy": False}},
        {"busy": 10**400},
        {"busy": "x" * 501},
        {7: False},
        {"x" * 501: False},
    ],
)
async def test_a_check_that_lies_is_caught_and_the_others_go_on(
    told: Any, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("check camera.busy threw TypeError")
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [Check("camera.none", takes(clock, 1, ONE)), Check("camera.busy", gives(told))],
    )

    async with running(clock, group) as (runner, _):
        await clock.advance(1)

        assert result_of(runner, "camera.none") == (PASSED, None)
        assert result_of(runner, "camera.busy") == (FAILED, "check.internal")
        assert group.begun == 1


@pytest.mark.parametrize("told", [math.nan, math.inf, -math.inf])
async def test_a_figure_that_is_not_finite_is_none(told: float) -> None:
    clock = FakeClock()
    checks = [
        Check("camera.fps_low", gives({"fps": told})),
        Check("camera.overexposed", gives({"bright_share": told})),
    ]

    async with running(clock, MadeUpGroup(Group.CAMERA, checks)) as (runner, _):
        await clock.advance(0.1)

        gating = next(each for each in runner.progress.checks if each.code == "camera.fps_low")
        assert (gating.state, gating.measured) == (FAILED, {"fps": None})
        assert result_of(runner, "camera.overexposed") == (UNKNOWN, None)


async def test_a_wait_before_a_check_that_never_ends_is_given_up_with_the_run() -> None:
    clock = FakeClock()
    forever = asyncio.Event()

    async def never() -> None:
        await forever.wait()

    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(FREE), before=never)])

    async with running(clock, group) as (runner, _):
        await clock.advance(59.9)
        before = result_of(runner, "camera.busy")
        await clock.advance(0.2)

        assert before == (RUNNING, None)
        assert result_of(runner, "camera.busy") == (FAILED, "deadline")


async def test_advice_that_is_left_after_a_minute_becomes_unknown() -> None:
    """A check in its wait, one in its measurement, one that waits for another's verdict."""
    clock = FakeClock()
    forever = asyncio.Event()

    async def never() -> None:
        await forever.wait()

    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.busy", gives(FREE)),
            Check("camera.overexposed", gives({"bright_share": 0.0}), before=never),
            Check("camera.hazy", gives({}), needs=("net.rtt_high",)),
            Check("camera.backlit", gives({}), needs=("camera.hazy",)),
        ],
    )
    network = MadeUpGroup(Group.NETWORK, [Check("net.rtt_high", gives({}), before=never)])

    async with running(clock, group, network) as (runner, _):
        await clock.advance(59.9)
        assert not runner.progress.finished

        await clock.advance(0.2)

        for code in ("camera.overexposed", "camera.hazy", "camera.backlit"):
            assert result_of(runner, code) == (UNKNOWN, "deadline")
        assert (await runner.finished()).finished
        assert result_of(runner, "camera.busy") == (PASSED, None)


async def test_a_report_of_lies_can_be_written() -> None:
    """Whatever a check told, its result is plain JSON."""
    clock = FakeClock()
    checks = [
        Check("camera.fps_low", gives({"fps": math.nan, "note": "x", "n": 2**53})),
        Check("camera.overexposed", gives({"bright_share": np.float64(0.1)})),
    ]

    async with running(clock, MadeUpGroup(Group.CAMERA, checks)) as (runner, _):
        await clock.advance(0.1)

        told = [dict(each.measured) for each in runner.progress.checks]
        assert json.loads(json.dumps(told, allow_nan=False)) == [
            {"fps": None, "note": "x", "n": 2**53},
            {"bright_share": 0.1},
        ]
