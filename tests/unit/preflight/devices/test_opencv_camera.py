"""Why a camera does not open. Real pictures need a real camera (marker: hardware)."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from preflight.devices.camera_backends import CameraBackends
from preflight.devices.frames import DeviceId, ModeWish
from preflight.devices.opencv import cv2
from preflight.devices.opencv_camera import CaptureReader, list_cameras, opencv_camera
from preflight.devices.ports import OpenFault, SourceState
from preflight.devices.source_thread import OpenFailed, OpenGuard
from preflight.system.ports import Holder, Permission
from preflight.system.v4l2 import held_elsewhere
from tests.fakes.devices import FakeSystem

# A device node that is there and is no camera: V4L2 refuses it as it refuses a broken one.
NO_CAMERA = DeviceId("/dev/null")


def fault_of(device: DeviceId, system: FakeSystem) -> OpenFailed:
    reader = CaptureReader(device, system, CameraBackends())
    with pytest.raises(OpenFailed) as failed:
        reader.open()
    reader.close()
    return failed.value


def test_a_missing_node_is_not_found() -> None:
    failed = fault_of(DeviceId("/dev/video4711"), FakeSystem())

    assert failed.fault is OpenFault.NOT_FOUND


def test_a_node_without_access_is_denied() -> None:
    system = FakeSystem()
    system.camera = Permission.DENIED

    assert fault_of(NO_CAMERA, system).fault is OpenFault.DENIED


def test_a_camera_that_somebody_holds_is_busy_and_named() -> None:
    system = FakeSystem()
    system.camera_held_by = Holder("cheese", 42)

    failed = fault_of(NO_CAMERA, system)

    assert failed.fault is OpenFault.BUSY
    assert failed.holder == "cheese"


def test_a_camera_that_nobody_holds_and_that_does_not_open_is_refused() -> None:
    assert fault_of(NO_CAMERA, FakeSystem()).fault is OpenFault.REFUSED


def fails_with(number: int) -> Callable[..., int]:
    def call(*_arguments: object) -> int:
        raise OSError(number, os.strerror(number))

    return call


def test_a_camera_whose_holder_cannot_be_seen_is_busy_all_the_same() -> None:
    """The fd folder of another user's process cannot be read; the driver says EBUSY."""
    reader = CaptureReader(NO_CAMERA, FakeSystem(), CameraBackends(), held=lambda node: True)

    with pytest.raises(OpenFailed) as failed:
        reader.open()

    assert failed.value.fault is OpenFault.BUSY
    assert failed.value.holder is None


@pytest.mark.parametrize(("number", "busy"), [(errno.EBUSY, True), (errno.ENOTTY, False)])
def test_a_node_is_held_when_its_driver_says_busy(number: int, busy: bool) -> None:
    open_before = len(list(Path("/proc/self/fd").iterdir()))

    assert held_elsewhere("/dev/null", ask=fails_with(number)) is busy
    assert held_elsewhere("/dev/null", open_node=fails_with(number)) is busy
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_a_node_that_is_no_camera_is_held_by_nobody() -> None:
    assert not held_elsewhere("/dev/null")


class Windows:
    """Two back ends that list one camera under different numbers, and captures of it."""

    CAMERA = DeviceId(r"0@\\?\USB#VID_046D#7&1#{e5323777-f976}\GLOBAL")

    def __init__(self, *opening: int) -> None:
        self.opening = opening
        self.tried: list[tuple[int, int]] = []
        self.released = 0
        self.backends = CameraBackends("win32", self.listed)
        self.system = FakeSystem()

    def listed(self, backend: int) -> list[Any]:
        assert backend == cv2.CAP_DSHOW
        other = SimpleNamespace(index=0, path=r"\\?\root#other#{65e8773d-8f56}\global")
        same = SimpleNamespace(index=1, path=r"\\?\usb#vid_046d#7&1#{65e8773d-8f56}\global")
        return [other, same]

    def start(self, target: int, backend: int, _wishes: list[int]) -> Any:
        self.tried.append((backend, target))
        return SimpleNamespace(
            isOpened=lambda: backend in self.opening, get=lambda what: 30.0, release=self.release
        )

    def release(self) -> None:
        self.released += 1

    def reader(self) -> CaptureReader:
        return CaptureReader(self.CAMERA, self.system, self.backends, start=self.start)


MSMF, DSHOW = (cv2.CAP_MSMF, 0), (cv2.CAP_DSHOW, 1)


def opened_twice(windows: Windows) -> CaptureReader:
    """Open as the source's thread does: once more after a first refusal."""
    reader = windows.reader()
    with pytest.raises(OpenFailed):
        reader.open()
    reader.open()
    return reader


def test_the_next_back_end_is_tried_when_the_first_refused_twice() -> None:
    windows = Windows(cv2.CAP_DSHOW)

    opened_twice(windows)

    assert windows.tried == [MSMF, MSMF, DSHOW]
    assert windows.released == 2


def test_the_back_end_that_opened_a_camera_is_the_first_next_time() -> None:
    windows = Windows(cv2.CAP_DSHOW)
    opened_twice(windows)
    windows.tried.clear()

    windows.reader().open()

    assert windows.tried == [DSHOW]


def test_a_camera_that_no_back_end_opens_is_refused_by_the_last() -> None:
    windows = Windows()

    reader = windows.reader()

    for _ in range(2):
        with pytest.raises(OpenFailed) as failed:
            reader.open()

    assert failed.value.fault is OpenFault.REFUSED
    assert windows.tried[-1] == DSHOW


def test_a_held_camera_is_no_matter_for_the_next_back_end() -> None:
    windows = Windows(cv2.CAP_DSHOW)
    windows.system.camera_held_by = Holder("Teams")
    reader = windows.reader()

    for _ in range(2):
        with pytest.raises(OpenFailed) as failed:
            reader.open()

    assert failed.value.fault is OpenFault.BUSY
    assert windows.tried == [MSMF, MSMF]


def test_a_camera_that_the_next_back_end_does_not_list_is_not_guessed() -> None:
    backends = CameraBackends("win32", lambda backend: [])

    assert backends.target(Windows.CAMERA, cv2.CAP_MSMF) == 0
    assert backends.target(Windows.CAMERA, cv2.CAP_DSHOW) is None


@pytest.mark.parametrize(
    ("system", "order"),
    [("linux", (cv2.CAP_V4L2,)), ("darwin", (cv2.CAP_AVFOUNDATION,))],
)
def test_other_systems_have_one_back_end(system: str, order: tuple[int, ...]) -> None:
    assert CameraBackends(system).in_order(DeviceId("/dev/video0")) == order


def test_the_device_list_is_of_real_cameras_only() -> None:
    nodes = {str(node) for node in Path("/dev").glob("video*")}

    listed = {str(info.id) for info in list_cameras()}

    assert listed <= nodes


@pytest.mark.hardware
def test_the_first_camera_gives_pictures_and_is_opened_once() -> None:
    info = list_cameras()[0]
    camera = opencv_camera(info, FakeSystem(), OpenGuard(), CameraBackends())
    arrived = threading.Event()
    camera.attach(lambda frame: arrived.set())

    camera.open()
    in_time = arrived.wait(10)
    status, mode = camera.status, camera.mode
    camera.close()

    assert in_time
    assert status.state is SourceState.RUNNING
    assert mode is not None
    assert mode.width >= 320


@pytest.mark.hardware
def test_the_first_camera_changes_its_mode_without_being_opened_again() -> None:
    reader = CaptureReader(list_cameras()[0].id, FakeSystem(), CameraBackends())
    reader.open()
    before = reader.fourcc

    reader.ask_mode(ModeWish(640, 480, 30, "YUYV"))
    frames = [reader.read(threading.Event()) for _ in range(10)]
    reader.close()

    assert before
    assert reader.fourcc in ("YUYV", "MJPG")
    assert any(frame is not None and frame.pixels.shape == (480, 640, 3) for frame in frames)
