"""C19, blind: packings of other drivers and systems.

Written from the catalogue, the kernel's list of pixel formats (videodev2.h), and the numbers that
Media Foundation tells in place of letters (20 and 22 are 24 and 32 bits of colour). The made camera
is the harness's, the packings and their sizes are not.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.accuracy.kinds import UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.tally import Case
from tests.accuracy.usb_cases import Size, UsbCamera, looked_at

CODE, SEED = "camera.usb_slow", 8_500_000
_RAW = {
    "YUYV": 2.0,
    "YVYU": 2.0,
    "VYUY": 2.0,
    "NV12": 1.5,
    "NV16": 2.0,
    "422P": 2.0,
    "M420": 1.5,
    "RGBP": 2.0,
    "AR24": 4.0,
    "XR24": 4.0,
    "BGR3": 3.0,
}
"""Bytes of a pixel."""
_NUMBERS = {"\x14\0\0\0": 3.0, "\x16\0\0\0": 4.0}
"""Of what Media Foundation hands on; what came over the cable they do not tell."""
_PACKED = {"MJPG": 0.2, "JPEG": 0.2, "H264": 0.05, "HEVC": 0.04, "VP80": 0.06}
_WEIGHTS = _RAW | _PACKED | _NUMBERS
_SIZES: tuple[Size, ...] = ((1280, 720), (1280, 800), (1600, 896), (1920, 1080))
_SMALL: tuple[Size, ...] = ((640, 480), (640, 400), (352, 288))


@dataclass
class _Camera(UsbCamera):
    """A camera whose pictures have the sizes above."""

    def fps(self, packing: str | None = None, size: Size | None = None) -> float:
        width, height = size or self.size
        weight = _WEIGHTS[packing or self.packing]
        return min(self.most_fps, self.carries_mb * 1e6 / (width * height * weight))


def _carrying(fps: float, size: Size, packing: str) -> float:
    """Return what a cable carries on which so many pictures come, in MB/s."""
    return fps * size[0] * size[1] * _WEIGHTS[packing] / 1e6


def _alone(packings: Sequence[str]) -> Make:
    """Slow, large, of such a packing, and nothing else to be had."""

    def make(rng: random.Random) -> Found:
        packing, size = rng.choice(packings), rng.choice(_SIZES)
        carries = _carrying(rng.uniform(3, 13), size, packing)
        return looked_at(_Camera([packing], [size], carries))

    return make


def _deaf(rng: random.Random) -> Found:
    """It has better modes, and takes none of them."""
    packing, size = rng.choice(list(_RAW)), rng.choice(_SIZES)
    camera = _Camera([packing, "MJPG"], [size, *_SMALL], _carrying(9, size, packing))
    camera.stuck = True
    return looked_at(camera)


def _cured(rng: random.Random) -> Found:
    """Compression helps."""
    packing, size = rng.choice(list(_RAW)), rng.choice(_SIZES[:2])
    carries = max(_carrying(rng.uniform(5, 13), size, packing), _carrying(24, size, "MJPG"))
    camera = _Camera([packing, "MJPG"], [size, *_SMALL], carries)
    return looked_at(camera, must_send=True)


def _smaller(rng: random.Random) -> Found:
    """A smaller picture helps, the camera having no compression."""
    packing = rng.choice(list(_RAW))
    least, most = _carrying(21, (640, 480), packing), _carrying(13, (1280, 720), packing)
    camera = _Camera([packing], [(1280, 720), *_SMALL], rng.uniform(least, most))
    return looked_at(camera, must_send=True)


def _quick(packings: Sequence[str], low_fps: float) -> Make:
    """Quick enough, or compressed: then the cable is not what makes it slow."""

    def make(rng: random.Random) -> Found:
        packing, size = rng.choice(packings), rng.choice(_SIZES)
        camera = _Camera([packing], [size, *_SMALL], 450.0, rng.uniform(low_fps, 30))
        camera.carries_mb = max(camera.carries_mb, _carrying(30, size, packing))
        return looked_at(camera)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies within two pictures of the limit is not made."""
    yield from blind_cases_of(
        CODE,
        SEED,
        (
            ("quick", _quick(list(_RAW), 18)),
            ("compressed, in the dark", _quick(list(_PACKED), 5)),
            ("compression cures it", _cured),
            ("a smaller picture cures it", _smaller),
        ),
        (
            ("nothing else to be had", WARNED, _alone(list(_RAW))),
            ("it takes no wish", WARNED, _deaf),
        ),
        (("a number for a packing", UNTOLD, _alone(list(_NUMBERS))),),
    )
