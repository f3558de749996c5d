"""Pictures of the blind sets: a workshop made of textures, seen through a sensor and a codec.

Nothing is drawn sharp on an even ground: reflectance is noise of many scales, lamps fall off with
the square of the distance, and what the sensor reads has shot, read and row noise, comes through
one colour filter for each pixel, a gamma curve and JPEG, or through a film's encoder and back.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from tests.accuracy.kinds import Found, Make
from tests.accuracy.played import SECOND_NS, camera_figures
from tests.accuracy.stock import encoded

Random: TypeAlias = np.random.Generator
Floats: TypeAlias = npt.NDArray[np.float32]
Picture: TypeAlias = npt.NDArray[np.uint8]
Film: TypeAlias = Iterator[CameraFrame]
Shoot: TypeAlias = Callable[[Random], Film]
WIDTH, HEIGHT = 640, 360
PACKINGS = ("MJPG", "XVID", "mp4v")
_WHITE = 4095
"""Full scale of the sensor, of 12 bits."""
_MARGIN = 64
"""By so many pixels a field of noise is larger than the picture."""


def texture(random: Random, width: int, height: int, coarse: int = 3) -> Floats:
    """Return noise of all scales from a third of the picture to two pixels, 0 to 1."""
    made = np.zeros((height, width), np.float32)
    cells, weight = coarse, 1.0
    while cells < height / 2:
        grid = random.random((cells, cells * 16 // 9 + 1)).astype(np.float32)
        made += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        cells, weight = cells * 2, weight * 0.62
    low, high = np.percentile(made, (1, 99))
    return np.asarray(np.clip((made - low) / (high - low), 0, 1), np.float32)


def workshop(random: Random, width: int, height: int, saturation: float = 1.0) -> Floats:
    """Return what stands there as light, 0 to 1, shape (height, width, 3), blue first.

    Args:
        saturation: 0 makes every surface grey.
    """
    surface = 0.08 + 0.75 * texture(random, width, height)
    hues = np.stack([texture(random, width, height, 2) for _ in range(3)], axis=2) - 0.5
    light = surface[:, :, np.newaxis] * (1 + 1.1 * saturation * hues)
    grain = 0.8 + 0.4 * texture(random, width, height, 12)[:, :, np.newaxis]
    for _ in range(int(random.integers(5, 10))):
        _put_something(random, light, grain, saturation)
    return np.asarray(np.clip(light * _lamps(random, width, height), 0, 1), np.float32)


def _put_something(random: Random, light: Floats, grain: Floats, saturation: float) -> None:
    """Lay a part of other material over the light: a plate, a wheel or a hose."""
    height, width = light.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    at = (int(random.integers(0, width)), int(random.integers(0, height)))
    size = int(random.integers(height // 12, height // 4))
    kind = random.integers(3)
    if kind == 0:
        corners = at + random.integers(-size, size, (5, 2))
        cv2.fillPoly(mask, [cv2.convexHull(corners.astype(np.int32))], 255)
    elif kind == 1:
        flat = (size, max(4, size * 2 // 3))
        cv2.ellipse(mask, at, flat, float(random.uniform(0, 180)), 0, 360, 255, size // 4)
    else:
        ways = np.cumsum(random.integers(-size, size, (6, 2)), axis=0) + at
        cv2.polylines(mask, [ways.astype(np.int32)], False, 255, max(2, size // 8))
    cover = cv2.GaussianBlur(mask, (0, 0), 0.8)[:, :, np.newaxis] / np.float32(255)
    own = random.uniform(0.03, 0.9) * (1 + saturation * random.uniform(-0.7, 0.7, 3))
    light += cover * (own * grain - light)


def _lamps(random: Random, width: int, height: int) -> Floats:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / height
    sum_of = np.full((height, width), 0.25, np.float32)
    for _ in range(int(random.integers(1, 3))):
        away = (columns - random.uniform(0, 1.78)) ** 2 + (rows - random.uniform(-0.4, 0.8)) ** 2
        sum_of += random.uniform(0.6, 1.2) / (1 + 2.2 * away)
    return np.asarray(sum_of[:, :, np.newaxis], np.float32)


@dataclass
class Sensor:
    """Turns light into pictures, each with noise of its own.

    Attributes:
        exposure: factor on the light.
        shot: deviation at full scale, as a share of it.
        read, row: deviations of every pixel and of every row, as shares of full scale.
        black: what it reads without light, as a share of full scale.
        quality: of its JPEG; None: not packed.
        grey: it has no colour filters.
    """

    random: Random
    exposure: float = 1.0
    shot: float = 0.02
    read: float = 0.004
    row: float = 0.001
    black: float = 0.0
    quality: int | None = 85
    gamma: float = 2.2
    grey: bool = False

    def __post_init__(self) -> None:
        steps = np.arange(_WHITE + 1) / _WHITE
        self._curve = np.round(255 * steps ** (1 / self.gamma)).astype(np.uint8)
        self._noise = np.zeros((0, 0), np.float32)

    def see(self, light: Floats) -> Picture:
        """Return one picture of it."""
        height, width = light.shape[:2]
        raw = self._filtered(light) * np.float32(self.exposure) + np.float32(self.black)
        spread = np.sqrt(np.float32(self.shot**2) * np.abs(raw) + np.float32(self.read**2))
        raw += spread * self._fresh(width, height)
        raw += self.random.normal(0, self.row, (height, 1)).astype(np.float32)
        counts = np.clip(raw * _WHITE, 0, _WHITE).astype(np.uint16)
        if self.grey:
            one = np.asarray(self._curve[counts])
            return self._packed(np.repeat(one[:, :, np.newaxis], 3, axis=2))
        colours = cv2.cvtColor(counts, cv2.COLOR_BayerBG2BGR)
        return self._packed(np.asarray(self._curve[np.minimum(colours, _WHITE)], np.uint8))

    def _filtered(self, light: Floats) -> Floats:
        """Keep one colour of each pixel."""
        if self.grey:
            return np.asarray(light.mean(axis=2), np.float32)
        raw = light[:, :, 1].copy()
        # OpenCV names a mosaic by the pixels of its second row and column.
        raw[0::2, 0::2] = light[0::2, 0::2, 2]
        raw[1::2, 1::2] = light[1::2, 1::2, 0]
        return raw

    def _fresh(self, width: int, height: int) -> Floats:
        if self._noise.shape != (height + _MARGIN, width + _MARGIN):
            shape = (height + _MARGIN, width + _MARGIN)
            self._noise = self.random.standard_normal(shape, np.float32)
        top, left = (int(each) for each in self.random.integers(0, _MARGIN, 2))
        turned = self._noise[top : top + height, left : left + width]
        return turned if self.random.random() < 0.5 else turned[::-1, ::-1]

    def _packed(self, picture: Picture) -> Picture:
        if self.quality is None:
            return np.ascontiguousarray(picture)
        _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def moved(wide: Floats, number: int, width: int, height: int) -> Floats:
    """Cut a picture out of a wider scene, as a hand that sways holds the camera."""
    spare_y, spare_x = wide.shape[0] - height, wide.shape[1] - width
    top = round(spare_y * (0.5 + 0.45 * np.sin(number / 7)))
    left = round(spare_x * (0.5 + 0.45 * np.sin(number / 11 + 1)))
    return wide[top : top + height, left : left + width]


def film(
    pictures: Iterable[Picture], at_s: Iterable[float], *, turned: bool = False
) -> Iterator[CameraFrame]:
    """Show pictures at these moments, in seconds from the open camera; the shorter one ends it."""
    for picture, each in zip(pictures, at_s, strict=False):
        picture.flags.writeable = False
        yield CameraFrame(picture, SECOND_NS + round(each * SECOND_NS), turned)


def paced(random: Random, fps: float, seconds: float, *, jitter_ms: float = 1.5) -> list[float]:
    """Return moments at an even pace that wander by this deviation, at most by three of them."""
    even = np.arange(round(seconds * fps)) / fps + 0.2
    wander = np.clip(random.normal(0, jitter_ms / 1000, len(even)), -0.003 * jitter_ms, None)
    return [float(each) for each in even + np.minimum(wander, 0.003 * jitter_ms)]


def camera_case(
    code: str, shoot: Shoot, *, from_the_open: bool = False, live_after_s: float = 0.0
) -> Make:
    """Show a check what is shot."""

    def make(rng: random.Random) -> Found:
        shown = shoot(np.random.default_rng(rng.randrange(1 << 40)))
        return camera_figures(code, shown, from_the_open=from_the_open, live_after_s=live_after_s)

    return make


def ordinary(draw: Random, *, exposure: float = 1.0) -> Sensor:
    """Return an ordinary one, of whatever make."""
    return Sensor(
        draw,
        shot=float(draw.uniform(0.01, 0.05)),
        read=float(draw.uniform(0.001, 0.006)),
        row=float(draw.uniform(0, 0.002)),
        quality=int(draw.integers(50, 93)),
        gamma=float(draw.uniform(1.9, 2.3)),
        exposure=exposure,
    )


def exposure_for(draw: Random, light: Floats, low: float, high: float) -> float:
    """Return the exposure that brings the light's middle to this share of full scale."""
    return float(draw.uniform(low, high)) / float(light.mean())


def some_scene(draw: Random, width: int = WIDTH, height: int = HEIGHT) -> Floats:
    """Return a workshop of more or less colour."""
    return workshop(draw, width, height, float(draw.uniform(0.1, 0.8)))


def on_tripod(
    draw: Random, count: int = 12, width: int = WIDTH, height: int = HEIGHT
) -> list[Picture]:
    """Return so many pictures of one scene on a tripod; each has noise of its own."""
    light = some_scene(draw, width, height)
    sensor = ordinary(draw, exposure=exposure_for(draw, light, 0.1, 0.4))
    return [sensor.see(light) for _ in range(count)]


def in_hand(draw: Random, count: int = 20) -> list[Picture]:
    """Return a clip from a hand that sways, as a film's encoder left it."""
    wide = some_scene(draw, WIDTH + 40, HEIGHT + 24)
    sensor = ordinary(draw, exposure=exposure_for(draw, wide, 0.1, 0.4))
    seen = [sensor.see(moved(wide, number, WIDTH, HEIGHT)) for number in range(count)]
    return encoded(seen, str(draw.choice(PACKINGS)))
