"""Films whose pictures are made once: living ones, encoded ones, and the demo's real clip.

What a case of these is about is time, size or blur, so that a few dozen pictures do for all of
them. Every two neighbours differ as a camera's do.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from tests.accuracy.other_pictures import (
    Pixels,
    Random,
    Sensor,
    exposed,
    scene_of,
    some_sensor,
    still,
)
from tests.accuracy.played import SECOND_NS

WIDTH, HEIGHT = 320, 180
COUNT = 24
STOCKS = ("raw", "jpeg", "mjpg clip", "mp4v clip", "real clip")
REAL_CLIP = Path(__file__).resolve().parents[2] / "resources" / "clips" / "demo-customer.mp4"


@cache
def stock(kind: str, number: int) -> Sequence[Pixels]:
    """Return 24 pictures of 320x180, of one of four scenes or of four places of the real clip."""
    if kind == "real clip":
        return [_small(each) for each in real_clip()[number * COUNT : (number + 1) * COUNT]]
    random = np.random.default_rng(78_000 + 10 * STOCKS.index(kind) + number)
    scene = np.clip(scene_of(random, WIDTH, HEIGHT), 20, 220)
    sensor = some_sensor(random, gain=(0.3, 1.0, 1.0, 2.0)[number])
    quality = int(random.integers(60, 95)) if kind == "jpeg" else None
    seen = list(
        exposed(
            random,
            still(scene, COUNT),
            Sensor(sensor.shot, sensor.read, sensor.smear_px, quality),
            width=WIDTH,
            height=HEIGHT,
        )
    )
    if "clip" not in kind:
        return seen
    return encoded(seen, "MJPG" if kind == "mjpg clip" else "mp4v")


def some_stock(random: Random) -> Sequence[Pixels]:
    """Return any of them."""
    return stock(str(random.choice(STOCKS)), int(random.integers(4)))


def pictures(random: Random) -> Iterator[Pixels]:
    """Return living pictures without an end."""
    made = some_stock(random)
    at = int(random.integers(len(made)))
    while True:
        yield made[at % len(made)]
        at += 1


def timed(pictures: Iterator[Pixels], times_s: Sequence[float]) -> Iterator[CameraFrame]:
    """Show pictures at these times, counted from the start of the film."""
    for at_s, pixels in zip(times_s, pictures, strict=False):
        yield CameraFrame(pixels, SECOND_NS + round(at_s * SECOND_NS))


@cache
def real_clip() -> Sequence[Pixels]:
    """Return every second picture of the demo's clip (H.264) in 640x360, decoded by OpenCV."""
    reader = cv2.VideoCapture(str(REAL_CLIP))
    found: list[Pixels] = []
    number = 0
    while (answer := reader.read())[0]:
        if number % 2 == 0:
            small = cv2.resize(answer[1], (640, 360), interpolation=cv2.INTER_AREA)
            found.append(np.asarray(small, np.uint8))
        number += 1
    reader.release()
    return found


def encoded(
    frames: Sequence[Pixels],
    fourcc: str,
    fps: float = 30,
    *,
    container: str | None = None,
    quality: float | None = None,
) -> list[Pixels]:
    """Encode frames as one clip and decode it again.

    Args:
        fourcc: ``mp4v``, ``XVID``, or ``MJPG`` as cameras do.
        container: ``avi`` or ``mp4``; by default that in which the codec mostly comes.
        quality: of the encoder, 0..100, where it is not its own.
    """
    height, width = frames[0].shape[:2]
    kind = container or ("mp4" if fourcc == "mp4v" else "avi")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / f"clip.{kind}")
        writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*fourcc), fps, (width, height))
        assert writer.isOpened(), f"no encoder for {fourcc}"
        if quality is not None:
            writer.set(cv2.VIDEOWRITER_PROP_QUALITY, quality)
        for frame in frames:
            writer.write(frame)
        writer.release()
        reader = cv2.VideoCapture(path)
        found = []
        while (answer := reader.read())[0]:
            found.append(np.asarray(answer[1], np.uint8))
        reader.release()
    assert len(found) == len(frames), f"{fourcc}: {len(found)} of {len(frames)} came back"
    return found


def _small(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.resize(pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
