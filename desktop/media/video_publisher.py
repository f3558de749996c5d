"""Sends the camera: converts each picture on the capture thread and hands it to the SDK there."""

import logging
import threading

import numpy as np
import numpy.typing as npt
from livekit import rtc

from desktop.media.sdk_log import redact
from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from preflight.devices.ports import CameraSource, Detach
from preflight.verdicts.recommendation import UNLIMITED, Recommendation

_FULL_FPS = 30
_SLACK_NS = 5_000_000
"""A picture may come this much early; cameras are not that even."""

_log = logging.getLogger(__name__)


class VideoPublisher:
    """One video source for all rooms; the camera behind it may change.

    While off, no picture reaches the SDK: what is not sent is not even converted.
    """

    def __init__(self, width: int = 1280, height: int = 720) -> None:
        self._source = rtc.VideoSource(width, height)
        self._off = False
        self._limits = UNLIMITED
        self._due_ns = 0
        self._sent = 0
        self._is_failing = False
        self._detach: Detach | None = None
        self._lock = threading.Lock()
        self._rgb: npt.NDArray[np.uint8] = np.empty((height, width, 3), np.uint8)

    def make_track(self) -> rtc.LocalVideoTrack:
        """A new local track on the one source, for one stay in a room that is open."""
        return rtc.LocalVideoTrack.create_video_track("camera", self._source)

    @property
    def sent(self) -> int:
        """Pictures handed to the SDK."""
        return self._sent

    def use_camera(self, camera: CameraSource | None) -> None:
        """Send this open camera's pictures from now on; the one before is let go of."""
        if self._detach is not None:
            self._detach()
            self._detach = None
        if camera is not None:
            self._detach = camera.attach(self.tap)

    def set_off(self, off: bool) -> None:
        """Stop or resume sending; at once. The room mutes the track as well."""
        self._off = off

    def limit(self, limits: Recommendation) -> None:
        """Send no larger and no more pictures than these, from the next one on."""
        self._limits = limits

    def tap(self, frame: CameraFrame) -> None:
        """Send one picture. On the capture thread; about 0.8 ms at 1280x720. Never raises."""
        if self._off or not self._is_due(frame.captured_ns):
            return
        try:
            self._send(frame)
        except Exception as error:
            # A tap that raises is taken off the camera for good, and the peer would see the last
            # picture from then on. Told once until one is taken again.
            if not self._is_failing:
                _log.error("a picture was not sent: %s", redact(f"{type(error).__name__} {error}"))
            self._is_failing = True
        else:
            self._is_failing = False

    async def aclose(self) -> None:
        """Let the camera go and free the source. The camera stays its owner's to close."""
        self.use_camera(None)
        await self._source.aclose()

    def _is_due(self, captured_ns: int) -> bool:
        """Leave out what comes faster than the limit, evenly."""
        if self._limits.fps >= _FULL_FPS:
            # A camera a little faster than it says would lose a picture now and then.
            return True
        if captured_ns + _SLACK_NS < self._due_ns:
            return False
        step_ns = round(1e9 / self._limits.fps)
        # On its own grid, so that 20 of 30 pictures are really 20; begun anew after a gap.
        is_on_grid = captured_ns - self._due_ns < step_ns
        self._due_ns = (self._due_ns if is_on_grid else captured_ns) + step_ns
        return True

    def _send(self, frame: CameraFrame) -> None:
        pixels = _within(frame.pixels, self._limits)
        height, width = pixels.shape[:2]
        # Held against a second camera's thread while devices are switched.
        with self._lock:
            if self._rgb.shape != pixels.shape:
                self._rgb = np.empty((height, width, 3), np.uint8)
            cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB, dst=self._rgb)
            self._source.capture_frame(sdk_frame(self._rgb, width, height))
            self._sent += 1


def _within(pixels: npt.NDArray[np.uint8], limits: Recommendation) -> npt.NDArray[np.uint8]:
    """Return the picture, scaled down where it is larger than the limit; its shape is kept."""
    height, width = pixels.shape[:2]
    long_side, short_side = max(width, height), min(width, height)
    share = min(limits.width / long_side, limits.height / short_side)
    if share >= 1.0:
        return pixels
    # Encoders take even sizes only.
    size = (round(width * share / 2) * 2, round(height * share / 2) * 2)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def sdk_frame(rgb: npt.NDArray[np.uint8], width: int, height: int) -> rtc.VideoFrame:
    """Wrap a picture for the SDK, uncopied.

    Raises:
        ValueError: the buffer is not what the size says; the SDK would read out of bounds.
    """
    flat = rgb.reshape(-1).data
    # No assert: `python -O` would take it away, and with it what keeps native memory safe.
    if flat.nbytes != width * height * 3:
        raise ValueError(f"{flat.nbytes} bytes are no RGB picture of {width}x{height}")
    return rtc.VideoFrame(width, height, rtc.VideoBufferType.RGB24, flat)
