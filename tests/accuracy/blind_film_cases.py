"""C05, C06, C07 and C17, blind: a workshop through a sensor, a codec and a driver.

Written from the catalogue and the frames' own fields, without a look at the checks, at what is
worked out of pictures, or at the older films. Truth follows from how a film was made: when its
first picture comes, whether pictures change, their size, and how much light there is. Nothing is
made within a tenth of a limit. Not made for want of a clear word in the catalogue: sizes of which
one side alone is below a limit's (320x180), and two pictures in turn.
"""

import itertools
from collections.abc import Iterator

import numpy as np

from tests.accuracy.blind_scenes import (
    HEIGHT,
    WIDTH,
    Film,
    Floats,
    Picture,
    Random,
    Sensor,
    Shoot,
    camera_case,
    exposure_for,
    film,
    in_hand,
    on_tripod,
    ordinary,
    paced,
    some_scene,
)
from tests.accuracy.kinds import FAILED, WARNED, Make, blind_cases_of
from tests.accuracy.tally import Case

SEED = 9_200_000

# --- C07 ---------------------------------------------------------------------------------------


def _watched(draw: Random, sensor: Sensor, light: Floats) -> Film:
    fps = float(draw.choice((10, 15, 24)))
    return film((sensor.see(light) for _ in itertools.count()), paced(draw, fps, 5))


def _in_light(low: float, high: float) -> Shoot:
    def shoot(draw: Random) -> Film:
        light = some_scene(draw)
        return _watched(draw, ordinary(draw, exposure=exposure_for(draw, light, low, high)), light)

    return shoot


def _one_lamp(draw: Random) -> Film:
    """A dark bay, with a lamp somewhere in it."""
    light = 0.002 * some_scene(draw)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    away = np.hypot(columns - draw.uniform(80, WIDTH - 80), rows - draw.uniform(60, HEIGHT - 60))
    lamp = 0.9 / (1 + (away / draw.uniform(8, 20)) ** 4)
    return _watched(draw, ordinary(draw), np.asarray(light + lamp[:, :, np.newaxis], np.float32))


def _white_wall(draw: Random) -> Film:
    even = np.full((HEIGHT, WIDTH, 3), draw.uniform(0.15, 0.6), np.float32)
    return _watched(draw, ordinary(draw), even)


def _filmed(draw: Random) -> Film:
    return film(itertools.cycle(in_hand(draw)), paced(draw, 30, 5))


def _wakes_up(draw: Random) -> Film:
    """Exposure begins far too low, and finds its way within half a second."""
    light, fps = some_scene(draw), 24.0
    right = exposure_for(draw, light, 0.15, 0.4)
    sensor = ordinary(draw)

    def pictures() -> Iterator[Picture]:
        for number in itertools.count():
            sensor.exposure = right * min(1.0, 0.002 * 2.0 ** (number * 0.9))
            yield sensor.see(light)

    return film(pictures(), paced(draw, fps, 5))


def _covered(draw: Random, light: Floats) -> Film:
    """Nearly no light, and gain turned up: what is left is noise."""
    sensor = Sensor(
        draw,
        shot=0.2,
        read=float(draw.uniform(0.001, 0.009)),
        row=float(draw.uniform(0, 0.002)),
        black=float(draw.uniform(-0.003, 0.002)),
        quality=int(draw.integers(40, 93)),
    )
    return _watched(draw, sensor, light)


def _cover(draw: Random) -> Film:
    return _covered(draw, np.zeros((HEIGHT, WIDTH, 3), np.float32))


def _glow(draw: Random) -> Film:
    """The sensor's own warmth, more towards one side."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    warm = (columns / WIDTH) ** 2 if draw.random() < 0.5 else (rows / HEIGHT) ** 2
    glow = draw.uniform(0.001, 0.003) + draw.uniform(0.0005, 0.002) * warm
    return _covered(draw, np.repeat(glow[:, :, np.newaxis], 3, axis=2).astype(np.float32))


def _worn(draw: Random) -> Film:
    """Columns that differ, and pixels that always shine."""
    worn = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    worn += 0.002 + draw.normal(0, 0.0007, (1, WIDTH, 1)).astype(np.float32)
    count = int(draw.integers(5, 40))
    worn[draw.integers(0, HEIGHT, count), draw.integers(0, WIDTH, count)] = 0.3
    return _covered(draw, worn)


def _no_light(draw: Random) -> Film:
    """A bay at night: less light than the noise of a pixel, by far."""
    return _covered(draw, 0.0003 * some_scene(draw))


def _one_colour(draw: Random) -> Film:
    """What a driver or a shutter puts in the place of a picture."""
    usual = ((0, 0, 0), (16, 16, 16), (255, 0, 0), (0, 135, 0), (128, 128, 128), (255, 255, 255))
    width, height = ((1280, 720), (640, 480))[int(draw.integers(2))]
    even = np.broadcast_to(np.array(draw.choice(usual), np.uint8), (height, width, 3))
    return film(itertools.repeat(np.ascontiguousarray(even)), paced(draw, 30, 5))


# --- C05 ---------------------------------------------------------------------------------------


def _begins(
    low_s: float,
    high_s: float,
    before: tuple[int, ...] | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> Shoot:
    """The first picture comes then; before it nothing, or what is none."""

    def shoot(draw: Random) -> Film:
        first_s = float(draw.uniform(low_s, high_s))
        if before is not None:
            yield from film(_no_pictures(draw, before), np.arange(0.05, first_s - 0.02, 1 / 15))
        seen = on_tripod(draw, 4, *size)
        yield from film(itertools.cycle(seen), np.arange(first_s, first_s + 6, 1 / 15))

    return shoot


def _never(shape: tuple[int, ...] | None) -> Shoot:
    def shoot(draw: Random) -> Film:
        return film(
            _no_pictures(draw, shape or (2, 2, 3)), [] if shape is None else paced(draw, 15, 9)
        )

    return shoot


def _no_pictures(draw: Random, shape: tuple[int, ...]) -> Iterator[Picture]:
    while True:
        yield draw.integers(0, 255, shape, dtype=np.uint8)


# --- C06 ---------------------------------------------------------------------------------------


def _tripod(low_fps: float, high_fps: float) -> Shoot:
    def shoot(draw: Random) -> Film:
        fps = float(draw.uniform(low_fps, high_fps))
        return film(itertools.cycle(on_tripod(draw)), paced(draw, fps, 9))

    return shoot


def _small_hand(draw: Random) -> Film:
    """A still without noise from a program, in which a mark goes round."""
    still = in_hand(draw, 2)[0]

    def pictures() -> Iterator[Picture]:
        for number in itertools.count():
            left, top = round(300 + 90 * np.cos(number / 9)), round(180 + 90 * np.sin(number / 9))
            shown = still.copy()
            shown[top : top + 12, left : left + 12] = (40, 40, 220)
            yield shown

    return film(pictures(), paced(draw, 15, 9))


def _hesitates(draw: Random) -> Film:
    """The first picture stands for some seconds; then it runs."""
    seen = on_tripod(draw)
    still = round(float(draw.uniform(1.3, 3.8)) * 20)
    return film([seen[0]] * still + seen * 20, paced(draw, 20, 12))


def _stands(draw: Random) -> Film:
    """The driver gives its last picture again and again."""
    fps = float(draw.choice((5, 15, 30)))
    return film(itertools.repeat(in_hand(draw, 2)[1]), paced(draw, fps, 9))


def _stands_later(draw: Random) -> Film:
    seen = on_tripod(draw)
    alive = round(float(draw.uniform(0.3, 2.5)) * 20)
    several = [*(seen * 5)[:alive], *[seen[-1]] * 400]
    return film(several, paced(draw, 20, 20))


def _black_and_still(draw: Random) -> Film:
    size = (480, 640, 3)
    return film(itertools.repeat(np.full(size, 16, np.uint8)), paced(draw, 30, 9))


# --- C17 ---------------------------------------------------------------------------------------


def _sized(*sizes: tuple[int, int]) -> Shoot:
    """Pictures of one of these sizes, as many upright as across."""

    def shoot(draw: Random) -> Film:
        width, height = sizes[int(draw.integers(len(sizes)))]
        upright = bool(draw.random() < 0.4)
        seen = on_tripod(draw, 3, *((height, width) if upright else (width, height)))
        return film(itertools.cycle(seen), paced(draw, 15, 5), turned=upright)

    return shoot


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "camera.black",
        SEED,
        (
            ("by day", camera_case("camera.black", _in_light(0.1, 0.4))),
            ("at dusk", camera_case("camera.black", _in_light(0.006, 0.011))),
            ("one lamp", camera_case("camera.black", _one_lamp)),
            ("a white wall", camera_case("camera.black", _white_wall)),
            ("a clip", camera_case("camera.black", _filmed)),
            ("it wakes up", camera_case("camera.black", _wakes_up)),
        ),
        (
            ("a cover", FAILED, camera_case("camera.black", _cover)),
            ("a cover, warm", FAILED, camera_case("camera.black", _glow)),
            ("a cover, worn", FAILED, camera_case("camera.black", _worn)),
            ("no light", FAILED, camera_case("camera.black", _no_light)),
            ("one colour", FAILED, camera_case("camera.black", _one_colour)),
        ),
    )

    def begins(shoot: Shoot) -> Make:
        return camera_case("camera.no_frames", shoot, from_the_open=True)

    yield from blind_cases_of(
        "camera.no_frames",
        SEED + 40,
        (
            ("soon", begins(_begins(0.05, 1.75))),
            ("soon, 2x2 before", begins(_begins(0.3, 1.75, (2, 2, 3)))),
            ("soon, small before", begins(_begins(0.3, 1.75, (96, 128, 3)))),
            ("soon, of the least size", begins(_begins(0.05, 1.75, size=(160, 120)))),
        ),
        (
            ("late", WARNED, begins(_begins(2.3, 4.4))),
            ("late, 2x2 before", WARNED, begins(_begins(2.3, 4.4, (2, 2, 3)))),
            ("too late", FAILED, begins(_begins(5.7, 8.0))),
            ("never", FAILED, begins(_never(None))),
            ("2x2 alone", FAILED, begins(_never((2, 2, 3)))),
            ("small alone", FAILED, begins(_never((72, 88, 3)))),
            ("one channel alone", FAILED, begins(_never((360, 640)))),
        ),
    )

    def stands(shoot: Shoot, live_after_s: float = 0.0) -> Make:
        return camera_case("camera.frozen", shoot, live_after_s=live_after_s)

    yield from blind_cases_of(
        "camera.frozen",
        SEED + 80,
        (
            ("on a tripod", stands(_tripod(14, 30))),
            ("on a tripod, slow", stands(_tripod(2.5, 6))),
            ("a clip", stands(_filmed)),
            ("a mark moves", stands(_small_hand)),
            ("it hesitates", stands(_hesitates)),
        ),
        (
            ("it stands", FAILED, stands(_stands)),
            ("black and still", FAILED, stands(_black_and_still)),
            ("it stands later", FAILED, stands(_stands_later, 9.0)),
        ),
    )

    def sizes(*several: tuple[int, int]) -> Make:
        return camera_case("camera.resolution", _sized(*several))

    yield from blind_cases_of(
        "camera.resolution",
        SEED + 120,
        (
            ("as asked", sizes((1280, 720))),
            ("larger", sizes((1920, 1080), (1280, 960), (1600, 1200), (1280, 800))),
        ),
        (
            ("smaller", WARNED, sizes((640, 480), (800, 600), (640, 360), (960, 540))),
            ("nearly", WARNED, sizes((1024, 576), (1024, 600), (864, 480))),
            ("small", WARNED, sizes((352, 288), (400, 300), (424, 320))),
            ("tiny", FAILED, sizes((160, 120), (176, 144), (240, 180), (280, 200))),
        ),
    )
