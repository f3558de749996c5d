"""Blur, flicker, gaps, light and colour of known truth through the camera's advisory figures."""

import numpy as np
import numpy.typing as npt
import pytest

from preflight.analysis.cadence import cadence
from preflight.analysis.exposure import (
    bright_share,
    centre_and_border,
    chroma_deviation,
    chroma_tiles,
    contrast,
    luma_histogram,
)
from preflight.analysis.flicker import ROWS, Rows, flicker, wander_hz
from preflight.analysis.flicker_window import FlickerWindow
from preflight.analysis.picture import luma_of, tile_means
from preflight.analysis.sharpness import pair_sharpness, sharp_plane
from preflight.analysis.sharpness_window import ENOUGH
from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2

RANDOM = np.random.default_rng(21)


def texture(seed: int = 4) -> npt.NDArray[np.float32]:
    """A 720p scene with the spectrum of natural pictures, mean 120."""
    rng = np.random.default_rng(seed)
    radius = np.hypot(np.fft.rfftfreq(1280)[None, :], np.fft.fftfreq(720)[:, None])
    radius[0, 0] = 1
    made = np.fft.irfft2(np.exp(2j * np.pi * rng.random(radius.shape)) / radius, s=(720, 1280))
    return np.asarray(120 + 40 * (made - made.mean()) / made.std(), np.float32)


def shot(scene: npt.NDArray[np.float32], noise: float = 3.0) -> npt.NDArray[np.uint8]:
    """The scene as a grey BGR picture with fresh noise."""
    noisy = scene + RANDOM.normal(0, noise, scene.shape)
    return np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def ratio(scene: npt.NDArray[np.float32], blur_px: float, **noise: float) -> float:
    """The sharpness of a scene that is blurred by so many pixels at 1280 wide."""
    seen = cv2.GaussianBlur(scene, (0, 0), blur_px) if blur_px else scene
    seen = np.asarray(seen, np.float32)
    look = pair_sharpness(sharp_plane(shot(seen, **noise)), sharp_plane(shot(seen, **noise)))
    assert look.ratio is not None, look.why
    return look.ratio


def test_the_more_blur_the_less_sharp() -> None:
    scene = texture()
    found = [ratio(scene, blur) for blur in (0, 1.5, 3, 5, 8)]

    assert found == sorted(found, reverse=True)
    assert found[0] >= 0.30
    assert found[-1] < 0.12


def test_noise_is_no_sharpness() -> None:
    scene = texture()

    assert ratio(scene, 8, noise=12.0) == pytest.approx(ratio(scene, 8, noise=1.0), abs=0.05)


@pytest.mark.parametrize(
    ("scene", "why"),
    [(texture() / 4, "too_dark"), (np.full((720, 1280), 120, np.float32), "no_detail")],
)
def test_what_cannot_be_judged_says_why(scene: npt.NDArray[np.float32], why: str) -> None:
    look = pair_sharpness(sharp_plane(shot(scene)), sharp_plane(shot(scene)))

    assert (look.ratio, look.why) == (None, why)


def steps() -> npt.NDArray[np.float32]:
    """Large even things before an even wall: the least fine detail a sharp picture can have."""
    scene = np.full((720, 1280), 120, np.float32)
    for x, y, wide, high, level in ((90, 60, 300, 400, 30), (600, 200, 400, 300, 210)):
        scene[y : y + high, x : x + wide] = level
    return scene


def test_long_edges_alone_are_sharp_until_they_are_blurred() -> None:
    """A step's bands stand as their widths, 1 to 4; what is sharp has no less than that."""
    assert ratio(steps(), 0) == pytest.approx(0.25, abs=0.03)
    assert ratio(steps(), 0) >= ENOUGH
    assert ratio(steps(), 5) < ENOUGH


@pytest.mark.parametrize("moved_px", [2, 12, 60])
def test_a_picture_that_moves_is_not_judged(moved_px: int) -> None:
    scene = texture()
    moved = np.roll(scene, moved_px, axis=1)

    assert pair_sharpness(sharp_plane(shot(scene)), sharp_plane(shot(moved))).why == "moving"


def test_noise_in_a_strongly_blurred_picture_is_no_movement() -> None:
    """Phase correlation took it for one: nothing but noise was left in the fine detail."""
    assert ratio(steps(), 16, noise=12.0) < 0.12


def lamp(
    fps: float, mains_hz: int, depth: float, *, bands: int = 2, noise: float = 0.2
) -> list[Rows]:
    """Row means of 60 pictures under a lamp that pulses."""
    row, frame = np.arange(ROWS)[None, :], np.arange(60)[:, None]
    phase = 2 * np.pi * (bands * row / ROWS + wander_hz(mains_hz, fps) * frame / fps)
    made = 120 * (1 + depth * np.cos(phase)) + RANDOM.normal(0, noise, (60, ROWS))
    return list(made)


@pytest.mark.parametrize("fps", [30.0, 24.0, 29.97, 15.0])
@pytest.mark.parametrize("mains_hz", [50, 60])
@pytest.mark.parametrize("depth", [0.012, 0.03, 0.1])
def test_a_lamp_is_seen_with_its_depth_and_its_mains(
    fps: float, mains_hz: int, depth: float
) -> None:
    found = flicker(lamp(fps, mains_hz, depth), fps)

    assert found is not None
    if found.blind_hz == mains_hz:
        return
    assert found.share >= 0.25
    assert found.depth == pytest.approx(depth, rel=0.35)
    if found.blind_hz is None:
        assert found.mains_hz == mains_hz


def test_a_steady_light_does_not_flicker() -> None:
    found = flicker(lamp(30, 50, 0.0), 30)

    assert found is not None
    assert found.share < 0.25 or found.depth < 0.01


def test_a_shallow_pulse_is_below_the_limit() -> None:
    found = flicker(lamp(30, 50, 0.006), 30)

    assert found is not None
    assert found.depth < 0.01


def test_somebody_who_moves_is_no_lamp() -> None:
    made = np.full((60, ROWS), 120.0)
    for frame in range(60):
        top = int(60 + 50 * np.sin(frame / 7))
        made[frame, top : top + 40] = 60
    found = flicker(list(made), 30)

    assert found is not None
    assert found.share < 0.25


def slid(profile: Rows, tops: npt.NDArray[np.float64]) -> list[Rows]:
    """A scene's rows as a camera sees them that looks down from these rows on."""
    at = np.arange(profile.size)
    return [np.interp(top + np.arange(ROWS), at, profile) for top in tops]


def lit(rows: list[Rows], depth: float) -> list[Rows]:
    """The same rows at 30 pictures a second under a lamp of 50 Hz."""
    return [row * beam / 120 for row, beam in zip(rows, lamp(30, 50, depth), strict=True)]


FINE = 120 + 60 * np.sign(np.sin(np.arange(400) * 2 * np.pi / 14))
"""Bricks or lines of print, finer than a lamp's bands can be."""
COARSE = np.asarray(texture()[:, 40:200].mean(axis=1), np.float64)
"""What a wall or an engine leaves of itself in the rows."""
SECONDS = np.arange(60) / 30


def test_fine_lines_in_a_hand_hide_no_lamp() -> None:
    found = flicker(lit(slid(FINE, 40 + 12 * np.sin(2 * np.pi * 0.6 * SECONDS)), 0.06), 30)

    assert found is not None
    assert found.share >= 0.25
    assert found.depth == pytest.approx(0.06, rel=0.35)


def test_a_picture_that_ends_elsewhere_than_it_began_hides_no_lamp() -> None:
    steps = np.repeat((60.0, 180.0), 200)
    found = flicker(lit(slid(steps, 30 + 60 * SECONDS), 0.03), 30)

    assert found is not None
    assert found.share >= 0.25
    assert found.depth == pytest.approx(0.03, rel=0.35)


def test_a_hand_that_shakes_as_fast_as_bands_would_wander_is_no_lamp() -> None:
    at_s = np.arange(60) / 24
    shaken = slid(COARSE, 90 + 6 * np.sin(2 * np.pi * wander_hz(50, 24) * at_s))
    found = flicker(shaken, 24)

    assert found is not None
    assert found.share < 0.1


def test_a_camera_that_turns_down_steadily_is_no_lamp() -> None:
    """What passes by changes at every frequency; a lamp does at its own alone."""
    wall = np.asarray(texture(6)[:, 40:200].mean(axis=1), np.float64)
    found = flicker(slid(wall, 5 + 120 * np.arange(60) / 24), 24)

    assert found is not None
    assert found.share < 0.1


def test_bands_of_both_mains_that_stand_still_have_no_answer() -> None:
    assert flicker(lamp(20, 50, 0.05), 20) is None


def test_a_missing_picture_is_a_gap_and_a_late_one_is_not() -> None:
    even = [round(n * 1e9 / 30) for n in range(76)]
    late = [at + (20_000_000 if n == 40 else 0) for n, at in enumerate(even)]
    missing = [at for n, at in enumerate(even) if n not in (20, 50, 51)]

    assert cadence(even).drop_share == 0
    assert cadence(late).drops == 0
    assert cadence(missing).drops == 2
    assert cadence([]).drop_share == 0


@pytest.mark.parametrize("share", [0.05, 0.149, 0.3, 0.5])
def test_the_burnt_out_share_is_what_was_drawn(share: float) -> None:
    luma = np.full((180, 320), 120, np.float32)
    luma[:, : round(320 * share)] = 255

    assert bright_share(luma_histogram(luma)) == pytest.approx(share, abs=0.01)


def test_contrast_is_between_the_percentiles() -> None:
    luma = np.tile(np.linspace(80, 180, 320, dtype=np.float32), (180, 1))

    assert contrast(luma_histogram(luma)) == pytest.approx(90, abs=2)


def test_the_middle_and_the_border_are_told_apart() -> None:
    luma = np.full((180, 320), 200, np.float32)
    luma[60:120, 107:213] = 40

    centre, border = centre_and_border(tile_means(luma))

    assert centre < 60
    assert border > 160


def coloured(noise: float, colour: float) -> npt.NDArray[np.uint8]:
    """A 320x180 picture, half reddish by so many steps, with coloured noise."""
    made = np.full((180, 320, 3), 120.0)
    made[:, :160, 2] += colour
    return np.clip(made + RANDOM.normal(0, noise, made.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [0.0, 4.0, 12.0])
def test_coloured_noise_is_no_colour(noise: float) -> None:
    grey = [chroma_tiles(coloured(noise, 0)) for _ in range(16)]
    reddish = [chroma_tiles(coloured(noise, 12)) for _ in range(16)]

    assert chroma_deviation(grey) < 1.0
    assert chroma_deviation(reddish) > 2.0


def test_the_luma_of_a_reduced_picture_is_its_grey() -> None:
    assert float(luma_of(coloured(0, 0)).mean()) == pytest.approx(120, abs=0.5)


def test_a_picture_turned_by_a_quarter_is_as_sharp_and_flickers_as_much() -> None:
    upright = texture()
    frames = [shot(upright) for _ in range(2)]
    turned = [np.ascontiguousarray(np.rot90(each)) for each in frames]
    window = FlickerWindow()
    window.begin()
    scene = texture()[::4, ::4, np.newaxis].repeat(3, axis=2)
    for index in range(40):
        rows = np.arange(scene.shape[0])[:, np.newaxis, np.newaxis] / scene.shape[0]
        lit = scene * (1 + 0.05 * np.cos(2 * np.pi * 100 * (index / 30 + 0.02 * rows)))
        pixels = np.ascontiguousarray(np.rot90(lit.astype(np.uint8)))
        at_ns = 1_000_000_000 + index * 33_333_333
        window.tap(CameraFrame(pixels, at_ns, quarter_turned=True))
    found = window.flicker()

    expected = pair_sharpness(*map(sharp_plane, frames)).ratio
    assert pair_sharpness(*map(sharp_plane, turned)).ratio == pytest.approx(expected, rel=0.1)
    assert found is not None
    assert found.mains_hz == 50
    assert found.depth == pytest.approx(0.05, rel=0.3)


def test_pictures_of_another_size_begin_a_new_look_at_the_lamp() -> None:
    window = FlickerWindow()
    window.begin()
    for index, size in enumerate((360, 360, 480)):
        pixels = np.full((size, 640, 3), 90 + index, np.uint8)
        window.tap(CameraFrame(pixels, 1_000_000_000 + index * 33_333_333))

    assert window.frames == 1
