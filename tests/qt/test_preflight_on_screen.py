"""A preflight on the screen: how it begins, what it tells, and where it leads."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from client_api.errors import ErrorCode, Unreachable, UnreachableReason
from client_api.stream_events import SessionEnded
from client_api.wire import Readiness, ReadinessState, SessionStatus, SideReadiness
from desktop.call.states import Ended, EndReason
from desktop.viewmodels.preflight_desk import DeviceRole
from desktop.viewmodels.preflight_state import Heading, JoinHint, JoinRefused
from desktop.viewmodels.shell import Page
from preflight.devices.ports import DeviceNotFound
from preflight.model import Group
from preflight.preflight import Preflight, PreflightNotPassed
from tests.conftest import ExpectedLogs
from tests.fakes.calls import session_end, talk
from tests.fakes.devices import CAMERA, OTHER_CAMERA
from tests.fakes.run_stage import RunStage, run_stage
from tests.fakes.wire_samples import sample_session

UNREACHABLE = Unreachable(UnreachableReason.TIMED_OUT, "no answer")


@pytest.fixture
async def stage(qapp: QApplication, tmp_path: Path) -> AsyncIterator[RunStage]:
    """A healthy machine, a session, and nobody on the page yet."""
    async with run_stage(tmp_path) as made:
        yield made


async def test_it_begins_by_itself_and_joins_with_the_report_of_the_open_devices(
    stage: RunStage,
) -> None:
    run = await stage.run()
    assert stage.now(run).hint is JoinHint.READY

    proven = await stage.join(run)

    assert stage.joined[0].report == stage.service.reports[-1]["report_id"]
    assert (proven.camera, proven.microphone) == (
        stage.bench.catalogue.made_cameras[0],
        stage.bench.catalogue.made_microphones[0],
    )
    assert stage.bench.catalogue.made_cameras[0].closed == 0


async def test_it_waits_until_an_earlier_run_let_go_of_its_devices(stage: RunStage) -> None:
    stage.program.leftovers = asyncio.Event()
    await stage.run()
    before = list(stage.bench.catalogue.made_cameras)

    stage.program.leftovers.set()
    await stage.bench.clock.advance(1)

    assert before == []
    assert len(stage.bench.catalogue.made_cameras) == 1


async def test_who_is_turned_away_opens_no_device(stage: RunStage) -> None:
    stage.service.session_now = sample_session(status="completed")

    await stage.run()

    assert stage.turned_away == [ErrorCode.SESSION_ENDED]
    assert stage.bench.catalogue.made_cameras == []


async def test_a_page_that_goes_before_it_began_leaves_nothing_behind(stage: RunStage) -> None:
    stage.program.leftovers = asyncio.Event()
    run = await stage.run()

    await run.close()
    stage.program.leftovers.set()
    await stage.bench.clock.advance(5)

    assert stage.bench.catalogue.made_cameras == []


async def test_a_report_that_the_service_refused_is_told(stage: RunStage) -> None:
    stage.program.actor.state = Ended(
        EndReason.PREFLIGHT_NEEDED, talk(), ErrorCode.PREFLIGHT_REQUIRED
    )

    run = await stage.run(1)

    assert stage.now(run).again is JoinRefused.REPORT


async def test_the_other_side_is_followed_and_an_end_leads_to_the_summary(stage: RunStage) -> None:
    run = await stage.run()
    stage.service.mechanic_is(ReadinessState.FIXING, 6, at_s=1)
    await stage.bench.clock.advance()
    assert stage.now(run).counterpart_readiness is ReadinessState.FIXING

    now = sample_session().clock.server_now
    stage.service.happen(SessionEnded(now, SessionStatus.COMPLETED, session_end()))
    await stage.bench.clock.advance()

    assert stage.program.shell.state.value.page is Page.SUMMARY


async def test_events_that_cannot_be_read_hold_nothing_up(stage: RunStage) -> None:
    run = await stage.run(2)
    stage.service.happen(UNREACHABLE)

    await stage.bench.clock.advance(3)

    assert stage.now(run).hint is JoinHint.READY


async def test_what_we_can_receive_is_told_again_once_it_is_measured(stage: RunStage) -> None:
    stage.bench.media.figures = {**stage.bench.media.figures, "downlink_kbps": 450.0}
    await stage.run(5)
    before = stage.service.last_told

    await stage.bench.clock.advance(60)

    assert before == (ReadinessState.READY, None)
    assert stage.service.last_told == (ReadinessState.READY, 1)


@pytest.mark.parametrize(
    "fault",
    [PreflightNotPassed(("camera.unplugged",)), DeviceNotFound("speaker", "USB"), OSError()],
)
async def test_a_hand_over_that_fails_leads_back_to_the_checks(
    stage: RunStage,
    monkeypatch: pytest.MonkeyPatch,
    expected_logs: ExpectedLogs,
    fault: Exception,
) -> None:
    if not isinstance(fault, PreflightNotPassed):
        expected_logs.allow("could not be handed over")
    run = await stage.run()
    pressed = stage.now(run).join
    assert pressed is not None

    async def failing(_: Preflight) -> None:
        raise fault

    monkeypatch.setattr(Preflight, "handover", failing)
    pressed()
    await stage.bench.clock.advance(1)

    assert stage.joined == []
    assert stage.now(run).hint is JoinHint.REPORT_REFUSED


async def test_a_diagnosis_has_no_session_to_tell(stage: RunStage) -> None:
    stage.session = None

    run = await stage.run()

    row = next(each for each in stage.now(run).groups if each.group is Group.CAMERA)
    assert row.state.lets_pass
    assert stage.service.told == []
    assert stage.now(run).hint is JoinHint.NOT_OFFERED


async def test_a_diagnosis_of_somebody_signed_in_asks_the_call_server_as_well(
    stage: RunStage,
) -> None:
    """Without an account two checks of the gate are left out; with one a call is really tried."""
    stage.session = None

    run = await stage.run(61)

    state = stage.now(run)
    assert state.diagnosis is not None
    assert state.diagnosis.out_of_scope == ()
    assert state.heading is Heading.CALL_WORKS
    assert stage.joined == []


async def test_own_limits_and_the_other_sides_line_are_handed_over_apart(stage: RunStage) -> None:
    """Lowered before the hand-over, a limit of theirs could never be lifted in the call."""
    run = await stage.run()
    stage.service.mechanic_is(ReadinessState.CHECKING, 2, at_s=5)
    await stage.bench.clock.advance()

    await stage.join(run)

    entry = stage.joined[-1]
    assert entry.proven.limits.rung == 5
    assert entry.their.rung == 2


@pytest.mark.parametrize(("theirs", "begins"), [(None, True), (1, True), (0, False)])
async def test_where_they_can_receive_no_picture_the_call_begins_without_one(
    stage: RunStage, theirs: int | None, begins: bool
) -> None:
    run = await stage.run()
    stage.service.mechanic_is(ReadinessState.READY, theirs, at_s=5)
    await stage.bench.clock.advance()

    await stage.join(run)

    assert stage.joined[-1].wishes.camera_on is begins
    assert stage.joined[-1].wishes.microphone_on


async def test_what_an_earlier_run_measured_decides_whether_a_call_begins_with_a_picture(
    stage: RunStage,
) -> None:
    """Who joins at once has measured no line of their own."""
    stage.bench.media.figures = {**stage.bench.media.figures, "uplink_kbps": 200.0}
    first = await stage.run(60)
    await stage.join(first)
    await first.close()
    await stage.end_call()

    await stage.join(await stage.run(5))

    assert stage.joined[0].wishes.camera_on is False
    assert stage.joined[1].proven.limits.rung == 0
    assert stage.joined[1].wishes.camera_on is False


async def test_what_they_said_before_the_session_was_read_is_old(stage: RunStage) -> None:
    """A stream begins with the session's first event."""
    stage.service.mechanic_is(ReadinessState.FIXING, 1, at_s=-30)
    stage.service.sides = Readiness(
        stage.service.sides.customer, SideReadiness(ReadinessState.READY, 6)
    )

    run = await stage.run()
    await stage.join(run)

    assert stage.now(run).counterpart_readiness is ReadinessState.READY
    assert stage.joined[-1].their.rung == 6


async def test_a_picture_is_what_the_camera_sees_now_or_none(stage: RunStage) -> None:
    stage.session = None
    stage.bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    run = await stage.run(3)
    seen = run.seen_now()

    stage.bench.catalogue.made_cameras[0].delivers = False
    await stage.bench.clock.advance(1.9)
    still = run.seen_now()
    await stage.bench.clock.advance(0.3)

    assert seen is not None
    assert still is not None
    assert run.seen_now() is None


async def test_another_camera_takes_the_picture_of_the_first_away(stage: RunStage) -> None:
    stage.session = None
    stage.bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    run = await stage.run(3)

    run.page.choose(DeviceRole.CAMERA, OTHER_CAMERA.id)
    at_once = run.seen_now()
    await stage.bench.clock.advance(1)

    assert at_once is None
    assert run.seen_now() is not None
