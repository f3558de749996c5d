"""Remote pictures are made as small as they are shown, never larger, and keep their colours."""

import numpy as np
import numpy.typing as npt
import pytest

from desktop.media.scaled_picture import PictureScaler
from preflight.devices.opencv import cv2

LEFT, RIGHT = (40, 90, 200), (180, 120, 60)


def i420_of(width: int, height: int) -> npt.NDArray[np.uint8]:
    """Two colours side by side, as the SDK hands them over."""
    even_width, even_height = width + width % 2, height + height % 2
    pixels = np.empty((even_height, even_width, 3), np.uint8)
    pixels[:, : even_width // 2] = LEFT
    pixels[:, even_width // 2 :] = RIGHT
    stacked = cv2.cvtColor(pixels, cv2.COLOR_BGR2YUV_I420)
    size = even_width * even_height
    luma = stacked.ravel()[:size].reshape(even_height, even_width)[:height, :width]
    chroma = stacked.ravel()[size:]
    return np.concatenate((luma.ravel(), chroma))


def is_near(pixel: npt.NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel[:3].astype(int) - colour).max() < 8)


@pytest.mark.parametrize("wanted", [(930, 523), (640, 360), (641, 361), (200, 113)])
def test_a_picture_shown_smaller_arrives_in_that_size(wanted: tuple[int, int]) -> None:
    pixels, shown = PictureScaler().to_screen(i420_of(1280, 720), 1280, 720, wanted)

    assert shown == wanted
    assert pixels.shape[0] - wanted[1] in (0, 1)
    assert pixels.shape[1] - wanted[0] in (0, 1)
    assert pixels.flags.c_contiguous
    picture = pixels[: wanted[1], : wanted[0]]
    assert is_near(picture[5, 5], LEFT)
    assert is_near(picture[-1, -1], RIGHT)
    assert (picture[:, :, 3] == 255).all()


@pytest.mark.parametrize("wanted", [None, (1280, 720), (1920, 1080), (1279, 900)])
def test_a_picture_keeps_its_size_where_it_is_not_shown_smaller(
    wanted: tuple[int, int] | None,
) -> None:
    planes = i420_of(1280, 720)

    pixels, shown = PictureScaler().to_screen(planes, 1280, 720, wanted)

    assert shown == (1280, 720)
    expected = cv2.cvtColor(planes.reshape(1080, 1280), cv2.COLOR_YUV2BGRA_I420)
    assert np.array_equal(pixels, expected)


def test_an_odd_picture_is_shown_whole() -> None:
    pixels, shown = PictureScaler().to_screen(i420_of(321, 181), 321, 181, None)

    assert shown == (321, 181)
    assert is_near(pixels[180, 0], LEFT)
    assert is_near(pixels[180, 320], RIGHT)


def test_each_picture_has_memory_of_its_own() -> None:
    scaler = PictureScaler()
    first, _ = scaler.to_screen(i420_of(1280, 720), 1280, 720, (640, 360))
    before = first.copy()

    scaler.to_screen(np.zeros(1280 * 1080, np.uint8), 1280, 720, (640, 360))

    assert np.array_equal(first, before)


def test_a_buffer_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        PictureScaler().to_screen(np.zeros(1000, np.uint8), 1280, 720, None)
