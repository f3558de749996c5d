"""What is plugged in while the page is open: named, tried, announced, and used by one button."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceRole
from desktop.views.group_card import StateIcon
from desktop.views.theme import ThemeMode, apply_theme
from desktop.views.widgets.button import Button
from desktop.views.widgets.pill import Pill
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.model import CheckState, Group
from preflight.running.trial import DeviceTrial, LeftAlone
from tests.fakes.preflight_desk import device, progress, result
from tests.qt.preflight_screen import Stage, press

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Stage:
    apply_theme(qapp, ThemeMode.LIGHT)
    return Stage(qtbot)


def plug_in(stage: Stage, name: str) -> None:
    """A second camera comes while the first one works."""
    devices = stage.desk.devices
    found = (*devices.camera.devices, DeviceInfo(DeviceId(name.lower()), name, DeviceKind.REAL))
    stage.desk.plug(replace(devices, camera=DeviceChoice(found, devices.camera.chosen)))
    stage.desk.say(progress())


def is_told(stage: Stage) -> bool:
    row = stage.view.findChild(QLabel, "newcomer")
    assert isinstance(row, QLabel)
    return row.isVisible()


def test_what_is_plugged_in_is_named_announced_and_used_by_one_button(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        "desktop.views.newcomer_card.announce", lambda _widget, text: said.append(text)
    )
    stage.desk.say(progress())
    assert not is_told(stage)

    plug_in(stage, "C920")
    stage.desk.say(progress())

    words = "New camera: C920. It is checked once you use it."
    assert is_told(stage)
    assert (stage.words("newcomer"), said) == (words, [words])
    assert stage.desk.tried == [(DeviceRole.CAMERA, DeviceId("c920"))]
    use = stage.button("use_newcomer")
    use.setFocus()
    press(qtbot, use)
    assert stage.desk.chosen == [(DeviceRole.CAMERA, DeviceId("c920"))]
    assert not is_told(stage)
    assert not stage.button("join_session").hasFocus()


def test_what_is_unplugged_and_was_not_in_use_is_said_calmly_and_to_the_screen_reader(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("desktop.views.plug_news.announce", lambda _widget, text: said.append(text))
    plug_in(stage, "C920")
    two = stage.desk.devices
    before = stage.page.state.value

    one = replace(two, camera=replace(two.camera, devices=two.camera.devices[:-1]))
    stage.desk.plug(one)
    stage.desk.say(progress())
    stage.desk.say(progress())

    line = stage.view.findChild(QLabel, "device_gone")
    assert isinstance(line, QLabel)
    assert line.isVisible()
    assert line.text() == "C920 was unplugged. It was not in use."
    assert [each for each in said if each] == [line.text()], "once"
    assert not is_told(stage), "and it is offered no longer"
    after = stage.page.state.value
    assert (after.hint, after.groups, after.checks) == (before.hint, before.groups, before.checks)
    stage.desk.plug(two)
    stage.desk.say(progress())
    assert not line.isVisible(), "it is back"


def test_what_was_in_use_is_told_by_its_own_check_alone(stage: Stage) -> None:
    stage.desk.say(progress())
    devices = stage.desk.devices
    chosen = devices.camera.chosen
    left = tuple(each for each in devices.camera.devices if each.id != chosen)

    stage.desk.plug(replace(devices, camera=DeviceChoice(left, chosen)))
    stage.desk.say(progress(camera=CheckState.FAILED))

    line = stage.view.findChild(QLabel, "device_gone")
    assert isinstance(line, QLabel)
    assert not line.isVisible()


def test_the_words_over_the_picture_stay_in_its_corner(qtbot: QtBot, stage: Stage) -> None:
    """What comes below makes the picture lower, as a lower window does."""
    stage.view.resize(900, 800)
    QApplication.sendPostedEvents()
    stage.desk.say(progress())
    pill = stage.view.preview.findChild(Pill)
    assert isinstance(pill, Pill)
    high = stage.view.preview.height()

    stage.view.resize(900, 560)
    qtbot.waitUntil(lambda: stage.view.preview.height() < high)

    assert pill.geometry().bottom() == stage.view.preview.height() - 15


def test_what_is_plugged_in_can_be_left_alone(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(progress())
    plug_in(stage, "C920")

    press(qtbot, stage.button("decline_newcomer"))
    stage.desk.say(progress())

    assert not is_told(stage)
    assert stage.desk.chosen == []


def trial(state: CheckState, code: str | None = None, **more: Any) -> DeviceTrial:
    told = None if code is None else result(code, state)
    return DeviceTrial(Group.CAMERA, device("C920"), state, told, **more)


@pytest.mark.parametrize(
    ("stands", "words", "icon"),
    [
        (trial(CheckState.RUNNING), "Trying it, one moment.", CheckState.RUNNING),
        (trial(CheckState.PASSED), "It works: its picture can be seen.", CheckState.PASSED),
        (
            trial(CheckState.FAILED, "camera.black"),
            "The picture is black: open the lens cover, press the camera key, or switch on a "
            "light.",
            CheckState.FAILED,
        ),
        (
            trial(CheckState.WARNED, "camera.fps_low"),
            "The camera is too slow: add light, or plug it directly into the computer.",
            CheckState.WARNED,
        ),
        (
            trial(CheckState.UNKNOWN, left_alone=LeftAlone.BLUETOOTH),
            "It is checked once you use it: opening it now would lower your headset’s sound.",
            CheckState.UNKNOWN,
        ),
        (
            trial(CheckState.UNKNOWN, left_alone=LeftAlone.DISTURBED),
            "It is checked once you use it: trying it held up the one in use.",
            CheckState.UNKNOWN,
        ),
    ],
)
def test_how_the_short_look_went_is_said_in_words_and_shape_and_announced(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    stands: DeviceTrial,
    words: str,
    icon: CheckState,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        "desktop.views.newcomer_card.announce", lambda _widget, text: said.append(text)
    )
    shapes: list[CheckState] = []
    monkeypatch.setattr(StateIcon, "show_state", lambda _icon, state: shapes.append(state))
    stage.desk.say(progress())
    plug_in(stage, "C920")
    shapes.clear()

    stage.desk.trials[DeviceRole.CAMERA, DeviceId("c920")] = stands
    stage.desk.say(progress())

    assert stage.words("newcomer") == f"New camera: C920. {words}"
    assert said[-1] == f"New camera: C920. {words}"
    assert icon in shapes


def test_both_halves_of_a_headset_have_a_line_each(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(progress())
    now = stage.desk.devices
    microphone = DeviceChoice((*now.microphone.devices, device("H390 in")), now.microphone.chosen)
    speaker = DeviceChoice((*now.speaker.devices, device("H390 out")), now.speaker.chosen)
    stage.desk.trials[DeviceRole.MICROPHONE, DeviceId("h390 in")] = DeviceTrial(
        Group.MICROPHONE, device("H390 in"), CheckState.PASSED
    )
    stage.desk.plug(replace(now, microphone=microphone, speaker=speaker))
    stage.desk.say(progress())

    told = [each.text() for each in stage.view.findChildren(QLabel, "newcomer")]
    assert [each for each in told if each] == [
        "New microphone: H390 in. It works: sound arrives from it.",
        "New loudspeaker: H390 out. It is checked once you use it.",
    ]
    press(qtbot, stage.button("use_newcomer"))
    assert stage.desk.chosen == [
        (DeviceRole.MICROPHONE, DeviceId("h390 in")),
        (DeviceRole.SPEAKER, DeviceId("h390 out")),
    ]


def test_two_cameras_have_a_line_and_a_button_each(qtbot: QtBot, stage: Stage) -> None:
    """Which one "Use it" means could not be told."""
    stage.desk.say(progress())
    now = stage.desk.devices.camera
    found = (*now.devices, *(device(name) for name in ("C920", "Brio", "Moto", "Logi")))
    stage.desk.plug(replace(stage.desk.devices, camera=DeviceChoice(found, now.chosen)))
    stage.desk.trials[DeviceRole.CAMERA, DeviceId("brio")] = DeviceTrial(
        Group.CAMERA, device("Brio"), CheckState.PASSED
    )
    stage.desk.say(progress())

    told = [each.text() for each in stage.view.findChildren(QLabel, "newcomer")]
    buttons = stage.view.findChildren(Button, "use_one_newcomer")
    shown = [each for each in buttons if each.isVisible()]
    assert [each for each in told if each] == [
        "New camera: C920. It is checked once you use it.",
        "New camera: Brio. It works: its picture can be seen.",
        "New camera: Moto. It is checked once you use it.",
        "New camera: Logi. It is checked once you use it.",
    ]
    assert [role for role, _ in stage.desk.tried] == [DeviceRole.CAMERA] * 4
    assert len(shown) == 4
    assert "Brio" in shown[1].accessibleDescription()
    assert not stage.button("use_newcomer").isVisible()

    shown[1].setFocus()
    press(qtbot, shown[1])

    assert stage.desk.chosen == [(DeviceRole.CAMERA, DeviceId("brio"))]
    assert not is_told(stage), "the others were not wanted"
    assert not stage.button("join_session").hasFocus()


@pytest.mark.parametrize(
    ("key", "chosen"),
    [(Qt.Key.Key_U, [(DeviceRole.CAMERA, DeviceId("c920"))]), (Qt.Key.Key_N, [])],
)
def test_a_key_uses_it_and_another_leaves_it_alone(
    qtbot: QtBot, stage: Stage, key: Qt.Key, chosen: list[tuple[DeviceRole, DeviceId]]
) -> None:
    stage.desk.say(progress())
    plug_in(stage, "C920")
    qtbot.waitUntil(stage.view.isActiveWindow)

    QTest.keyClick(stage.view, key, Qt.KeyboardModifier.AltModifier)
    # A key presses a button down for a moment.
    qtbot.waitUntil(lambda: not is_told(stage))

    assert stage.desk.chosen == chosen
