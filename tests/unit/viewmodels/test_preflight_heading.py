"""The line over the checks: what it says in each state of the page, and that it is true."""

import asyncio

import pytest

from client_api.errors import (
    BrokenAnswer,
    ClientError,
    ErrorCode,
    Refused,
    Unreachable,
    UnreachableReason,
)
from client_api.wire import Problem
from desktop.viewmodels.preflight_state import Heading, JoinHint
from preflight.model import CheckResult, CheckState, Group, RunProgress
from preflight.verdicts.gate import GATING
from tests.fakes.clock import settle
from tests.fakes.preflight_desk import progress, result, verdict
from tests.fakes.preflight_stage import PreflightStage as Stage
from tests.fakes.wire_samples import sample_session


@pytest.fixture
def stage() -> Stage:
    made = Stage(sample_session())
    made.page.start()
    return made


async def _say(stage: Stage, run: RunProgress) -> Heading:
    stage.desk.say(run)
    await settle()
    return stage.now().heading


def _refused(code: ErrorCode) -> Refused:
    return Refused(Problem(code=code, title="refused", status=422))


async def test_before_anything_was_looked_at_nothing_is_claimed(stage: Stage) -> None:
    assert stage.now().heading is Heading.CHECKING


@pytest.mark.parametrize(
    ("network", "heading"),
    [
        (CheckState.PENDING, Heading.CHECKING),
        (CheckState.RUNNING, Heading.CHECKING),
        (CheckState.FAILED, Heading.FIX),
        (CheckState.UNKNOWN, Heading.UNDECIDED),
        (CheckState.SKIPPED, Heading.UNDECIDED),
        (CheckState.WARNED, Heading.READY),
        (CheckState.PASSED, Heading.READY),
    ],
)
async def test_a_group_of_the_gate_decides(
    stage: Stage, network: CheckState, heading: Heading
) -> None:
    assert await _say(stage, progress(network=network)) is heading


async def test_nobody_is_ready_before_the_service_has_the_results(stage: Stage) -> None:
    stage.desk.hold = asyncio.Event()

    sending = await _say(stage, progress())
    stage.desk.hold.set()
    await settle()

    assert sending is Heading.CHECKING
    assert stage.now().heading is Heading.READY


@pytest.mark.parametrize(
    ("error", "heading"),
    [
        (Unreachable(UnreachableReason.NO_CONNECTION, "no route"), Heading.NOT_SENT),
        (Unreachable(UnreachableReason.TIMED_OUT, "no answer"), Heading.NOT_SENT),
        (_refused(ErrorCode.PREFLIGHT_REQUIRED), Heading.NOT_TAKEN),
        (_refused(ErrorCode.HOST_OUTDATED), Heading.NOT_TAKEN),
        (BrokenAnswer("html"), Heading.NOT_TAKEN),
    ],
)
async def test_results_that_did_not_get_through_make_nobody_ready(
    stage: Stage, error: ClientError, heading: Heading
) -> None:
    stage.desk.answer = error

    assert await _say(stage, progress()) is heading
    assert stage.now().join is None


async def test_results_that_do_not_pass_at_the_service_make_nobody_ready(stage: Stage) -> None:
    stage.desk.answer = verdict(passed=False)

    assert await _say(stage, progress()) is Heading.NOT_TAKEN


async def test_results_that_are_sent_again_and_taken_make_ready(stage: Stage) -> None:
    stage.desk.answer = Unreachable(UnreachableReason.NO_CONNECTION, "no route")
    await _say(stage, progress())
    resend = stage.now().resend
    assert resend is not None

    stage.desk.answer = verdict()
    resend()
    sending = stage.now().heading
    await settle()

    assert sending is Heading.CHECKING
    assert stage.now().heading is Heading.READY


async def test_devices_that_could_not_be_handed_over_are_told_apart(stage: Stage) -> None:
    await _say(stage, progress())

    stage.page.on_join_failed(_refused(ErrorCode.HANDOVER_FAILED))

    assert stage.now().heading is Heading.NOT_OPENED


async def test_whoever_joins_stays_ready_until_something_is_looked_at_again(stage: Stage) -> None:
    await _say(stage, progress())
    join = stage.now().join
    assert join is not None
    stage.desk.hold = asyncio.Event()
    join()

    assert stage.now().hint is JoinHint.JOINING
    assert stage.now().heading is Heading.READY
    assert await _say(stage, progress(network=CheckState.RUNNING)) is Heading.CHECKING
    assert await _say(stage, progress(network=CheckState.FAILED)) is Heading.FIX
    await stage.tasks.close()


async def test_another_device_is_checked_before_anybody_is_ready_again(stage: Stage) -> None:
    await _say(stage, progress())

    assert await _say(stage, progress(camera=CheckState.RUNNING)) is Heading.CHECKING


async def test_advice_keeps_nobody_from_being_ready(stage: Stage) -> None:
    dark = CheckResult("camera.low_light", "C11", Group.CAMERA, CheckState.FAILED, gating=False)

    assert await _say(stage, progress(dark)) is Heading.READY


async def test_a_diagnosis_says_nothing_before_it_has_ended() -> None:
    """Its groups pass within seconds; the advice and the test call are still to come."""
    alone = Stage(None)
    alone.page.start()

    assert await _say(alone, progress(fraction=0.4)) is Heading.CHECKING
    broken = progress(result("camera.none", CheckState.FAILED), camera=CheckState.FAILED)
    assert await _say(alone, RunProgress(broken.checks, broken.gate, 0.4, False)) is Heading.FIX


async def test_a_diagnosis_with_an_account_says_that_a_call_works() -> None:
    alone = Stage(None)
    alone.page.start()
    every = [CheckResult(row.code, row.no, row.group, CheckState.PASSED) for row in GATING]

    assert await _say(alone, progress(*every)) is Heading.CALL_WORKS
