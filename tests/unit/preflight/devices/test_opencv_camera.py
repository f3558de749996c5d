"""Why a camera does not open. Real pictures need a real camera (marker: hardware)."""

import threading
from pathlib import Path

import pytest

from preflight.devices.frames import DeviceId
from preflight.devices.opencv_camera import CaptureReader, list_cameras, opencv_camera
from preflight.devices.ports import OpenFault, SourceState
from preflight.devices.source_thread import OpenFailed, OpenGuard
from preflight.system.ports import Holder, Permission
from tests.fakes.devices import FakeSystem

# A device node that is there and is no camera: V4L2 refuses it as it refuses a broken one.
NO_CAMERA = DeviceId("/dev/null")


def fault_of(device: DeviceId, system: FakeSystem) -> OpenFailed:
    reader = CaptureReader(device, system)
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


def test_the_device_list_is_of_real_cameras_only() -> None:
    nodes = {str(node) for node in Path("/dev").glob("video*")}

    listed = {str(info.id) for info in list_cameras()}

    assert listed <= nodes


@pytest.mark.hardware
def test_the_first_camera_gives_pictures_and_is_opened_once() -> None:
    info = list_cameras()[0]
    camera = opencv_camera(info, FakeSystem(), OpenGuard())
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
