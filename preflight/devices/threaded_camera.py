"""A camera source on a thread of its own, over any reader of frames."""

import threading
from typing import Protocol

from preflight.devices.frames import CameraFrame, CameraMode, DeviceInfo
from preflight.devices.ports import Detach, FrameTap, SourceStatus
from preflight.devices.source_thread import OpenGuard, Reader, SourceLimits, SourceThread
from preflight.devices.taps import TapList

CAMERA_LIMITS = SourceLimits(first_s=5.0, silence_s=2.0)


class FrameReader(Reader[CameraFrame], Protocol):
    """A reader of frames that also knows its nominal rate."""

    @property
    def fps(self) -> float: ...


class ThreadedCamera:
    """``CameraSource`` over a ``FrameReader``: taps in order, and a mailbox of one."""

    def __init__(
        self,
        info: DeviceInfo,
        reader: FrameReader,
        guard: OpenGuard,
        limits: SourceLimits = CAMERA_LIMITS,
    ) -> None:
        self._info = info
        self._reader = reader
        self._taps: TapList[CameraFrame] = TapList(info.id)
        self._mailbox_lock = threading.Lock()
        self._unread: CameraFrame | None = None
        self._missed = 0
        self._mode: CameraMode | None = None
        self._thread = SourceThread(info.id, reader, self._on_frame, guard, limits)

    @property
    def info(self) -> DeviceInfo:
        return self._info

    @property
    def mode(self) -> CameraMode | None:
        return self._mode

    @property
    def status(self) -> SourceStatus:
        return self._thread.status

    @property
    def missed(self) -> int:
        """How many frames nobody took from the mailbox."""
        return self._missed

    def open(self) -> None:
        self._thread.open()

    def attach(self, tap: FrameTap) -> Detach:
        return self._taps.attach(tap)

    def latest(self) -> CameraFrame | None:
        with self._mailbox_lock:
            frame, self._unread = self._unread, None
        return frame

    def close(self) -> None:
        self._thread.close()

    def _on_frame(self, frame: CameraFrame) -> None:
        height, width = frame.pixels.shape[:2]
        mode = self._mode
        if mode is None or (mode.width, mode.height) != (width, height):
            self._mode = CameraMode(width, height, self._reader.fps)
        with self._mailbox_lock:
            self._missed += self._unread is not None
            self._unread = frame
        self._taps.deliver(frame)
