"""C07 on pictures of known truth: a single colour counts as black, a live sensor does not.

The sensor is made as the catalogue's (section 16): noise, shading, and the camera's own JPEG.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from preflight.analysis.picture import colour_spread
from preflight.analysis.picture_window import PictureWindow
from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from preflight.devices.pattern_camera import PatternReader
from preflight.model import CheckState
from preflight.verdicts.catalogue import judge

HEIGHT, WIDTH = 720, 1280
CLIP = Path(__file__).parents[4] / "resources" / "clips" / "demo-customer.mp4"
RANDOM = np.random.default_rng(29)
Y, X = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
# A lens darkens towards the corners: at least a hundredth, also where the camera corrects it.
SHADING = 1 - 0.01 * (X * X + Y * Y) / 2

Pixels = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "green of an empty YUYV buffer": (0, 135, 0),
    "grey": (128, 128, 128),
    "white": (255, 255, 255),
    "blue": (200, 30, 10),
    "dark grey": (16, 16, 16),
    "black": (0, 0, 0),
}


def solid(colour: Colour) -> Pixels:
    return np.full((HEIGHT, WIDTH, 3), colour, np.uint8)


def sensed(scene: npt.NDArray[np.float64], sigma: float) -> Pixels:
    """A (720, 1280) or (720, 1280, 3) scene as a live sensor gives it."""
    colours = scene if scene.ndim == 3 else scene[:, :, None].repeat(3, axis=2)
    noise = RANDOM.standard_normal((HEIGHT, WIDTH, 3), dtype=np.float32) * sigma
    return np.clip(np.round(colours + noise), 0, 255).astype(np.uint8)


def as_jpeg(pixels: Pixels, quality: int = 85) -> Pixels:
    packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def verdict(frames: list[Pixels]) -> CheckState:
    """Judge the frames, one each 100 ms, as the camera's check does."""
    window = PictureWindow()
    for index, pixels in enumerate(frames):
        window.tap(CameraFrame(pixels, index * 100_000_000))
    seen = window.visibility()
    assert seen is not None
    return judge(
        "camera.black",
        {
            "luma_mean": seen.luma_mean,
            "structure": seen.structure,
            "colour_spread": seen.colour_spread,
        },
    )


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
def test_a_single_colour_counts_as_black_however_bright_it_is(colour: Colour) -> None:
    assert verdict([solid(colour)] * 4) is CheckState.FAILED


@pytest.mark.parametrize("quality", [85, 50])
@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
def test_a_single_colour_stays_one_when_the_camera_packs_it(colour: Colour, quality: int) -> None:
    assert verdict([as_jpeg(solid(colour), quality)] * 4) is CheckState.FAILED


def test_a_single_colour_that_changes_with_time_is_still_one() -> None:
    levels = [100, 120, 140, 160]

    assert verdict([solid((level, level, level)) for level in levels]) is CheckState.FAILED


@pytest.mark.parametrize("sigma", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("name", ["green of an empty YUYV buffer", "grey", "blue"])
def test_an_even_surface_before_a_live_sensor_is_no_single_colour(name: str, sigma: float) -> None:
    """That is what `camera.covered` advises about; the noise proves that the sensor sees."""
    scene = np.broadcast_to(np.array(COLOURS[name], np.float64), (HEIGHT, WIDTH, 3))

    assert verdict([sensed(scene, sigma) for _ in range(4)]) is CheckState.PASSED


@pytest.mark.parametrize("quality", [85, 70])
@pytest.mark.parametrize(("level", "sigma"), [(118.0, 0.5), (118.0, 2.0), (200.0, 1.0)])
def test_a_grey_card_and_a_white_wall_are_no_single_colour(
    level: float, sigma: float, quality: int
) -> None:
    frames = [as_jpeg(sensed(level * SHADING, sigma), quality) for _ in range(4)]

    assert verdict(frames) is CheckState.PASSED


@pytest.mark.parametrize("sigma", [0.5, 2.0, 8.0])
def test_a_lens_cap_is_black_with_noise_and_without(sigma: float) -> None:
    frames = [as_jpeg(sensed(11.0 * SHADING, sigma)) for _ in range(16)]

    assert verdict(frames) is CheckState.FAILED


def test_a_room_with_little_light_passes() -> None:
    scene = np.full((HEIGHT, WIDTH), 14.0)
    scene[150:450, 300:600] = 34.0
    scene[300:600, 800:1000] = 48.0

    frames = [as_jpeg(sensed(scene * SHADING, 6.0)) for _ in range(16)]

    assert verdict(frames) is CheckState.PASSED


def test_the_demos_pattern_and_clip_pass() -> None:
    reader = PatternReader()
    reader.open()
    pattern = [reader.render(index).pixels for index in range(4)]
    reader.close()
    clip = cv2.VideoCapture(str(CLIP))
    played = [np.asarray(clip.read()[1], np.uint8) for _ in range(4)]
    clip.release()

    assert verdict(pattern) is CheckState.PASSED
    assert verdict(played) is CheckState.PASSED


def test_one_picture_among_single_colours_proves_that_the_camera_sees() -> None:
    frames = [solid(COLOURS["grey"])] * 3 + [sensed(118.0 * SHADING, 2.0)]

    assert verdict(frames) is CheckState.PASSED


def test_a_camera_that_turned_to_a_single_colour_is_found_out_within_a_window() -> None:
    seen = [sensed(118.0 * SHADING, 2.0)] * 2

    assert verdict(seen + [solid(COLOURS["grey"])] * 16) is CheckState.FAILED


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0098, CheckState.FAILED), (0.0104, CheckState.PASSED)]
)
def test_the_limit_is_one_pixel_in_a_hundred_one_level_off(
    share: float, expected: CheckState
) -> None:
    pixels = solid(COLOURS["grey"])
    looked_at = pixels[::8]
    off = np.zeros(looked_at.shape[:2], bool).ravel()
    off[: round(share * off.size)] = True
    looked_at[off.reshape(looked_at.shape[:2]), 1] += 1

    assert verdict([pixels] * 4) is expected


def test_a_colour_differs_even_where_its_luma_does_not() -> None:
    pixels = solid((100, 100, 100))
    pixels[:, ::2] = (100, 80, 139)

    assert colour_spread(pixels) == pytest.approx(19.5)
