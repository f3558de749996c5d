"""A real camera through OpenCV: V4L2 by device path, MSMF or AVFoundation by index.

Asks for 1280x720 at 30 frames per second as MJPG (uncompressed 720p does not fit a USB 2 port at
that rate) and takes what the camera gives. OpenCV does not say why an open failed, so the
system is asked afterwards. What is refused without a reason is tried once more, and then with the
next back end.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from preflight.devices.camera_backends import CameraBackends, is_node
from preflight.devices.frames import CameraFrame, DeviceId, DeviceInfo, DeviceKind, is_picture
from preflight.devices.opencv import cv2, enumerate_cameras
from preflight.devices.ports import OpenFault
from preflight.devices.source_thread import DeviceGone, OpenFailed, OpenGuard
from preflight.devices.threaded_camera import ThreadedCamera
from preflight.system.ports import Permission, SystemProbe
from preflight.system.v4l2 import held_elsewhere

WIDTH, HEIGHT, FPS = 1280, 720, 30
_FAILED_READ_PAUSE_S = 0.05


def list_cameras() -> tuple[DeviceInfo, ...]:
    """List cameras that can capture pictures, as the system numbers them.

    On Linux the metadata nodes that every USB camera brings along are left out, and the id is
    the device path; elsewhere it is the backend's index with the device's path.
    """
    try:
        found = enumerate_cameras(CameraBackends().first)
    except (OSError, NotImplementedError):
        return ()
    rows = sorted(found, key=lambda row: row.index)
    return tuple(DeviceInfo(_id_of(row), row.name, DeviceKind.REAL) for row in rows)


def opencv_camera(
    info: DeviceInfo, probe: SystemProbe, guard: OpenGuard, backends: CameraBackends
) -> ThreadedCamera:
    """Make a closed source of a camera from ``list_cameras()``."""
    return ThreadedCamera(info, CaptureReader(info.id, probe, backends), guard)


class CaptureReader:
    """One ``cv2.VideoCapture``, used by the source's thread alone.

    Args:
        start: makes a capture of a target, a back end and the wanted mode.
        held: says whether another process has a device node's stream.
    """

    def __init__(
        self,
        device: DeviceId,
        probe: SystemProbe,
        backends: CameraBackends,
        *,
        start: Callable[[Any, int, list[int]], Any] = cv2.VideoCapture,
        held: Callable[[str], bool] = held_elsewhere,
    ) -> None:
        self._device = device
        self._probe = probe
        self._backends = backends
        self._start = start
        self._held = held
        self._refused_before = False
        self._capture: cv2.VideoCapture | None = None
        self._fps = float(FPS)
        self._had_frame = False

    @property
    def fps(self) -> float:
        return self._fps

    def open(self) -> None:
        """Open and ask for the mode; see ``Reader.open``."""
        self._check_node()
        first, *others = self._backends.in_order(self._device)
        try:
            self._open_with(first)
        except OpenFailed as failed:
            # The caller asks once more after a pause; only then is it the next one's turn.
            is_last = failed.fault is not OpenFault.REFUSED or not self._refused_before
            self._refused_before = True
            if is_last or not any(self._opens_with(backend) for backend in others):
                raise

    def _opens_with(self, backend: int) -> bool:
        try:
            self._open_with(backend)
        except OpenFailed as failed:
            if failed.fault is not OpenFault.REFUSED:
                raise
            return False
        return True

    def _open_with(self, backend: int) -> None:
        target = self._backends.target(self._device, backend)
        if target is None:
            raise OpenFailed(OpenFault.REFUSED, "this back end does not know the camera")
        capture = self._start(target, backend, _wishes())
        self._capture = capture
        if not capture.isOpened():
            self.close()
            raise self._why_closed("OpenCV could not open the camera")
        self._backends.opened(self._device, backend)
        fps = capture.get(cv2.CAP_PROP_FPS)
        self._fps = fps if fps > 0 else float(FPS)

    def read(self, stop: threading.Event) -> CameraFrame | None:
        capture = self._capture
        if capture is None:
            raise DeviceGone(OpenFault.UNPLUGGED, "the camera is closed")
        if not capture.grab():
            self._judge_failed_grab()
            stop.wait(_FAILED_READ_PAUSE_S)
            return None
        captured_ns = time.monotonic_ns()
        # A new array each time: a frame outlives the next one.
        retrieved, pixels = capture.retrieve()
        if not retrieved:
            return None
        frame = CameraFrame(np.ascontiguousarray(pixels, dtype=np.uint8), captured_ns)
        if not is_picture(frame.pixels):
            return None
        frame.pixels.flags.writeable = False
        self._had_frame = True
        return frame

    def close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def _judge_failed_grab(self) -> None:
        """A node that is gone is final; a stream that never began may be somebody else's."""
        if is_node(self._device) and not Path(self._device).exists():
            raise DeviceGone(OpenFault.UNPLUGGED, "the device node is gone")
        if not self._had_frame:
            failed = self._why("no stream")
            if failed.fault is OpenFault.BUSY:
                raise failed

    def _check_node(self) -> None:
        if not is_node(self._device):
            return
        if not Path(self._device).exists():
            raise OpenFailed(OpenFault.NOT_FOUND, f"there is no {self._device}")
        if self._probe.camera_permission(self._device) is Permission.DENIED:
            raise OpenFailed(OpenFault.DENIED, f"no access to {self._device}")

    def _why_closed(self, detail: str) -> OpenFailed:
        """As `_why`, while we have the camera closed: only then the driver can be asked too."""
        failed = self._why(detail)
        if failed.fault is OpenFault.REFUSED and is_node(self._device) and self._held(self._device):
            return OpenFailed(OpenFault.BUSY, detail)
        return failed

    def _why(self, detail: str) -> OpenFailed:
        holder = self._probe.camera_holder(self._device)
        if holder is not None:
            return OpenFailed(OpenFault.BUSY, detail, holder.program)
        denied = (Permission.DENIED, Permission.RESTRICTED)
        if self._probe.camera_permission(self._device) in denied:
            return OpenFailed(OpenFault.DENIED, detail)
        return OpenFailed(OpenFault.REFUSED, detail)


def _wishes() -> list[int]:
    return [
        cv2.CAP_PROP_FOURCC,
        cv2.VideoWriter.fourcc(*"MJPG"),
        cv2.CAP_PROP_FRAME_WIDTH,
        WIDTH,
        cv2.CAP_PROP_FRAME_HEIGHT,
        HEIGHT,
        cv2.CAP_PROP_FPS,
        FPS,
    ]


def _id_of(row: Any) -> DeviceId:
    path = row.path or ""
    if path.startswith("/dev/"):
        return DeviceId(path)
    # cv2-enumerate-cameras adds the backend's number to the index only when asked for all.
    return DeviceId(f"{row.index}@{path}" if path else f"{row.index}@")
