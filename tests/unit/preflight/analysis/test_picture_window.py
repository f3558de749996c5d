"""The camera's tap on made frames with made stamps."""

import numpy as np
import pytest

from preflight.analysis.picture_window import PictureWindow
from preflight.devices.frames import CameraFrame

MS = 1_000_000
RANDOM = np.random.default_rng(11)


def frame(at_ms: float, level: int = 120, *, seed: int | None = None) -> CameraFrame:
    """A frame of 320x180; without a seed its noise is new, with one it is always the same."""
    random = RANDOM if seed is None else np.random.default_rng(seed)
    pixels = random.integers(level, level + 6, (180, 320, 3)).astype(np.uint8)
    return CameraFrame(pixels, round(at_ms * MS))


def feed(window: PictureWindow, *, fps: float, seconds: float, level: int = 120) -> float:
    count = round(fps * seconds)
    for index in range(count):
        window.tap(frame(1000 * index / fps, level))
    return 1000 * (count - 1) / fps


def test_a_live_picture_is_not_frozen() -> None:
    window = PictureWindow()

    end_ms = feed(window, fps=30, seconds=1)

    assert window.unchanged_ms(round(end_ms * MS)) == 0
    assert window.frames == 30


def test_a_repeated_picture_counts_from_its_first_showing() -> None:
    window = PictureWindow()
    window.tap(frame(0))

    for at_ms in range(100, 5200, 100):
        window.tap(frame(at_ms, seed=3))

    assert window.unchanged_ms(5100 * MS) == pytest.approx(5000)


def test_nothing_is_known_before_the_first_picture() -> None:
    window = PictureWindow()

    assert window.unchanged_ms(0) is None
    assert window.silent_ms(0) is None
    assert window.visibility() is None
    assert window.fps() == 0.0


def test_what_is_no_picture_is_only_counted() -> None:
    window = PictureWindow()

    window.tap(CameraFrame(np.zeros((2, 2, 3), np.uint8), 5))

    assert (window.frames, window.invalid) == (0, 1)


@pytest.mark.parametrize("fps", [30.0, 15.0, 4.0])
def test_the_rate_is_that_of_distinct_frames(fps: float) -> None:
    window = PictureWindow()

    feed(window, fps=fps, seconds=3)

    assert window.fps() == pytest.approx(fps, rel=0.01)


def test_a_camera_that_shows_each_picture_twice_has_half_its_rate() -> None:
    window = PictureWindow()

    for index in range(60):
        window.tap(frame(1000 * index / 30, seed=index // 2))

    assert window.fps() == pytest.approx(15, rel=0.01)


def test_a_stutter_shows_the_rate_of_the_usual_frame() -> None:
    """30 fps with every fourth frame missing: most intervals are still 33 ms."""
    window = PictureWindow()

    for index in range(80):
        if index % 4:
            window.tap(frame(1000 * index / 30))

    assert window.fps() == pytest.approx(30, rel=0.01)


def test_at_most_ten_frames_a_second_are_analysed() -> None:
    window = PictureWindow()

    feed(window, fps=30, seconds=1)

    seen = window.visibility()
    assert seen is not None
    assert seen.frames == 10


def test_the_window_forgets_what_is_older_than_sixteen_analysed_frames() -> None:
    window = PictureWindow()
    feed(window, fps=10, seconds=2, level=10)

    for index in range(16):
        window.tap(frame(2000 + 100 * index, 200))

    seen = window.visibility()
    assert seen is not None
    assert seen.luma_mean == pytest.approx(202.5, abs=1)


def test_exposure_that_still_moves_is_not_settled() -> None:
    window = PictureWindow()
    for index in range(6):
        window.tap(frame(100 * index, 40 + 20 * index))

    moving = window.visibility()
    for index in range(6, 12):
        window.tap(frame(100 * index, 140))
    still = window.visibility()

    assert moving is not None
    assert still is not None
    assert (moving.settled, still.settled) == (False, True)


def test_looks_from_before_exposure_stood_do_not_count() -> None:
    """A camera opens in the sun: white for half a second, then right (blind set, C11 and C12)."""
    window = PictureWindow()
    for index, level in enumerate([250, 250, 250, 250, 250, 200, 150, *[100] * 8]):
        window.tap(frame(100 * index, level))

    seen = window.visibility()

    assert seen is not None
    assert (seen.settled, seen.frames) == (True, 8)
    assert seen.luma_mean == pytest.approx(102.5, abs=1)
    assert seen.light.bright_share == 0
    assert seen.light.contrast < 10


def test_exposure_that_moves_on_is_judged_as_it_is() -> None:
    window = PictureWindow()
    for index in range(12):
        window.tap(frame(100 * index, 100 + 50 * (index % 2)))

    seen = window.visibility()

    assert seen is not None
    assert (seen.settled, seen.frames) == (False, 12)
    assert seen.luma_mean == pytest.approx(127.5, abs=1)


def test_time_without_pictures_is_told_apart_from_a_still_one() -> None:
    window = PictureWindow()
    window.tap(frame(0))
    window.tap(frame(33))

    assert window.silent_ms(2033 * MS) == pytest.approx(2000)
