"""What the preflight page asks the person, pressed as a person presses it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from desktop.viewmodels.preflight_state import Questions, ReplayTest
from desktop.views.question_line import QuestionLine
from desktop.views.theme import ThemeMode, apply_theme
from preflight.check import NOT_ASKED
from preflight.model import CheckResult, CheckState, Group
from preflight.system.settings_pages import SettingsPage
from preflight.verdicts.catalogue import CATALOGUE
from tests.fakes.preflight_desk import progress, result
from tests.qt.preflight_screen import Stage, press

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Stage:
    apply_theme(qapp, ThemeMode.LIGHT)
    return Stage(qtbot)


def advice(code: str, group: Group, state: CheckState, **measured: float) -> CheckResult:
    return CheckResult(code, "S05", group, state, measured=measured, gating=False)


def question(stage: Stage) -> str:
    line = stage.view.findChild(QuestionLine)
    assert isinstance(line, QuestionLine)
    return line.words


def test_counted_beeps_become_the_answer_of_the_check(qtbot: QtBot, stage: Stage) -> None:
    press(qtbot, stage.button("play_beeps"))
    assert question(stage) == "How many?"
    assert not stage.button("hear_yourself").isVisible()

    press(qtbot, stage.button("beeps_2"))

    assert stage.desk.answers == [("speaker.not_heard", {"wrong_answers": 0, "heard_none": False})]
    assert question(stage) == "Correct. You will hear the other side."
    assert stage.button("hear_yourself").isVisible()


def test_the_own_voice_is_recorded_played_and_asked_about(qtbot: QtBot, stage: Stage) -> None:
    press(qtbot, stage.button("hear_yourself"))

    assert stage.desk.replays == 1
    assert question(stage) == "Did you hear yourself clearly?"
    assert not stage.button("join_session").hasFocus()
    press(qtbot, stage.button("replay_yes"))
    assert stage.desk.answers == [("mic.replay", {"confirmed": True})]
    assert question(stage) == "Good. So others will hear you."
    assert stage.button("play_beeps").hasFocus()


def test_whoever_did_not_hear_themselves_is_told_what_to_do(qtbot: QtBot, stage: Stage) -> None:
    QTest.keyClick(stage.view, Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: stage.desk.replays == 1)

    press(qtbot, stage.button("replay_no"))

    assert stage.desk.answers == [("mic.replay", {"confirmed": False})]
    assert question(stage) == "Choose another microphone, or speak closer to it."


def test_the_seconds_of_the_recording_are_said_and_nothing_else_plays(stage: Stage) -> None:
    stage.page.state.set(
        replace(
            stage.page.state.value,
            questions=Questions(replay=ReplayTest.RECORDING, replay_left_s=3),
        )
    )

    assert question(stage) == "Speak now. Recording, 3 s left"
    assert not stage.button("play_beeps").isEnabled()
    assert not stage.button("hear_yourself").isEnabled()


def test_the_picture_is_turned_mirrored_and_confirmed(qtbot: QtBot, stage: Stage) -> None:
    assert not stage.button("turn_camera").isVisible()
    asked = replace(
        advice("camera.orientation", Group.CAMERA, CheckState.UNKNOWN), reason=NOT_ASKED
    )
    stage.desk.say(progress(asked))

    press(qtbot, stage.button("turn_camera"))
    press(qtbot, stage.button("mirror_camera"))
    press(qtbot, stage.button("confirm_upright"))

    assert stage.desk.orientation == ["turn", "mirror", "confirm"]
    stage.desk.say(progress(replace(asked, state=CheckState.PASSED, reason=None)))
    assert not stage.button("confirm_upright").isVisible()
    assert stage.button("turn_camera").isVisible()


def test_a_camera_that_is_checked_again_moves_neither_page_nor_focus(
    qtbot: QtBot, stage: Stage
) -> None:
    upright = advice("camera.orientation", Group.CAMERA, CheckState.PASSED)
    stage.desk.say(progress(upright))
    mirror, chooser = stage.button("mirror_camera"), stage.view.findChild(QWidget, "choose_camera")
    assert isinstance(chooser, QWidget)
    place = chooser.mapTo(stage.view, chooser.rect().topLeft())
    mirror.setFocus()

    stage.desk.say(progress(replace(upright, state=CheckState.PENDING), camera=CheckState.RUNNING))
    qtbot.wait(20)

    assert chooser.mapTo(stage.view, chooser.rect().topLeft()) == place
    assert mirror.isVisible()
    assert not mirror.isEnabled()
    assert not chooser.hasFocus(), "Qt hands the focus of a disabled button to the next one"
    assert not stage.button("join_session").hasFocus()

    stage.desk.say(progress(upright))

    assert mirror.isEnabled()
    assert mirror.hasFocus()


def test_before_the_first_picture_there_is_no_row_to_turn_it(stage: Stage) -> None:
    waiting = advice("camera.orientation", Group.CAMERA, CheckState.PENDING)
    stage.desk.say(progress(waiting, camera=CheckState.RUNNING))

    assert not stage.button("turn_camera").isVisible()


def test_an_offer_of_sound_alone_keeps_its_place_while_something_is_checked_again(
    qtbot: QtBot, stage: Stage
) -> None:
    slow = advice("media.uplink_low", Group.MEDIA, CheckState.FAILED, uplink_kbps=420.0)
    stage.desk.say(progress(slow))
    chosen = stage.button("begin_with_sound")
    press(qtbot, chosen)
    chosen.setFocus()

    stage.desk.say(progress(slow, network=CheckState.RUNNING))

    assert words(stage, "sound_only_words").isVisible()
    assert (chosen.isVisible(), chosen.isEnabled(), chosen.isChecked()) == (True, False, True)
    assert not stage.button("join_session").hasFocus()

    stage.desk.say(progress(slow))
    assert chosen.isEnabled()
    assert chosen.hasFocus()
    stage.desk.say(progress(replace(slow, state=CheckState.PASSED, measured={})))
    assert not words(stage, "sound_only_words").isVisible(), "the line carries a picture now"


def test_every_answer_says_what_it_answers(qtbot: QtBot, stage: Stage) -> None:
    press(qtbot, stage.button("play_beeps"))

    told = [
        stage.button(name).accessibleDescription()
        for name in ("beeps_1", "beeps_2", "beeps_3", "beeps_none")
    ]
    assert told == ["How many?"] * 4


def test_one_check_is_measured_again_from_its_row_and_from_the_list(
    qtbot: QtBot, stage: Stage
) -> None:
    echo = advice("speaker.loop", Group.SPEAKER, CheckState.WARNED, gain_db=-20.0)
    asked = advice("speaker.not_heard", Group.SPEAKER, CheckState.WARNED)
    stage.desk.say(progress(echo, asked))
    press(qtbot, stage.button("toggle_checks"))

    press(qtbot, stage.button("retry_speaker"))
    press(qtbot, stage.button("again_speaker.loop"))

    assert stage.desk.measured_again == ["speaker.loop", "speaker.loop"]
    assert stage.button("again_speaker.loop").accessibleName() == "Try again: There is no echo"
    assert not stage.button("again_speaker.not_heard").isVisible(), "it is asked, not measured"


def test_a_check_that_came_right_takes_the_focus_off_its_button(qtbot: QtBot, stage: Stage) -> None:
    echo = advice("speaker.loop", Group.SPEAKER, CheckState.WARNED, gain_db=-20.0)
    stage.desk.say(progress(echo))
    press(qtbot, stage.button("toggle_checks"))
    stage.button("again_speaker.loop").setFocus()

    stage.desk.say(progress(replace(echo, state=CheckState.PASSED)))

    assert not stage.button("join_session").hasFocus()
    assert not stage.button("again_speaker.loop").isVisible()


def test_sound_alone_is_offered_where_the_line_hardly_carries_a_picture(
    qtbot: QtBot, stage: Stage
) -> None:
    slow = advice("media.uplink_low", Group.MEDIA, CheckState.FAILED, uplink_kbps=420.0)
    stage.desk.say(progress(result("camera.busy", CheckState.PASSED)))
    assert begins_with_picture(stage)
    assert not words(stage, "sound_only_words").isVisible()

    stage.desk.say(progress(slow))
    assert words(stage, "sound_only_words").isVisible()
    assert begins_with_picture(stage)
    press(qtbot, stage.button("begin_with_sound"))

    assert not begins_with_picture(stage)
    press(qtbot, stage.button("begin_with_picture"))
    assert begins_with_picture(stage)


def test_below_the_lowest_rung_sound_alone_is_chosen_already(qtbot: QtBot, stage: Stage) -> None:
    slow = advice("media.uplink_low", Group.MEDIA, CheckState.FAILED, uplink_kbps=210.0)

    stage.desk.say(progress(slow))

    assert not begins_with_picture(stage)
    press(qtbot, stage.button("begin_with_picture"))
    assert begins_with_picture(stage)


def test_while_the_gate_does_not_pass_nothing_is_offered(stage: Stage) -> None:
    slow = advice("media.uplink_low", Group.MEDIA, CheckState.FAILED, uplink_kbps=420.0)

    stage.desk.say(progress(slow, camera=CheckState.FAILED))

    assert not words(stage, "sound_only_words").isVisible()


def test_the_bar_counts_the_whole_run_and_says_what_join_waits_for(stage: Stage) -> None:
    gate = result("camera.busy", CheckState.PASSED)
    running = advice("speaker.loop", Group.SPEAKER, CheckState.RUNNING)
    stage.desk.say(replace(progress(gate, running, fraction=0.5), finished=False))

    bar = stage.view.findChild(QProgressBar, "preflight_progress")
    assert isinstance(bar, QProgressBar)
    assert bar.value() == 500
    assert stage.words("checks_counted") == "1 of 1 needed checks done, 0 of 1 others"
    assert bar.accessibleDescription() == stage.words("checks_counted")

    stage.desk.say(progress(gate, replace(running, state=CheckState.PASSED)))

    assert stage.words("checks_counted") == "All 2 checks are done"


def test_the_painted_bar_is_full_with_the_last_check_and_not_before(stage: Stage) -> None:
    """Of 110 checks one is less than a hundredth: nothing may be rounded up to the end."""
    bar = stage.view.findChild(QProgressBar, "preflight_progress")
    assert isinstance(bar, QProgressBar)
    values = []

    for ended in range(len(CATALOGUE) + 1):
        share = ended / len(CATALOGUE)
        stage.desk.say(replace(progress(fraction=share), finished=ended == len(CATALOGUE)))
        values.append(bar.value())

    assert values == sorted(set(values))
    assert (values[0], values[-1]) == (0, bar.maximum())


def test_a_screen_that_may_not_be_shared_offers_the_settings(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.has_settings = True
    stage.desk.say(progress(advice("screen.permission", Group.SCREEN, CheckState.WARNED)))

    press(qtbot, stage.button("settings_screen"))

    assert stage.desk.opened_settings == [SettingsPage.SCREEN]


def begins_with_picture(stage: Stage) -> bool:
    """The same, for a value that mypy would believe to stand still."""
    return stage.page.begins_with_picture


def words(stage: Stage, name: str) -> QWidget:
    found = stage.view.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def test_a_picture_that_the_other_side_cannot_receive_is_told_on_both_sides(stage: Stage) -> None:
    stage.desk.their_rung = 0
    stage.desk.say(progress(replace(advice("media.uplink_low", Group.MEDIA, CheckState.PASSED))))

    assert words(stage, "sound_only_words").isVisible()
    assert stage.words("sound_only_words").startswith("The other side’s connection")
    assert stage.button("begin_with_sound").isChecked()
    assert not words(stage, "no_picture_comes").isVisible()

    stage.desk.their_rung = None
    down = advice(
        "media.downlink_low", Group.MEDIA, CheckState.WARNED, downlink_kbps=100.0, uplink_kbps=3500
    )
    stage.desk.say(progress(down))

    assert not words(stage, "sound_only_words").isVisible()
    assert words(stage, "no_picture_comes").isVisible()


def test_a_reused_test_call_says_how_old_it_is(stage: Stage) -> None:
    path = replace(advice("media.loss", Group.MEDIA, CheckState.PASSED), as_of_ms=-130_000.0)

    stage.desk.say(progress(path))
    assert stage.words("checks_counted").endswith(" · test call from 2 min ago")

    stage.desk.say(progress(replace(path, as_of_ms=10_000.0)))
    assert "ago" not in stage.words("checks_counted")
