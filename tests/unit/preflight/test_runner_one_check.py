"""Measuring one check again, because somebody asked for it."""

from dataclasses import replace

from preflight.check import Check
from preflight.model import CheckState, Group
from tests.fakes.clock import FakeClock
from tests.unit.preflight.runner_world import (
    BUSY,
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

WARNED = CheckState.WARNED
DARK, LIGHT = {"luma_mean": 10, "structure": 2}, {"luma_mean": 100, "structure": 2}


async def test_an_advisory_check_is_measured_alone_at_once_and_for_all_to_see() -> None:
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.none", gives(ONE)),
            Check("camera.low_light", gives(DARK, LIGHT)),
            Check("camera.virtual", gives({"virtual": True}, {"virtual": False})),
        ],
    )
    clock = FakeClock()
    async with running(clock, group) as (runner, page):
        assert result_of(runner, "camera.low_light") == (FAILED, None)

        runner.again("camera.low_light")
        await clock.advance()

        assert result_of(runner, "camera.low_light") == (PASSED, None)
        assert page.states("camera.low_light")[-2:] == [RUNNING, PASSED]
        assert result_of(runner, "camera.virtual") == (WARNED, None), "left alone"
        assert group.begun == 1


async def test_what_is_measured_beside_it_comes_along() -> None:
    loop = Check("speaker.loop", gives({"coupled": False, "gain_db": -80}))
    delay = Check("speaker.delay", gives({"delay_ms": 400}, {"delay_ms": 20}))
    group = MadeUpGroup(Group.SPEAKER, [replace(loop, together=("speaker.delay",)), delay])
    clock = FakeClock()
    async with running(clock, group) as (runner, _):
        assert result_of(runner, "speaker.delay") == (FAILED, None)

        runner.again("speaker.loop")
        await clock.advance()

        assert result_of(runner, "speaker.delay") == (PASSED, None)


async def test_who_waits_for_advice_that_is_measured_again_waits_for_the_new_verdict() -> None:
    """It was left pending until the run was a minute old."""
    clock = FakeClock()
    group = MadeUpGroup(
        Group.SPEAKER,
        [
            Check("speaker.open_failed", takes(clock, 3, {"plays": True})),
            Check("speaker.delay", gives({"delay_ms": 20}), needs=("speaker.open_failed",)),
        ],
    )
    async with running(clock, group) as (runner, _):
        await clock.advance(1)
        runner.again("speaker.open_failed")
        await clock.advance(3.5)

        assert result_of(runner, "speaker.delay") == (PASSED, None)


async def test_advice_that_is_measured_again_takes_no_gating_verdict_back() -> None:
    """A gating check that comes along is measured quietly: Join stays."""
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK,
        [
            Check("net.health", takes(clock, 1, {"healthy": True, "lost": 0})),
            Check(
                "net.ipv6",
                gives({"family_broken": True}, {"family_broken": False}),
                together=("net.health",),
            ),
        ],
    )
    async with running(clock, group) as (runner, page):
        await clock.advance(2)
        before = result_of(runner, "net.ipv6")
        shown = len(page.states("net.health"))

        runner.again("net.ipv6")
        await clock.advance(2)

        assert before[0] is not PASSED
        assert result_of(runner, "net.ipv6") == (PASSED, None)
        assert len(page.states("net.health")) == shown
        assert page.states("net.health")[-1] is PASSED


async def test_after_the_end_nothing_is_begun_any_more() -> None:
    """A hot-plug in the moment of Join closed the call's camera."""
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.none", gives(ONE))])
    async with running(clock, group) as (runner, page):
        await clock.advance(1)
        await runner.stop()
        shown = len(page.seen)

        runner.restart(Group.CAMERA)
        runner.again("camera.none")
        runner.hint(Group.CAMERA)
        runner.answer("camera.none", {"cameras": 0})
        await clock.advance(5)

        assert group.begun == 1
        assert len(page.seen) == shown


async def test_a_gating_check_is_measured_again_without_opening_anything_anew() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [Check("camera.none", gives(ONE)), Check("camera.busy", gives(BUSY, FREE))],
        retry_every_s=60,
    )
    async with running(clock, group) as (runner, page):
        runner.again("camera.busy")
        await clock.advance(0.5)

        assert result_of(runner, "camera.busy") == (PASSED, None)
        assert page.states("camera.busy")[-3:][-1] is PASSED
        assert RUNNING in page.states("camera.busy")[2:]
        assert group.begun == 1


async def test_a_device_that_is_of_no_use_any_more_is_opened_anew_for_it() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", gives(BUSY, FREE))], retry_every_s=60)
    group.is_usable = False
    async with running(clock, group) as (runner, _):
        runner.again("camera.busy")
        await clock.advance(0.5)

        assert result_of(runner, "camera.busy") == (PASSED, None)
        assert group.begun == 2


async def test_a_code_or_a_group_that_is_not_run_is_left_alone() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.none", gives(ONE))])
    async with running(clock, group) as (runner, page):
        shown = len(page.seen)

        runner.again("mic.none")
        runner.restart(Group.MICROPHONE)
        await clock.advance()

        assert len(page.seen) == shown


async def test_the_progress_counts_advice_and_the_decision_does_not() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.none", gives(ONE)),
            Check("camera.low_light", takes(clock, 3, LIGHT)),
        ],
    )
    async with running(clock, group) as (runner, _):
        decided = await runner.decided()

        assert decided.fraction == 0.5
        assert not decided.finished
        await clock.advance(3)
        assert (await runner.finished()).fraction == 1.0
