"""C14 and C15, blind: lenses out of focus or greased, and fog, steam and film before them.

Written from the catalogue's words without a look at the checks, with the scenes and the sensor of
`blind_light_cases`. How far a lens is out of focus, and how thick a fog is, is chosen so that the
catalogue's own figure, worked out here on the light or on a picture without noise, is a tenth and
more off its limits. Cameras are 16:9, so that there is one way to scale them to 640x360.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from preflight.devices.opencv import cv2
from preflight.model import CheckState
from tests.accuracy.blind_pictures import Linear, Random, Size, any_scene, bright, leaves, texture
from tests.accuracy.blind_sensor import (
    CannotBeMade,
    Filmed,
    Light,
    Sensor,
    Shot,
    clean,
    detail,
    ideal,
    in_hand,
    lit,
    luma,
    played,
    some_sensor,
    sought,
    spread,
    still,
)
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, blind_cases_of
from tests.accuracy.tally import Case

SEED = 9_250_400
MARGIN = 16
SIZES: Sequence[Size] = (*((640, 360),) * 8, (848, 480), (1280, 720))
Verdicts: TypeAlias = frozenset[CheckState]
Ills: TypeAlias = Sequence[tuple[str, Verdicts, Filmed]]
Kinds: TypeAlias = tuple[Sequence[tuple[str, Filmed]], Ills, Ills]
Blur: TypeAlias = Callable[[Linear, float], Linear]


def _sensor(random: Random, **more: Any) -> Sensor:
    return some_sensor(random, SIZES[int(random.integers(len(SIZES)))], **more)


def disk(linear: Linear, radius: float) -> Linear:
    """Return what a lens out of focus makes of it: every point a disk."""
    reach = int(np.ceil(radius)) + 1
    away = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    kernel = (radius + 0.5 - away).clip(0, 1)
    kernel /= kernel.sum()
    return cv2.filter2D(linear, -1, kernel.astype(np.float32), borderType=cv2.BORDER_REFLECT)


def grease(linear: Linear, share: float) -> Linear:
    """Return what a fat finger's mark makes of it: a share of the light is spread out."""
    width = linear.shape[1]
    wide = cv2.GaussianBlur(linear, (0, 0), width / 130)
    return linear * np.float32(1 - share) + wide * np.float32(share)


def _sharpness(sensor: Sensor, linear: Linear) -> tuple[float, float]:
    """Return the catalogue's ratio and coarse detail of such light; of one colour, for speed."""
    grey = linear if linear.ndim == 3 else np.repeat(linear[..., np.newaxis], 3, axis=2)
    seen = luma(clean(sensor, grey))
    return detail(seen, seen)


def _sharp(random: Random, sensor: Sensor, size: Size, mean: float) -> Linear:
    """Return a scene that is sharp enough by the catalogue, with coarse detail besides."""
    for _ in range(12):
        linear = lit(sensor, any_scene(random, size), mean)
        ratio, coarse = _sharpness(sensor, linear)
        if ratio >= 0.26 and coarse >= 1.8:
            return linear
    raise AssertionError("no sharp scene")


def _blur_for(sensor: Sensor, linear: Linear, blur: Blur, ratio: float) -> float:
    """Return how strong the blur is that leaves such a ratio."""
    grey = bright(linear)
    most = 0.999 if blur is grease else linear.shape[1] / 32
    return sought(
        lambda strength: -_sharpness(sensor, blur(grey, strength))[0],
        -ratio,
        0.05 if blur is grease else 0.4,
        most,
        steps=8,
        slack=0.006,
    )


def _soft(least: float, most: float, blur: Blur, *, hand: bool = False, **more: Any) -> Filmed:
    """A scene through such a lens, with a ratio between the two."""

    def filmed(random: Random) -> Shot:
        sensor = _sensor(random, **more)
        size = (sensor.size[0] + 2 * MARGIN, sensor.size[1] + 2 * MARGIN) if hand else sensor.size
        linear = _sharp(random, sensor, size, random.uniform(80, 165))
        wanted = random.uniform(least, most)
        seen = blur(linear, _blur_for(sensor, linear, blur, wanted))
        light = in_hand(random, seen, sensor.size, 1.0, (0.2, 0.5)) if hand else still(seen)
        return Shot(sensor, random, light)

    return filmed


def _hunting(least: float, most: float) -> Filmed:
    """A lens that hunts for its focus and is never nearer to it than such a ratio."""

    def filmed(random: Random) -> Shot:
        sensor = _sensor(random)
        linear = _sharp(random, sensor, sensor.size, random.uniform(80, 165))
        nearest = _blur_for(sensor, linear, disk, random.uniform(least, most))
        steps = [disk(linear, nearest * (1 + 0.25 * step)) for step in range(5)]
        turns = random.uniform(0.3, 0.8)
        return Shot(sensor, random, lambda at_s: steps[round(2 - 2 * np.cos(6.28 * turns * at_s))])

    return filmed


def _in_focus(random: Random) -> Shot:
    """The focus comes within half a second."""
    sensor = _sensor(random)
    linear = _sharp(random, sensor, sensor.size, random.uniform(80, 165))
    comes_s = random.uniform(0.2, 0.5)
    unit = sensor.size[0] / 640
    steps = [disk(linear, unit * radius) for radius in (6, 4.5, 3, 1.5)]
    return Shot(
        sensor,
        random,
        lambda at_s: linear if at_s >= comes_s else steps[int(4 * at_s / comes_s)],
    )


def _scene(low: float, high: float, *, hand: bool = False, **more: Any) -> Filmed:
    """A sharp scene in such light."""

    def filmed(random: Random) -> Shot:
        sensor = _sensor(random, **more)
        size = (sensor.size[0] + 2 * MARGIN, sensor.size[1] + 2 * MARGIN) if hand else sensor.size
        linear = _sharp(random, sensor, size, random.uniform(low, high))
        light = in_hand(random, linear, sensor.size, 1.0, (0.2, 0.5)) if hand else still(linear)
        return Shot(sensor, random, light)

    return filmed


def _paper(random: Random) -> Shot:
    """A page of a workshop's manual before the camera: lines of small text on white."""
    sensor = _sensor(random, codec=str(random.choice(("jpeg", "raw", "MJPG clip"))))
    width, height = sensor.size
    ink = np.zeros((height, width), np.uint8)
    big = random.uniform(0.45, 0.8) * width / 640
    letters = list("abcdefghijklmnoprstuvw      ABDEFT0123456789")
    for line in range(round(24 * big), height, round(30 * big)):
        words = "".join(random.choice(letters, 60))
        cv2.putText(ink, words, (10, line), cv2.FONT_HERSHEY_SIMPLEX, big, 255, 1)
    page = 0.8 * (1 - 0.9 * ink.astype(np.float32) / 255)
    page *= 1 + 0.02 * texture(random, sensor.size, 0.4)
    linear = lit(sensor, np.repeat(page[..., np.newaxis], 3, axis=2), random.uniform(120, 180))
    return Shot(sensor, random, still(linear))


def _too_dark(random: Random) -> Shot:
    sensor = _sensor(random, electrons=float(random.uniform(300, 900)))
    return Shot(
        sensor, random, still(lit(sensor, any_scene(random, sensor.size), random.uniform(16, 50)))
    )


def _nothing_coarse(random: Random) -> Shot:
    """An even wall: coarse detail below what a ratio needs."""
    sensor = _sensor(random, quality=int(random.integers(88, 96)))
    pattern = texture(random, sensor.size, 0.5)[..., np.newaxis]
    even = np.ones((*sensor.size[::-1], 3), np.float32)
    mean = random.uniform(90, 180)

    def drawn(strength: float) -> Linear:
        return lit(sensor, even * (1 + np.float32(strength) * pattern), mean)

    def coarse(strength: float) -> float:
        seen = ideal(sensor, drawn(strength))
        seen = cv2.resize(seen, (640, 360), interpolation=cv2.INTER_AREA)
        return detail(seen, seen)[1]

    strength = sought(coarse, random.uniform(0.2, 0.6), 1e-4, 1.0, steps=8)
    return Shot(sensor, random, still(drawn(strength)))


def _carried(random: Random) -> Shot:
    """The camera is carried past: no two pictures lie on each other."""
    sensor = some_sensor(random, fps=float(random.choice((15.0, 20.0, 30.0))))
    width, height = sensor.size
    linear = lit(sensor, leaves(random, (1500, height)), random.uniform(80, 150))
    speed = random.uniform(120, 170)

    def at(at_s: float) -> Linear:
        aside = min(speed * at_s, 1500.0 - width - 1)
        whole = int(aside)
        part = np.float32(aside - whole)
        near = linear[:, whole : whole + width]
        seen: Linear = near * (1 - part) + linear[:, whole + 1 : whole + 1 + width] * part
        return seen

    return Shot(sensor, random, at)


def _left(sensor: Sensor, linear: Linear) -> float:
    """Return the spread of such light in a picture without noise."""
    return spread(luma(clean(sensor, linear)))


def _clear(random: Random, sensor: Sensor, size: Size, mean: float, least: float) -> Linear:
    """Return a scene whose dark and bright parts are at least so far apart; forty are tried."""
    for _ in range(40):
        linear = lit(sensor, any_scene(random, size), mean)
        if _left(sensor, linear) >= least:
            return linear
    raise CannotBeMade


def _fog(linear: Linear, clear: float) -> Linear:
    """Return what fog leaves of it: even light before a share of what was there."""
    air = np.float32(linear.mean()) * np.array((1.05, 1.0, 0.96), np.float32)
    return linear * np.float32(clear) + air * np.float32(1 - clear)


def _film(linear: Linear, clear: float) -> Linear:
    """Return what a film of dirt leaves of it: most light is spread widely, black becomes grey."""
    height, width = linear.shape[:2]
    small = cv2.resize(linear, (160, 90), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(small, (0, 0), 5), (width, height))
    veil: Linear = wide.mean() + np.float32(clear) * (wide - wide.mean())
    return linear * np.float32(clear) + veil * np.float32(1 - clear)


def _dust(random: Random, size: Size) -> Linear:
    """Return how much light grains on the lens let through: soft spots."""
    width, height = size
    spots = np.zeros((height, width), np.float32)
    for _ in range(int(random.integers(10, 40))):
        at = (int(random.uniform(0, width)), int(random.uniform(0, height)))
        cv2.circle(spots, at, int(random.uniform(0.006, 0.02) * width), 1.0, -1)
    soft = cv2.GaussianBlur(spots, (0, 0), width / 100)
    return (1 - 0.06 * soft)[..., np.newaxis]


def _veil(
    least: float,
    most: float,
    how: Blur = _fog,
    *,
    dusty: bool = False,
    steam: bool = False,
    hand: bool = False,
    means: tuple[float, float] = (80.0, 185.0),
    **more: Any,
) -> Filmed:
    """A scene of which such a spread is left."""

    def filmed(random: Random) -> Shot:
        sensor = _sensor(random, **more)
        size = (sensor.size[0] + 2 * MARGIN, sensor.size[1] + 2 * MARGIN) if hand else sensor.size
        mean, target = random.uniform(*means), random.uniform(least, most)
        linear = _clear(random, sensor, size, mean, target * 1.15)
        dust = _dust(random, size) if dusty else np.float32(1)

        def drawn(clear: float) -> Linear:
            return lit(sensor, how(linear, clear) * dust, mean)

        clear = sought(
            lambda each: _left(sensor, drawn(each)), target, 5e-3, 1.0, steps=8, slack=2.0
        )
        seen = drawn(clear)
        if steam:
            return Shot(sensor, random, _steam(random, seen, size))
        light = in_hand(random, seen, sensor.size, 1.0, (0.2, 0.5)) if hand else still(seen)
        return Shot(sensor, random, light)

    return filmed


def _steam(random: Random, linear: Linear, size: Size) -> Light:
    """Thin swathes rise through the fog."""
    swathe = texture(random, (size[0], size[1] * 2), 1.5, 8)[..., np.newaxis]
    speed = random.uniform(10, 40)

    def at(at_s: float) -> Linear:
        up = int(speed * at_s) % size[1]
        return linear * (1 + 0.015 * swathe[up : up + size[1]])

    return at


NOISY: Mapping[str, Any] = {"electrons": 500.0, "read_e": 3.0}
CLIP: Mapping[str, Any] = {"codec": "XVID clip"}
MJPG: Mapping[str, Any] = {"codec": "MJPG clip", "quality": 60}

BLURRED: Kinds = (
    (
        ("sharp", _scene(75, 170)),
        ("sharp clip", _scene(75, 170, **CLIP)),
        ("sharp, MJPG", _scene(75, 170, **MJPG)),
        ("sharp and noisy", _scene(72, 110, **NOISY)),
        ("sharp, in the hand", _scene(75, 160, hand=True)),
        ("a page of text", _paper),
        ("the focus comes", _in_focus),
    ),
    (
        ("out of focus", FAILED, _soft(0.02, 0.1, disk)),
        ("out of focus, noisy", FAILED, _soft(0.02, 0.1, disk, **NOISY)),
        ("out of focus, clip", FAILED, _soft(0.02, 0.1, disk, **CLIP)),
        ("out of focus, in the hand", FAILED, _soft(0.02, 0.1, disk, hand=True)),
        ("hunts for the focus", FAILED, _hunting(0.02, 0.1)),
        ("greased", FAILED, _soft(0.03, 0.1, grease)),
        ("a little out of focus", WARNED, _soft(0.139, 0.175, disk)),
        ("a little greased", WARNED, _soft(0.139, 0.175, grease)),
        ("a little out of focus, noisy", WARNED, _soft(0.139, 0.175, disk, **NOISY)),
    ),
    (
        ("too dark to tell", UNKNOWN, _too_dark),
        ("nothing to tell it by", UNKNOWN, _nothing_coarse),
        ("carried past", UNKNOWN, _carried),
    ),
)
HAZY: Kinds = (
    (
        ("clear", _veil(80, 140)),
        ("an overcast day", _veil(79, 95, means=(100, 170))),
        ("clear clip", _veil(80, 130, **CLIP)),
        ("clear and noisy", _veil(80, 120, **NOISY)),
        ("clear, in the hand", _veil(80, 120, hand=True)),
        ("some dust", _veil(79, 110, dusty=True)),
    ),
    (
        ("fog", FAILED, _veil(20, 44)),
        ("fog, noisy", FAILED, _veil(22, 44, **NOISY)),
        ("fog, clip", FAILED, _veil(20, 44, **CLIP)),
        ("fog, in the hand", FAILED, _veil(20, 43, hand=True)),
        ("a film of dirt", FAILED, _veil(20, 44, _film, dusty=True)),
        ("steam", FAILED, _veil(20, 40, steam=True)),
        ("thin fog", WARNED, _veil(56, 63)),
        ("thin fog, noisy", WARNED, _veil(56, 63, **NOISY)),
        ("a thin film", WARNED, _veil(56, 63, _film, dusty=True)),
    ),
    (),
)
EVERY: Mapping[str, Kinds] = {"camera.blurred": BLURRED, "camera.hazy": HAZY}


def cases() -> Iterator[Case]:
    """Yield the blind cases of the two."""
    for number, (code, (healthy, ill, other)) in enumerate(EVERY.items()):
        yield from blind_cases_of(
            code,
            SEED + 100 * number,
            [(name, played(code, filmed)) for name, filmed in healthy],
            [(name, truth, played(code, filmed)) for name, truth, filmed in ill],
            [(name, truth, played(code, filmed)) for name, truth, filmed in other],
        )
