"""Pictures of known truth through the picture algorithms."""

import numpy as np
import numpy.typing as npt
import pytest

from preflight.analysis.picture import (
    TILE_COLUMNS,
    TILE_ROWS,
    Tiles,
    checksum,
    frame_rate,
    luma_of,
    reduce_picture,
    structure,
    tile_means,
)
from preflight.devices.frames import is_picture
from preflight.model import CheckState
from preflight.verdicts.catalogue import judge

RANDOM = np.random.default_rng(7)
HEIGHT, WIDTH = 720, 1280


def picture(level: float | npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """A grey 720p picture of one level, or of a (720, 1280) map of levels."""
    values = np.broadcast_to(np.asarray(level, np.float64), (HEIGHT, WIDTH))
    return np.repeat(np.clip(np.round(values), 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def noisy(level: float | npt.NDArray[np.float64], sigma: float) -> npt.NDArray[np.uint8]:
    """The same with fresh sensor noise."""
    small = RANDOM.normal(0, sigma, (HEIGHT, WIDTH))
    return picture(np.asarray(level) + small)


def shot(level: float | npt.NDArray[np.float64], sigma: float, frames: int = 16) -> list[Tiles]:
    """Tile means of some frames of a scene that stands still."""
    return [tile_means(luma_of(reduce_picture(noisy(level, sigma)))) for _ in range(frames)]


def covered_lens() -> npt.NDArray[np.float64]:
    """What a covered lens leaves: black level, vignetting, and the sensor's rows and columns."""
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    rows = RANDOM.normal(0, 0.8, (HEIGHT, 1))
    columns = RANDOM.normal(0, 0.8, (1, WIDTH))
    return np.asarray(11.0 - 3.0 * (x * x + y * y) + rows + columns)


def garage(amount_of_light: float) -> npt.NDArray[np.float64]:
    """A dark room with some objects, brighter with more light."""
    scene = np.full((HEIGHT, WIDTH), 18.0)
    scene[100:400, 200:420] += 40 * amount_of_light
    scene[350:650, 700:1100] += 60 * amount_of_light
    scene[60:160, 900:1000] += 90 * amount_of_light
    return scene


def verdict(frames: list[Tiles]) -> CheckState:
    """The verdict on dark and empty scenes; `test_single_colour` has the third figure."""
    mean = float(np.mean([tiles.mean() for tiles in frames]))
    figures = {"luma_mean": mean, "structure": structure(frames), "colour_spread": 3.0}
    return judge("camera.black", figures)


def test_black_is_black() -> None:
    frames = shot(0, 0)

    assert structure(frames) == 0
    assert verdict(frames) is CheckState.FAILED


@pytest.mark.parametrize("sigma", [2.0, 8.0, 20.0])
def test_a_covered_lens_is_black_however_much_it_noises(sigma: float) -> None:
    frames = shot(covered_lens(), sigma)

    assert structure(frames) < 0.25
    assert verdict(frames) is CheckState.FAILED


@pytest.mark.parametrize("light", [0.08, 0.2, 1.0])
def test_a_dim_scene_is_not_black_though_its_mean_is(light: float) -> None:
    frames = shot(garage(light), 8.0)

    assert np.mean([tiles.mean() for tiles in frames]) < 40
    assert structure(frames) > 0.5
    assert verdict(frames) is CheckState.PASSED


def test_a_scene_below_what_can_be_seen_is_black() -> None:
    assert verdict(shot(garage(0.01), 8.0)) is CheckState.FAILED


def test_a_lit_wall_without_structure_is_not_black() -> None:
    frames = shot(120, 4.0)

    assert structure(frames) < 0.5
    assert verdict(frames) is CheckState.PASSED


def chequered(amplitude: float, mean: float) -> list[Tiles]:
    y, x = np.mgrid[0:TILE_ROWS, 0:TILE_COLUMNS]
    tiles = mean + amplitude * np.where((x + y) % 2 == 0, 1.0, -1.0)
    return [tiles.astype(np.float64)] * 16


@pytest.mark.parametrize("amplitude", [0.1, 0.5, 2.0, 30.0])
def test_structure_is_the_effective_amplitude_of_what_lasts(amplitude: float) -> None:
    assert structure(chequered(amplitude, 20)) == pytest.approx(amplitude, rel=1e-4)


@pytest.mark.parametrize(
    ("amplitude", "mean", "expected"),
    [
        (0.499, 39.9, CheckState.FAILED),
        (0.501, 39.9, CheckState.PASSED),
        (0.499, 40.1, CheckState.PASSED),
    ],
)
def test_black_turns_just_beside_its_thresholds(
    amplitude: float, mean: float, expected: CheckState
) -> None:
    assert verdict(chequered(amplitude, mean)) is expected


def test_a_slope_of_light_is_no_structure() -> None:
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]

    frames = shot(np.asarray(20 + 8 * x + 5 * y - 6 * x * x + 3 * x * y), 3.0)

    assert structure(frames) < 0.1


def test_structure_needs_two_frames() -> None:
    with pytest.raises(ValueError, match="two frames"):
        structure(shot(10, 1, frames=1))


@pytest.mark.parametrize(
    ("bgr", "expected"), [((255, 0, 0), 29.07), ((0, 255, 0), 149.685), ((0, 0, 255), 76.245)]
)
def test_luma_weighs_the_channels(bgr: tuple[int, int, int], expected: float) -> None:
    pixels = np.full((240, 320, 3), bgr, np.uint8)

    luma = luma_of(reduce_picture(pixels))

    assert luma.shape == (180, 320)
    assert float(luma.mean()) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((120, 160, 3), True),
        ((160, 120, 3), True),
        ((119, 160, 3), False),
        ((120, 159, 3), False),
        ((2, 2, 3), False),
        ((120, 160, 1), False),
        ((120, 160), False),
    ],
)
def test_a_picture_has_three_channels_and_a_size(shape: tuple[int, ...], expected: bool) -> None:
    assert is_picture(np.zeros(shape, np.uint8)) is expected


def test_the_same_picture_has_the_same_sum_and_noise_another() -> None:
    still = noisy(garage(1.0), 2.0)

    assert checksum(still) == checksum(still.copy())
    assert checksum(still) != checksum(noisy(garage(1.0), 2.0))


def test_one_changed_step_in_a_looked_at_row_changes_the_sum() -> None:
    before = picture(50)
    after = before.copy()
    after[400, 640, 1] += 1

    assert checksum(before) != checksum(after)


def stamps(fps: float, count: int = 46) -> list[int]:
    return [round(1e9 * index / fps) for index in range(count)]


@pytest.mark.parametrize(
    ("fps", "expected"),
    [
        (30.0, CheckState.PASSED),
        (24.01, CheckState.PASSED),
        (23.9, CheckState.WARNED),
        (5.01, CheckState.WARNED),
        (4.9, CheckState.FAILED),
    ],
)
def test_the_rate_of_a_steady_camera_is_found(fps: float, expected: CheckState) -> None:
    found = frame_rate(stamps(fps))

    assert found == pytest.approx(fps, rel=1e-3)
    assert judge("camera.fps_low", {"fps": found}) is expected


def test_single_drops_do_not_lower_the_rate() -> None:
    kept = [at for index, at in enumerate(stamps(30)) if index % 10]

    assert frame_rate(kept) == pytest.approx(30, rel=1e-3)


def test_a_rate_needs_two_frames() -> None:
    assert frame_rate([]) == 0.0
    assert frame_rate([5]) == 0.0
    assert frame_rate([5, 5]) == 0.0
