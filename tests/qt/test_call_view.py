"""The call page, used as a person uses it: clicks, keys, a mouse that rests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import thread_time_ns

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from client_api.wire import Role
from desktop.call.effects import AnnounceBothJoined, AnnounceTimeLeft
from desktop.call.events import (
    CameraWished,
    EndRequested,
    LeaveRequested,
    MicrophoneWished,
    OwnFault,
    UndoEndRequested,
)
from desktop.call.setup import MediaWishes
from desktop.call.states import (
    Ended,
    EndProgress,
    EndReason,
    InCall,
    Joining,
    MediaHealth,
    OwnMedia,
    Peer,
    Rejoining,
    RejoinStage,
)
from desktop.viewmodels.pictures import PixelFormat, VideoPicture
from desktop.viewmodels.preflight_desk import DeviceRole
from desktop.views.call_view import FADE_AFTER_MS
from desktop.views.self_view import Corner
from desktop.views.theme import ThemeMode, apply_theme
from desktop.views.video_pills import RunsPill
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button, ControlButton
from desktop.views.widgets.pill import Pill
from preflight.devices.frames import DeviceId
from tests.fakes.call_page import PRESENT, make_talk
from tests.qt.call_screen import CallScreen as Stage

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


Make = Callable[..., Stage]


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication) -> Make:
    apply_theme(qapp, ThemeMode.DARK)

    def build(role: Role = Role.MECHANIC, size: tuple[int, int] = (1280, 800)) -> Stage:
        return Stage(qtbot, role, size)

    return build


@pytest.fixture
def stage(make: Make) -> Stage:
    stage = make()
    stage.go_live()
    return stage


def picture() -> VideoPicture:
    array = np.full((90, 160, 4), 200, np.uint8)
    return VideoPicture(array, 160, 90, PixelFormat.BGRA, 640, captured_ns=7)


def test_a_picture_of_the_other_side_is_painted_and_told(qtbot: QtBot, stage: Stage) -> None:
    told: list[int] = []
    stage.view.remote.on_painted = lambda shown: told.append(shown.captured_ns)

    stage.remote.put(picture())
    qtbot.waitUntil(lambda: told == [7])

    assert stage.view.remote.painted_count == 1


def test_microphone_and_camera_follow_click_and_key(stage: Stage) -> None:
    stage.press("toggle_microphone")
    stage.key(Qt.Key.Key_V)

    assert stage.sent == [MicrophoneWished(False), CameraWished(False)]


def test_a_muted_microphone_says_so_in_words_and_colour(stage: Stage) -> None:
    stage.go_live(wishes=MediaWishes(microphone_on=False))

    button = stage.find(ControlButton, "toggle_microphone")
    assert button.accessibleName() == "Unmute (M)"
    assert button.property("alert") == "true"


def test_a_camera_that_failed_is_said(stage: Stage) -> None:
    stage.go_live(own=OwnMedia(camera_fault=OwnFault.NOT_SENT))

    assert stage.find(ControlButton, "toggle_camera").accessibleName() == "Camera failed (V)"


def test_end_asks_and_only_a_yes_ends(qtbot: QtBot, stage: Stage) -> None:
    stage.press("call_end")
    focus = stage.dialog().focusWidget()
    assert focus is not None
    assert focus.objectName() == "confirm_stay", "Enter alone must end nothing"
    QTest.mouseClick(stage.find(Button, "confirm_stay"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.view.findChild(QDialog, "confirm") is None)
    assert stage.sent == []

    stage.view.activateWindow()
    qtbot.waitUntil(stage.view.isActiveWindow)
    stage.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(stage.find(Button, "confirm_end"), Qt.MouseButton.LeftButton)

    assert stage.sent == [EndRequested()]


def test_a_call_that_ended_meanwhile_is_not_ended_again(qtbot: QtBot, stage: Stage) -> None:
    stage.press("call_end")
    stage.page.on_call_state(Ended(EndReason.SESSION_ENDED, make_talk()))

    QTest.mouseClick(stage.find(Button, "confirm_end"), Qt.MouseButton.LeftButton)

    assert stage.sent == []


def test_while_it_connects_one_can_only_give_up(make: Make) -> None:
    stage = make()
    stage.page.on_call_state(Joining(make_talk(Peer())))

    assert not stage.find(Button, "call_end").isEnabled()
    stage.press("call_cancel")

    assert stage.sent == [LeaveRequested()]
    stage.go_live()
    assert not stage.shown("call_cancel")


def test_who_it_is_the_quality_and_the_clock_stand_on_top(stage: Stage) -> None:
    stage.run_clock(1458)
    stage.pass_time(0)

    assert stage.find(RunsPill, "call_who").text() == "Sam Okafor customer · 2016 Honda Civic"
    assert stage.find(RunsPill, "call_clock").text() == "24:18"
    assert not stage.shown("call_quality"), "nothing is said before it was measured"


def test_the_view_looks_at_the_clock_by_itself(qtbot: QtBot, stage: Stage) -> None:
    stage.run_clock(10)
    stage.clock.move(3)

    qtbot.waitUntil(lambda: stage.find(RunsPill, "call_clock").text() == "0:07 left")


def test_both_joined_and_the_warning_are_said_for_a_while(stage: Stage) -> None:
    notice = stage.find(Pill, "call_notice")
    stage.page.on_announcement(AnnounceBothJoined())
    assert notice.isVisible()
    assert notice.text() == "Both participants joined"

    stage.page.on_announcement(AnnounceTimeLeft(60, remaining_seconds=59.9))
    assert notice.text() == "60 seconds left"
    stage.pass_time(60)

    assert not notice.isVisible()


def test_a_lost_peer_is_named_with_whose_side_it_is_and_a_countdown(stage: Stage) -> None:
    stage.run_clock(1000)
    stage.go_live(
        replace(PRESENT, in_room=False, pauses_at=stage.clock.now() + timedelta(seconds=6))
    )

    band = stage.find(Banner, "call_band")
    assert band.isVisible()
    assert band.words() == (
        "Sam’s connection dropped. Yours is fine. Waiting for Sam to come back; "
        "the clock stops in 6 s."
    )
    stage.pass_time(6)
    assert band.words().endswith("the clock is stopped.")
    stage.press("call_band_action")
    assert stage.shown("chat_input")

    stage.go_live()
    assert not band.isVisible()


def test_a_side_that_went_silent_is_counted_down_as_well(stage: Stage) -> None:
    """The media server believes in a killed client's loss only when the clock stands already."""
    stage.run_clock(1000)
    stage.go_live(replace(PRESENT, health=MediaHealth.LOST, media_age_ms=6200))

    assert stage.find(Banner, "call_band").words() == (
        "Nothing has come from Sam for 6 s. Yours is fine. Waiting for Sam to come back; "
        "the clock stops in 4 s."
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (Rejoining(make_talk(), RejoinStage.REPAIRING), "Your connection dropped."),
        (
            InCall(make_talk(replace(PRESENT, health=MediaHealth.LOST, media_age_ms=5000))),
            "Nothing has come from Sam for 5 s.",
        ),
        (InCall(make_talk(own_network_ok=False)), "Your network is weak."),
        (InCall(make_talk(end=EndProgress.FAILED)), "The session could not be ended."),
        (InCall(make_talk(replace(PRESENT, in_room=False))), "Sam’s connection dropped."),
    ],
)
def test_every_trouble_has_its_words_and_a_next_step(
    stage: Stage, call: InCall | Rejoining, words: str
) -> None:
    stage.page.on_call_state(call)

    said = stage.find(Banner, "call_band").words()
    assert said.startswith(words)
    assert len(said) > len(words) + 10


def test_an_end_that_waits_offers_undo(stage: Stage) -> None:
    stage.page.on_call_state(
        Rejoining(make_talk(end=EndProgress.QUEUED), RejoinStage.WAITING, tries=1)
    )

    stage.press("call_band_action")

    assert stage.sent == [UndoEndRequested()]


def test_a_finding_is_written_changed_and_removed(stage: Stage) -> None:
    assert stage.notes is not None
    stage.notes._running = True  # saving has tests of its own, with a loop
    stage.press("add_finding")
    stage.press("finding_keep")
    assert stage.findings() == (), "without a name it is none"
    stage.find(QLineEdit, "finding_title").setText("Alternator belt worn")
    stage.press("finding_severity_now")
    stage.find(QLineEdit, "finding_cost_low").setText("180")
    stage.find(QLineEdit, "finding_cost_high").setText("120")
    stage.press("finding_keep")

    (found,) = stage.findings()
    assert (found.title, found.severity.value) == ("Alternator belt worn", "now")
    assert (found.cost_low_cents, found.cost_high_cents) == (12000, 18000)
    assert not stage.shown("finding_title")
    stage.press("edit_finding_0")
    stage.find(QLineEdit, "finding_cost_low").setText("a lot")
    stage.press("finding_keep")
    assert stage.shown("finding_title"), "it is not closed over a wrong number"
    stage.press("finding_cancel")
    stage.press("remove_finding_0")
    assert stage.findings() == ()


def test_a_customer_has_no_notes_and_begins_with_the_picture(make: Make) -> None:
    stage = make(Role.CUSTOMER)
    stage.go_live()

    assert not stage.shown("side_panel")
    assert stage.view.findChild(Button, "tab_notes") is None
    stage.press("toggle_panel")
    assert stage.shown("vehicle_panel")


def test_the_panel_stands_beside_a_wide_picture_and_over_a_narrow_one(make: Make) -> None:
    wide, narrow = make(size=(1280, 800)), make(size=(900, 700))
    for stage in (wide, narrow):
        stage.go_live()

    assert wide.view.remote.width() == 1280 - wide.find(QWidget, "side_panel").width()
    assert narrow.view.remote.width() == 900
    narrow.key(Qt.Key.Key_Escape)
    assert not narrow.shown("side_panel")


def test_a_full_picture_takes_the_screen_and_escape_gives_it_back(stage: Stage) -> None:
    stage.press("picture_full")
    assert stage.view.window().isFullScreen()
    assert not stage.shown("side_panel")

    stage.key(Qt.Key.Key_Escape)

    assert not stage.view.window().isFullScreen()
    assert stage.shown("side_panel")


def test_the_controls_go_by_themselves_and_come_back_with_the_mouse_or_tab(
    qtbot: QtBot, stage: Stage
) -> None:
    assert FADE_AFTER_MS == 4000
    controls = stage.find(QWidget, "call_controls")
    stage.view.fade_now()
    assert not controls.isVisible()

    QTest.mouseMove(stage.view.remote, QPoint(300, 200))
    qtbot.waitUntil(lambda: controls.isVisible())
    stage.view.fade_now()
    assert not controls.isVisible()
    stage.view.setFocus()
    stage.key(Qt.Key.Key_Tab)

    assert controls.isVisible()


def test_the_controls_stay_while_something_is_wrong_or_a_key_holds_them(stage: Stage) -> None:
    controls = stage.find(QWidget, "call_controls")
    stage.go_live(replace(PRESENT, in_room=False))
    stage.view.fade_now()
    assert controls.isVisible()

    stage.go_live()
    stage.find(Button, "toggle_camera").setFocus(Qt.FocusReason.TabFocusReason)
    stage.key(Qt.Key.Key_Shift)
    stage.view.fade_now()

    assert controls.isVisible()


@pytest.mark.qt_log_ignore("raise", "grabbing the keyboard")  # the platform has no pop-ups
def test_another_camera_is_taken_from_the_arrow_s_menu(qtbot: QtBot, stage: Stage) -> None:
    stage.press("call_choose_camera")
    menu = stage.find(QMenu, "call_choose_camera_menu")
    qtbot.waitUntil(menu.isVisible)
    entry = next(action for action in menu.actions() if action.text() == "USB")

    entry.trigger()
    menu.close()

    assert stage.devices.chosen == [(DeviceRole.CAMERA, DeviceId("usb"))]


def test_the_self_view_lands_in_the_nearest_corner_by_mouse_and_by_key(stage: Stage) -> None:
    own = stage.view.own
    assert own.corner.value == (True, True)
    QTest.mousePress(own, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    QTest.mouseMove(own, QPoint(-600, -400))
    QTest.mouseRelease(own, Qt.MouseButton.LeftButton, pos=QPoint(-600, -400))
    assert own.corner.value == Corner.TOP_LEFT.value

    QTest.keyClick(own, Qt.Key.Key_Right)
    QTest.keyClick(own, Qt.Key.Key_Down)

    assert own.corner.value == Corner.BOTTOM_RIGHT.value
    controls = stage.find(QWidget, "call_controls")
    assert not own.geometry().intersects(controls.geometry())


def test_a_camera_that_is_off_shows_initials_instead_of_an_old_picture(stage: Stage) -> None:
    stage.go_live(replace(PRESENT, camera_on=False))

    colour = stage.view.remote.grab().toImage().pixelColor(20, 20)
    assert colour.name() == "#14181f"


def test_the_page_renders_within_the_budget_of_one_slot(stage: Stage) -> None:
    """Once a second the clock changes; that must not be felt in the picture."""
    stage.run_clock(1000)
    stage.pass_time(0)
    spent: list[float] = []
    for _ in range(30):
        stage.clock.move(1)
        started = thread_time_ns()
        stage.page.tick()
        spent.append((thread_time_ns() - started) / 1e6)

    assert sorted(spent)[len(spent) // 2] < 8.0
