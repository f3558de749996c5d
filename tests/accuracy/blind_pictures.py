"""Scenes as light for the blind sets of the camera, put together of textures and of occluding
things as photographs are: dead leaves, an engine bay, a yard.

Nothing in here is a picture yet: all are linear light, which `blind_sensor` takes pictures of.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2

Linear: TypeAlias = npt.NDArray[Any]
"""Light of every pixel as float32, (height, width, 3) in B, G, R or (height, width); 1 is white."""
Random: TypeAlias = np.random.Generator
Size: TypeAlias = tuple[int, int]
"""Width and height."""
Scene: TypeAlias = Callable[[Random, Size], Linear]


def texture(random: Random, size: Size, slope: float, finest: int = 2) -> Linear:
    """Return a texture whose detail falls off with ``slope``; mean 0, deviation 1.

    Args:
        finest: how many pixels the finest grain has.
    """
    width, height = size
    whole: Linear = np.zeros((height, width), np.float32)
    cells = 3.0
    while cells <= width / finest:
        grain = random.standard_normal((round(cells * height / width) + 2, round(cells) + 2))
        whole += np.float32(cells**-slope) * cv2.resize(
            grain.astype(np.float32), size, interpolation=cv2.INTER_CUBIC
        )
        cells *= 2
    whole -= whole.mean()
    return whole / np.float32(whole.std())


def brushed(random: Random, size: Size) -> Linear:
    """Return brushed metal: grain that is drawn out in one direction."""
    width, height = size
    narrow = texture(random, (max(16, width // 12), height), 0.4)
    drawn: Linear = cv2.resize(narrow, size, interpolation=cv2.INTER_LINEAR)
    return drawn / np.float32(drawn.std())


def woven(random: Random, size: Size) -> Linear:
    """Return cloth: two waves across each other, bent a little."""
    width, height = size
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    bend = 3 * texture(random, size, 1.6)
    step = np.float32(random.uniform(4, 9))
    cloth: Linear = np.sin(6.28 * (right + bend) / step) + np.sin(6.28 * (down - bend) / step)
    return cloth.astype(np.float32) / np.float32(cloth.std())


def _outline(random: Random, middle: tuple[float, float], radius: float) -> npt.NDArray[np.int32]:
    corners = int(random.integers(4, 14))
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    reach = radius * random.uniform(0.55, 1.25, corners)
    lean = random.uniform(0.4, 1.0)
    points = np.stack(
        (middle[0] + reach * np.cos(angles), middle[1] + lean * reach * np.sin(angles)), axis=1
    )
    return np.round(points).astype(np.int32)


def _colours(random: Random, count: int) -> Linear:
    grey = np.clip(np.exp(random.normal(-1.5, 0.9, (count, 1))), 0.015, 0.9)
    return (grey * np.exp(random.normal(0, 0.18, (count, 3)))).astype(np.float32)


def leaves(random: Random, size: Size) -> Linear:
    """Return things of all sizes one over the other (radii by a power law, as in photographs)."""
    width, height = size
    count = int(random.integers(500, 900))
    which = np.zeros((height, width), np.float32)
    least, most = 0.012 * width, 0.33 * width
    for number in range(1, count):
        # Area for area, every size covers about as much as any other.
        radius = least / np.sqrt(1 - random.uniform() * (1 - (least / most) ** 2))
        middle = (random.uniform(0, width), random.uniform(0, height))
        cv2.fillPoly(which, [_outline(random, middle, radius)], float(number))
    index = which.astype(np.int32)
    weave = np.stack(
        (texture(random, size, 0.9), brushed(random, size), woven(random, size)), axis=0
    )
    kind = random.integers(0, 3, count)[index]
    grain = np.take_along_axis(weave, kind[np.newaxis], axis=0)[0]
    strength = np.abs(random.normal(0, 0.16, count)).astype(np.float32)[index]
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    slopes = random.normal(0, 0.6, (2, count)).astype(np.float32)
    shade = 1 + slopes[0][index] * (right / width - 0.5) + slopes[1][index] * (down / height - 0.5)
    light = shade * (1 + strength * grain) * lamp_field(random, size)
    seen: Linear = _colours(random, count)[index] * np.clip(light, 0.05, 4)[..., np.newaxis]
    return seen


def lamp_field(random: Random, size: Size) -> Linear:
    """Return how the light falls: brighter at one side, with the soft edge of one shadow."""
    width, height = size
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = random.uniform(0, 2 * np.pi)
    along = np.cos(turn) * (right / width - 0.5) + np.sin(turn) * (down / height - 0.5)
    edge = along - np.float32(random.uniform(-0.4, 0.4))
    shadow = 1 - random.uniform(0, 0.6) / (1 + np.exp(-edge / random.uniform(0.01, 0.1)))
    field: Linear = (1 + random.uniform(0, 0.5) * along) * shadow
    return field.astype(np.float32)


def _tube(canvas: Linear, points: npt.NDArray[np.int32], thick: int, colour: Linear) -> None:
    """Draw a hose: a line over thinner and brighter ones, as light falls on what is round."""
    for part in (1.0, 0.8, 0.6, 0.4, 0.2):
        shade = [float(each) * (0.25 + 1.1 * (1 - part)) for each in colour]
        cv2.polylines(canvas, [points], False, shade, max(1, round(thick * part)))


def engine(random: Random, size: Size) -> Linear:
    """Return an engine bay: dirty metal, ribs, hoses, bolts that glint, and plates with text."""
    width, height = size
    canvas: Linear = np.repeat(
        (0.12 + 0.04 * texture(random, size, 0.8))[..., np.newaxis], 3, axis=2
    ).clip(0.01, 1)
    unit = width / 640
    for _ in range(5):
        left, top = random.integers(0, width * 3 // 4), random.integers(0, height * 3 // 4)
        right = left + int(random.integers(60, 220) * unit)
        low = top + int(random.integers(40, 130) * unit)
        part = canvas[top:low, left:right]
        rows, columns = part.shape[:2]
        metal = random.uniform(0.1, 0.5) * (1 + 0.2 * brushed(random, (columns, rows)))
        part[:] = metal[..., np.newaxis] * np.exp(random.normal(0, 0.08, 3)).astype(np.float32)
        for rib in range(0, columns, max(6, int(random.integers(8, 20) * unit))):
            part[:, rib : rib + max(2, round(3 * unit))] *= 0.35
    for _ in range(int(random.integers(5, 10))):
        knots = np.cumsum(random.normal(0, 70 * unit, (6, 2)), axis=0)
        knots += (random.uniform(0, width), random.uniform(0, height))
        smooth = cv2.resize(
            knots.astype(np.float32)[:, np.newaxis], (1, 60), interpolation=cv2.INTER_CUBIC
        )
        _tube(
            canvas,
            smooth.round().astype(np.int32).reshape(-1, 1, 2),
            int(random.integers(5, 22) * unit) + 2,
            _colours(random, 1)[0],
        )
    for _ in range(int(random.integers(8, 20))):
        at = (int(random.uniform(0, width)), int(random.uniform(0, height)))
        radius = max(3, int(random.uniform(3, 11) * unit))
        cv2.circle(canvas, at, radius, (0.05, 0.05, 0.05), -1)
        cv2.circle(canvas, at, round(0.8 * radius), (0.35, 0.36, 0.38), -1)
        cv2.circle(canvas, (at[0] - radius // 3, at[1] - radius // 3), radius // 3, (1, 1, 1), -1)
    ink = np.zeros((height, width), np.uint8)
    for _ in range(int(random.integers(2, 5))):
        word = "".join(random.choice(list("ABCDEFGHKLMNPRSTUVWXYZ0123456789"), 8))
        at = (int(random.uniform(0, width * 0.7)), int(random.uniform(30 * unit, height)))
        big = random.uniform(0.5, 1.3) * unit
        wide = int(150 * big)
        corner = (at[0] + wide, at[1] - int(28 * big))
        cv2.rectangle(canvas, (at[0] - 4, at[1] + 6), corner, (0.7, 0.72, 0.75), -1)
        cv2.putText(ink, word, at, cv2.FONT_HERSHEY_DUPLEX, big, 255, 1)
    canvas = (canvas * (1 - ink.astype(np.float32) / 265)[..., np.newaxis]).clip(0.003, 2)
    return canvas * lamp_field(random, size)[..., np.newaxis]


def yard(random: Random, size: Size) -> Linear:
    """Return a yard: clouds, a wall of bricks, ground in perspective, a car before it."""
    width, height = size
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    horizon = height * random.uniform(0.35, 0.5)
    cloud = (0.55 + 0.1 * texture(random, size, 1.3, 6))[..., np.newaxis]
    sky = cloud * np.array((1.1, 1.0, 0.9), np.float32)
    depth = np.clip((down - horizon) / height, 0.01, None)
    ground = texture(random, size, 0.5)
    far = cv2.remap(
        ground,
        ((right - width / 2) / (8 * depth) + width / 2) % (width - 1),
        (height * 0.05 / depth) % (height - 1),
        cv2.INTER_LINEAR,
    )
    canvas: Linear = np.where(
        (down < horizon)[..., np.newaxis], sky, (0.2 * (1 + 0.35 * far))[..., np.newaxis]
    ).astype(np.float32)
    high, row = int(horizon * 0.45), max(5, round(width / 90))
    course = (down // row).astype(np.int32)
    joint = ((down % row) < row / 6) | (((right + course % 2 * row) % (2 * row)) < row / 6)
    bricks = np.where(joint, 0.35, 0.16 * (1 + 0.25 * texture(random, size, 0.4, 4)))
    wall = (slice(high, int(horizon) + 2), slice(0, int(width * random.uniform(0.5, 1))))
    canvas[wall] = (bricks[..., np.newaxis] * np.array((0.6, 0.75, 1.1)))[wall]
    paint = np.clip(_colours(random, 1)[0], 0.03, 0.6)
    left, length = width * random.uniform(0.05, 0.3), width * random.uniform(0.45, 0.65)
    top, tall = horizon * random.uniform(0.7, 1.0), height * random.uniform(0.25, 0.35)
    along = np.array((0, 0, 0.18, 0.3, 0.65, 0.8, 1.0, 1.0)) * length + left
    up = np.array((1.0, 0.5, 0.42, 0.0, 0.0, 0.42, 0.55, 1.0)) * tall + top
    body = np.stack((along, up), axis=1).round().astype(np.int32)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [body], 1)
    gloss = 0.4 + 1.2 * np.exp(-(((down - top) / tall - 0.55) ** 2) / 0.02)
    canvas = np.where(inside[..., np.newaxis] > 0, gloss[..., np.newaxis] * paint, canvas)
    canvas = np.ascontiguousarray(canvas, np.float32)
    glass = np.stack((along[[2, 3, 4, 5]], up[[2, 3, 4, 5]] + tall * 0.04), axis=1)
    cv2.fillPoly(canvas, [glass.round().astype(np.int32)], (0.05, 0.06, 0.06))
    for part in (0.2, 0.78):
        wheel = (round(left + part * length), round(top + tall))
        cv2.circle(canvas, wheel, round(tall * 0.24), (0.02, 0.02, 0.02), -1)
        cv2.circle(canvas, wheel, round(tall * 0.13), (0.4, 0.4, 0.42), -1)
    fine: Linear = canvas * (1 + 0.04 * texture(random, size, 0.2))[..., np.newaxis]
    return fine.clip(0.003, 2)


SCENES: tuple[Scene, ...] = (leaves, engine, yard)


def any_scene(random: Random, size: Size) -> Linear:
    """Return one of the scenes."""
    return SCENES[int(random.integers(len(SCENES)))](random, size)


def bright(linear: Linear) -> Linear:
    """Return the brightness of such light."""
    weights = np.array((0.114, 0.587, 0.299), np.float32)
    return (linear @ weights).astype(np.float32)
