"""The capture time in the picture survives what a call does to pictures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.devices.opencv import cv2
from preflight.devices.time_code import read_time_code, write_time_code

NOW_NS = 987_654_321_000_000


def picture(
    width: int = 1280, height: int = 720, seed: int = 1
) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@given(
    captured_us=st.integers(0, 2**52),
    age_us=st.integers(0, 60_000_000),
)
def test_what_is_written_is_read_back_to_the_microsecond(captured_us: int, age_us: int) -> None:
    pixels = np.zeros((180, 320, 3), np.uint8)
    write_time_code(pixels, captured_us * 1000)

    assert read_time_code(pixels, (captured_us + age_us) * 1000) == captured_us * 1000


@pytest.mark.parametrize("width", [1280, 960, 640, 320])
def test_the_code_survives_the_layers_sizes(width: int) -> None:
    pixels = picture()
    write_time_code(pixels, NOW_NS)

    small = cv2.resize(pixels, (width, width * 9 // 16), interpolation=cv2.INTER_LINEAR)

    assert read_time_code(small.astype(np.uint8), NOW_NS + 40_000_000) == NOW_NS


@pytest.mark.parametrize("quality", [60, 30, 15])
def test_the_code_survives_hard_lossy_coding(quality: int) -> None:
    """Blocks of 8x8 with subsampled colour, quantised harder than VP8 does at 160 kbps."""
    pixels = cv2.resize(picture(), (320, 180)).astype(np.uint8)
    write_time_code(pixels, NOW_NS)
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])

    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)

    assert decoded is not None
    assert read_time_code(decoded.astype(np.uint8), NOW_NS) == NOW_NS


def test_bgra_and_grey_pictures_are_read_too() -> None:
    pixels = picture()
    write_time_code(pixels, NOW_NS)

    bgra = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8)

    assert read_time_code(bgra, NOW_NS) == NOW_NS
    assert read_time_code(grey, NOW_NS) == NOW_NS


@pytest.mark.parametrize("seed", range(20))
def test_a_picture_without_a_code_gives_none(seed: int) -> None:
    assert read_time_code(picture(320, 180, seed), NOW_NS) is None


def test_one_damaged_block_is_noticed() -> None:
    pixels = picture()
    write_time_code(pixels, NOW_NS)
    block = pixels[24:48, 24 + 24 * 9 : 24 + 24 * 10]
    block[:] = 255 - block

    assert read_time_code(pixels, NOW_NS) is None


def test_a_picture_too_small_for_the_code_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        write_time_code(np.zeros((90, 160, 3), np.uint8), NOW_NS)

    assert read_time_code(np.zeros((90, 160, 3), np.uint8), NOW_NS) is None
