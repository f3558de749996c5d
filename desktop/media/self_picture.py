"""The small, mirrored picture of one's own camera, in the size that the self view shows."""

import numpy as np

from desktop.viewmodels.pictures import PictureMailbox, PixelFormat, VideoPicture
from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2

WIDTH_PX = 416
"""Twice the self view's 208 px: for a screen of double density, and before its size is known."""

_SHORTEST_GAP_NS = 36_000_000
"""A camera of 25 pictures per second or less is shown whole, one of 30 every second picture: in
a view of 208 px nobody sees the difference, and it costs 2 % of a core less."""


class SelfPictureFeed:
    """Leaves a camera's pictures in the self view's mailbox, in the size that is asked for there.

    ``tap`` runs on the capture thread; only one camera feeds at a time.
    """

    def __init__(self, mailbox: PictureMailbox) -> None:
        self._mailbox = mailbox
        self._last_ns: int | None = None

    def tap(self, frame: CameraFrame) -> None:
        """Show this frame, unless the one before is too fresh."""
        if self._last_ns is not None and 0 <= frame.captured_ns - self._last_ns < _SHORTEST_GAP_NS:
            return
        self._last_ns = frame.captured_ns
        self._mailbox.put(self_picture(frame, self._mailbox.wanted_size))


def self_picture(frame: CameraFrame, wanted: tuple[int, int] | None) -> VideoPicture:
    """Return a mirrored copy in the wanted size, in the format that is painted as it is.

    Painting the camera's own picture cost the window 2.7 ms each time for scaling, mirroring and
    converting, and kept 2.8 MB alive. On the capture thread; about 0.6 ms at 1280x720.

    Args:
        frame: as captured, not mirrored.
        wanted: width and height in which it is shown; None for a width of 416 px. A frame that
            is smaller keeps its size.
    """
    height, width = frame.pixels.shape[:2]
    if wanted is None:
        wanted = (WIDTH_PX, max(1, round(WIDTH_PX * height / width)))
    made = frame.pixels
    if wanted[0] < width and wanted[1] < height:
        twice = (2 * wanted[0], 2 * wanted[1])
        if twice[0] < width and twice[1] < height:
            # Every sixth pixel alone would flicker; averaging all of them takes 5 ms. Reading
            # one of about two and then averaging four of those takes 0.5 ms.
            made = np.asarray(cv2.resize(made, twice, interpolation=cv2.INTER_LINEAR), np.uint8)
        made = np.asarray(cv2.resize(made, wanted, interpolation=cv2.INTER_AREA), np.uint8)
    made = np.asarray(cv2.flip(cv2.cvtColor(made, cv2.COLOR_BGR2BGRA), 1), np.uint8)
    height, width = made.shape[:2]
    return VideoPicture(
        data=made,
        width=width,
        height=height,
        pixels=PixelFormat.BGRA,
        bytes_per_line=4 * width,
        captured_ns=frame.captured_ns,
        mirrored=True,
        sent_size=(frame.pixels.shape[1], frame.pixels.shape[0]),
    )
