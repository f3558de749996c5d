"""C11 while exposure finds its level: written after the window's rule for that was changed.

One of the blind cases of `blind_light_cases` was judged by pictures from before exposure stood.
Scenes (a wall of tools, a tiled floor), seeds and the ways in which exposure moves are other ones
here: it falls off as a control loop does, overshoots, or begins anew when a lamp is switched.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from preflight.devices.opencv import cv2
from tests.accuracy.blind_pictures import Linear, Random, Size, brushed, lamp_field, texture
from tests.accuracy.blind_sensor import Filmed, Light, Shot, lit, played, some_sensor
from tests.accuracy.kinds import FAILED, WARNED, blind_cases_of
from tests.accuracy.tally import Case

SEED = 9_285_000
Exposure: TypeAlias = Callable[[float], float]
"""How many times too strong exposure is, after a time in seconds."""


def tools(random: Random, size: Size) -> Linear:
    """Return a wall with holes in rows and tools that hang from them."""
    width, height = size
    step = max(6, width // int(random.integers(24, 40)))
    down, right = np.mgrid[0:height, 0:width]
    holes = np.hypot(down % step - step / 2, right % step - step / 2) < step / 6
    wall = np.where(holes, 0.04, 0.3 * (1 + 0.12 * texture(random, size, 0.7)))
    canvas = np.repeat(wall[..., np.newaxis], 3, axis=2).astype(np.float32)
    metal = 0.25 * (1 + 0.3 * brushed(random, size)).clip(0.1, 3)
    for _ in range(int(random.integers(5, 12))):
        across = float(random.uniform(0, width)), float(random.uniform(0, height * 0.5))
        long, wide = height * random.uniform(0.2, 0.5), width * random.uniform(0.01, 0.03)
        shape = np.zeros((height, width), np.uint8)
        box = (
            (across[0], across[1] + long / 2),
            (float(wide), float(long)),
            float(random.uniform(-8, 8)),
        )
        cv2.fillPoly(shape, [cv2.boxPoints(box).round().astype(np.int32)], 1)
        top = (round(across[0]), round(across[1]))
        cv2.circle(shape, top, round(2 * wide), 1, max(2, round(wide * 0.8)))
        tint = np.exp(random.normal(0, 0.3, 3))
        canvas = np.where(shape[..., np.newaxis] > 0, metal[..., np.newaxis] * tint, canvas)
    return (canvas * lamp_field(random, size)[..., np.newaxis]).clip(0.003, 2).astype(np.float32)


def floor(random: Random, size: Size) -> Linear:
    """Return tiles seen at an angle, with stains of oil and a cable."""
    width, height = size
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    depth = down / height + 0.35
    along, across = 14 / depth, (right / width - 0.5) * 12 / depth
    joint = ((along % 1) < 0.07) | ((across % 1) < 0.07)
    shade = 0.3 + 0.05 * np.sin(12.9 * np.floor(along) + 78.2 * np.floor(across))
    stain = 1 / (1 + np.exp(-4 * (texture(random, size, 1.3, 4) - 0.7)))
    grey = np.where(joint, 0.09, shade) * (1 - 0.8 * stain)
    grey *= 1 + 0.08 * texture(random, size, 0.3)
    canvas = np.ascontiguousarray(grey[..., np.newaxis] * np.array((0.9, 1, 1.05)), np.float32)
    knots = np.cumsum(random.normal(0, width / 8, (5, 2)), axis=0)
    knots += (width / 2, height / 2)
    line = cv2.resize(
        knots.astype(np.float32)[:, np.newaxis], (1, 50), interpolation=cv2.INTER_CUBIC
    )
    points = line.round().astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [points], False, (0.05, 0.2, 0.6), max(2, width // 100))
    return (canvas * lamp_field(random, size)[..., np.newaxis]).clip(0.003, 2)


def _falls_off(random: Random, low: float, high: float) -> Exposure:
    """As a control loop comes to its level; all but 3 % is gone within 1.1 s."""
    first = np.log(random.uniform(low, high))
    constant = random.uniform(0.08, 0.25)
    return lambda at_s: float(np.exp(first * np.exp(-at_s / constant)))


def _overshoots(random: Random, low: float, high: float) -> Exposure:
    first = np.log(random.uniform(low, high))
    constant, turns = random.uniform(0.1, 0.2), random.uniform(0.8, 1.6)
    return lambda at_s: float(
        np.exp(first * np.exp(-at_s / constant) * np.cos(6.28 * turns * at_s))
    )


def _switched(random: Random, low: float, high: float) -> Exposure:
    """Right at first; then a lamp is switched, and exposure follows."""
    when_s = random.uniform(0.15, 0.35)
    after = _falls_off(random, low, high)
    return lambda at_s: 1.0 if at_s < when_s else after(1.3 * (at_s - when_s))


def _settles(
    how: Callable[[Random, float, float], Exposure],
    first: tuple[float, float],
    means: tuple[float, float],
) -> Filmed:
    """A scene whose mean luma lies between two values once exposure stands."""

    def filmed(random: Random) -> Shot:
        size = ((320, 240), (480, 270), (640, 360))[int(random.integers(3))]
        electrons = float(random.uniform(400, 900) if means[1] < 45 else random.uniform(900, 6000))
        sensor = some_sensor(random, size, electrons=electrons, read_e=2.5, row_e=0.5)
        scene = (tools, floor)[int(random.integers(2))](random, size)
        linear = lit(sensor, scene, random.uniform(*means))
        moves = how(random, *first)
        return Shot(sensor, random, _exposed(linear, moves))

    return filmed


def _exposed(linear: Linear, moves: Exposure) -> Light:
    def at(at_s: float) -> Linear:
        times = moves(at_s)
        return linear if abs(times - 1) < 0.002 else linear * np.float32(times)

    return at


def cases() -> Iterator[Case]:
    """Yield the cases; means lie a tenth and more off the limits of 45 and 25."""
    light, dim, dark = (54.0, 140.0), (30.0, 40.0), (11.0, 20.5)
    healthy: tuple[tuple[str, Filmed], ...] = (
        ("opens too dark", _settles(_falls_off, (0.02, 0.15), light)),
        ("opens too bright", _settles(_falls_off, (5, 15), light)),
        ("overshoots", _settles(_overshoots, (0.03, 0.2), light)),
        ("a lamp goes on", _settles(_switched, (3, 8), light)),
    )
    ill = (
        ("opens bright, is dim", WARNED, _settles(_falls_off, (4, 12), dim)),
        ("overshoots, is dim", WARNED, _settles(_overshoots, (4, 10), dim)),
        ("opens bright, is dark", FAILED, _settles(_falls_off, (4, 12), dark)),
        ("a lamp goes on, is dark", FAILED, _settles(_switched, (3, 8), dark)),
    )
    code = "camera.low_light"
    yield from blind_cases_of(
        code,
        SEED,
        [(name, played(code, filmed)) for name, filmed in healthy],
        [(name, truth, played(code, filmed)) for name, truth, filmed in ill],
    )
