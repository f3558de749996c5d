"""VideoView paints what the mailbox holds, once, at the right place."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.viewmodels.picture_geometry import Fit
from desktop.viewmodels.pictures import PictureMailbox, PixelFormat, VideoPicture
from desktop.views import video_view
from desktop.views.video_view import Caption, VideoView

RED = (0, 0, 255, 255)
BLUE = (255, 0, 0, 255)


def _halves(
    left: tuple[int, int, int, int] = RED,
    right: tuple[int, int, int, int] = BLUE,
    *,
    width: int = 160,
    height: int = 90,
    rotation_degrees: int = 0,
    pixels: PixelFormat = PixelFormat.BGRA,
) -> VideoPicture:
    array = np.empty((height, width, 4), np.uint8)
    array[:, : width // 2] = left
    array[:, width // 2 :] = right
    if pixels is PixelFormat.BGR:
        array = np.ascontiguousarray(array[:, :, :3])
    array.flags.writeable = False
    return VideoPicture(
        data=array,
        width=width,
        height=height,
        pixels=pixels,
        bytes_per_line=width * pixels.bytes_per_pixel,
        captured_ns=1,
        rotation_degrees=rotation_degrees,
    )


@pytest.fixture
def view(qtbot: QtBot) -> VideoView:
    widget = VideoView()
    qtbot.addWidget(widget)
    widget.resize(320, 240)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _show(qtbot: QtBot, view: VideoView, picture: VideoPicture) -> None:
    box = PictureMailbox()
    before = view.painted_count
    view.show_from(box)
    box.put(picture)
    qtbot.waitUntil(lambda: view.painted_count > before)


def _colour(view: VideoView, x: int, y: int) -> QColor:
    image: QImage = view.grab().toImage()
    return image.pixelColor(x, y)


def test_a_letterboxed_picture_has_its_colours_and_the_ground_beside_it(
    qtbot: QtBot, view: VideoView
) -> None:
    _show(qtbot, view, _halves())

    assert _colour(view, 80, 120) == QColor(255, 0, 0)
    assert _colour(view, 240, 120) == QColor(0, 0, 255)
    assert _colour(view, 160, 5) == QColor("#0C0E12")
    assert _colour(view, 160, 235) == QColor("#0C0E12")


def test_bytes_of_a_camera_frame_show_the_same_colours(qtbot: QtBot, view: VideoView) -> None:
    _show(qtbot, view, _halves(pixels=PixelFormat.BGR))

    assert _colour(view, 80, 120) == QColor(255, 0, 0)


def test_the_self_view_is_mirrored_on_this_screen_only(qtbot: QtBot, view: VideoView) -> None:
    view.set_mirrored(True)

    _show(qtbot, view, _halves())

    assert _colour(view, 80, 120) == QColor(0, 0, 255)
    assert view.to_picture(QPointF(80, 120)) == (0.75, 0.5)


def test_a_picture_that_is_already_mirrored_is_not_turned_again(
    qtbot: QtBot, view: VideoView
) -> None:
    view.set_mirrored(True)

    _show(qtbot, view, replace(_halves(left=BLUE, right=RED), mirrored=True))

    assert _colour(view, 80, 120) == QColor(0, 0, 255)
    assert view.to_picture(QPointF(80, 120)) == (0.75, 0.5)


def test_filling_leaves_no_bars(qtbot: QtBot) -> None:
    view = VideoView(fit=Fit.FILL)
    qtbot.addWidget(view)
    view.resize(320, 240)
    with qtbot.waitExposed(view):
        view.show()

    _show(qtbot, view, _halves())

    assert _colour(view, 100, 2) == QColor(255, 0, 0)


@pytest.mark.parametrize(
    ("rotation", "top", "bottom"),
    [(90, QColor(255, 0, 0), QColor(0, 0, 255)), (270, QColor(0, 0, 255), QColor(255, 0, 0))],
)
def test_a_phone_held_upright_is_set_upright(
    qtbot: QtBot, view: VideoView, rotation: int, top: QColor, bottom: QColor
) -> None:
    _show(qtbot, view, _halves(rotation_degrees=rotation))

    assert _colour(view, 160, 40) == top
    assert _colour(view, 160, 200) == bottom
    assert view.picture_size == (90, 160)


def test_the_point_under_the_mouse_is_a_point_of_the_picture(qtbot: QtBot, view: VideoView) -> None:
    _show(qtbot, view, _halves())

    assert view.to_picture(QPointF(160, 120)) == (0.5, 0.5)
    assert view.to_picture(QPointF(160, 5)) is None
    assert view.to_window(0.25, 0.5) == QPointF(80, 120)


def test_pictures_from_a_media_thread_are_painted_and_reported_once_each(
    qtbot: QtBot, view: VideoView
) -> None:
    box = PictureMailbox()
    view.show_from(box)
    reported: list[VideoPicture] = []
    view.on_painted = reported.append
    picture = _halves()

    thread = threading.Thread(target=lambda: box.put(picture))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: view.painted_count == 1)
    view.grab()

    assert reported == [picture]
    assert view.painted_count == 1


def test_a_hidden_view_takes_nothing_and_shows_the_newest_when_it_comes_back(
    qtbot: QtBot, view: VideoView
) -> None:
    box = PictureMailbox()
    view.show_from(box)
    view.hide()

    box.put(_halves())
    newest = _halves(BLUE, BLUE)
    box.put(newest)
    assert view.painted_count == 0
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: view.painted_count == 1)

    assert _colour(view, 80, 120) == QColor(0, 0, 255)


def test_a_mailbox_that_was_left_is_not_painted_any_more(qtbot: QtBot, view: VideoView) -> None:
    box = PictureMailbox()
    view.show_from(box)
    view.show_from(None)

    box.put(_halves())
    qtbot.wait(30)

    assert view.painted_count == 0


def test_an_avatar_hides_the_picture_and_counts_no_paint(qtbot: QtBot, view: VideoView) -> None:
    view.set_avatar("SO")
    box = PictureMailbox()
    view.show_from(box)

    box.put(_halves())
    qtbot.waitUntil(lambda: box.take() is None)
    colour = _colour(view, 80, 120)

    assert colour == QColor("#14181F")
    assert view.painted_count == 0


def test_a_stalled_picture_is_dimmed_under_its_caption(qtbot: QtBot, view: VideoView) -> None:
    _show(qtbot, view, _halves())
    bright = _colour(view, 20, 60).red()

    view.set_caption(Caption("Last picture, 12:06:31", "It will come back by itself."))

    assert 0 < _colour(view, 20, 60).red() < bright // 2


def test_clearing_leaves_nobody_on_the_screen(qtbot: QtBot, view: VideoView) -> None:
    _show(qtbot, view, _halves())

    view.clear()

    assert _colour(view, 80, 120) == QColor("#0C0E12")
    assert view.to_picture(QPointF(160, 120)) is None


def test_smooth_scaling_stops_where_it_is_too_dear_and_a_new_size_tries_again(
    qtbot: QtBot, view: VideoView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_view, "SMOOTH_BUDGET_NS", -1)

    _show(qtbot, view, _halves(width=300))
    assert not view.scales_smoothly
    view.resize(340, 240)

    assert view.scales_smoothly


def test_rounded_corners_let_the_ground_behind_show(qtbot: QtBot) -> None:
    view = VideoView(fit=Fit.FILL)
    qtbot.addWidget(view)
    view.set_corner_radius(20, border=True)
    view.resize(200, 112)
    with qtbot.waitExposed(view):
        view.show()

    _show(qtbot, view, _halves(RED, RED))

    assert _colour(view, 1, 1) != QColor(255, 0, 0)
    assert _colour(view, 100, 56) == QColor(255, 0, 0)


def test_a_view_that_is_gone_leaves_its_mailbox_in_peace(qtbot: QtBot) -> None:
    """The camera goes on while a page goes; its tap must not fail for that."""
    box = PictureMailbox()
    view = VideoView()
    view.show_from(box)

    shiboken6.delete(view)
    box.put(_halves())

    assert box.take() is not None


def test_a_view_asks_for_pictures_in_the_size_it_shows_them(qtbot: QtBot, view: VideoView) -> None:
    box = PictureMailbox()
    view.show_from(box)
    view.resize(320, 240)

    box.put(_halves(width=640, height=360))
    qtbot.waitUntil(lambda: view.painted_count == 1)
    smaller = box.wanted_size
    view.resize(800, 600)
    box.put(_halves(width=640, height=360))
    qtbot.waitUntil(lambda: view.painted_count == 2)

    assert smaller == (320, 180)
    assert box.wanted_size is None


def test_a_picture_scaled_beforehand_lies_where_the_full_one_would(
    qtbot: QtBot, view: VideoView
) -> None:
    box = PictureMailbox()
    view.show_from(box)
    view.resize(320, 240)

    box.put(replace(_halves(width=320, height=180), sent_size=(640, 360)))
    qtbot.waitUntil(lambda: view.painted_count == 1)

    assert view.picture_size == (640, 360)
    assert box.wanted_size == (320, 180)
    placed = view.placement()
    assert (placed.width, placed.height) == (320, 180)


def test_the_picture_is_told_where_it_is_on_the_screen(qtbot: QtBot, view: VideoView) -> None:
    view.resize(320, 240)
    view.move(40, 70)
    _show(qtbot, view, _halves(width=640, height=360))

    corner = view.mapToGlobal(QPointF(0, 30)).toPoint()
    assert view.picture_on_screen() == (corner.x(), corner.y(), 320, 180)
