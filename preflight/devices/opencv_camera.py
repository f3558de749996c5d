"""A real camera through OpenCV: V4L2 by device path, MSMF or AVFoundation by index.

Asks for 1280x720 at 30 frames per second as MJPG (uncompressed 720p does not fit a USB 2 port at
that rate) and takes what the camera gives. OpenCV does not say why an open failed, so the
system is asked afterwards. What is refused without a reason is tried once more, and then with the
next back end. Another mode is asked of the open capture; it is opened anew only where it gives
nothing after that.
"""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np

from preflight.devices.camera_backends import CameraBackends, is_node
from preflight.devices.frames import (
    CameraFrame,
    DeviceId,
    DeviceInfo,
    DeviceKind,
    ModeWish,
    is_picture,
)
from preflight.devices.opencv import cv2, enumerate_cameras
from preflight.devices.ports import OpenFault
from preflight.devices.source_thread import DeviceGone, OpenFailed, OpenGuard
from preflight.devices.stable_names import stable_names
from preflight.devices.threaded_camera import ThreadedCamera
from preflight.system.ports import Permission, SystemProbe
from preflight.system.v4l2 import held_elsewhere

FIRST_WISH = ModeWish(1280, 720, 30, "MJPG")
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
    stable = stable_names()
    return tuple(
        DeviceInfo(_id_of(row), row.name, DeviceKind.REAL, _stable_of(row, stable)) for row in rows
    )


def opencv_camera(
    info: DeviceInfo, probe: SystemProbe, guard: OpenGuard, backends: CameraBackends
) -> ThreadedCamera:
    """Make a closed source of a camera from ``list_cameras()``."""
    reader = CaptureReader(info.id, probe, backends)
    return ThreadedCamera(info, reader, guard, modes=reader)


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
        self._fps = float(FIRST_WISH.fps)
        self._fourcc = ""
        self._had_frame = False
        self._opened_with: tuple[str | int, int] | None = None
        self._wished: SimpleQueue[ModeWish] = SimpleQueue()
        self._just_changed = False

    @property
    def fps(self) -> float:
        return self._fps

    @property
    def fourcc(self) -> str:
        return self._fourcc

    def ask_mode(self, wish: ModeWish) -> None:
        self._wished.put(wish)

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
        self._start_capture(target, backend)
        self._backends.opened(self._device, backend)

    def _start_capture(self, target: str | int, backend: int) -> None:
        wishes = [each for pair in _properties(FIRST_WISH) for each in pair]
        capture = self._start(target, backend, wishes)
        self._capture = capture
        if not capture.isOpened():
            self.close()
            raise self._why_closed("OpenCV could not open the camera")
        self._opened_with = (target, backend)
        self._read_back(capture)

    def read(self, stop: threading.Event) -> CameraFrame | None:
        capture = self._capture
        if capture is None:
            raise DeviceGone(OpenFault.UNPLUGGED, "the camera is closed")
        while not self._wished.empty():
            self._change_mode(capture, self._wished.get())
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
        self._just_changed = False
        return frame

    def close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def _change_mode(self, capture: "cv2.VideoCapture", wish: ModeWish) -> None:
        """Set what is wished and read back what it became: drivers take the nearest they have."""
        for what, value in _properties(wish):
            capture.set(what, value)
        self._just_changed = True
        self._read_back(capture)

    def _read_back(self, capture: "cv2.VideoCapture") -> None:
        fps = capture.get(cv2.CAP_PROP_FPS)
        self._fps = fps if fps > 0 else float(FIRST_WISH.fps)
        self._fourcc = four_letters(capture.get(cv2.CAP_PROP_FOURCC))

    def _judge_failed_grab(self) -> None:
        """A node that is gone is final; a stream that never began may be somebody else's."""
        if is_node(self._device) and not Path(self._device).exists():
            raise DeviceGone(OpenFault.UNPLUGGED, "the device node is gone")
        if self._just_changed and self._opened_with is not None:
            # The driver did not survive the change; as it was opened first, it worked.
            self._just_changed = False
            self.close()
            self._start_capture(*self._opened_with)
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


def _properties(wish: ModeWish) -> tuple[tuple[int, int], ...]:
    """The packing first: sizes and rates depend on it."""
    return (
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*wish.fourcc)),
        (cv2.CAP_PROP_FRAME_WIDTH, wish.width),
        (cv2.CAP_PROP_FRAME_HEIGHT, wish.height),
        (cv2.CAP_PROP_FPS, wish.fps),
    )


def four_letters(number: float) -> str:
    """Return the four letters of a code as OpenCV tells it; empty where it tells none."""
    try:
        letters = int(number).to_bytes(4, "little").decode("ascii").strip("\0 ")
    except (OverflowError, ValueError):
        return ""
    return letters if letters.isprintable() else ""


def _stable_of(row: Any, stable: Mapping[str, str]) -> str:
    """A node's is udev's; elsewhere the path behind the number follows the camera."""
    device = _id_of(row)
    return stable.get(device, "") if is_node(device) else row.path or ""


def _id_of(row: Any) -> DeviceId:
    path = row.path or ""
    if path.startswith("/dev/"):
        return DeviceId(path)
    # cv2-enumerate-cameras adds the backend's number to the index only when asked for all.
    return DeviceId(f"{row.index}@{path}" if path else f"{row.index}@")
