"""What the person is asked on the preflight page, and where their answers go."""

import asyncio
from dataclasses import replace

import pytest

from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from desktop.viewmodels.preflight_fixes import ASKED
from desktop.viewmodels.preflight_state import Questions, ReplayTest, SpeakerTest
from preflight.check import NOT_ASKED
from preflight.devices.frames import DeviceId
from preflight.model import CheckResult, CheckState, Group
from tests.fakes.clock import settle
from tests.fakes.preflight_desk import device, progress
from tests.fakes.preflight_stage import PreflightStage as Stage
from tests.fakes.wire_samples import sample_session


@pytest.fixture
async def stage() -> Stage:
    made = Stage(sample_session())
    made.page.start()
    return made


def told(code: str, group: Group, state: CheckState, reason: str | None = None) -> CheckResult:
    return CheckResult(code, "S04", group, state, reason=reason, gating=False)


def asked(stage: Stage) -> Questions:
    return stage.now().questions


def hear_yourself(stage: Stage) -> None:
    hear = asked(stage).hear_yourself
    assert hear is not None
    hear()


def play_beeps(stage: Stage) -> None:
    play = asked(stage).play_beeps
    assert play is not None
    play()


def answer_replay(stage: Stage, clear: bool) -> None:
    answer = asked(stage).answer_replay
    assert answer is not None
    answer(clear)


@pytest.mark.parametrize(
    ("answers", "figures"),
    [
        ((2,), [(0, False)]),
        ((1, 2), [(1, False), (0, False)]),
        ((1, 3), [(1, False), (2, False)]),
        ((0,), [(1, True)]),
    ],
)
async def test_each_answer_goes_to_the_check(
    stage: Stage, answers: tuple[int, ...], figures: list[tuple[int, bool]]
) -> None:
    for count in answers:
        play = asked(stage).play_beeps
        assert play is not None
        play()
        await settle()
        answer = asked(stage).answer_beeps
        assert answer is not None
        answer(count)

    assert stage.desk.answers == [
        ("speaker.not_heard", {"wrong_answers": wrong, "heard_none": none})
        for wrong, none in figures
    ]


async def test_a_loudspeaker_that_was_heard_lately_is_not_asked_about(stage: Stage) -> None:
    stage.desk.say(progress(told("speaker.not_heard", Group.SPEAKER, CheckState.PASSED)))

    assert asked(stage).speaker is SpeakerTest.REMEMBERED
    assert asked(stage).play_beeps is not None
    await settle()


async def test_the_recording_is_counted_down_and_then_asked_about(stage: Stage) -> None:
    seen: list[tuple[ReplayTest, int]] = []
    stage.page.state.subscribe(
        lambda state: seen.append((state.questions.replay, state.questions.replay_left_s))
    )
    hear_yourself(stage)
    assert asked(stage).hear_yourself is None
    assert asked(stage).play_beeps is None
    await settle()

    shown = list(dict.fromkeys(seen))
    assert shown[-5:] == [
        (ReplayTest.RECORDING, 0),
        (ReplayTest.RECORDING, 5),
        (ReplayTest.RECORDING, 1),
        (ReplayTest.PLAYING, 0),
        (ReplayTest.ASKING, 0),
    ]


@pytest.mark.parametrize(
    ("clear", "replay"), [(True, ReplayTest.CONFIRMED), (False, ReplayTest.DENIED)]
)
async def test_what_the_person_heard_of_themselves_goes_to_the_check(
    stage: Stage, clear: bool, replay: ReplayTest
) -> None:
    hear_yourself(stage)
    await settle()
    answer_replay(stage, clear)

    assert asked(stage).replay is replay
    assert asked(stage).answer_replay is None
    assert stage.desk.answers == [("mic.replay", {"confirmed": clear})]


async def test_a_voice_that_cannot_be_played_back_is_said_so_until_the_beeps(stage: Stage) -> None:
    stage.desk.beep_error = OSError("gone")
    hear_yourself(stage)
    await settle()
    assert asked(stage).replay is ReplayTest.FAILED

    stage.desk.beep_error = None
    play = asked(stage).play_beeps
    assert play is not None
    play()
    await settle()

    assert asked(stage).replay is ReplayTest.IDLE
    assert asked(stage).speaker is SpeakerTest.ASKING


async def test_one_question_at_a_time(stage: Stage) -> None:
    play = asked(stage).play_beeps
    assert play is not None
    play()
    await settle()
    assert asked(stage).speaker is SpeakerTest.ASKING

    hear_yourself(stage)
    await settle()

    assert asked(stage).speaker is SpeakerTest.IDLE
    assert asked(stage).answer_beeps is None
    assert asked(stage).replay is ReplayTest.ASKING


async def test_with_another_device_nobody_has_heard_themselves(stage: Stage) -> None:
    devices = stage.desk.devices
    stage.desk.plug(
        replace(
            devices,
            microphone=DeviceChoice((device("Headset"), device("Desk")), DeviceId("headset")),
        )
    )
    hear_yourself(stage)
    await settle()

    stage.page.choose(DeviceRole.MICROPHONE, DeviceId("desk"))

    assert asked(stage).replay is ReplayTest.IDLE
    assert asked(stage).answer_replay is None
    await settle()


def move_sound_to(stage: Stage, name: str) -> None:
    """Sound comes from another loudspeaker by itself: the system's default moved."""
    devices = stage.desk.devices
    found = (device("Built-in"), device("Monitor"))
    stage.desk.plug(replace(devices, speaker=DeviceChoice(found, DeviceId(name))))
    stage.desk.say(progress())


async def test_a_loudspeaker_that_took_over_by_itself_was_heard_by_nobody(stage: Stage) -> None:
    play_beeps(stage)
    await settle()
    answer = asked(stage).answer_beeps
    assert answer is not None
    answer(2)
    assert asked(stage).speaker is SpeakerTest.HEARD

    move_sound_to(stage, "monitor")

    assert asked(stage).speaker is SpeakerTest.IDLE
    await settle()


async def test_beeps_that_moved_on_while_they_played_are_not_asked_about(stage: Stage) -> None:
    stage.desk.hold = asyncio.Event()
    play_beeps(stage)
    await settle()

    move_sound_to(stage, "monitor")
    assert asked(stage).speaker is SpeakerTest.PLAYING, "it is not quiet yet"
    stage.desk.hold.set()
    await settle()

    assert asked(stage).speaker is SpeakerTest.IDLE
    assert asked(stage).answer_beeps is None


async def test_with_a_microphone_that_took_over_nobody_has_heard_themselves(stage: Stage) -> None:
    hear_yourself(stage)
    await settle()
    answer_replay(stage, True)
    devices = stage.desk.devices

    stage.desk.plug(
        replace(devices, microphone=DeviceChoice((device("Webcam"),), DeviceId("webcam")))
    )
    stage.desk.say(progress())

    assert asked(stage).replay is ReplayTest.IDLE
    await settle()


async def test_a_recording_goes_on_while_a_device_is_chosen(stage: Stage) -> None:
    stage.desk.hold = asyncio.Event()
    hear_yourself(stage)
    await settle()

    stage.page.choose(DeviceRole.SPEAKER, DeviceId("other"))
    assert asked(stage).replay is ReplayTest.PLAYING

    stage.desk.hold.set()
    await settle()
    assert asked(stage).replay is ReplayTest.ASKING


async def test_without_a_microphone_there_is_nothing_to_hear(stage: Stage) -> None:
    stage.desk.plug(DeviceChoices(speaker=DeviceChoice((device("Only"),), DeviceId("only"))))
    stage.desk.say(progress())

    assert asked(stage).hear_yourself is None
    assert asked(stage).play_beeps is not None
    await settle()


@pytest.mark.parametrize(
    ("state", "reason", "offered"),
    [
        (CheckState.PENDING, None, False),
        (CheckState.SKIPPED, "needs:camera.none", False),
        (CheckState.UNKNOWN, NOT_ASKED, True),
        (CheckState.WARNED, None, True),
    ],
)
async def test_the_picture_is_asked_about_while_there_is_one(
    stage: Stage, state: CheckState, reason: str | None, offered: bool
) -> None:
    stage.desk.say(progress(told("camera.orientation", Group.CAMERA, state, reason)))

    question = asked(stage).upright
    assert (question is not None) is offered
    if question is not None:
        assert question.confirm is not None
        for command in (question.turn, question.mirror, question.confirm):
            command()
        assert stage.desk.orientation == ["turn", "mirror", "confirm"]
    await settle()


async def test_a_picture_that_is_upright_can_still_be_turned(stage: Stage) -> None:
    stage.desk.say(progress(told("camera.orientation", Group.CAMERA, CheckState.PASSED)))

    question = asked(stage).upright
    assert question is not None
    assert question.confirm is None
    await settle()


async def test_what_is_asked_is_not_measured_again(stage: Stage) -> None:
    stage.desk.say(progress(told(ASKED[0], Group.SPEAKER, CheckState.WARNED)))
    assert stage.row(Group.SPEAKER).retry is None

    stage.desk.say(progress(told("speaker.loop", Group.SPEAKER, CheckState.WARNED)))
    retry = stage.row(Group.SPEAKER).retry
    assert retry is not None
    retry()

    assert stage.desk.measured_again == ["speaker.loop"]
    await settle()


async def test_sound_alone_is_chosen_and_taken_back(stage: Stage) -> None:
    slow = CheckResult(
        "media.uplink_low",
        "P01",
        Group.MEDIA,
        CheckState.FAILED,
        measured={"uplink_kbps": 420.0},
        gating=False,
    )
    assert stage.now().sound_only is None
    stage.desk.say(progress(slow))
    offer = stage.now().sound_only
    assert offer is not None
    assert not offer.chosen

    offer.choose(True)

    chosen = stage.now().sound_only
    assert chosen is not None
    assert chosen.chosen
    assert not stage.page.begins_with_picture
    await settle()


def measured_path(code: str, *, as_of_ms: float = 9_000.0, **figures: float) -> CheckResult:
    """A figure of the test call that is neither good nor bad news by itself."""
    return CheckResult(
        code,
        "P02",
        Group.MEDIA,
        CheckState.PASSED,
        measured=figures,
        gating=False,
        as_of_ms=as_of_ms,
    )


async def test_a_picture_that_the_other_side_cannot_receive_is_told_and_can_be_sent_all_the_same(
    stage: Stage,
) -> None:
    """Nobody was told why the call began without one."""
    fast = measured_path("media.uplink_low", uplink_kbps=3500.0)
    stage.desk.say(progress(fast))
    assert stage.now().sound_only is None

    stage.desk.their_rung = 0
    stage.desk.say(progress(fast))

    offer = stage.now().sound_only
    assert offer is not None
    assert (offer.theirs, offer.chosen) == (True, True)
    began = [stage.page.begins_with_picture]
    offer.choose(False)
    began.append(stage.page.begins_with_picture)
    assert began == [False, True]
    await settle()


async def test_our_own_weak_line_is_not_called_theirs(stage: Stage) -> None:
    stage.desk.their_rung = 0
    stage.desk.say(progress(measured_path("media.uplink_low", uplink_kbps=150.0)))

    offer = stage.now().sound_only
    assert offer is not None
    assert (offer.theirs, offer.chosen) == (False, True)
    await settle()


@pytest.mark.parametrize(("down_kbps", "is_told"), [(150.0, True), (420.0, False)])
async def test_who_cannot_receive_a_picture_is_told_that_none_will_come(
    stage: Stage, down_kbps: float, is_told: bool
) -> None:
    down = measured_path("media.downlink_low", downlink_kbps=down_kbps, uplink_kbps=3500.0)

    stage.desk.say(progress(down))

    assert stage.now().no_picture_comes is is_told
    await settle()


@pytest.mark.parametrize(
    ("as_of_ms", "now_ms", "age_s"),
    [
        (-125_000.0, 20_000.0, 120),
        (-20_000.0, 15_000.0, 30),
        (-1.0, 5_000.0, 0),
        (3_000.0, 300_000.0, None),
    ],
)
async def test_figures_of_an_earlier_run_tell_their_age_and_those_of_this_one_do_not(
    stage: Stage, as_of_ms: float, now_ms: float, age_s: int | None
) -> None:
    stage.desk.now_ms = now_ms
    path = measured_path("media.uplink_low", uplink_kbps=3500.0, as_of_ms=as_of_ms)

    stage.desk.say(progress(path))

    assert stage.now().reused_s.get("media.uplink_low") == age_s
    assert stage.now().trial_age_s == age_s
    await settle()
