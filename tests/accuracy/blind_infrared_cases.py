"""C21, blind: face-recognition cameras, and colour cameras in places without much colour.

Written from the catalogue and from the names that such cameras have in published listings, without
a look at the check or the older pictures. A face-recognition camera sees one grey picture by its
own lamp, which some drivers light in every second picture, and hands it on as grey, as luma with
even chroma, or tinted; some have it in their name. Not made: pictures whose colours deviate by 0.3
to 2.4, a name that says infrared over a coloured picture, and grey by night under another name than
as a case in which both words are right.
"""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from preflight.devices.opencv import cv2
from preflight.model import CheckState
from tests.accuracy.blind_scenes import (
    HEIGHT,
    WIDTH,
    Floats,
    Picture,
    Random,
    Sensor,
    exposure_for,
    film,
    in_hand,
    moved,
    ordinary,
    paced,
    some_scene,
    workshop,
)
from tests.accuracy.kinds import WARNED, Found, Make, blind_cases_of
from tests.accuracy.played import camera_figures
from tests.accuracy.stock import encoded
from tests.accuracy.tally import Case
from tests.fakes.devices import CAMERA

Shots: TypeAlias = Callable[[Random], Iterator[Picture]]
SEED = 9_200_240
EITHER = frozenset({CheckState.PASSED, CheckState.UNKNOWN})
"""Too dark for a word on colour; who says that nothing is wrong is right as well."""
_ORDINARY = (
    "Integrated Camera: Integrated C",
    "HD Pro Webcam C920",
    "FaceTime HD Camera",
    "Surface Camera Front",
    "AirHug 02",
    "Mirabella Wide 4K",
    "Kamera: Kirschner Fire",
    "USB2.0 FHD UVC WebCam",
)
"""Some have the two letters within a word."""
_INFRARED = (
    "Integrated IR Camera",
    "HP IR Camera",
    "ASUS IR camera: ASUS IR camera",
    "USB2.0 IR UVC WebCam",
    "Integrated Camera (IR)",
    "Surface IR Camera Front",
)


def _seen(names: Sequence[str], shoot: Shots) -> Make:
    """Show what is shot, by a camera of one of these names."""

    def make(rng: random.Random) -> Found:
        draw = np.random.default_rng(rng.randrange(1 << 40))
        info = replace(CAMERA, name=rng.choice(names))
        fps = rng.choice((10.0, 15.0))
        return camera_figures("camera.infrared", film(shoot(draw), paced(draw, fps, 5)), info)

    return make


def _colour(saturation: tuple[float, float]) -> Shots:
    """A workshop of more or less colour, by day."""

    def shoot(draw: Random) -> Iterator[Picture]:
        light = workshop(draw, WIDTH, HEIGHT, float(draw.uniform(*saturation)))
        sensor = ordinary(draw, exposure=exposure_for(draw, light, 0.12, 0.4))
        return (sensor.see(light) for _ in itertools.count())

    return shoot


def _one_thing(draw: Random) -> Iterator[Picture]:
    """Grey walls and floor, and one thing that has a colour."""
    light = workshop(draw, WIDTH, HEIGHT, 0.0)
    left, top = int(draw.integers(0, WIDTH - 170)), int(draw.integers(0, HEIGHT - 150))
    colours = ((0.1, 0.12, 0.6), (0.6, 0.3, 0.08), (0.1, 0.5, 0.6))
    light[top : top + 140, left : left + 160] *= 2 * np.array(draw.choice(colours), np.float32)
    sensor = ordinary(draw, exposure=exposure_for(draw, light, 0.12, 0.3))
    return (sensor.see(light) for _ in itertools.count())


def _filmed(draw: Random) -> Iterator[Picture]:
    return itertools.cycle(in_hand(draw))


def _by_its_lamp(draw: Random, low: float, high: float) -> tuple[Sensor, Floats]:
    """Return a sensor without colour filters, and what its own lamp lights: most in the middle."""
    light = some_scene(draw, WIDTH + 40, HEIGHT + 24)
    rows, columns = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    away = np.hypot(columns / light.shape[1] - 0.5, rows / light.shape[0] - 0.5)
    light *= (1 / (1 + 4 * away**2))[:, :, np.newaxis]
    sensor = Sensor(
        draw,
        exposure=exposure_for(draw, light, low, high),
        shot=float(draw.uniform(0.02, 0.08)),
        read=float(draw.uniform(0.003, 0.02)),
        row=float(draw.uniform(0, 0.003)),
        quality=int(draw.integers(50, 93)),
        gamma=float(draw.uniform(1.6, 2.2)),
        grey=True,
    )
    return sensor, light


def _pictures(sensor: Sensor, wide: Floats) -> Iterator[Picture]:
    return (sensor.see(moved(wide, number, WIDTH, HEIGHT)) for number in itertools.count())


def _grey(draw: Random) -> Iterator[Picture]:
    return _pictures(*_by_its_lamp(draw, 0.15, 0.4))


def _every_second(draw: Random) -> Iterator[Picture]:
    """Its lamp is on for one picture and off for the next, which some daylight is left to."""
    sensor, wide = _by_its_lamp(draw, 0.25, 0.45)
    bright = sensor.exposure
    for number in itertools.count():
        sensor.exposure = bright * (0.25 if number % 2 else 1.0)
        yield sensor.see(moved(wide, number, WIDTH, HEIGHT))


def _luma_alone(draw: Random) -> Iterator[Picture]:
    """Handed on as luma with chroma of a quarter of the size, as NV12 has it."""
    for seen in _grey(draw):
        planes = cv2.cvtColor(seen, cv2.COLOR_BGR2YUV_I420)
        planes[HEIGHT:] = 128
        yield np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420), np.uint8)


def _tinted(draw: Random) -> Iterator[Picture]:
    """The driver's white balance is for daylight: all of it has one tint."""
    tint = draw.integers(-12, 13, 2)
    for seen in _grey(draw):
        told = np.empty_like(seen)
        told[:, :, 0] = np.clip(seen[:, :, 0], 30, 215)
        told[:, :, 1:] = 128 + tint
        yield np.asarray(cv2.cvtColor(told, cv2.COLOR_YCrCb2BGR), np.uint8)


def _grey_film(draw: Random) -> Iterator[Picture]:
    packing = str(draw.choice(("MJPG", "mp4v")))
    return itertools.cycle(encoded(list(itertools.islice(_grey(draw), 16)), packing))


def _by_night(draw: Random) -> Iterator[Picture]:
    return _pictures(*_by_its_lamp(draw, 0.004, 0.02))


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "camera.infrared",
        SEED,
        (
            ("colours", _seen(_ORDINARY, _colour((0.5, 1.0)))),
            ("weak colours", _seen(_ORDINARY, _colour((0.25, 0.35)))),
            ("one thing has a colour", _seen(_ORDINARY, _one_thing)),
            ("a clip", _seen(_ORDINARY, _filmed)),
        ),
        (
            ("grey", WARNED, _seen(_ORDINARY, _grey)),
            ("grey, its name says so", WARNED, _seen(_INFRARED, _grey)),
            ("lit in every second picture", WARNED, _seen(_ORDINARY, _every_second)),
            ("luma alone", WARNED, _seen(_ORDINARY, _luma_alone)),
            ("tinted", WARNED, _seen(_ORDINARY, _tinted)),
            ("a grey clip", WARNED, _seen(_ORDINARY, _grey_film)),
        ),
        (("grey by night", EITHER, _seen(_ORDINARY, _by_night)),),
    )
