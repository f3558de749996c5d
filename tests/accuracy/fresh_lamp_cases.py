"""C16 on films that nobody had seen when its way to a figure was changed.

Written after the change of decision 0059 and counted once. Truth, lamps and rates are those of
`camera_detail_cases`; sensors, sizes, seeds and above all movements are other ones: a hand that
sways and trembles by parts of a pixel, a patterned disc that comes and goes on a bent way. Two
kinds of scene are new; the older eight take part as well.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2
from preflight.model import CheckState, Measured
from tests.accuracy import camera_detail_cases, fresh_picture_cases, other_pictures
from tests.accuracy.other_pictures import SPARE, Random, Scene, Sensor, pink
from tests.accuracy.tally import Case

SEEDS_FROM = (61_000_000, 62_000_000, 63_000_000)
CODE = "camera.flicker"
_SIZE = (400, 226)
_TOO_CLOSE = 0.5
_Track = npt.NDArray[np.float64]


def slats(random: Random, width: int, height: int) -> Scene:
    """A grille of even slats, a little askew, before something dark."""
    scene = np.full((height, width, 3), random.uniform(10, 60), np.float32)
    every, thick = int(random.integers(9, 40)), random.uniform(0.3, 0.7)
    tilt = random.uniform(-0.3, 0.3)
    tone = tuple(map(float, random.uniform(90, 220) + random.normal(0, 12, 3)))
    for top in range(-height, 2 * height, every):
        ends = [(0, top), (width, round(top + tilt * width))]
        cv2.line(scene, ends[0], ends[1], tone, max(1, round(every * thick)), cv2.LINE_AA)
    return scene


def wires(random: Random, width: int, height: int) -> Scene:
    """Bent wires and plugs before a blotched sheet of metal."""
    scene = np.clip(random.uniform(70, 170) + 22 * pink(random, width, height, 1.5), 4, 235)
    scene = np.ascontiguousarray(scene, np.float32)
    for _ in range(30):
        t = np.linspace(0, 1, 40)
        ends, bend = random.uniform(0, 1, (2, 2)), random.normal(0, 0.15, 2)
        way = ends[0] + np.outer(t, ends[1] - ends[0]) + np.outer(np.sin(np.pi * t), bend)
        points = np.round(way * (width, height)).astype(np.int32)
        tone = tuple(map(float, random.uniform(10, 230, 3)))
        cv2.polylines(scene, [points], False, tone, int(random.integers(1, 6)), cv2.LINE_AA)
    return scene


SCENES: Sequence[Callable[[Random, int, int], Scene]] = (
    slats,
    wires,
    *fresh_picture_cases.SCENES,
    *other_pictures.SCENES,
)


def some_sensor(random: Random, *, gain: float = 1.0) -> Sensor:
    """A sensor with other noise than both older ones."""
    return Sensor(
        shot=gain * random.uniform(1.5, 8),
        read=gain * random.uniform(0.3, 3.5),
        smear_px=random.uniform(0.3, 1.2),
        quality=None,
    )


def moving(random: Random, scene: Scene, count: int, fps: float, movement: str) -> Iterator[Scene]:
    """A scene that stands, sways and trembles in a hand, or has a disc moving before it."""
    width, height = _SIZE
    at_s = np.arange(count) / fps
    if movement == "hand":
        x, y = _sway(random, at_s), _sway(random, at_s)
        for left, top in zip(x, y, strict=True):
            shift = np.array([[1, 0, -left], [0, 1, -top]], np.float32)
            yield np.asarray(cv2.warpAffine(scene, shift, _SIZE, flags=cv2.INTER_LINEAR))
        return
    base = np.ascontiguousarray(scene[:height, :width])
    if movement == "none":
        yield from other_pictures.still(base, count)
        return
    radius = round(random.uniform(0.09, 0.22) * height)
    tones = random.uniform(20, 220, (2, 3))
    speed, bend = random.uniform(0.15, 0.9), random.uniform(0.5, 2)
    start = random.uniform(0, 2 * np.pi, 2)
    for now in at_s:
        picture = base.copy()
        phase = 2 * np.pi * speed * now
        x = width * (0.5 + 0.45 * np.sin(phase + start[0]))
        y = height * (0.5 + 0.45 * np.sin(bend * phase + start[1]))
        for size, tone in ((radius, tones[0]), (radius // 2, tones[1])):
            cv2.circle(picture, (round(x), round(y)), size, tuple(map(float, tone)), -1)
        yield picture


def _sway(random: Random, at_s: _Track) -> _Track:
    """Where a hand holds the camera: a slow sway, a quicker one, and a tremor; px from 0."""
    parts = ((2, 18, 0.1, 0.6), (0.2, 2.5, 0.6, 2.0), (0.02, 0.25, 6, 11))
    track = np.full(at_s.size, SPARE / 2.0)
    for least, most, slow_hz, quick_hz in parts:
        reach, hz = random.uniform(least, most), random.uniform(slow_hz, quick_hz)
        track += reach * np.sin(2 * np.pi * hz * at_s + random.uniform(0, 2 * np.pi))
    return np.asarray(np.clip(track, _TOO_CLOSE, SPARE - _TOO_CLOSE))


def _fresh(case: Case) -> Case:
    def measure() -> Measured | CheckState:
        with ExitStack() as stack:
            stack.enter_context(patch.object(other_pictures, "SCENES", SCENES))
            for name, made in (
                ("some_sensor", some_sensor),
                ("_moving", moving),
                ("_SMALL", _SIZE),
            ):
                stack.enter_context(patch.object(camera_detail_cases, name, made))
            return case.measure()

    return replace(case, measure=measure)


def cases() -> Iterator[Case]:
    """Yield them; the demo's real clip, which has been seen, is left out."""
    for seeds_from in SEEDS_FROM:
        for case in camera_detail_cases.cases(seeds_from):
            if case.code == CODE and not case.name.startswith("real clip"):
                yield _fresh(case)
