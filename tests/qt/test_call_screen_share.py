"""The other side's shared screen has the big place, and their camera a small one."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client_api.wire import Role
from desktop.viewmodels.pictures import PixelFormat, VideoPicture
from desktop.views.self_view import Corner
from desktop.views.video_view import VideoView
from tests.fakes.call_page import PRESENT
from tests.qt.call_screen import CallScreen

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

SHARING = replace(PRESENT, screen_on=True)


@pytest.fixture
def stage(qtbot: QtBot) -> CallScreen:
    stage = CallScreen(qtbot, Role.CUSTOMER, (1280, 800))
    stage.go_live()
    return stage


def picture(grey: int) -> VideoPicture:
    return VideoPicture(
        np.full((90, 160, 4), grey, np.uint8), 160, 90, PixelFormat.BGRA, 640, captured_ns=grey
    )


def painted(view: VideoView) -> list[int]:
    """Return a list that names each picture this view paints from now on."""
    seen: list[int] = []
    view.on_painted = lambda shown: seen.append(shown.captured_ns)
    return seen


def test_a_shared_screen_takes_the_big_place_and_the_camera_the_small_one(
    qtbot: QtBot, stage: CallScreen
) -> None:
    big, small = painted(stage.view.remote), painted(stage.view.peer)
    stage.remote.put(picture(60))
    qtbot.waitUntil(lambda: big == [60])

    stage.go_live(SHARING)
    stage.screen.put(picture(200))
    stage.remote.put(picture(90))

    qtbot.waitUntil(lambda: (big, small) == ([60, 200], [90]))
    assert stage.view.remote.accessibleName() == "Shared screen of Dana Roy"


def test_the_camera_has_the_big_place_again_when_the_screen_is_taken_back(
    qtbot: QtBot, stage: CallScreen
) -> None:
    big, small = painted(stage.view.remote), painted(stage.view.peer)
    stage.go_live(SHARING)
    stage.screen.put(picture(200))
    qtbot.waitUntil(lambda: big == [200])

    stage.go_live()
    assert stage.view.remote.picture_size is None, "nobody's last screen stays in sight"
    stage.remote.put(picture(60))

    qtbot.waitUntil(lambda: big == [200, 60])
    assert small == []
    assert not stage.view.peer.isVisible()


def test_a_screen_is_shown_whether_the_camera_is_on_or_not(qtbot: QtBot, stage: CallScreen) -> None:
    big = painted(stage.view.remote)

    stage.go_live(replace(SHARING, camera_on=False))
    stage.screen.put(picture(200))

    qtbot.waitUntil(lambda: big == [200])
    assert stage.view.peer.isVisible(), "initials, as everywhere without a camera"


@pytest.mark.parametrize("corner", list(Corner))
def test_the_small_camera_covers_neither_oneself_nor_what_stands_on_top(
    stage: CallScreen, corner: Corner
) -> None:
    stage.run_clock(1000)
    stage.go_live(SHARING)
    stage.view.own.corner = corner
    stage.view.own.corner_chosen.emit()

    place = stage.view.peer.geometry()
    others = [
        stage.find(QWidget, name).geometry()
        for name in ("self_view", "call_controls", "call_who", "call_clock")
    ]
    assert [each for each in others if place.intersects(QRect(each))] == []
