"""The preflight page: Join is possible exactly when it would succeed."""

import asyncio
from dataclasses import replace

import pytest

from client_api.errors import (
    ClientError,
    ErrorCode,
    Refused,
    ReportFault,
    Unreachable,
    UnreachableReason,
)
from client_api.tasks import Tasks
from client_api.wire import Problem, ReadinessState, ReportId, Role
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import Heading, JoinHint, JoinRefused, SpeakerTest
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.model import CheckedAgain, CheckState, Group
from tests.fakes.clock import settle
from tests.fakes.preflight_desk import FakePreflightDesk, device, progress, result, verdict
from tests.fakes.preflight_stage import PreflightStage as Stage
from tests.fakes.wire_samples import sample_session

FAILED_NETWORK = progress(
    result("camera.fps_low", CheckState.PASSED),
    result("net.rtt_high", CheckState.FAILED, rtt_median_ms=412.0),
    result("net.room", CheckState.WARNED),
    network=CheckState.FAILED,
)
UNREACHABLE = Unreachable(UnreachableReason.TIMED_OUT, "no answer")


def refused(code: ErrorCode) -> Refused:
    return Refused(Problem(code=code.value, title="", status=428))


@pytest.fixture
def stage() -> Stage:
    return Stage(sample_session())


async def _pass(stage: Stage) -> None:
    stage.page.start()
    stage.desk.say(progress())
    await settle()


async def test_nothing_can_be_joined_while_the_checks_run(stage: Stage) -> None:
    stage.page.start()
    stage.desk.say(progress(network=CheckState.RUNNING, fraction=0.6))
    await settle()

    assert stage.now().join is None
    assert stage.now().hint is JoinHint.CHECKING
    assert stage.state.heading is Heading.CHECKING
    assert stage.state.fraction == 0.6
    assert stage.desk.reports == 0
    assert stage.told == [ReadinessState.CHECKING]


async def test_a_passing_gate_hands_the_report_in_and_then_join_is_possible(stage: Stage) -> None:
    stage.desk.hold = asyncio.Event()
    await _pass(stage)
    assert stage.now().hint is JoinHint.SENDING_REPORT
    assert stage.now().join is None

    stage.desk.hold.set()
    await settle()

    assert stage.now().hint is JoinHint.READY
    assert stage.state.join is not None
    assert stage.state.short_code == "7K3M-Q2XZ"
    assert stage.told == [ReadinessState.CHECKING, ReadinessState.READY]


async def test_a_warning_does_not_hold_join_back(stage: Stage) -> None:
    stage.page.start()
    stage.desk.say(progress(result("camera.fps_low", CheckState.WARNED), camera=CheckState.WARNED))
    await settle()

    assert stage.state.join is not None
    speaks = stage.row(Group.CAMERA).speaks
    assert speaks is not None
    assert speaks.code == "camera.fps_low"
    assert stage.state.heading is Heading.READY


async def test_a_gate_that_falls_again_takes_join_back(stage: Stage) -> None:
    await _pass(stage)

    stage.desk.say(FAILED_NETWORK)
    await settle()

    assert stage.now().join is None
    assert stage.state.short_code is None


async def test_a_report_that_arrives_after_the_gate_fell_does_not_count(stage: Stage) -> None:
    stage.desk.hold = asyncio.Event()
    await _pass(stage)

    stage.desk.say(FAILED_NETWORK)
    stage.desk.hold.set()
    await settle()

    assert stage.now().join is None
    assert stage.now().hint is JoinHint.FIX_ISSUES


async def test_another_camera_voids_the_report(stage: Stage) -> None:
    await _pass(stage)

    stage.page.choose(DeviceRole.CAMERA, DeviceId("usb"))

    assert stage.now().join is None
    assert stage.now().hint is JoinHint.SENDING_REPORT


async def test_another_speaker_voids_nothing_but_the_beep_test(stage: Stage) -> None:
    await _pass(stage)

    stage.page.choose(DeviceRole.SPEAKER, DeviceId("headphones"))

    assert stage.state.join is not None
    assert stage.now().questions.speaker is SpeakerTest.IDLE


async def test_choosing_what_is_chosen_already_does_nothing(stage: Stage) -> None:
    await _pass(stage)

    stage.page.choose(DeviceRole.CAMERA, DeviceId("integrated"))

    assert stage.desk.chosen == []
    assert stage.state.join is not None


@pytest.mark.parametrize("error", [refused(ErrorCode.PREFLIGHT_RUN_EXPIRED), UNREACHABLE])
async def test_a_report_that_is_not_taken_can_be_sent_again(
    stage: Stage, error: ClientError
) -> None:
    stage.desk.answer = error
    await _pass(stage)
    assert stage.now().hint is JoinHint.REPORT_REFUSED
    assert stage.state.trouble is not None
    assert stage.state.resend is not None
    stage.desk.say(progress())
    assert stage.desk.reports == 1, "it is not repeated at every change"

    stage.desk.answer = verdict()
    stage.state.resend()
    await settle()

    assert stage.state.join is not None
    assert stage.state.trouble is None


async def test_an_error_about_a_gate_that_fell_meanwhile_is_forgotten(stage: Stage) -> None:
    stage.desk.hold = asyncio.Event()
    stage.desk.answer = UNREACHABLE
    await _pass(stage)

    stage.desk.say(FAILED_NETWORK)
    stage.desk.hold.set()
    await settle()

    assert stage.state.trouble is None


async def test_a_verdict_of_the_service_that_differs_from_ours_holds_join_back(
    stage: Stage,
) -> None:
    stage.desk.answer = verdict(passed=False)

    await _pass(stage)

    assert stage.now().join is None
    assert stage.now().hint is JoinHint.REPORT_REFUSED


async def test_joining_renews_the_report_and_leaves_with_its_id(stage: Stage) -> None:
    await _pass(stage)
    stage.desk.answer = verdict("NEWER-CODE")

    assert stage.state.join is not None
    stage.state.join()
    assert stage.now().hint is JoinHint.JOINING
    assert stage.now().join is None
    await settle()

    assert stage.joined == [ReportId("report-NEWER-CODE")]


async def test_a_join_whose_report_cannot_be_renewed_comes_back(stage: Stage) -> None:
    await _pass(stage)
    stage.desk.answer = UNREACHABLE

    assert stage.state.join is not None
    stage.state.join()
    await settle()

    assert stage.joined == []
    assert stage.now().hint is JoinHint.REPORT_REFUSED


@pytest.mark.parametrize("falls", [True, False])
async def test_a_join_is_given_up_when_the_gate_or_the_service_says_no(
    stage: Stage, falls: bool
) -> None:
    await _pass(stage)
    stage.desk.hold = asyncio.Event()
    stage.desk.answer = verdict(passed=falls)

    assert stage.state.join is not None
    stage.state.join()
    await settle()
    if falls:
        stage.desk.say(FAILED_NETWORK)
    stage.desk.hold.set()
    await settle()

    assert stage.joined == []
    assert stage.now().join is None


async def test_leaving_while_joining_joins_nothing(stage: Stage) -> None:
    await _pass(stage)
    stage.desk.hold = asyncio.Event()
    assert stage.state.join is not None
    stage.state.join()
    await settle()

    assert stage.state.leave is not None
    stage.state.leave()
    stage.desk.hold.set()
    await settle()

    assert stage.left == 1
    assert stage.joined == []
    assert len(stage.tasks) == 0


async def test_after_leaving_nothing_changes_and_nothing_starts(stage: Stage) -> None:
    await _pass(stage)
    before = stage.state

    stage.page.close()
    stage.desk.say(FAILED_NETWORK)
    stage.page.choose(DeviceRole.CAMERA, DeviceId("usb"))
    stage.page.on_counterpart_readiness(ReadinessState.READY)
    await settle()

    assert stage.state == before
    assert stage.desk.chosen == []


async def test_a_refused_join_shows_why_and_asks_for_a_new_report(stage: Stage) -> None:
    await _pass(stage)

    stage.page.on_join_failed(refused(ErrorCode.PREFLIGHT_REQUIRED))

    assert stage.now().hint is JoinHint.REPORT_REFUSED
    assert stage.state.trouble is not None
    assert stage.state.trouble.kind is ErrorCode.PREFLIGHT_REQUIRED


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (ReportFault.MISSING, JoinRefused.MISSING),
        (ReportFault.STALE, JoinRefused.STALE),
        (ReportFault.FAILED, JoinRefused.FAILED),
        (ReportFault.UNKNOWN, JoinRefused.REPORT),
        (None, JoinRefused.REPORT),
    ],
)
async def test_a_join_refused_for_its_report_says_why_until_the_new_checks_are_done(
    stage: Stage, fault: ReportFault | None, why: JoinRefused
) -> None:
    stage.page.say_join_was_refused(ErrorCode.PREFLIGHT_REQUIRED, fault)
    stage.page.start()
    stage.desk.say(progress(network=CheckState.RUNNING, fraction=0.6))
    assert stage.now().again is why

    stage.desk.say(progress())
    await settle()

    assert stage.now().again is None


async def test_a_made_up_device_holds_join_back_for_as_long_as_it_is_in_use(stage: Stage) -> None:
    """The service would refuse it once more, and the page would begin anew for ever."""
    clip = DeviceInfo(DeviceId("clip"), "car.mp4", DeviceKind.FILE)
    camera = DeviceChoice((clip, device("USB")), clip.id)
    stage.desk.plug(DeviceChoices(camera=camera, microphone=stage.desk.devices.microphone))
    stage.page.say_join_was_refused(ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE)

    await _pass(stage)

    assert stage.now().again is JoinRefused.SYNTHETIC
    assert (stage.now().hint, stage.now().join) == (JoinHint.FIX_ISSUES, None)
    assert stage.now().heading is Heading.FIX
    assert stage.told[-1] == ReadinessState.FIXING

    stage.page.choose(DeviceRole.CAMERA, DeviceId("usb"))
    stage.desk.say(progress())
    await settle()

    assert stage.now().again is None
    assert stage.now().join is not None
    assert stage.now().heading is Heading.READY
    assert stage.told[-2:] == [ReadinessState.FIXING, ReadinessState.READY]


async def test_what_the_run_says_of_checking_again_is_shown(stage: Stage) -> None:
    await _pass(stage)

    stage.desk.say(
        replace(progress(network=CheckState.RUNNING, fraction=0.8), again=CheckedAgain.REPORT_OLD)
    )

    assert stage.state.again is CheckedAgain.REPORT_OLD


async def test_the_other_side_is_named_with_how_far_it_is() -> None:
    stage = Stage(sample_session())

    assert stage.state.counterpart_name == "Dana Roy"
    assert stage.state.counterpart_role is Role.MECHANIC
    assert stage.now().counterpart_readiness is ReadinessState.READY
    assert stage.state.vehicle_title == "2016 Honda Civic"
    stage.page.on_counterpart_readiness(ReadinessState.ABSENT)
    assert stage.now().counterpart_readiness is ReadinessState.ABSENT


async def test_who_passes_stays_ready_while_advice_comes_in(stage: Stage) -> None:
    await _pass(stage)
    stage.told.clear()

    stage.desk.say(progress(result("camera.fps_low", CheckState.WARNED)))

    assert stage.told == [ReadinessState.READY]


async def test_without_a_session_there_is_nothing_to_join_and_no_report() -> None:
    stage = Stage(None)

    await _pass(stage)

    assert stage.now().hint is JoinHint.NOT_OFFERED
    assert stage.state.counterpart_name is None
    assert stage.state.vehicle_title == ""
    assert stage.desk.reports == 0


async def test_a_session_without_a_counterpart_has_an_unknown_other_side() -> None:
    stage = Stage(sample_session(counterpart=None))

    assert stage.now().counterpart_readiness is ReadinessState.UNKNOWN


async def test_a_page_without_a_service_tells_nobody() -> None:
    desk = FakePreflightDesk()
    page = PreflightPage(
        session=None,
        desk=desk,
        preview=PictureMailbox(),
        spawn=Tasks().spawn,
        on_join=lambda _: None,
        on_leave=lambda: None,
    )

    page.start()
    page.state.value.questions.play_beeps  # noqa: B018 - reading it is enough
    desk.say(progress())

    assert page.state.value.hint is JoinHint.NOT_OFFERED


def test_the_single_checks_fold_and_unfold(stage: Stage) -> None:
    stage.page.toggle_checks()
    assert stage.now().unfolded
    stage.page.toggle_checks()
    assert not stage.now().unfolded


async def test_the_other_side_does_not_see_us_fall_back_while_we_join(stage: Stage) -> None:
    await _pass(stage)
    stage.desk.hold = asyncio.Event()
    assert stage.state.join is not None
    stage.state.join()

    stage.desk.say(progress(network=CheckState.RUNNING))
    await settle()

    assert stage.told == [ReadinessState.CHECKING, ReadinessState.READY]
    stage.page.close()
