"""Cases for what is seen: black, covered, dark, burnt out, lit from behind, hazy, infrared.

Truth is what was drawn, before any sensor and encoder. Between "right" and "wrong" lies a band
in which no case is made, since there even a perfect look may say either:

- ``camera.black``: black is a covered lens (black level, falling off to the corners, rows and
  columns of the sensor), a room with nothing to see in it, or a single colour. Healthy is a scene
  with a structure of 1.0 and more, however dark, and every lit scene. Nothing in between.
- ``camera.covered``: covered is a lit surface whose light only falls off smoothly (finger,
  sticker, wall, privacy screen), with a mean of 50 and more. Healthy: structure of 1.0 and more.
- ``camera.low_light``: the mean luma of the scene. Passed from 48, warned 27 to 42, failed below
  23; nothing is made in 42 to 48 and 23 to 27.
- ``camera.overexposed``: the share drawn as burnt out. Passed to 0.13, warned 0.17 to 0.32,
  failed from 0.39. What is not burnt out stays below 240.
- ``camera.backlit``: a dark middle before a bright border. Warned where the middle is below 55
  and the border above 168; healthy where the middle is above 66 or the border below 152.
- ``camera.hazy``: 5th to 95th percentile of the scene's luma. Passed from 76, warned 54 to 66,
  failed below 45; a mean of 70 to 205.
- ``camera.infrared``: infrared is a picture without colour from a lit scene; healthy is a colour
  deviation of 2 and more; grey in the dark (mean to 50) or of an even surface cannot be told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from preflight.devices.frames import CameraFrame
from preflight.model import CheckState, Measured
from tests.accuracy.other_pictures import (
    HEIGHT,
    SPARE,
    WIDTH,
    Pixels,
    Random,
    Scene,
    Sensor,
    exposed,
    film,
    luma,
    pink,
    scaled_to,
    scene_of,
    some_sensor,
    still,
    wandering,
)
from tests.accuracy.played import camera_figures
from tests.accuracy.stock import encoded, real_clip
from tests.accuracy.tally import FAULTY, HEALTHY, Case

PER_KIND = 50
FRAMES = 21
WARNED = frozenset({CheckState.WARNED})
FAILED = frozenset({CheckState.FAILED})
UNKNOWN = frozenset({CheckState.UNKNOWN})

Truth = frozenset[CheckState]
Draw = Callable[[Random], Scene]


@dataclass(frozen=True, slots=True)
class Look:
    """How a scene comes into the camera.

    Attributes:
        kind: ``still``, ``wandering`` (a hand, over a larger scene) or ``clip`` (encoded).
        gain: how much more noise than in good light.
    """

    kind: str = "still"
    gain: float = 1.0


LOOKS = (Look(), Look("wandering"), Look("clip"), Look(gain=2.5))
STILL_LOOKS = (Look(), Look(gain=2.0), Look("clip"), Look(gain=3.0))


def shown(random: Random, scene: Scene, look: Look) -> Iterator[CameraFrame]:
    """Make the film of a scene; a wandering one needs a scene that is larger by `SPARE`."""
    sensor = some_sensor(random, gain=look.gain)
    if look.kind == "wandering":
        seen = wandering(scene, FRAMES, step_px=random.uniform(1, 4), width=WIDTH, height=HEIGHT)
    else:
        seen = still(scene[:HEIGHT, :WIDTH], FRAMES)
    frames = exposed(
        random,
        seen,
        replace(sensor, quality=None) if look.kind == "clip" else sensor,
        width=WIDTH,
        height=HEIGHT,
    )
    pictures: Iterator[Pixels] | list[Pixels] = frames
    if look.kind == "clip":
        pictures = encoded(list(frames), "mp4v")
    return film(pictures)


def _case(code: str, name: str, truth: Truth, seed: int, draw: Draw, look: Look) -> Case:
    def measure() -> Measured:
        random = np.random.default_rng(seed)
        return camera_figures(code, shown(random, draw(random), look))

    return Case(code, f"{name}, {look.kind}, gain {look.gain:g}, seed {seed}", truth, measure)


def _kinds(
    code: str,
    first_seed: int,
    kinds: tuple[tuple[str, Truth, Draw], ...],
    looks: tuple[Look, ...] = LOOKS,
) -> Iterator[Case]:
    for number, (name, truth, draw) in enumerate(kinds):
        for index in range(PER_KIND):
            seed = first_seed + 1000 * number + index
            yield _case(code, name, truth, seed, draw, looks[index % len(looks)])


def large_scene(random: Random) -> Scene:
    """A scene with room to wander."""
    return scene_of(random, WIDTH + SPARE, HEIGHT + SPARE)


def _surface(random: Random, *, level: tuple[float, float], fall: float) -> Scene:
    """An even surface: one colour, darker towards somewhere."""
    y, x = np.mgrid[-1 : 1 : (HEIGHT + SPARE) * 1j, -1 : 1 : (WIDTH + SPARE) * 1j]
    at = random.uniform(-0.6, 0.6, 2)
    away = 1 - fall * ((x - at[0]) ** 2 + (y - at[1]) ** 2)
    colour = random.uniform(*level) * (1 + random.uniform(-0.15, 0.15, 3))
    return np.asarray(away[:, :, np.newaxis] * colour, np.float32)


def _finger(random: Random) -> Scene:
    surface = _surface(random, level=(70, 200), fall=random.uniform(0.05, 0.25))
    return np.clip(surface, 0, 240)


def _lens_cap(random: Random) -> Scene:
    rows = random.normal(0, 0.6, (HEIGHT + SPARE, 1, 1))
    columns = random.normal(0, 0.6, (1, WIDTH + SPARE, 1))
    dark = _surface(random, level=(3, 30), fall=random.uniform(0.0, 0.15))
    return np.asarray(dark + rows + columns, np.float32)


def _dark_scene(random: Random) -> Scene:
    return scaled_to(large_scene(random), mean=random.uniform(6, 38)) + 1.0


def _nothing_to_see(random: Random) -> Scene:
    """A room whose light leaves a hundredth of a step."""
    return 12.0 + 0.004 * (large_scene(random) - 120.0)


def _of_mean(low: float, high: float) -> Draw:
    def draw(random: Random) -> Scene:
        return scaled_to(np.clip(large_scene(random), 0, 200), mean=random.uniform(low, high))

    return draw


def _burnt(low: float, high: float) -> Draw:
    def draw(random: Random) -> Scene:
        scene = np.clip(large_scene(random) * 0.9, 0, 225)[:HEIGHT, :WIDTH]
        share = random.uniform(low, high)
        across = random.uniform(max(share, 0.3), 1.0)
        width, height = round(WIDTH * across), round(HEIGHT * share / across)
        x = int(random.integers(0, max(1, WIDTH - width)))
        y = int(random.integers(0, max(1, HEIGHT - height)))
        scene[y : y + height, x : x + width] = 280
        return np.asarray(scene, np.float32)

    return draw


def _against_light(centre: tuple[float, float], border: tuple[float, float]) -> Draw:
    def draw(random: Random) -> Scene:
        texture = 12 * pink(random, WIDTH, HEIGHT, 1.0)
        scene = np.full((HEIGHT, WIDTH, 3), random.uniform(*border), np.float32)
        half_width, half_height = random.uniform(0.2, 0.3), random.uniform(0.2, 0.28)
        x, y = round(WIDTH * half_width), round(HEIGHT * half_height)
        middle = scene[HEIGHT // 2 - y : HEIGHT // 2 + y, WIDTH // 2 - x : WIDTH // 2 + x]
        middle[:] = random.uniform(*centre)
        return np.asarray(np.clip(scene + texture - texture.mean(), 2, 244), np.float32)

    return draw


def _hazy(low: float, high: float) -> Draw:
    def draw(random: Random) -> Scene:
        contrast = random.uniform(low, high)
        middle = random.uniform(70 + contrast / 2, 205 - contrast / 2)
        scene = scaled_to(large_scene(random)[:HEIGHT, :WIDTH], mean=middle, contrast=contrast)
        # Clipping takes contrast away, and the mean moves; the drawn figure shall be the truth.
        return scaled_to(np.clip(scene, 4, 246), mean=middle, contrast=contrast)

    return draw


def _not_burnt(draw: Draw) -> Draw:
    """Brightening a dark scene would burn parts of it out."""

    def drawn(random: Random) -> Scene:
        return np.clip(draw(random), 0, 240)

    return drawn


def _grey(draw: Draw) -> Draw:
    def grey(random: Random) -> Scene:
        return np.repeat(luma(draw(random))[:, :, np.newaxis], 3, axis=2)

    return grey


def _tinted(low: float, high: float) -> Draw:
    """A scene whose colours are weak: so much of them is left."""

    def draw(random: Random) -> Scene:
        scene = scaled_to(large_scene(random), mean=random.uniform(80, 150))
        grey = luma(scene)[:, :, np.newaxis]
        colour = scene - grey
        deviation = max(0.564 * float(colour[:, :, 0].std()), 0.713 * float(colour[:, :, 2].std()))
        return np.asarray(grey + colour * (random.uniform(low, high) / deviation), np.float32)

    return draw


def _chosen(*draws: Draw) -> Draw:
    def draw(random: Random) -> Scene:
        return draws[int(random.integers(len(draws)))](random)

    return draw


def _one_colour(random: Random) -> Scene:
    """What drivers give instead of a picture: black, YUV zeros (green), grey, white, blue, any."""
    known = [(0, 0, 0), (0, 135, 0), (128, 128, 128), (255, 255, 255), (255, 0, 0)]
    colour = known[int(random.integers(5))] if random.random() < 0.6 else random.integers(0, 256, 3)
    scene = np.empty((HEIGHT + SPARE, WIDTH + SPARE, 3), np.float32)
    scene[:] = colour
    return scene


CODES = ("black", "covered", "low_light", "overexposed", "backlit", "hazy", "infrared")


def _real_clips() -> Iterator[Case]:
    """The demo's clip (H.264): light, contrast and colour are all well, measured over its frames.

    Half of the cases go through a camera's encoder (MJPG) once more.
    """
    for name in CODES:
        for index in range(10):
            code = f"camera.{name}"

            def measure(code: str = code, index: int = index) -> Measured:
                pictures = real_clip()[5 * index : 5 * index + 2 * FRAMES : 2]
                if index % 2:
                    pictures = encoded(pictures, "MJPG")
                return camera_figures(code, film(pictures))

            yield Case(code, f"real clip, from picture {10 * index}", HEALTHY, measure)


def cases(seeds_from: int = 0) -> Iterator[Case]:
    """Yield all of them, check by check."""
    yield from _real_clips()
    lit = _of_mean(70, 130)
    yield from _kinds(
        "camera.black",
        seeds_from + 210_000,
        (
            ("lens cap", FAILED, _lens_cap),
            ("nothing to see", FAILED, _nothing_to_see),
            ("dark scene", HEALTHY, _dark_scene),
            ("lit scene", HEALTHY, lit),
        ),
        STILL_LOOKS,
    )
    yield from _single_colours()
    yield from _kinds(
        "camera.covered",
        seeds_from + 220_000,
        (
            ("finger or sticker", WARNED | FAILED, _finger),
            ("blank wall", WARNED | FAILED, _even_wall),
            ("lit scene", HEALTHY, lit),
            ("scene with little in it", HEALTHY, _hazy(14, 40)),
        ),
        STILL_LOOKS,
    )
    yield from _kinds(
        "camera.low_light",
        seeds_from + 230_000,
        (
            ("mean 8 to 23", FAILED, _of_mean(8, 23)),
            ("mean 27 to 42", WARNED, _of_mean(27, 42)),
            ("mean 48 to 60", HEALTHY, _of_mean(48, 60)),
            ("mean 60 to 140", HEALTHY, _of_mean(60, 140)),
        ),
    )
    yield from _kinds(
        "camera.overexposed",
        seeds_from + 240_000,
        (
            ("share 0.39 to 0.7", FAILED, _burnt(0.39, 0.7)),
            ("share 0.17 to 0.32", WARNED, _burnt(0.17, 0.32)),
            ("share 0.05 to 0.13", HEALTHY, _burnt(0.05, 0.13)),
            ("lit scene", HEALTHY, _not_burnt(_of_mean(70, 160))),
        ),
        STILL_LOOKS,
    )
    yield from _kinds(
        "camera.backlit",
        seeds_from + 250_000,
        (
            ("before a window", WARNED, _against_light((10, 52), (172, 238))),
            ("nearly before a window", WARNED, _against_light((45, 52), (172, 185))),
            ("middle not dark", HEALTHY, _against_light((70, 140), (172, 235))),
            ("border not bright", HEALTHY, _against_light((15, 52), (90, 148))),
        ),
        STILL_LOOKS,
    )
    yield from _kinds(
        "camera.hazy",
        seeds_from + 260_000,
        (
            ("contrast 15 to 45", FAILED, _hazy(15, 45)),
            ("contrast 54 to 66", WARNED, _hazy(54, 66)),
            ("contrast 76 to 90", HEALTHY, _hazy(76, 90)),
            ("lit scene", HEALTHY, _hazy(90, 130)),
        ),
        STILL_LOOKS,
    )
    yield from _kinds(
        "camera.infrared",
        seeds_from + 270_000,
        (
            ("grey, lit", FAULTY, _grey(_of_mean(68, 140))),
            ("grey, dark or even", UNKNOWN, _chosen(_grey(_of_mean(15, 50)), _grey(_finger))),
            ("weak colours", HEALTHY, _tinted(2, 4)),
            ("lit scene", HEALTHY, lit),
        ),
    )


def _even_wall(random: Random) -> Scene:
    """A wall: light falls off, and there is grain too fine to be a thing."""
    wall = _surface(random, level=(80, 190), fall=random.uniform(0.02, 0.2))
    grain = random.normal(0, 2.0, (*wall.shape[:2], 1))
    return np.clip(wall + grain, 0, 240).astype(np.float32)


def _single_colours() -> Iterator[Case]:
    """An open camera that gives no picture: one colour, without any noise."""
    for index in range(PER_KIND):
        seed = 219_000 + index

        def measure(seed: int = seed) -> Measured:
            random = np.random.default_rng(seed)
            sensor = Sensor(shot=0, read=0, quality=None if seed % 2 else 85)
            scene = _one_colour(random)
            frames = exposed(
                random,
                still(scene[:HEIGHT, :WIDTH], FRAMES),
                sensor,
                width=WIDTH,
                height=HEIGHT,
            )
            return camera_figures("camera.black", film(frames))

        yield Case("camera.black", f"single colour, seed {seed}", FAILED, measure)
