"""A camera that hangs wrong: its pictures are put upright once, for everybody."""

import threading
import time

import numpy as np
import pytest

from preflight.devices.frames import (
    UPRIGHT,
    CameraFrame,
    CameraMode,
    DeviceId,
    DeviceInfo,
    DeviceKind,
    ModeWish,
    Orientation,
)
from preflight.devices.source_thread import OpenGuard
from preflight.devices.threaded_camera import ThreadedCamera
from preflight.devices.turned import put_upright

INFO = DeviceInfo(DeviceId("made"), "Made", DeviceKind.REAL)
PIXELS = np.random.default_rng(3).integers(0, 255, (240, 320, 3), dtype=np.uint8)
DEADLINE_S = 10.0


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_picture_is_turned_clockwise_and_then_mirrored(turn: int, mirrored: bool) -> None:
    expected = np.rot90(PIXELS, -turn // 90)
    expected = expected[:, ::-1] if mirrored else expected

    frame = put_upright(CameraFrame(PIXELS, 5), Orientation(turn, mirrored))

    assert np.array_equal(frame.pixels, expected)
    assert frame.captured_ns == 5
    assert frame.quarter_turned is (turn in (90, 270))
    assert frame.pixels.flags.c_contiguous
    assert (frame.pixels is PIXELS) is (turn == 0 and not mirrored)
    assert frame.pixels.flags.writeable is (frame.pixels is PIXELS)


def test_four_turns_and_two_flips_are_nothing() -> None:
    orientation = UPRIGHT
    for _ in range(4):
        orientation = orientation.turned()

    assert orientation == UPRIGHT
    assert UPRIGHT.flipped().flipped() == UPRIGHT
    with pytest.raises(ValueError):
        Orientation(45)


class OnePictureReader:
    """Gives the same picture about a hundred times a second."""

    fps = 25.0
    fourcc = "MJPG"

    def __init__(self) -> None:
        self.wishes: list[ModeWish] = []

    def open(self) -> None:
        """Nothing to open."""

    def read(self, stop: threading.Event) -> CameraFrame | None:
        stop.wait(0.01)
        return CameraFrame(PIXELS, time.monotonic_ns())

    def close(self) -> None:
        """Nothing to close."""

    def ask_mode(self, wish: ModeWish) -> None:
        self.wishes.append(wish)


def test_every_tap_and_the_mode_follow_the_turn() -> None:
    reader = OnePictureReader()
    camera = ThreadedCamera(INFO, reader, OpenGuard(), modes=reader)
    shapes: list[tuple[int, ...]] = []
    upright, turned = threading.Event(), threading.Event()

    def tap(frame: CameraFrame) -> None:
        shapes.append(frame.pixels.shape)
        (turned if frame.pixels.shape == (320, 240, 3) else upright).set()

    camera.attach(tap)
    camera.open()
    assert upright.wait(DEADLINE_S)
    first = camera.mode
    camera.orient(Orientation(270))
    assert turned.wait(DEADLINE_S)
    second = camera.mode
    camera.ask_mode(ModeWish(640, 480, 30, "YUYV"))
    camera.close()

    assert first == CameraMode(320, 240, 25.0, "MJPG")
    assert second == CameraMode(240, 320, 25.0, "MJPG")
    assert camera.orientation == Orientation(270)
    assert reader.wishes == [ModeWish(640, 480, 30, "YUYV")]


def test_a_camera_of_one_mode_ignores_the_wish_for_another() -> None:
    reader = OnePictureReader()
    camera = ThreadedCamera(INFO, reader, OpenGuard())

    camera.ask_mode(ModeWish(640, 480, 30, "YUYV"))

    assert reader.wishes == []
    camera.close()
