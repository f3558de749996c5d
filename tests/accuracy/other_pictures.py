"""Generator B: the pictures that the reported accuracy comes from; no constant was chosen on them.

Scenes are textures with a 1/f spectrum, leaves that hide one another, mosaics and printed pages.
The sensor has shot and read noise whose strength follows the light, smeared over neighbours as
a demosaicing filter does; pictures are then encoded and decoded, each by itself (JPEG) or as a
clip. Everything is float32, shape (height, width, 3), channels B, G, R, 0..255 as displayed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from tests.accuracy.played import SECOND_NS

WIDTH, HEIGHT = 640, 360
SPARE = 48
"""How much larger than the picture a scene is, so that a camera can be moved over it."""

Scene = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Random = np.random.Generator


def pink(random: Random, width: int, height: int, slope: float) -> Scene:
    """A texture whose amplitude falls with frequency to the power of ``slope``; mean 0, sd 1."""
    down = np.fft.fftfreq(height)[:, np.newaxis] * height
    across = np.fft.rfftfreq(width)[np.newaxis, :] * width
    radius = np.hypot(down, across)
    radius[0, 0] = 1.0
    fall = radius**-slope
    fall[0, 0] = 0.0

    def plane() -> npt.NDArray[np.float64]:
        noise = random.normal(size=fall.shape) + 1j * random.normal(size=fall.shape)
        made = np.fft.irfft2(noise * fall, s=(height, width))
        return np.asarray(made / made.std())

    common = plane()
    planes = [0.8 * common + 0.6 * plane() for _ in range(3)]
    return np.stack(planes, axis=2).astype(np.float32)


def leaves(random: Random, width: int, height: int) -> Scene:
    """Discs of all sizes that hide one another, as things in a photograph do; levels 10..240."""
    scene = np.empty((height, width, 3), np.float32)
    scene[:] = random.uniform(40, 200, 3)
    for _ in range(500):
        radius = int(min(height / 2.5, 4 / (1 - random.random()) ** 0.6))
        at = (int(random.integers(width)), int(random.integers(height)))
        grey = random.uniform(10, 240)
        colour = np.clip(grey + random.normal(0, 25, 3), 5, 245)
        cv2.circle(scene, at, max(2, radius), tuple(map(float, colour)), -1, cv2.LINE_AA)
    return scene


def mosaic(random: Random, width: int, height: int) -> Scene:
    """Straight-edged cells around random seeds, each with a fall of light of its own."""
    seeds = np.full((height, width), 255, np.uint8)
    count = int(random.integers(25, 90))
    seeds[random.integers(0, height, count), random.integers(0, width, count)] = 0
    _, labels = cv2.distanceTransformWithLabels(
        seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    grey = random.uniform(20, 230, (labels.max() + 1, 1))
    colours = np.clip(grey + random.normal(0, 20, (labels.max() + 1, 3)), 5, 245)
    fall = np.linspace(1.0, random.uniform(0.7, 1.0), width)[np.newaxis, :, np.newaxis]
    return np.asarray(colours[labels] * fall, np.float32)


def page(random: Random, width: int, height: int) -> Scene:
    """Printed lines and frames on paper beside a dark bench."""
    scene = np.full((height, width, 3), round(random.uniform(150, 215)), np.uint8)
    cv2.rectangle(scene, (0, int(height * 0.8)), (width, height), (35, 50, 70), -1)
    size = width / 1280
    for line in range(9):
        words = "".join(random.choice(list("ABDEFHKMNRSTXZ0123456789 "), 26))
        at = (int(20 * size), int(height * (0.08 + 0.085 * line)))
        ink = tuple(map(float, random.uniform(10, 90, 3)))
        cv2.putText(scene, words, at, cv2.FONT_HERSHEY_SIMPLEX, 2.0 * size, ink, 3, cv2.LINE_AA)
    for _ in range(6):
        x, y = int(random.integers(width)), int(random.integers(height))
        colour = tuple(map(float, random.uniform(20, 200, 3)))
        cv2.rectangle(scene, (x, y), (x + width // 6, y + height // 7), colour, -1)
    return scene.astype(np.float32)


def textured(random: Random, width: int, height: int) -> Scene:
    """A natural surface around a middle grey."""
    slope = random.uniform(0.9, 1.15)
    return np.clip(125 + 48 * pink(random, width, height, slope), 2, 240)


SCENES: Sequence[Callable[[Random, int, int], Scene]] = (leaves, mosaic, page, textured)


def scene_of(random: Random, width: int = WIDTH, height: int = HEIGHT) -> Scene:
    """Make one of the scenes, with fine grain on its surfaces."""
    made = SCENES[int(random.integers(len(SCENES)))](random, width, height)
    grain = np.roll(_grain(width, height), random.integers(0, height, 2), axis=(0, 1))
    return np.asarray(np.clip(made + grain, 0, 245), np.float32)


@cache
def _grain(width: int, height: int) -> Scene:
    return np.asarray(4 * pink(np.random.default_rng(77_001), width, height, 0.7), np.float32)


def luma(picture: Scene) -> npt.NDArray[np.float32]:
    """BT.601 luma."""
    weights = np.array([0.114, 0.587, 0.299], np.float32)
    return np.asarray(picture @ weights, np.float32)


def scaled_to(picture: Scene, *, mean: float, contrast: float | None = None) -> Scene:
    """Give a picture a mean luma, and a 5th to 95th percentile distance where one is told."""
    found = luma(picture)
    low, high = np.percentile(found, (5, 95))
    gain = mean / float(found.mean()) if contrast is None else contrast / float(high - low)
    shifted = picture * gain
    return shifted + (mean - float(luma(shifted).mean())) if contrast is not None else shifted


@dataclass(frozen=True, slots=True)
class Sensor:
    """Noise of a sensor, as displayed.

    Attributes:
        shot: standard deviation at full light, in steps of 0..255.
        read: standard deviation in the dark.
        smear_px: how far demosaicing spreads it.
        quality: of the encoder, 0..100; None leaves the picture as it is.
    """

    shot: float = 4.0
    read: float = 1.5
    smear_px: float = 0.7
    quality: int | None = 85


def some_sensor(random: Random, *, gain: float = 1.0) -> Sensor:
    """A sensor between a good and a poor webcam; more ``gain`` for less light."""
    return Sensor(
        shot=gain * random.uniform(2, 6),
        read=gain * random.uniform(0.6, 2.5),
        smear_px=random.uniform(0.5, 0.9),
        quality=None if random.random() < 0.2 else int(random.integers(65, 95)),
    )


@cache
def _noise(tenths_px: int, width: int, height: int) -> Scene:
    """A store of noise with standard deviation 1, larger than a picture by `SPARE`."""
    random = np.random.default_rng(77_100 + tenths_px)
    made = random.standard_normal((height + SPARE, width + SPARE, 3), dtype=np.float32)
    # Green is sampled twice as densely as blue and red, so it spreads less.
    for channel, more in ((0, 1.4), (1, 1.0), (2, 1.4)):
        plane = cv2.GaussianBlur(made[:, :, channel], (0, 0), tenths_px / 10 * more)
        made[:, :, channel] = plane / plane.std()
    return made


def _cut(random: Random, store: Scene, width: int, height: int) -> Scene:
    """Return a random place of it, mirrored at random."""
    y, x = (int(random.integers(SPARE)) for _ in range(2))
    found = store[y : y + height, x : x + width]
    return found[:: -1 if random.random() < 0.5 else 1]


def exposed(
    random: Random, pictures: Iterator[Scene], sensor: Sensor, *, width: int, height: int
) -> Iterator[Pixels]:
    """Let a sensor see pictures: noise, 8 bits, and the encoder frame by frame."""
    store = _noise(round(10 * sensor.smear_px), width, height)
    seen: Scene | None = None
    strength = store
    for picture in pictures:
        if picture is not seen:
            lit = np.clip(picture, 0, 255) / 255
            strength = np.sqrt(sensor.read**2 + sensor.shot**2 * lit, dtype=np.float32)
            seen = picture
        noise = cv2.multiply(strength, _cut(random, store, width, height))
        pixels = np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)
        yield pixels if sensor.quality is None else jpeg(pixels, sensor.quality)


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    """Encode and decode one picture."""
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def still(picture: Scene, count: int) -> Iterator[Scene]:
    """The same picture again and again."""
    for _ in range(count):
        yield picture


def wandering(
    scene: Scene, count: int, *, step_px: float, width: int, height: int
) -> Iterator[Scene]:
    """A camera in a hand: the picture wanders to and fro over a larger scene."""
    for index in range(count):
        swing = (SPARE - 2) / 2
        x = int(swing + swing * np.sin(index * step_px / swing))
        y = int(swing + swing * np.cos(index * step_px * 0.7 / swing))
        yield scene[y : y + height, x : x + width]


def film(
    pictures: Iterator[Pixels] | Sequence[Pixels], *, fps: float = 10
) -> Iterator[CameraFrame]:
    """Give pictures the even times of a camera."""
    for index, pixels in enumerate(pictures):
        yield CameraFrame(pixels, SECOND_NS + round(index * SECOND_NS / fps))
