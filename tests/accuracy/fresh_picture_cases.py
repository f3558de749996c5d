"""C12, C14, C15 and C21 on scenes and sensors that nobody had seen when their rules were set.

The limits, or the way to a figure, of these were changed when reported cases had been looked at
(decisions 0020, 0023 and 0039). Truth and looks are those of `camera_light_cases` and
`camera_detail_cases`; scenes, sensors and seeds are other ones: brickwork, pipes, dials and gravel
before sensors from better to worse than the older ones, written after the last of these changes.
C16 was changed again when these had been counted, and has `fresh_lamp_cases` (decision 0059).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import patch

import numpy as np

from preflight.devices.opencv import cv2
from preflight.model import CheckState, Measured
from tests.accuracy import camera_detail_cases, camera_light_cases, other_pictures
from tests.accuracy.other_pictures import Random, Scene, Sensor, pink
from tests.accuracy.tally import Case

SEEDS_FROM = 41_000_000
CODES = (
    "camera.overexposed",
    "camera.hazy",
    "camera.infrared",
    "camera.blurred",
)


def bricks(random: Random, width: int, height: int) -> Scene:
    """A wall of bricks with mortar between them, lit from one side."""
    high, long_ = int(random.integers(14, 34)), int(random.integers(40, 90))
    joint, mortar = int(random.integers(2, 5)), random.uniform(120, 230)
    scene = np.full((height, width, 3), mortar, np.float32)
    for row, top in enumerate(range(0, height, high)):
        for left in range(-(row % 2) * long_ // 2, width, long_):
            colour = random.uniform(30, 150) + np.array([-20.0, 0.0, 35.0]) * random.uniform(0, 1)
            right, bottom = left + long_ - joint, top + high - joint
            tone = tuple(map(float, np.clip(colour, 5, 245)))
            cv2.rectangle(scene, (left, top), (right, bottom), tone, -1)
    light = np.linspace(random.uniform(0.6, 0.9), 1.1, width)[np.newaxis, :, np.newaxis]
    return np.clip(scene * light, 2, 245).astype(np.float32)


def pipes(random: Random, width: int, height: int) -> Scene:
    """Hoses and pipes across one another, each with a bright line along it."""
    scene = np.empty((height, width, 3), np.float32)
    scene[:] = random.uniform(15, 90, 3)
    for _ in range(45):
        ends = random.uniform(-0.2, 1.2, 4) * np.array([width, height, width, height])
        first, last = (int(ends[0]), int(ends[1])), (int(ends[2]), int(ends[3]))
        thick, grey = int(random.integers(3, 26)), random.uniform(20, 190)
        colour = np.clip(grey + random.normal(0, 30, 3), 5, 240)
        cv2.line(scene, first, last, tuple(map(float, colour)), thick, cv2.LINE_AA)
        shine = tuple(map(float, np.clip(colour + random.uniform(20, 90), 5, 245)))
        cv2.line(scene, first, last, shine, max(1, thick // 6), cv2.LINE_AA)
    return scene


def dials(random: Random, width: int, height: int) -> Scene:
    """A dashboard: round dials with ticks and hands, and words of a radio."""
    scene = np.empty((height, width, 3), np.float32)
    scene[:] = random.uniform(30, 110) + random.normal(0, 12, 3)
    for _ in range(int(random.integers(4, 9))):
        centre = random.uniform(0.05, 0.95, 2) * (width, height)
        radius = random.uniform(0.1, 0.28) * height
        face, ink = random.uniform(5, 200), random.uniform(120, 245)
        at = (int(centre[0]), int(centre[1]))
        cv2.circle(scene, at, int(radius), (face, face, face), -1, cv2.LINE_AA)
        for angle in np.linspace(0.7 * np.pi, 2.3 * np.pi, int(random.integers(15, 40))):
            way = np.array([np.cos(angle), np.sin(angle)]) * radius
            outer, inner = centre + 0.95 * way, centre + random.choice((0.75, 0.85)) * way
            ends = [tuple(map(int, outer)), tuple(map(int, inner))]
            cv2.line(scene, ends[0], ends[1], (ink, ink, ink * 0.9), 1, cv2.LINE_AA)
        angle = random.uniform(0.7, 2.3) * np.pi
        tip = centre + 0.9 * radius * np.array([np.cos(angle), np.sin(angle)])
        cv2.line(scene, at, tuple(map(int, tip)), (20.0, 40.0, 220.0), 3, cv2.LINE_AA)
    # OpenCV writes on whole steps alone.
    written = np.asarray(np.clip(scene, 2, 245), np.uint8)
    for line in range(3):
        where = (int(0.05 * width), int((0.25 + 0.3 * line) * height))
        tone = (random.uniform(150, 240),) * 3
        cv2.putText(written, "FM 98.7 MHz 12:48", where, cv2.FONT_HERSHEY_PLAIN, 2.2, tone, 2)
    return written.astype(np.float32)


def gravel(random: Random, width: int, height: int) -> Scene:
    """A rough ground with a puddle, finer and coarser than the older surfaces."""
    slope = random.choice((random.uniform(0.7, 0.85), random.uniform(1.2, 1.35)))
    scene = np.clip(110 + 42 * pink(random, width, height, slope), 3, 240)
    at = (int(random.uniform(0.2, 0.8) * width), int(random.uniform(0.2, 0.8) * height))
    cv2.ellipse(scene, at, (width // 6, height // 7), 12, 0, 360, (150.0, 140.0, 120.0), -1)
    return np.asarray(scene, np.float32)


SCENES: Sequence[Callable[[Random, int, int], Scene]] = (bricks, pipes, dials, gravel)


def some_sensor(random: Random, *, gain: float = 1.0) -> Sensor:
    """A sensor between a very good webcam and a worse one than the older ones."""
    return Sensor(
        shot=gain * random.uniform(1, 7),
        read=gain * random.uniform(0.4, 3),
        smear_px=random.uniform(0.4, 1.0),
        quality=None if random.random() < 0.25 else int(random.integers(58, 97)),
    )


def _fresh(case: Case) -> Case:
    def measure() -> Measured | CheckState:
        with ExitStack() as stack:
            stack.enter_context(patch.object(other_pictures, "SCENES", SCENES))
            for module in (camera_light_cases, camera_detail_cases):
                stack.enter_context(patch.object(module, "some_sensor", some_sensor))
            return case.measure()

    return replace(case, measure=measure)


def cases() -> Iterator[Case]:
    """Yield them; the demo's real clip, which has been seen, is left out."""
    for module in (camera_light_cases, camera_detail_cases):
        for case in module.cases(SEEDS_FROM):
            if case.code in CODES and not case.name.startswith("real clip"):
                yield _fresh(case)
