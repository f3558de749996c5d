"""The preflight page, pressed as a person presses it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from client_api.errors import Unreachable, UnreachableReason
from client_api.wire import ReadinessState, ReportId
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceRole
from desktop.viewmodels.preflight_state import Again
from desktop.views import check_words
from desktop.views.device_panel import DevicePanel
from desktop.views.language import install_language
from desktop.views.preflight_chooser import DeviceChooser
from desktop.views.preflight_view import PreflightView
from desktop.views.preflight_words import AGAIN, again_words
from desktop.views.theme import ThemeMode, apply_theme
from desktop.views.widgets.field import Chooser
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.model import CheckState, Group
from preflight.system.settings_pages import SettingsPage
from preflight.verdicts.gate import GATING
from preflight.verdicts.rules import CheckRow
from tests.fakes.preflight_desk import progress, result
from tests.qt.preflight_screen import Stage, press

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

FAILED_NETWORK = progress(
    result("net.rtt_high", CheckState.FAILED, no="N03", rtt_median_ms=412.0),
    network=CheckState.FAILED,
)


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Stage:
    apply_theme(qapp, ThemeMode.LIGHT)
    return Stage(qtbot)


def words_of(view: PreflightView, name: str) -> str:
    card = view.findChild(QWidget, name)
    assert isinstance(card, QWidget)
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


def test_join_is_greyed_with_its_reason_until_the_gate_passes(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(FAILED_NETWORK)

    join = stage.button("join_session")
    assert not join.isEnabled()
    assert stage.words("join_hint") == "Fix issues to continue"
    assert join.accessibleDescription() == "Fix issues to continue"
    press(qtbot, join)
    QTest.keyClick(stage.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert stage.joined == []


def test_a_click_on_join_hands_the_accepted_report_on(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(progress())

    press(qtbot, stage.button("join_session"))

    assert stage.joined == [ReportId("report-7K3M-Q2XZ")]
    assert stage.words("report_code") == "7K3M-Q2XZ"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_joins_from_either_enter_key(qtbot: QtBot, stage: Stage, key: Qt.Key) -> None:
    stage.desk.say(progress())

    QTest.keyClick(stage.view, key, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: stage.joined == [ReportId("report-7K3M-Q2XZ")])


def test_the_focus_does_not_move_when_join_becomes_possible(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(FAILED_NETWORK)
    chooser = stage.view.findChild(Chooser, "choose_camera")
    assert isinstance(chooser, Chooser)
    chooser.setFocus()

    stage.desk.say(progress())

    assert stage.button("join_session").isEnabled()
    assert QApplication.focusWidget() is chooser


def test_a_button_that_goes_while_it_has_the_focus_does_not_give_it_to_join(
    qtbot: QtBot, stage: Stage
) -> None:
    """Enter on *Try again* twice would otherwise join by accident."""
    stage.desk.say(FAILED_NETWORK)
    stage.button("retry_network").setFocus(Qt.FocusReason.TabFocusReason)

    stage.desk.say(progress())

    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "group_network"


def test_join_that_is_disabled_again_does_not_pass_its_focus_on(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(progress())
    stage.button("join_session").setFocus(Qt.FocusReason.TabFocusReason)

    stage.desk.say(FAILED_NETWORK)

    assert QApplication.focusWidget() is stage.view


@pytest.mark.parametrize(
    ("other", "finished", "hint"),
    [
        (ReadinessState.ABSENT, False, "No hurry: let the checks finish"),
        (ReadinessState.CHECKING, False, "No hurry: let the checks finish"),
        (ReadinessState.FIXING, False, "No hurry: let the checks finish"),
        (ReadinessState.UNKNOWN, False, "Ctrl+Enter joins"),
        (ReadinessState.READY, False, "Ctrl+Enter joins"),
        (ReadinessState.IN_CALL, False, "Ctrl+Enter joins"),
        (ReadinessState.ABSENT, True, "Ctrl+Enter joins"),
    ],
)
def test_while_the_other_side_is_not_ready_the_checks_may_finish(
    stage: Stage, other: ReadinessState, finished: bool, hint: str
) -> None:
    """Joining ends what is still being measured, and nobody would be there yet."""
    stage.page.on_counterpart_readiness(other)

    stage.desk.say(replace(progress(), finished=finished))

    join = stage.button("join_session")
    assert stage.words("join_hint") == hint
    assert join.isEnabled()
    assert ("not ready yet" in join.accessibleDescription()) is (hint[0] == "N")


def test_a_failed_group_says_what_was_seen_and_what_to_do(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(FAILED_NETWORK)

    card = stage.view.findChild(QWidget, "group_network")
    assert isinstance(card, QWidget)
    assert card.accessibleName() == "Network: Fix this"
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert "Answer takes 412 ms (limit 300 ms)" in shown
    assert "Your connection is slow right now: move closer to the router or use a cable." in shown
    press(qtbot, stage.button("retry_network"))
    assert stage.desk.retried == [Group.NETWORK]


def test_a_picture_that_stands_still_asks_to_wave_once_the_other_looks_are_done(
    qtbot: QtBot, stage: Stage
) -> None:
    frozen = result("camera.frozen", CheckState.RUNNING)

    def say(black: CheckState) -> str:
        results = (frozen, result("camera.black", black))
        stage.desk.say(progress(*results, camera=CheckState.RUNNING, fraction=0.5))
        return words_of(stage.view, "group_camera")

    assert "Looking at the picture" in say(CheckState.RUNNING)
    assert "wave at the camera" in say(CheckState.PASSED)


def test_the_holder_of_a_busy_camera_is_named_and_another_camera_offered(
    qtbot: QtBot, stage: Stage
) -> None:
    busy = result("camera.busy", CheckState.FAILED, holder="Zoom")
    stage.desk.say(progress(busy, camera=CheckState.FAILED))

    assert "Zoom" in check_words.remedy(busy)
    assert "another program" in check_words.remedy(result("camera.busy", CheckState.FAILED))
    press(qtbot, stage.button("other_camera"))

    assert stage.desk.chosen == [(DeviceRole.CAMERA, DeviceId("usb"))]


def test_a_denied_camera_names_the_button_that_opens_the_settings(
    qtbot: QtBot, stage: Stage
) -> None:
    denied = progress(
        result("camera.permission", CheckState.FAILED, permission="denied"),
        camera=CheckState.FAILED,
    )
    stage.desk.say(denied)
    button = stage.button("settings_camera")
    assert not button.isVisible()
    assert "Open settings" not in words_of(stage.view, "group_camera")

    stage.desk.has_settings = True
    stage.desk.say(denied)

    assert "press “Open settings”" in words_of(stage.view, "group_camera")
    press(qtbot, button)
    assert stage.desk.opened_settings == [SettingsPage.CAMERA]


def test_a_camera_is_chosen_by_keyboard(qtbot: QtBot, stage: Stage) -> None:
    chooser = stage.view.findChild(Chooser, "choose_camera")
    assert isinstance(chooser, Chooser)
    chooser.setFocus()

    QTest.keyClick(chooser, Qt.Key.Key_Down)

    assert stage.desk.chosen == [(DeviceRole.CAMERA, DeviceId("usb"))]


def test_a_device_name_that_does_not_fit_is_cut_in_the_middle_and_told_whole(
    qtbot: QtBot, stage: Stage
) -> None:
    name = "Conference microphone of the workshop's meeting room (not a real device)"
    made_up = DeviceInfo(DeviceId("tone:660"), name[:-20], DeviceKind.TONE)
    stage.desk.plug(replace(stage.desk.devices, microphone=DeviceChoice((made_up,), made_up.id)))
    chooser = stage.view.findChild(DeviceChooser, "choose_microphone")
    assert isinstance(chooser, DeviceChooser)

    stage.desk.say(progress())

    drawn = chooser.shown_words()
    begin, _, end = drawn.partition("…")
    assert begin
    assert name.startswith(begin)
    assert end.endswith("device)")
    assert name.endswith(end)
    room = chooser.width() - 60
    assert room - 40 < chooser.fontMetrics().horizontalAdvance(drawn) <= room
    assert chooser.toolTip() == name
    assert chooser.accessibleName() == f"Microphone: {name}"
    assert chooser.itemData(0, Qt.ItemDataRole.ToolTipRole) == name


@pytest.mark.parametrize(("width", "below"), [(1280, False), (900, True)])
def test_the_meter_leaves_the_name_of_the_microphone_its_room(
    qtbot: QtBot, stage: Stage, width: int, below: bool
) -> None:
    chooser = stage.view.findChild(DeviceChooser, "choose_microphone")
    assert isinstance(chooser, DeviceChooser)

    stage.view.resize(width, 700)

    qtbot.waitUntil(lambda: (stage.view.meter.y() > chooser.y()) is below)
    assert chooser.width() > 250


def test_a_device_name_that_fits_is_drawn_whole(qtbot: QtBot, stage: Stage) -> None:
    chooser = stage.view.findChild(DeviceChooser, "choose_camera")
    assert isinstance(chooser, DeviceChooser)

    assert chooser.shown_words() == "Integrated"
    assert chooser.accessibleName() == "Camera: Integrated"


def test_the_beeps_are_played_counted_and_answered(qtbot: QtBot, stage: Stage) -> None:
    assert not stage.button("beeps_2").isVisible()
    press(qtbot, stage.button("play_beeps"))
    assert stage.desk.played == [2]

    press(qtbot, stage.button("beeps_2"))

    panel = stage.view.findChild(DevicePanel)
    assert isinstance(panel, DevicePanel)
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert "Correct. You will hear the other side." in texts
    assert not stage.button("beeps_2").isVisible()


def test_the_single_checks_unfold_with_their_spoken_numbers(
    qapp: QApplication, qtbot: QtBot, stage: Stage
) -> None:
    install_language(qapp, QLocale(QLocale.Language.English))
    stage.desk.say(
        progress(
            result("camera.none", CheckState.PASSED, no="C01"),
            result("net.rtt_high", CheckState.SKIPPED, no="N03"),
        )
    )
    press(qtbot, stage.button("toggle_checks"))

    def shown() -> list[str]:
        return [label.text() for label in stage.view.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "Passed · C01" in shown())
    assert "Not measured · N03" in shown()
    assert "1 check passed" in shown()


@pytest.mark.parametrize("why", AGAIN)
def test_why_something_is_checked_again_stands_above_the_results(
    qtbot: QtBot, stage: Stage, why: Again
) -> None:
    before = stage.page.state.value

    stage.page.state.set(replace(before, again=why))
    shown = stage.view.findChild(QLabel, "checked_again")

    assert isinstance(shown, QLabel)
    assert shown.isVisible()
    assert shown.text() == again_words(why)
    assert len(shown.text()) > 40
    stage.page.state.set(before)
    assert not shown.isVisible()


def test_progress_is_the_share_of_checks_that_are_done(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(progress(network=CheckState.RUNNING, fraction=0.45))

    bar = stage.view.findChild(QProgressBar, "preflight_progress")
    assert isinstance(bar, QProgressBar)
    assert bar.value() / bar.maximum() == pytest.approx(0.45)


def test_the_other_side_s_readiness_is_said(qtbot: QtBot, stage: Stage) -> None:
    said = []
    for state in (
        ReadinessState.READY,
        ReadinessState.IN_CALL,
        ReadinessState.CHECKING,
        ReadinessState.ABSENT,
        ReadinessState.UNKNOWN,
    ):
        stage.page.on_counterpart_readiness(state)
        said.append(stage.view.readiness_words())

    assert said == [
        "Your mechanic is ready",
        "Your mechanic is waiting for you",
        "Your mechanic is getting ready",
        "Your mechanic is not here yet",
        "No news of your mechanic just now",
    ]


def test_back_leaves(qtbot: QtBot, stage: Stage) -> None:
    press(qtbot, stage.button("leave_preflight"))

    assert stage.left == 1


@pytest.mark.parametrize("check", GATING, ids=lambda check: check.code)
def test_every_gating_check_has_a_title_and_a_remedy(check: CheckRow) -> None:
    assert check_words.title(check.code) != check.code
    assert check_words.remedy(result(check.code, CheckState.FAILED)).endswith(".")


def test_a_report_that_did_not_arrive_is_sent_again_by_a_click(qtbot: QtBot, stage: Stage) -> None:
    answer = stage.desk.answer
    stage.desk.answer = Unreachable(UnreachableReason.NO_CONNECTION, "down")
    stage.desk.say(progress())
    assert not stage.button("join_session").isEnabled()

    stage.desk.answer = answer
    press(qtbot, stage.button("resend_report"))

    assert stage.button("join_session").isEnabled()


def test_who_cannot_join_has_numbers_and_a_code_for_support(stage: Stage) -> None:
    """Whoever is stuck before a paid session needs help most, and had no way to send anything."""
    stage.desk.say(progress())
    card = stage.view.findChild(QWidget, "support_card")
    assert card is not None
    hidden_while_well = card.isHidden()

    stage.desk.say(FAILED_NETWORK)

    assert hidden_while_well
    assert card.isVisible()
    assert "N03" in stage.words("support_numbers")
    assert stage.button("support_send").isEnabled()
