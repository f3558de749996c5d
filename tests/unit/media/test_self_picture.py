"""The picture that the self view gets."""

import numpy as np
import pytest

from desktop.media.self_picture import WIDTH_PX, SelfPictureFeed, self_picture
from desktop.viewmodels.pictures import PictureMailbox, PixelFormat
from preflight.devices.frames import CameraFrame

LEFT, RIGHT = (10, 20, 200), (90, 160, 30)


def frame_of(width: int, height: int) -> CameraFrame:
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:, : width // 2] = LEFT
    pixels[:, width // 2 :] = RIGHT
    pixels.flags.writeable = False
    return CameraFrame(pixels, captured_ns=7)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (640, 480), (320, 240)])
def test_it_has_the_size_in_which_it_is_shown(size: tuple[int, int]) -> None:
    picture = self_picture(frame_of(*size), (208, 117))

    assert (picture.width, picture.height) == (208, 117)
    assert picture.full_size == size
    assert picture.captured_ns == 7


@pytest.mark.parametrize("size", [(1280, 720), (320, 240), (200, 100)])
def test_it_is_mirrored_and_says_so(size: tuple[int, int]) -> None:
    picture = self_picture(frame_of(*size), (208, 117))

    assert picture.mirrored
    assert picture.pixels is PixelFormat.BGRA
    assert tuple(picture.data[5, 3, :3]) == RIGHT
    assert tuple(picture.data[5, -4, :3]) == LEFT
    assert (picture.data[:, :, 3] == 255).all()


def test_until_the_size_is_known_it_is_wide_enough_for_a_dense_screen() -> None:
    picture = self_picture(frame_of(1280, 720), None)

    assert (picture.width, picture.height) == (WIDTH_PX, 234)


@pytest.mark.parametrize("wanted", [(208, 117), None, (800, 600)])
def test_a_frame_is_never_enlarged_and_never_kept(wanted: tuple[int, int] | None) -> None:
    frame = frame_of(200, 100)

    picture = self_picture(frame, wanted)

    assert (picture.width, picture.height) == (200, 100)
    assert not np.shares_memory(picture.data, frame.pixels)


def test_a_fine_pattern_becomes_grey_instead_of_flickering_stripes() -> None:
    pixels = np.zeros((720, 1280, 3), np.uint8)
    pixels[:, ::2] = 255

    picture = self_picture(CameraFrame(pixels, 0), (208, 117))

    levels = picture.data[:, :, 0].astype(int)
    assert 60 < levels.mean() < 195
    assert levels.max() - levels.min() < 160


@pytest.mark.parametrize(
    ("fps", "shown"), [(15, 30), (24, 48), (25, 50), (30, 30), (60, 40)], ids=lambda each: str(each)
)
def test_a_fast_camera_is_thinned_out_and_a_slow_one_is_not(fps: int, shown: int) -> None:
    box = PictureMailbox()
    feed = SelfPictureFeed(box)
    pixels = np.zeros((90, 160, 3), np.uint8)

    for index in range(2 * fps):
        feed.tap(CameraFrame(pixels, index * 1_000_000_000 // fps))

    assert box.put_count == shown


def test_another_camera_whose_clock_is_behind_is_shown_at_once() -> None:
    box = PictureMailbox()
    feed = SelfPictureFeed(box)
    pixels = np.zeros((90, 160, 3), np.uint8)

    feed.tap(CameraFrame(pixels, 900))
    feed.tap(CameraFrame(pixels, 100))

    assert box.put_count == 2
