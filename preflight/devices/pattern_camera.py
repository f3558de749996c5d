"""``pattern``: a made, moving garage scene of 1280x720 at 30 frames per second.

It is drawn once; a frame is that scene plus sensor noise from a random place of a ready-made
strip, a turning wheel and a swinging needle: one addition over the picture and two small
pastes. So every frame differs, as a camera's does, and the checks that gate a call judge it as
they would judge a camera in a lit room.
"""

import math
import threading
import time

import numpy as np
import numpy.typing as npt

from preflight.devices.demo_mark import DemoMark
from preflight.devices.frames import CameraFrame, DeviceId, DeviceInfo, DeviceKind
from preflight.devices.opencv import cv2
from preflight.devices.pacing import Pacer
from preflight.devices.source_thread import OpenGuard
from preflight.devices.threaded_camera import ThreadedCamera
from preflight.devices.time_code import write_time_code

WIDTH, HEIGHT, FPS = 1280, 720, 30
PATTERN_INFO = DeviceInfo(DeviceId("pattern"), "Demo pattern", DeviceKind.PATTERN)

_NOISE_LEVELS = 5
_NOISE_SPARE = 1 << 16
_WHEEL_PX, _WHEEL_SPOKES, _WHEEL_STEPS = 260, 5, 24
_WHEEL_AT = (150, 380)
_GAUGE_PX = 200
_GAUGE_AT = (900, 440)


def pattern_camera(guard: OpenGuard, *, time_code: bool = False) -> ThreadedCamera:
    """Make a closed source of the pattern; ``time_code`` draws the capture time into it."""
    return ThreadedCamera(PATTERN_INFO, PatternReader(time_code=time_code), guard)


class PatternReader:
    """Renders the frames of the pattern, paced by an absolute schedule."""

    def __init__(self, *, time_code: bool = False, seed: int = 20261122) -> None:
        self._time_code = time_code
        self._random = np.random.default_rng(seed)
        self._pacer = Pacer(1_000_000_000 // FPS)
        self._count = 0
        self._scene: npt.NDArray[np.uint8] = np.empty(0, np.uint8)
        self._noise = self._scene
        self._wheels: list[npt.NDArray[np.uint8]] = []
        self._gauge = self._scene

    @property
    def fps(self) -> float:
        return float(FPS)

    def open(self) -> None:
        scene = draw_scene(self._random)
        DemoMark().draw(scene)
        self._scene = scene.ravel()
        self._noise = self._random.integers(
            0, _NOISE_LEVELS, self._scene.size + _NOISE_SPARE, dtype=np.uint8
        )
        x, y = _WHEEL_AT
        ground = scene[y : y + _WHEEL_PX, x : x + _WHEEL_PX]
        self._wheels = [_draw_wheel(ground, step) for step in range(_WHEEL_STEPS)]
        x, y = _GAUGE_AT
        self._gauge = scene[y : y + _GAUGE_PX, x : x + _GAUGE_PX].copy()

    def read(self, stop: threading.Event) -> CameraFrame | None:
        if not self._pacer.wait(stop):
            return None
        captured_ns = time.monotonic_ns()
        return self.render(captured_ns)

    def render(self, captured_ns: int) -> CameraFrame:
        """Make the next frame, as captured at ``captured_ns``."""
        start = int(self._random.integers(_NOISE_SPARE))
        flat = np.add(self._scene, self._noise[start : start + self._scene.size])
        pixels = flat.reshape(HEIGHT, WIDTH, 3)
        x, y = _WHEEL_AT
        pixels[y : y + _WHEEL_PX, x : x + _WHEEL_PX] = self._wheels[self._count % _WHEEL_STEPS]
        self._draw_gauge(pixels)
        if self._time_code:
            write_time_code(pixels, captured_ns)
        pixels.flags.writeable = False
        self._count += 1
        return CameraFrame(pixels, captured_ns)

    def close(self) -> None:
        self._wheels = []
        self._noise = self._scene = self._gauge = np.empty(0, np.uint8)

    def _draw_gauge(self, pixels: npt.NDArray[np.uint8]) -> None:
        gauge = self._gauge.copy()
        angle = math.pi * (0.5 + 0.42 * math.sin(self._count / 23.0))
        centre = _GAUGE_PX // 2
        tip = (
            round(centre - 74 * math.cos(angle)),
            round(centre + 20 - 74 * math.sin(angle)),
        )
        cv2.line(gauge, (centre, centre + 20), tip, (60, 60, 220), 5, cv2.LINE_AA)
        x, y = _GAUGE_AT
        pixels[y : y + _GAUGE_PX, x : x + _GAUGE_PX] = gauge


def draw_scene(random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw the still part: a tool wall, a bench, boxes with lettering; levels 24 to 228."""
    wall = np.linspace(150, 96, HEIGHT, dtype=np.float32)[:, np.newaxis, np.newaxis]
    scene = np.empty((HEIGHT, WIDTH, 3), np.float32)
    scene[:] = wall * np.array([0.92, 0.98, 1.04], np.float32)
    grain = random.normal(0, 5, (HEIGHT, WIDTH)).astype(np.float32)
    scene += grain[:, :, np.newaxis]
    # Room for the noise that is added to every frame without a check for overflow.
    picture = np.clip(scene, 24, 228).astype(np.uint8)
    _draw_pegboard(picture)
    _draw_bench(picture)
    _draw_dial(picture)
    return np.clip(picture, 20, 250 - _NOISE_LEVELS)


def _draw_pegboard(picture: npt.NDArray[np.uint8]) -> None:
    for y in range(110, 360, 25):
        for x in range(430, 870, 25):
            cv2.circle(picture, (x, y), 3, (52, 56, 60), -1, cv2.LINE_AA)
    for index, x in enumerate(range(450, 850, 56)):
        length = 90 + 17 * (index % 4)
        colour = (60 + 20 * index, 90, 190 - 18 * index)
        cv2.rectangle(picture, (x, 130), (x + 16, 130 + length), colour, -1)
        cv2.circle(picture, (x + 8, 130 + length), 19, (196, 200, 204), -1, cv2.LINE_AA)
        cv2.circle(picture, (x + 8, 130 + length), 9, (96, 100, 104), -1, cv2.LINE_AA)


def _draw_bench(picture: npt.NDArray[np.uint8]) -> None:
    cv2.rectangle(picture, (0, 650), (WIDTH, HEIGHT), (58, 84, 118), -1)
    for x in range(0, WIDTH, 80):
        cv2.line(picture, (x, 650), (x - 40, HEIGHT), (44, 66, 96), 2, cv2.LINE_AA)
    boxes = ((480, 520, (70, 120, 60), "FILTER 04"), (660, 560, (140, 90, 50), "PADS"))
    for x, y, colour, text in boxes:
        cv2.rectangle(picture, (x, y), (x + 160, 650), colour, -1)
        cv2.rectangle(picture, (x, y), (x + 160, 650), (30, 32, 34), 2)
        cv2.putText(
            picture, text, (x + 14, y + 44), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (225, 228, 230), 2,
            cv2.LINE_AA,
        )  # fmt: skip


def _draw_dial(picture: npt.NDArray[np.uint8]) -> None:
    x, y = _GAUGE_AT[0] + _GAUGE_PX // 2, _GAUGE_AT[1] + _GAUGE_PX // 2 + 20
    cv2.circle(picture, (x, y), 96, (40, 40, 42), -1, cv2.LINE_AA)
    cv2.circle(picture, (x, y), 86, (214, 220, 222), -1, cv2.LINE_AA)
    for step in range(11):
        angle = math.pi * step / 10
        inner = (round(x - 70 * math.cos(angle)), round(y - 70 * math.sin(angle)))
        outer = (round(x - 82 * math.cos(angle)), round(y - 82 * math.sin(angle)))
        cv2.line(picture, inner, outer, (40, 40, 44), 3, cv2.LINE_AA)


def _draw_wheel(ground: npt.NDArray[np.uint8], step: int) -> npt.NDArray[np.uint8]:
    wheel = ground.copy()
    centre = _WHEEL_PX // 2
    cv2.circle(wheel, (centre, centre), centre - 4, (34, 34, 36), -1, cv2.LINE_AA)
    cv2.circle(wheel, (centre, centre), centre - 34, (178, 182, 186), -1, cv2.LINE_AA)
    turn = 2 * math.pi / _WHEEL_SPOKES * step / _WHEEL_STEPS
    for spoke in range(_WHEEL_SPOKES):
        angle = turn + 2 * math.pi * spoke / _WHEEL_SPOKES
        tip = (
            round(centre + 92 * math.cos(angle)),
            round(centre + 92 * math.sin(angle)),
        )
        cv2.line(wheel, (centre, centre), tip, (92, 88, 84), 22, cv2.LINE_AA)
    cv2.circle(wheel, (centre, centre), 24, (60, 62, 64), -1, cv2.LINE_AA)
    return wheel
