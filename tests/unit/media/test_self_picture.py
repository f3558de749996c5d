"""The picture that the self view gets."""

import numpy as np
import pytest

from desktop.media.self_picture import WIDTH_PX, small_picture
from preflight.devices.frames import CameraFrame


def frame_of(width: int, height: int) -> CameraFrame:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = (10, 20, 200)
    return CameraFrame(pixels, captured_ns=7)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (864, 480)])
def test_a_large_frame_is_shown_from_a_small_copy(size: tuple[int, int]) -> None:
    frame = frame_of(*size)

    picture = small_picture(frame)

    assert WIDTH_PX <= picture.width < 2 * WIDTH_PX
    assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.01)
    assert picture.data.nbytes < frame.pixels.nbytes / 3
    assert not np.shares_memory(picture.data, frame.pixels)
    assert tuple(picture.data[0, 0]) == (10, 20, 200)
    assert picture.captured_ns == 7


def test_a_small_frame_is_shown_as_it_is() -> None:
    frame = frame_of(320, 240)

    picture = small_picture(frame)

    assert (picture.width, picture.height) == (320, 240)
    assert picture.data is frame.pixels
