"""Sends the screen: throttled on the Qt thread, converted and handed over on the media loop."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from livekit import rtc
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from desktop.media.media_loop import MediaLoop
from desktop.media.screen_capture import QtScreenCapture

_FIRST_FRAME_S = 30.0
"""A portal asks the person first, and people read."""
_FRAME_EVERY_S = 0.08
_PLAIN = (
    QVideoFrameFormat.PixelFormat.Format_BGRX8888,
    QVideoFrameFormat.PixelFormat.Format_BGRA8888,
)


class ScreenShareFailed(Exception):
    """The screen cannot be grabbed; the text is for logs."""


class ScreenShare:
    """One share from ``start()`` to ``stop()``; ``on_lost`` tells of an end nobody asked for."""

    def __init__(self, media: MediaLoop, on_lost: Callable[[str], None]) -> None:
        self._media = media
        self._on_lost = on_lost
        self._capture = QtScreenCapture()
        self._source: rtc.VideoSource | None = None
        self._first: asyncio.Future[QVideoFrame] | None = None
        self._is_busy = threading.Event()
        self._sent_s = 0.0
        self._pixels: npt.NDArray[np.uint8] = np.empty(0, np.uint8)

    async def start(self) -> None:
        """Grab, and return once the first picture has come.

        Raises:
            ScreenShareFailed: refused, not possible here, or no picture in 30 s.
        """
        self._first = asyncio.get_running_loop().create_future()
        self._capture.start(self._on_frame, self._on_failed)
        try:
            async with asyncio.timeout(_FIRST_FRAME_S):
                frame = await self._first
        except TimeoutError as error:
            self._capture.stop()
            raise ScreenShareFailed("no picture of the screen came") from error
        except BaseException:
            self._capture.stop()
            raise
        self._source = rtc.VideoSource(frame.width(), frame.height(), is_screencast=True)

    def make_track(self) -> rtc.LocalVideoTrack:
        """A new local track of what is grabbed, for one stay in a room that is open."""
        assert self._source is not None, "start() first"
        return rtc.LocalVideoTrack.create_video_track("screen", self._source)

    async def stop(self) -> None:
        """End the grab and free the source. Idempotent."""
        self._capture.stop()
        if self._first is not None and not self._first.done():
            self._first.set_exception(ScreenShareFailed("stopped before it began"))
        source, self._source = self._source, None
        if source is not None:
            # After what the media loop still has to send.
            await self._media.run(source.aclose())

    def _on_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid():
            # Qt hands an empty one out when a grab begins or ends; it has no size.
            return
        if self._first is not None and not self._first.done():
            self._first.set_result(frame)
        now_s = time.monotonic()
        if self._source is None or self._is_busy.is_set() or now_s - self._sent_s < _FRAME_EVERY_S:
            return
        self._sent_s = now_s
        self._is_busy.set()
        self._media.call(self._send, QVideoFrame(frame))

    def _on_failed(self, words: str) -> None:
        if self._first is not None and not self._first.done():
            self._first.set_exception(ScreenShareFailed(words))
        else:
            self._on_lost(words)

    def _send(self, frame: QVideoFrame) -> None:
        try:
            source = self._source
            pixels = self._bgra_of(frame)
            if source is not None and pixels is not None:
                height, width = pixels.shape[:2]
                flat = pixels.reshape(-1).data
                source.capture_frame(rtc.VideoFrame(width, height, rtc.VideoBufferType.BGRA, flat))
        finally:
            self._is_busy.clear()

    def _bgra_of(self, frame: QVideoFrame) -> npt.NDArray[np.uint8] | None:
        width, height = frame.width(), frame.height()
        if self._pixels.shape != (height, width, 4):
            self._pixels = np.empty((height, width, 4), np.uint8)
        if frame.pixelFormat() in _PLAIN:
            if not frame.map(QVideoFrame.MapMode.ReadOnly):
                return None
            with contextlib.ExitStack() as unmap:
                unmap.callback(frame.unmap)
                self._copy(np.frombuffer(frame.bits(0), np.uint8), frame.bytesPerLine(0))
        else:
            image = frame.toImage().convertToFormat(QImage.Format.Format_RGB32)
            self._copy(np.frombuffer(image.constBits(), np.uint8), image.bytesPerLine())
        return self._pixels

    def _copy(self, memory: npt.NDArray[np.uint8], bytes_per_line: int) -> None:
        height, width = self._pixels.shape[:2]
        rows = memory[: height * bytes_per_line].reshape(height, bytes_per_line)
        self._pixels[:] = rows[:, : width * 4].reshape(height, width, 4)
