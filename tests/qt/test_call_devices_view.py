"""What the call page says about devices, and the way to another one."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from client_api.wire import Role
from desktop.call.events import OwnFault
from desktop.call.states import OwnMedia
from desktop.viewmodels.call_state import RefusedChoice
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceRole
from desktop.views.theme import ThemeMode, apply_theme, palette, scheme_of
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button
from preflight.devices.ports import OpenFault
from tests.fakes.preflight_desk import device
from tests.qt.call_screen import CallScreen

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing the keyboard")


@pytest.fixture
def stage(qtbot: QtBot) -> CallScreen:
    stage = CallScreen(qtbot, Role.MECHANIC, (1280, 800))
    stage.go_live()
    return stage


def refuse(stage: CallScreen, choice: RefusedChoice) -> Banner:
    stage.devices.refused = choice
    stage.page.on_devices_changed()
    band = stage.find(Banner, "call_band")
    assert isinstance(band, Banner)
    return band


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        (OpenFault.BUSY, "Close the program that is using it, then choose it again."),
        (OpenFault.DENIED, "Allow it in the system’s settings, then choose it again."),
        (OpenFault.NOT_FOUND, "Plug it in, then choose it again."),
        (OpenFault.UNPLUGGED, "Plug it in, then choose it again."),
        (OpenFault.NO_DATA, "Plug it in anew and choose it again, or choose another one."),
        (None, "Plug it in anew and choose it again, or choose another one."),
    ],
)
def test_a_device_that_could_not_be_used_is_named_with_what_goes_on_and_what_to_do(
    stage: CallScreen, fault: OpenFault | None, remedy: str
) -> None:
    band = refuse(stage, RefusedChoice(DeviceRole.CAMERA, "USB", "Integrated", fault))

    assert band.isVisible()
    assert band.words() == f"USB could not be used. You still use Integrated. {remedy}"
    stage.press("call_band_action")
    assert not band.isVisible()


def test_a_long_name_is_cut_in_the_middle(stage: CallScreen) -> None:
    name = "HD Pro Webcam C920 of the workshop, second shelf (not a real device)"

    band = refuse(stage, RefusedChoice(DeviceRole.CAMERA, name, None, None))

    assert band.words().startswith("HD Pro Webcam C92…ot a real device) could not be used.")


def test_where_nothing_goes_on_nothing_is_promised(stage: CallScreen) -> None:
    band = refuse(stage, RefusedChoice(DeviceRole.MICROPHONE, "USB", None, OpenFault.BUSY))

    assert band.words() == (
        "USB could not be used. Close the program that is using it, then choose it again."
    )


@pytest.mark.parametrize(
    ("own", "words", "action", "menu"),
    [
        (
            OwnMedia(microphone_fault=OwnFault.DEVICE),
            "Sam cannot hear you. Headset gives no sound. Check its cable, or choose another one.",
            "Choose a microphone",
            "call_choose_microphone_menu",
        ),
        (
            OwnMedia(camera_fault=OwnFault.DEVICE),
            "Sam cannot see you. Integrated gives no picture. "
            "Check its cable, or choose another one.",
            "Choose a camera",
            "call_choose_camera_menu",
        ),
        (
            OwnMedia(speaker_failed=True),
            "You cannot hear Sam. Your loudspeaker plays nothing. "
            "Check its cable, or choose another one.",
            "Choose a loudspeaker",
            "call_choose_microphone_menu",
        ),
        (
            OwnMedia(microphone_fault=OwnFault.NOT_SENT),
            "Sam cannot hear you. Your microphone works, but its sound is not being sent. "
            "Choose it again to try once more.",
            "Choose a microphone",
            "call_choose_microphone_menu",
        ),
        (
            OwnMedia(camera_fault=OwnFault.NOT_SENT),
            "Sam cannot see you. Your camera works, but its picture is not being sent. "
            "Choose it again to try once more.",
            "Choose a camera",
            "call_choose_camera_menu",
        ),
    ],
)
def test_a_device_that_stopped_is_told_with_the_way_to_another(
    stage: CallScreen, own: OwnMedia, words: str, action: str, menu: str
) -> None:
    stage.go_live(own=own)

    assert stage.find(Banner, "call_band").words() == words
    assert stage.find(Button, "call_band_action").text() == action
    stage.press("call_band_action")
    opened = stage.find(QMenu, menu)
    assert opened.isVisible()
    opened.close()


def test_the_page_is_dark_unless_the_program_turns_to_high_contrast(
    qapp: QApplication, stage: CallScreen
) -> None:
    looks = []
    for mode in (ThemeMode.LIGHT, ThemeMode.CONTRAST, ThemeMode.DARK):
        apply_theme(qapp, mode)
        looks.append(scheme_of(stage.find(Banner, "call_band")))

    assert looks == [
        palette(ThemeMode.DARK),
        palette(ThemeMode.CONTRAST),
        palette(ThemeMode.DARK),
    ]


def test_a_device_plugged_in_meanwhile_comes_into_the_open_list(
    qtbot: QtBot, stage: CallScreen
) -> None:
    stage.press("call_choose_microphone")
    menu = stage.find(QMenu, "call_choose_microphone_menu")
    qtbot.waitUntil(menu.isVisible)
    assert stage.devices.looks == 1

    choices = stage.devices.devices
    stage.devices.devices = type(choices)(
        camera=choices.camera,
        microphone=DeviceChoice((device("Headset"), device("Lapel")), choices.microphone.chosen),
        speaker=DeviceChoice((device("Monitor"),)),
    )
    stage.page.on_devices_changed()

    assert [action.text() for action in menu.actions()] == [
        "Microphone",
        "Headset",
        "Lapel",
        "Loudspeaker",
        "Monitor",
    ]
    menu.close()


def test_an_open_list_stays_known_when_the_one_before_is_deleted(stage: CallScreen) -> None:
    """Otherwise the controls would go from under it."""
    stage.press("call_choose_microphone")
    before = stage.find(QMenu, "call_choose_microphone_menu")
    before.close()
    stage.press("call_choose_camera")
    menu = stage.find(QMenu, "call_choose_camera_menu")
    QCoreApplication.sendPostedEvents(before, QEvent.Type.DeferredDelete)
    assert stage.view.findChild(QMenu, "call_choose_microphone_menu") is None

    stage.view.fade_now()

    assert menu.isVisible()
    assert stage.shown("call_controls")
    menu.close()
