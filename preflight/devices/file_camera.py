"""``file:PATH``: an encoded clip played as a camera, looped and paced to its own rate.

It is decoded by OpenCV while it plays, so the work is that of a real decoder and memory stays
small. The frames say DEMO, and they are reported as a file, never as a camera.
"""

import threading
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from preflight.devices.demo_mark import DemoMark
from preflight.devices.frames import CameraFrame, DeviceId, DeviceInfo, DeviceKind
from preflight.devices.opencv import cv2
from preflight.devices.pacing import Pacer
from preflight.devices.ports import OpenFault
from preflight.devices.source_thread import DeviceGone, OpenFailed, OpenGuard
from preflight.devices.threaded_camera import ThreadedCamera
from preflight.devices.time_code import write_time_code

_DEFAULT_FPS = 30.0


def file_camera(
    path: Path, guard: OpenGuard, *, time_code: bool = False, mark: bool = True
) -> ThreadedCamera:
    """Make a closed source of the clip; ``time_code`` draws the capture time into it."""
    info = DeviceInfo(DeviceId(f"file:{path}"), path.name, DeviceKind.FILE)
    return ThreadedCamera(info, ClipReader(path, time_code=time_code, mark=mark), guard)


class ClipReader:
    """Decodes a clip frame by frame, from the start again at its end."""

    def __init__(self, path: Path, *, time_code: bool = False, mark: bool = True) -> None:
        self._path = path
        self._time_code = time_code
        self._mark = DemoMark() if mark else None
        self._clip: cv2.VideoCapture | None = None
        self._fps = _DEFAULT_FPS
        self._pacer = Pacer(round(1e9 / _DEFAULT_FPS))

    @property
    def fps(self) -> float:
        return self._fps

    def open(self) -> None:
        if not self._path.is_file():
            raise OpenFailed(OpenFault.NOT_FOUND, f"there is no file {self._path.name}")
        self._clip = self._start()
        fps = self._clip.get(cv2.CAP_PROP_FPS)
        self._fps = fps if 1.0 <= fps <= 120.0 else _DEFAULT_FPS
        self._pacer = Pacer(round(1e9 / self._fps))

    def read(self, stop: threading.Event) -> CameraFrame | None:
        # Decoded before the wait, stamped after it: a clip's frame is "seen" when it is due.
        pixels = self._decode()
        if not self._pacer.wait(stop):
            return None
        captured_ns = time.monotonic_ns()
        if self._mark is not None:
            self._mark.draw(pixels)
        if self._time_code:
            write_time_code(pixels, captured_ns)
        pixels.flags.writeable = False
        return CameraFrame(pixels, captured_ns)

    def close(self) -> None:
        if self._clip is not None:
            self._clip.release()
            self._clip = None

    def _start(self) -> cv2.VideoCapture:
        # One decoder thread: frame threads add latency and memory, and 720p needs 1.5 ms.
        clip = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        if not clip.isOpened():
            clip.release()
            raise OpenFailed(OpenFault.REFUSED, f"{self._path.name} is no clip OpenCV can read")
        return clip

    def _decode(self) -> npt.NDArray[np.uint8]:
        for _ in range(2):
            if self._clip is None:
                self._clip = self._start()
            read, pixels = self._clip.read()
            if read:
                return np.ascontiguousarray(pixels, dtype=np.uint8)
            # Opening again costs 2 ms; seeking to 0 misses frames in some containers.
            self._clip.release()
            self._clip = None
        raise DeviceGone(OpenFault.NO_DATA, f"{self._path.name} holds no frames")
