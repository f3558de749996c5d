"""A camera source on a thread of its own, over any reader of frames."""

from typing import Protocol

from preflight.devices.frames import (
    UPRIGHT,
    CameraFrame,
    CameraMode,
    DeviceInfo,
    ModeWish,
    Orientation,
)
from preflight.devices.ports import Detach, FrameTap, SourceStatus
from preflight.devices.source_thread import OpenGuard, Reader, SourceLimits, SourceThread
from preflight.devices.taps import TapList
from preflight.devices.turned import put_upright

CAMERA_LIMITS = SourceLimits(first_s=5.0, silence_s=2.0)


class FrameReader(Reader[CameraFrame], Protocol):
    """A reader of frames that also knows its nominal rate."""

    @property
    def fps(self) -> float: ...


class ModeControl(Protocol):
    """The modes of a reader that has several."""

    @property
    def fourcc(self) -> str:
        """How the pictures are packed now; empty where the driver does not tell."""
        ...

    def ask_mode(self, wish: ModeWish) -> None:
        """Note the wish for the reader's own thread; from any thread, at once."""
        ...


class ThreadedCamera:
    """``CameraSource`` over a ``FrameReader``: taps in order.

    Args:
        modes: of the same reader; None: it has one mode.
    """

    def __init__(
        self,
        info: DeviceInfo,
        reader: FrameReader,
        guard: OpenGuard,
        limits: SourceLimits = CAMERA_LIMITS,
        *,
        modes: ModeControl | None = None,
    ) -> None:
        self._info = info
        self._reader = reader
        self._modes = modes
        self._taps: TapList[CameraFrame] = TapList(info.id)
        self._mode: CameraMode | None = None
        self._orientation = UPRIGHT
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
    def orientation(self) -> Orientation:
        return self._orientation

    def orient(self, orientation: Orientation) -> None:
        self._orientation = orientation

    def ask_mode(self, wish: ModeWish) -> None:
        if self._modes is not None:
            self._modes.ask_mode(wish)

    def open(self) -> None:
        self._thread.open()

    def attach(self, tap: FrameTap) -> Detach:
        return self._taps.attach(tap)

    def close(self) -> None:
        self._thread.close()

    def _on_frame(self, seen: CameraFrame) -> None:
        frame = put_upright(seen, self._orientation)
        height, width = frame.pixels.shape[:2]
        fourcc = "" if self._modes is None else self._modes.fourcc
        mode = CameraMode(width, height, self._reader.fps, fourcc)
        if mode != self._mode:
            self._mode = mode
        self._taps.deliver(frame)
