"""The preflight page's sound: beeps that are counted, and a meter that holds its peak."""

import pytest

from client_api.tasks import Tasks
from desktop.viewmodels.held_level import PEAK_HOLD_READINGS
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import SpeakerTest
from tests.fakes.clock import settle
from tests.fakes.preflight_desk import FakePreflightDesk
from tests.fakes.preflight_stage import PreflightStage as Stage
from tests.fakes.wire_samples import sample_session


@pytest.fixture
def stage() -> Stage:
    return Stage(sample_session())


async def test_right_beeps_are_heard(stage: Stage) -> None:
    assert stage.state.questions.play_beeps is not None
    stage.state.questions.play_beeps()
    assert stage.now().questions.speaker is SpeakerTest.PLAYING
    assert stage.now().questions.play_beeps is None
    await settle()
    assert stage.desk.played == [2]
    assert stage.state.questions.answer_beeps is not None

    stage.state.questions.answer_beeps(2)

    assert stage.now().questions.speaker is SpeakerTest.HEARD
    assert stage.now().questions.answer_beeps is None


@pytest.mark.parametrize(
    ("answers", "verdict_is"),
    [((1,), SpeakerTest.WRONG), ((1, 3), SpeakerTest.NOT_HEARD), ((0,), SpeakerTest.NOT_HEARD)],
)
async def test_wrong_beeps_fail_at_the_second_time_and_none_at_once(
    stage: Stage, answers: tuple[int, ...], verdict_is: SpeakerTest
) -> None:
    for answer in answers:
        assert stage.state.questions.play_beeps is not None
        stage.state.questions.play_beeps()
        await settle()
        assert stage.state.questions.answer_beeps is not None
        stage.state.questions.answer_beeps(answer)

    assert stage.now().questions.speaker is verdict_is


async def test_beeps_that_do_not_play_are_said_so(stage: Stage) -> None:
    stage.desk.beep_error = OSError("device busy")
    assert stage.state.questions.play_beeps is not None

    stage.state.questions.play_beeps()
    await settle()

    assert stage.now().questions.speaker is SpeakerTest.FAILED
    assert stage.state.questions.play_beeps is not None


async def test_without_a_given_number_the_beeps_are_one_to_three() -> None:
    desk = FakePreflightDesk()
    tasks = Tasks()
    page = PreflightPage(
        session=None,
        desk=desk,
        preview=PictureMailbox(),
        spawn=tasks.spawn,
        on_join=lambda _: None,
        on_leave=lambda: None,
    )
    for _ in range(20):
        assert page.state.value.questions.play_beeps is not None
        page.state.value.questions.play_beeps()
        await settle()

    assert set(desk.played) <= {1, 2, 3}
    assert len(desk.played) == 20


def test_the_peak_stands_a_second_and_then_follows(stage: Stage) -> None:
    stage.desk.level = -20.0
    assert stage.page.read_level().peak_dbfs == -20.0
    assert stage.page.read_level().speaking

    stage.desk.level = -70.0
    held = [stage.page.read_level() for _ in range(PEAK_HOLD_READINGS)]
    after = stage.page.read_level()

    assert all(level.peak_dbfs == -20.0 for level in held[:-1])
    assert held[0].quiet
    assert after.peak_dbfs == -70.0
    assert not after.speaking


def test_without_any_sound_the_meter_is_empty(stage: Stage) -> None:
    stage.desk.level = -20.0
    stage.page.read_level()
    stage.desk.level = None

    levels = [stage.page.read_level() for _ in range(PEAK_HOLD_READINGS + 2)]

    assert levels[0].peak_dbfs == -20.0
    assert levels[0].quiet
    assert levels[-1].peak_dbfs is None
    assert not levels[-1].speaking
