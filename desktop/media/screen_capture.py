"""Grabs the screen with QtMultimedia. Made and used on the Qt thread."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtMultimedia import QMediaCaptureSession, QScreenCapture, QVideoFrame, QVideoSink


class QtScreenCapture:
    """The primary screen; under Wayland the portal asks the person which one.

    Used once: ``start()``, then ``on_frame`` for every new picture until ``stop()``. Failures,
    also later ones, come through ``on_failed`` with words for the log.
    """

    def __init__(self) -> None:
        self._capture: QScreenCapture | None = None
        self._session: QMediaCaptureSession | None = None
        self._sink: QVideoSink | None = None

    def start(
        self, on_frame: Callable[[QVideoFrame], None], on_failed: Callable[[str], None]
    ) -> None:
        """Begin to grab."""
        if QGuiApplication.instance() is None or QGuiApplication.primaryScreen() is None:
            on_failed("there is no screen")
            return
        self._capture = QScreenCapture()
        self._capture.setScreen(QGuiApplication.primaryScreen())
        self._sink = QVideoSink()
        self._session = QMediaCaptureSession()
        self._session.setScreenCapture(self._capture)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(on_frame)
        self._capture.errorOccurred.connect(lambda error, words: on_failed(f"{error} {words}"))
        self._capture.start()

    def stop(self) -> None:
        """End the grab; no callback follows. Idempotent."""
        if self._capture is None or self._sink is None or self._session is None:
            return
        self._sink.videoFrameChanged.disconnect()
        self._capture.errorOccurred.disconnect()
        self._capture.stop()
        self._capture = self._sink = self._session = None
