"""Cases for blur and lamps.

Truth is what was drawn, before any sensor and encoder:

- ``camera.blurred``: a scene with detail down to the pixel, blurred by a Gaussian of known sigma
  (px at 640x360). Passed to 0.4, warned or failed from 2.5; nothing is made in between, where it
  depends on the scene. A picture that moves may be unknown. Half of the demo's real clip (H.264)
  is healthy as it is, and faulty when it is blurred by 3 and more.
- ``camera.flicker``: the lamp's light in each row of each picture is 1 + depth x cos, for 50 and
  60 Hz mains, read out in 8 to 33 ms. Warned from a depth of 2 %, from 6 % where something moves;
  healthy to 0.4 %, without a lamp, and where the rate hides the bands (then unknown is right too).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice

import numpy as np

from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from preflight.model import CheckState, Measured
from tests.accuracy.other_pictures import (
    HEIGHT,
    SPARE,
    WIDTH,
    Pixels,
    Random,
    Scene,
    exposed,
    film,
    jpeg,
    luma,
    scene_of,
    some_sensor,
    still,
    wandering,
)
from tests.accuracy.played import SECOND_NS, camera_figures
from tests.accuracy.stock import encoded, real_clip
from tests.accuracy.tally import FAULTY, HEALTHY, Case

PER_KIND = 50
BLUR_FRAMES = 24
UNKNOWN_TOO = frozenset({CheckState.UNKNOWN})

Truth = frozenset[CheckState]
Film = Iterator[CameraFrame]


def _case(code: str, name: str, truth: Truth, seed: int, make: Callable[[Random], Film]) -> Case:
    def measure() -> Measured:
        return camera_figures(code, make(np.random.default_rng(seed)))

    return Case(code, f"{name}, seed {seed}", truth, measure)


# --- blur ------------------------------------------------------------------------------------


def _lit(random: Random, width: int, height: int) -> Scene:
    """A scene with light enough to judge it by."""
    scene = scene_of(random, width, height)
    lit = np.clip(scene * max(1.0, 90 / float(luma(scene).mean())), 0, 245)
    return np.asarray(lit, np.float32)


def _blurred(scene: Scene, sigma_px: float) -> Scene:
    if sigma_px < 0.1:
        return scene
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), sigma_px), np.float32)


def _blurs(low: float, high: float, look: int) -> Callable[[Random], Film]:
    """Looks: 0 and 1 still with little and more noise, 2 in a hand, 3 and 4 clips."""

    def make(random: Random) -> Film:
        moves = look == 2
        size = (WIDTH + SPARE, HEIGHT + SPARE) if moves else (WIDTH, HEIGHT)
        scene = _blurred(_lit(random, *size), random.uniform(low, high))
        sensor = some_sensor(random, gain=(0.6, 2.0, 1.0, 0.6, 0.6)[look])
        if moves:
            step_px = random.uniform(0.5, 3)
            seen = wandering(scene, BLUR_FRAMES, step_px=step_px, width=WIDTH, height=HEIGHT)
        else:
            seen = still(scene, BLUR_FRAMES)
        quality = sensor.quality if look < 3 else None
        frames = exposed(random, seen, replace(sensor, quality=quality), width=WIDTH, height=HEIGHT)
        if look < 3:
            return film(frames)
        return film(encoded(list(frames), "MJPG" if look == 3 else "mp4v"))

    return make


def _real(low: float, high: float) -> Callable[[Random], Film]:
    def make(random: Random) -> Film:
        clip = real_clip()
        at, sigma_px = int(random.integers(len(clip) - BLUR_FRAMES)), random.uniform(low, high)
        for index, pixels in enumerate(clip[at : at + BLUR_FRAMES]):
            seen: Pixels = pixels
            if sigma_px >= 0.1:
                smeared = cv2.GaussianBlur(pixels, (0, 0), sigma_px)
                seen = jpeg(np.asarray(smeared, np.uint8), 85)
            # Every second picture of 30: told as 15 a second.
            yield CameraFrame(seen, SECOND_NS + round(index * SECOND_NS / 15))

    return make


def _blur_cases(seeds_from: int) -> Iterator[Case]:
    kinds = (
        ("sigma to 0.4", HEALTHY, 0.0, 0.4, 410_000),
        ("sigma 2.5 to 4", FAULTY, 2.5, 4.0, 411_000),
        ("sigma 4 to 8", FAULTY, 4.0, 8.0, 412_000),
        ("sharp", HEALTHY, 0.0, 0.05, 413_000),
    )
    for name, truth, low, high, first_seed in kinds:
        for index in range(PER_KIND):
            look = index % 5
            allowed = truth | UNKNOWN_TOO if look == 2 else truth
            title = f"{name}, {('still', 'noisy', 'in a hand', 'mjpg', 'mp4v')[look]}"
            make = _blurs(low, high, look)
            yield _case("camera.blurred", title, allowed, seeds_from + first_seed + index, make)
    for index in range(20):
        seed = seeds_from + 414_000 + index
        allowed = HEALTHY | UNKNOWN_TOO
        yield _case("camera.blurred", "real clip", allowed, seed, _real(0, 0))
        faulty = FAULTY | UNKNOWN_TOO
        yield _case("camera.blurred", "real clip, sigma 3 to 6", faulty, seed, _real(3, 6))


# --- lamps -----------------------------------------------------------------------------------

_SMALL = (320, 180)
_SEEN = ((50, 15.0), (50, 24.0), (50, 29.97), (50, 30.0), (50, 60.0), (60, 25.0), (60, 50.0))
_HIDDEN = ((50, 25.0), (60, 30.0), (60, 24.0), (50, 20.0), (60, 20.0))


def _lamp(
    modes: tuple[tuple[int, float], ...], low: float, high: float, *, movement: str = "none"
) -> Callable[[Random], Film]:
    def make(random: Random) -> Film:
        mains_hz, fps = modes[int(random.integers(len(modes)))]
        depth, read_out_s = random.uniform(low, high), random.uniform(0.008, 0.033)
        phase = random.uniform(0, 2 * np.pi)
        sensor = replace(some_sensor(random, gain=0.7), quality=None)
        width, height = _SMALL
        scene = np.clip(_lit(random, width + SPARE, height + SPARE), 0, 215)
        count = round(4 * fps)
        down = np.arange(height, dtype=np.float32)[:, np.newaxis, np.newaxis] / height

        def lit() -> Iterator[Scene]:
            for index, picture in enumerate(_moving(random, scene, count, fps, movement)):
                at = 2 * mains_hz * (index / fps + read_out_s * down)
                wave = (1 + depth * np.cos(2 * np.pi * at + phase)).astype(np.float32)
                shone = np.broadcast_to(wave, picture.shape).copy()
                yield np.asarray(cv2.multiply(picture, shone), np.float32)

        return film(exposed(random, lit(), sensor, width=width, height=height), fps=fps)

    return make


def _moving(random: Random, scene: Scene, count: int, fps: float, movement: str) -> Iterator[Scene]:
    """A scene that stands, wanders in a hand, or has something moving in front of it."""
    width, height = _SMALL
    if movement == "hand":
        step_px = random.uniform(0.3, 1.2) * 30 / fps
        yield from wandering(scene, count, step_px=step_px, width=width, height=height)
        return
    base = np.ascontiguousarray(scene[:height, :width])
    if movement == "none":
        yield from still(base, count)
        return
    size, speed = random.uniform(0.15, 0.4), random.uniform(0.2, 1.0)
    side = round(size * height)
    colour, across = random.uniform(30, 210, 3), random.uniform(0, 1)
    for index in range(count):
        picture = base.copy()
        swing = 0.5 + 0.5 * np.sin(2 * np.pi * speed * index / fps)
        y, x = round(swing * (height - side)), round(across * swing * (width - side))
        picture[y : y + side, x : x + side] = colour
        yield picture


def _clip_without_a_lamp(random: Random) -> Film:
    clip = real_clip()
    at = int(random.integers(len(clip)))
    for index, pixels in enumerate(islice(cycle(clip), at, at + 60)):
        # Where the clip begins anew nothing is a lamp either.
        yield CameraFrame(pixels[::2, ::2].copy(), SECOND_NS + round(index * SECOND_NS / 15))


def _flicker_cases(seeds_from: int) -> Iterator[Case]:
    kinds = (
        ("depth 2 to 10 %", FAULTY, _lamp(_SEEN, 0.02, 0.10), 50),
        ("depth 6 to 15 %, in a hand", FAULTY, _lamp(_SEEN, 0.06, 0.15, movement="hand"), 25),
        ("depth 6 to 15 %, movement", FAULTY, _lamp(_SEEN, 0.06, 0.15, movement="thing"), 25),
        ("depth to 0.4 %", HEALTHY, _lamp(_SEEN, 0.0, 0.004), 25),
        ("no lamp", HEALTHY, _lamp(_SEEN, 0.0, 0.0), 10),
        ("no lamp, in a hand", HEALTHY, _lamp(_SEEN, 0.0, 0.0, movement="hand"), 25),
        ("no lamp, movement", HEALTHY, _lamp(_SEEN, 0.0, 0.0, movement="thing"), 25),
        ("hidden by the rate", HEALTHY | UNKNOWN_TOO, _lamp(_HIDDEN, 0.02, 0.10), 15),
        ("real clip", HEALTHY | UNKNOWN_TOO, _clip_without_a_lamp, 10),
    )
    for number, (name, truth, make, count) in enumerate(kinds):
        for index in range(count):
            seed = seeds_from + 430_000 + 1000 * number + index
            yield _case("camera.flicker", name, truth, seed, make)


def cases(seeds_from: int = 0) -> Iterator[Case]:
    """Yield all of them, check by check."""
    yield from _blur_cases(seeds_from)
    yield from _flicker_cases(seeds_from)
