"""What the other side and the service know of somebody in the preflight, until they leave."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from client_api.errors import ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.wire import Problem, ReadinessState
from desktop.app import readiness_teller
from desktop.viewmodels.preflight_state import JoinHint
from desktop.views.texts import trouble_words
from preflight.model import Group
from tests.fakes.run_stage import RunStage, run_stage

ABSENT, CHECKING, FIXING, READY = (
    ReadinessState.ABSENT,
    ReadinessState.CHECKING,
    ReadinessState.FIXING,
    ReadinessState.READY,
)
UNREACHABLE = Unreachable(UnreachableReason.TIMED_OUT, "no answer")


@pytest.fixture
async def stage(qapp: QApplication, tmp_path: Path) -> AsyncIterator[RunStage]:
    async with run_stage(tmp_path) as made:
        yield made


def states(stage: RunStage) -> list[ReadinessState]:
    return [state for state, _ in stage.service.told]


async def test_each_step_is_told_once(stage: RunStage) -> None:
    await stage.run(20)

    assert states(stage) == [CHECKING, READY]


async def test_who_stays_says_so_every_half_minute(stage: RunStage) -> None:
    await stage.run(5)
    stage.service.told.clear()

    await stage.bench.clock.advance(95)

    assert states(stage) == [READY, READY, READY]


async def test_a_word_that_did_not_get_through_is_said_again_without_being_asked(
    stage: RunStage,
) -> None:
    await stage.run(3)
    stage.service.unheard = UNREACHABLE
    await stage.bench.clock.advance(5)
    assert stage.service.known is CHECKING

    stage.service.unheard = None
    await stage.bench.clock.advance(readiness_teller.TELL_AGAIN_AFTER_S)

    assert stage.service.known is READY


async def test_a_service_that_says_no_is_not_pressed(stage: RunStage) -> None:
    stage.service.unheard = Refused(Problem(ErrorCode.SESSION_ENDED.value, "", 409))

    await stage.run(29)

    assert states(stage) == [CHECKING, READY]


async def test_the_last_step_counts_where_the_service_is_slow(stage: RunStage) -> None:
    stage.service.hold = asyncio.Event()
    await stage.run(5)
    assert states(stage) == [CHECKING]

    stage.service.hold.set()
    await stage.bench.clock.advance()

    assert states(stage) == [CHECKING, READY]


async def test_of_the_other_side_nobody_knows_where_the_service_says_nothing(
    stage: RunStage,
) -> None:
    """*Your mechanic is ready* stayed for as long as the service could not be reached."""
    run = await stage.run(5)
    stage.service.mechanic_is(READY, 4, at_s=1)
    await stage.bench.clock.advance()
    stage.service.unheard = UNREACHABLE

    await stage.bench.clock.advance(readiness_teller.WITHOUT_WORD_S - 5)
    before = stage.now(run).counterpart_readiness
    for _ in range(45):
        await stage.bench.clock.advance(1)

    assert before is READY
    assert stage.now(run).counterpart_readiness is ReadinessState.UNKNOWN
    # Their line is what it was.
    await stage.join(run)
    assert stage.joined[-1].their.rung == 4


async def test_an_event_of_the_other_side_is_a_word_of_the_service_too(stage: RunStage) -> None:
    run = await stage.run(5)
    stage.service.unheard = UNREACHABLE
    await stage.bench.clock.advance(80)
    stage.service.mechanic_is(READY, 4, at_s=1)

    await stage.bench.clock.advance(40)

    assert stage.now(run).counterpart_readiness is READY


async def test_what_is_heard_again_of_the_other_side_stands_again(stage: RunStage) -> None:
    run = await stage.run(5)
    stage.service.unheard = UNREACHABLE
    for _ in range(130):
        await stage.bench.clock.advance(1)
    lost = stage.now(run).counterpart_readiness
    stage.service.mechanic_is(READY, 4)

    stage.service.unheard = None
    await stage.bench.clock.advance(readiness_teller.TELL_AGAIN_AFTER_S)

    assert lost is ReadinessState.UNKNOWN
    assert stage.now(run).counterpart_readiness is READY


async def test_a_fault_is_told_and_its_end_as_well(stage: RunStage) -> None:
    run = await stage.run(5)
    stage.bench.probe.rtt_ms = 500.0
    run.page.retry(Group.NETWORK)
    await stage.bench.clock.advance(8)
    fixing = stage.service.known

    stage.bench.probe.rtt_ms = 26.0
    run.page.retry(Group.NETWORK)
    await stage.bench.clock.advance(8)

    assert fixing is FIXING
    assert stage.now(run).hint is JoinHint.READY
    assert stage.service.known is READY


async def test_whoever_leaves_the_page_is_absent(stage: RunStage) -> None:
    """Back, a closed window, a sign-out: all of them close the run."""
    run = await stage.run(5)
    leave = stage.now(run).leave
    assert leave is not None

    leave()
    await run.close()
    await run.close()
    await stage.bench.clock.advance(60)

    assert stage.left == 1
    assert states(stage) == [CHECKING, READY, ABSENT]


async def test_who_goes_into_the_call_is_told_by_the_call(stage: RunStage) -> None:
    run = await stage.run(5)
    await stage.join(run)

    await stage.bench.clock.advance(60)
    await run.close()

    assert states(stage) == [CHECKING, READY]


async def test_who_never_said_a_word_says_no_goodbye(stage: RunStage) -> None:
    stage.program.leftovers = asyncio.Event()
    run = await stage.run(5)

    await run.close()

    assert stage.service.told == []


async def test_a_service_that_does_not_answer_holds_no_window_open(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness_teller, "GOODBYE_WITHIN_S", 0.05)
    run = await stage.run(5)
    stage.service.hold = asyncio.Event()

    async with asyncio.timeout(5):
        await run.close()

    assert stage.service.last_told == (ABSENT, None)
    assert stage.service.known is READY


async def test_a_camera_that_is_gone_at_the_moment_of_joining_is_told_as_just_that(
    stage: RunStage,
) -> None:
    """It was told as checks that are missing or too old, which nobody could put right."""
    run = await stage.run()
    pressed = stage.now(run).join
    assert pressed is not None
    pressed()
    stage.bench.catalogue.made_cameras[-1].unplug()
    await stage.bench.clock.advance(0.2)

    trouble = stage.now(run).trouble
    assert trouble is not None
    assert trouble.kind is ErrorCode.HANDOVER_FAILED
    assert "camera or microphone was gone" in trouble_words(trouble).headline
    assert stage.joined == []
