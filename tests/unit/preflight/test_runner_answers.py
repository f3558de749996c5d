"""Checks that only a person can judge: unknown until they answer."""

from preflight.check import NOT_ASKED, Check, not_asked
from preflight.model import CheckState, Group, Measured
from tests.fakes.clock import FakeClock
from tests.unit.preflight.runner_world import (
    FREE,
    PASSED,
    MadeUpGroup,
    gives,
    result_of,
    running,
)

UNKNOWN, WARNED = CheckState.UNKNOWN, CheckState.WARNED
CODE = "camera.orientation"


def questions() -> MadeUpGroup:
    return MadeUpGroup(
        Group.CAMERA, [Check("camera.busy", gives(FREE)), Check(CODE, measure=not_asked)]
    )


async def test_a_question_is_unknown_until_it_is_answered() -> None:
    async with running(FakeClock(), questions()) as (runner, _):
        assert result_of(runner, CODE) == (UNKNOWN, NOT_ASKED)
        assert runner.progress.finished

        runner.answer(CODE, {"upright": False})
        assert result_of(runner, CODE) == (WARNED, None)

        runner.answer(CODE, {"upright": True})
        assert result_of(runner, CODE) == (PASSED, None)


async def test_what_is_still_being_measured_does_not_take_the_answer_back() -> None:
    clock = FakeClock()

    async def slowly() -> Measured:
        await clock.sleep(2)
        return await not_asked()

    group = MadeUpGroup(Group.CAMERA, [Check(CODE, measure=slowly)])
    async with running(clock, group) as (runner, _):
        runner.answer(CODE, {"upright": True})
        await clock.advance(3)

        assert result_of(runner, CODE) == (PASSED, None)


async def test_with_another_device_it_is_asked_anew() -> None:
    clock = FakeClock()
    async with running(clock, questions()) as (runner, _):
        runner.answer(CODE, {"upright": True})

        runner.restart(Group.CAMERA)
        await clock.advance()

        assert result_of(runner, CODE) == (UNKNOWN, NOT_ASKED)


async def test_an_answer_nobody_asked_for_changes_nothing() -> None:
    async with running(FakeClock(), questions()) as (runner, page):
        shown = len(page.seen)

        runner.answer("mic.replay", {"confirmed": True})

        assert len(page.seen) == shown
