"""Another mode is asked of the open capture; drivers answer as they like."""

import threading
from typing import Any

import numpy as np
import pytest

from preflight.devices.camera_backends import CameraBackends
from preflight.devices.frames import CameraFrame, DeviceId, ModeWish
from preflight.devices.opencv import cv2
from preflight.devices.opencv_camera import CaptureReader, four_letters
from preflight.devices.ports import OpenFault
from preflight.devices.source_thread import OpenFailed
from tests.fakes.devices import FakeSystem

FOURCC, WIDTH, HEIGHT, FPS = (
    cv2.CAP_PROP_FOURCC,
    cv2.CAP_PROP_FRAME_WIDTH,
    cv2.CAP_PROP_FRAME_HEIGHT,
    cv2.CAP_PROP_FPS,
)
YUYV, MJPG = (float(cv2.VideoWriter.fourcc(*letters)) for letters in ("YUYV", "MJPG"))
SMALLER = ModeWish(640, 480, 30, "YUYV")
COMPRESSED = ModeWish(1280, 720, 30, "MJPG")


class Driver:
    """A camera behind OpenCV's capture: which packings it has, and whether a change breaks it."""

    def __init__(self, *packings: float, breaks: bool = False, opens: int = 9) -> None:
        self.packings = packings
        self.breaks = breaks
        self.opens = opens
        self.started: list[list[int]] = []
        self.released = 0

    def start(self, target: object, backend: int, wishes: list[int]) -> "Capture":
        self.started.append(wishes)
        return Capture(self, is_open=len(self.started) <= self.opens)


class Capture:
    """What ``cv2.VideoCapture`` offers, as far as the reader uses it."""

    def __init__(self, driver: Driver, *, is_open: bool) -> None:
        self.driver = driver
        self.is_open = is_open
        self.broken = False
        self.values: dict[int, float] = {FOURCC: driver.packings[0], WIDTH: 1280, HEIGHT: 720}

    def isOpened(self) -> bool:
        return self.is_open

    def get(self, what: int) -> float:
        return self.values.get(what, 0.0)

    def set(self, what: int, value: float) -> bool:
        self.broken = self.driver.breaks
        if what == FOURCC and value not in self.driver.packings:
            return False
        self.values[what] = value
        return True

    def grab(self) -> bool:
        return not self.broken

    def retrieve(self) -> tuple[bool, Any]:
        return True, np.full((int(self.values[HEIGHT]), int(self.values[WIDTH]), 3), 9, np.uint8)

    def release(self) -> None:
        self.driver.released += 1


def opened(driver: Driver) -> CaptureReader:
    reader = CaptureReader(
        DeviceId("0@camera"), FakeSystem(), CameraBackends("darwin"), start=driver.start
    )
    reader.open()
    return reader


def next_frame(reader: CaptureReader) -> CameraFrame | None:
    stop = threading.Event()
    stop.set()
    return reader.read(stop)


def test_the_mode_is_changed_on_the_open_capture_and_read_back() -> None:
    driver = Driver(YUYV, MJPG)
    reader = opened(driver)
    before = reader.fourcc

    reader.ask_mode(COMPRESSED)
    compressed = next_frame(reader), reader.fourcc
    reader.ask_mode(SMALLER)
    smaller = next_frame(reader), reader.fourcc

    assert before == "YUYV"
    assert compressed[1] == "MJPG"
    assert smaller[1] == "YUYV"
    assert compressed[0] is not None
    assert smaller[0] is not None
    assert smaller[0].pixels.shape == (480, 640, 3)
    assert reader.fps == 30.0
    assert len(driver.started) == 1
    assert driver.released == 0


def test_a_packing_that_the_driver_does_not_have_is_not_claimed() -> None:
    driver = Driver(YUYV)
    reader = opened(driver)

    reader.ask_mode(COMPRESSED)
    frame = next_frame(reader)

    assert frame is not None
    assert reader.fourcc == "YUYV"


def test_a_driver_that_a_change_breaks_is_opened_as_it_was_first() -> None:
    driver = Driver(YUYV, MJPG, breaks=True)
    reader = opened(driver)

    reader.ask_mode(SMALLER)
    nothing = next_frame(reader)
    again = next_frame(reader)

    assert nothing is None
    assert again is not None
    assert again.pixels.shape == (720, 1280, 3)
    assert driver.started[0] == driver.started[1]
    assert driver.released == 1


def test_a_driver_that_does_not_come_back_is_lost() -> None:
    reader = opened(Driver(YUYV, breaks=True, opens=1))

    reader.ask_mode(SMALLER)
    with pytest.raises(OpenFailed) as failed:
        next_frame(reader)

    assert failed.value.fault is OpenFault.REFUSED


@pytest.mark.parametrize(
    ("number", "letters"), [(MJPG, "MJPG"), (0.0, ""), (-1.0, ""), (float("nan"), ""), (22.0, "")]
)
def test_a_packing_is_four_letters_or_not_told(number: float, letters: str) -> None:
    assert four_letters(number) == letters
