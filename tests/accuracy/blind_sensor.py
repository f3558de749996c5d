"""A sensor for the blind sets of the camera: a mosaic with shot, read and row noise, a picture made
of it, JPEG or a clip, and a film of such pictures; and figures by the catalogue's words.

The figures only choose how strong a fault is made. They were written from the catalogue, and ask
nothing of the checks.
"""

import random as random_module
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from tests.accuracy.blind_pictures import Linear, Random, Size
from tests.accuracy.kinds import Found, Make
from tests.accuracy.played import SECOND_NS, camera_figures
from tests.accuracy.stock import encoded

Pixels: TypeAlias = npt.NDArray[np.uint8]
Light: TypeAlias = Callable[[float], Linear]
"""Light of the scene at a time in seconds; the same array again where nothing changes."""

CODECS = ("jpeg", "jpeg", "raw", "MJPG clip", "XVID clip")
_STEPS = 4095
_CLIP = 12
"""Pictures between two key pictures of a clip."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """A camera that is made.

    Attributes:
        electrons: what a white pixel holds; fewer in the dark, where all is amplified.
        read_e, row_e: noise of reading a pixel and a row, in electrons.
        fixed: by what share pixels differ for good.
        sharpen: how much the camera sharpens; 0: not at all.
        codec: one of `CODECS`.
        quality: of JPEG.
        jitter_ms: how unevenly pictures are grabbed.
    """

    size: Size = (640, 360)
    fps: float = 30.0
    electrons: float = 6000.0
    read_e: float = 4.0
    row_e: float = 0.6
    fixed: float = 0.004
    sharpen: float = 0.3
    gamma: float = 2.2
    codec: str = "jpeg"
    quality: int = 85
    jitter_ms: float = 1.5
    seed: int = 0


def some_sensor(random: Random, size: Size = (640, 360), **more: Any) -> Sensor:
    """Return a usual camera in usual light."""
    made = Sensor(
        size,
        fps=float(random.choice((12.0, 15.0, 15.0, 20.0))),
        electrons=float(np.exp(random.uniform(np.log(1200), np.log(9000)))),
        read_e=float(random.uniform(1.5, 6)),
        row_e=float(random.uniform(0, 1.5)),
        fixed=float(random.uniform(0, 0.006)),
        sharpen=float(random.choice((0.0, 0.3, 0.6))),
        gamma=float(random.uniform(1.9, 2.4)),
        codec=str(random.choice(CODECS)),
        quality=int(random.integers(60, 93)),
        jitter_ms=float(random.uniform(0.2, 3)),
        seed=int(random.integers(1 << 31)),
    )
    return replace(made, **more)


@cache
def _noise() -> Linear:
    """Normal noise; pictures cut theirs out of it at places of their own."""
    return np.random.default_rng(9_299_999).standard_normal(1 << 22).astype(np.float32)


def _cut(random: Random, shape: tuple[int, ...]) -> Linear:
    bank, count = _noise(), int(np.prod(shape))
    first = int(random.integers(bank.size - count))
    return bank[first : first + count].reshape(shape)


def curve(sensor: Sensor) -> Pixels:
    """Return the level of each of the `_STEPS` + 1 steps of light."""
    light = np.linspace(0, 1, _STEPS + 1)
    return (255 * light ** (1 / sensor.gamma)).round().astype(np.uint8)


def mosaic(linear: Linear) -> Linear:
    """Return one colour per pixel, as the filter before the sensor lets through."""
    filtered: Linear = linear[..., 1].copy()
    filtered[0::2, 0::2] = linear[0::2, 0::2, 2]
    filtered[1::2, 1::2] = linear[1::2, 1::2, 0]
    return filtered


@dataclass(slots=True)
class Developer:
    """Takes pictures of light with a sensor."""

    sensor: Sensor
    random: Random
    noisy: bool = True
    _light: Linear | None = None
    _mosaic: Linear = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _spread: Linear = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _curve: Pixels = field(default_factory=lambda: np.zeros(0, np.uint8))

    def picture(self, linear: Linear) -> Pixels:
        """Return a picture before it is packed."""
        sensor = self.sensor
        if linear is not self._light:
            fixed = _cut(np.random.default_rng(sensor.seed), linear.shape[:2])
            self._light = linear
            self._mosaic = mosaic(linear) * (1 + np.float32(sensor.fixed) * fixed)
            self._spread = np.sqrt(
                self._mosaic.clip(0, 1) / sensor.electrons
                + np.float32((sensor.read_e / sensor.electrons) ** 2)
            )
            self._curve = curve(sensor)
        seen = self._mosaic.copy()
        if self.noisy:
            rows = np.float32(sensor.row_e / sensor.electrons) * _cut(self.random, (len(seen), 1))
            seen += self._spread * _cut(self.random, seen.shape)
            seen += rows
        seen *= _STEPS
        raw = np.clip(seen, 0, _STEPS, out=seen).astype(np.uint16)
        colours = cv2.demosaicing(raw, cv2.COLOR_BayerBG2BGR).astype(np.uint16, copy=False)
        developed: npt.NDArray[Any] = np.take(self._curve, colours, mode="clip")
        if sensor.sharpen:
            soft = cv2.GaussianBlur(developed, (0, 0), 1.0)
            developed = cv2.addWeighted(developed, 1 + sensor.sharpen, soft, -sensor.sharpen, 0)
        return np.ascontiguousarray(developed)


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    """Return what is left of a picture after JPEG."""
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    unpacked = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    assert unpacked is not None
    return unpacked.astype(np.uint8, copy=False)


def packed(sensor: Sensor, pictures: Iterable[Pixels]) -> Iterator[Pixels]:
    """Yield pictures as they come out of the camera's codec."""
    if sensor.codec.endswith("clip"):
        coming = iter(pictures)
        while some := list(islice(coming, _CLIP)):
            codec, fps, quality = sensor.codec[:4], sensor.fps, sensor.quality
            yield from encoded(some, codec, fps, container="avi", quality=quality)
    else:
        for each in pictures:
            yield jpeg(each, sensor.quality) if sensor.codec == "jpeg" else each


def film(
    sensor: Sensor, random: Random, light: Light, *, seconds: float = 5.0
) -> Iterator[CameraFrame]:
    """Yield what the camera sends: pictures of the light at even times, grabbed a little later."""
    developer = Developer(sensor, random)
    times = [number / sensor.fps for number in range(round(seconds * sensor.fps))]
    pictures = (developer.picture(light(at_s)) for at_s in times)
    for at_s, pixels in zip(times, packed(sensor, pictures), strict=True):
        pixels.setflags(write=False)
        late_s = abs(random.normal(0, sensor.jitter_ms / 1000)) if at_s else 0.0
        late_s = min(late_s, 0.4 / sensor.fps)
        yield CameraFrame(pixels, SECOND_NS + round((at_s + late_s) * SECOND_NS))


def still(linear: Linear) -> Light:
    """Return light that does not change."""
    return lambda at_s: linear


def clean(sensor: Sensor, linear: Linear) -> Pixels:
    """Return what the sensor makes of such light without the noise that changes."""
    developer = Developer(sensor, np.random.default_rng(0), noisy=False)
    pixels = developer.picture(linear)
    return pixels if sensor.codec == "raw" else jpeg(pixels, sensor.quality)


def luma(pixels: Pixels, size: Size = (640, 360)) -> Linear:
    """Return the luma of a picture, scaled to a size by area."""
    return cv2.resize(
        cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.float32),
        size,
        interpolation=cv2.INTER_AREA,
    )


def structure(even: Linear, odd: Linear) -> float:
    """Return s of the catalogue (C07) of two lumas of one scene."""
    first, second = _uneven(even), _uneven(odd)
    return float(np.sqrt(max(0.0, float((first * second).mean()))))


def _uneven(grey: Linear) -> Linear:
    tiles = cv2.resize(grey, (320, 180), interpolation=cv2.INTER_AREA)
    tiles = cv2.resize(tiles, (40, 22), interpolation=cv2.INTER_AREA)
    down, right = (each.ravel() for each in np.mgrid[-1:1:22j, -1:1:40j])
    surface = np.stack((np.ones(880), right, down, right**2, down**2, right * down), axis=1)
    values = tiles.astype(np.float64).ravel()
    values = values - surface @ np.linalg.lstsq(surface, values, rcond=None)[0]
    flat: Linear = values.reshape(22, 40)
    flat -= flat.mean(axis=1, keepdims=True)
    flat -= flat.mean(axis=0, keepdims=True)
    return flat


def detail(first: Linear, second: Linear) -> tuple[float, float]:
    """Return the ratio of fine to coarse detail (C14) and the coarse detail of two lumas."""

    def band(grey: Linear, near: float, far: float) -> Linear:
        return cv2.GaussianBlur(grey, (0, 0), near) - cv2.GaussianBlur(grey, (0, 0), far)

    fine = float((band(first, 1, 2) * band(second, 1, 2)).mean())
    coarse = float((band(first, 4, 8) * band(second, 4, 8)).mean())
    return fine / max(coarse, 1e-9), float(np.sqrt(max(0.0, coarse)))


def spread(grey: Linear) -> float:
    """Return how far apart the darkest and the brightest twentieth of a luma are (C15)."""
    low, high = np.percentile(grey, (5, 95))
    return float(high - low)


def white_share(grey: Linear) -> float:
    """Return the share of a luma at 250 and above (C12)."""
    return float((grey >= 250).mean())


class CannotBeMade(Exception):
    """What was drawn has no strength at which it would be so."""


def sought(
    figure: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    *,
    steps: int = 10,
    slack: float = 0.0,
) -> float:
    """Return the strength between two at which a figure that rises with it meets the target.

    Args:
        slack: how far off it may be, where a twentieth is less than that.

    Raises:
        CannotBeMade: none meets it.
    """
    for _ in range(steps):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if figure(middle) < target else (low, middle)
    found = float(np.sqrt(low * high))
    if abs(figure(found) - target) > max(0.05 * abs(target), slack):
        raise CannotBeMade
    return found


def lit(sensor: Sensor, linear: Linear, mean: float) -> Linear:
    """Return the light made so strong that the picture's mean luma is ``mean``."""
    small = cv2.resize(linear, (160, 90), interpolation=cv2.INTER_AREA)

    def level(gain: float) -> float:
        shown = 255 * (small * gain).clip(0, 1) ** (1 / sensor.gamma)
        return float((shown @ np.array((0.114, 0.587, 0.299))).mean())

    return linear * np.float32(sought(level, mean, 1e-5, 1e3, steps=24))


def ideal(sensor: Sensor, linear: Linear) -> Linear:
    """Return the luma without noise, steps and packing, which is what many pictures average to."""
    shown = 255 * linear.clip(0, 1) ** np.float32(1 / sensor.gamma)
    return (shown @ np.array((0.114, 0.587, 0.299), np.float32)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Shot:
    """What a case films: a sensor, the light before it, and chance."""

    sensor: Sensor
    random: Random
    light: Light

    def film(self, seconds: float = 5.0) -> Iterator[CameraFrame]:
        """Yield its pictures."""
        return film(self.sensor, self.random, self.light, seconds=seconds)


Filmed: TypeAlias = Callable[[Random], Shot]


def played(code: str, filmed: Filmed) -> Make:
    """Return what measures such a shot with the check; what cannot be made is drawn anew."""

    def make(rng: random_module.Random) -> Found:
        while True:
            try:
                shot = filmed(np.random.default_rng(rng.getrandbits(48)))
            except CannotBeMade:
                continue
            return camera_figures(code, shot.film())

    return make


def settling(linear: Linear, first: float, within_s: float) -> Light:
    """Return light whose exposure begins ``first`` times too strong and is right after a time."""

    def at(at_s: float) -> Linear:
        left = max(0.0, 1 - at_s / within_s)
        return linear if not left else linear * np.float32(first**left)

    return at


def in_hand(
    random: Random,
    linear: Linear,
    size: Size,
    reach: float,
    turns_hz: tuple[float, float] = (0.3, 1.3),
) -> Light:
    """Return light that a hand moves by up to ``reach`` pixels, from a scene with that margin."""
    height, width = linear.shape[:2]
    middle = ((width - size[0]) / 2, (height - size[1]) / 2)
    assert min(middle) >= reach
    turns = random.uniform(*turns_hz, (2, 2))
    begins = random.uniform(0, 6.28, (2, 2))

    def at(at_s: float) -> Linear:
        away = np.sin(6.28 * turns * at_s + begins).mean(axis=1) * reach
        place = np.array(((1, 0, middle[0] + away[0]), (0, 1, middle[1] + away[1])), np.float32)
        seen: Linear = cv2.warpAffine(
            linear, place, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        return seen

    return at
