"""Pictures on their way to the screen, and the mailbox of one that carries them.

Media threads put, the view takes; the newest picture wins, so a slow screen never makes a queue.
Pure: no Qt, no media library.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock
from typing import Any, TypeAlias

from preflight.devices.frames import CameraFrame

Wake: TypeAlias = Callable[[], None]
Detach: TypeAlias = Callable[[], None]


class PixelFormat(Enum):
    """Byte order of one pixel in memory."""

    BGRA = "bgra"
    BGR = "bgr"

    @property
    def bytes_per_pixel(self) -> int:
        return 4 if self is PixelFormat.BGRA else 3


@dataclass(frozen=True, slots=True, eq=False)
class VideoPicture:
    """One picture to be painted.

    Attributes:
        data: any object with the buffer protocol, at least ``height * bytes_per_line`` bytes.
            The view wraps it uncopied and keeps this object until the next picture is painted,
            so nobody may write into it any more.
        rotation_degrees: clockwise turn that sets it upright: 0, 90, 180 or 270.
        mirrored: its pixels already run from right to left, for a view that mirrors.
        sent_size: width and height as it was sent, where it was scaled for the screen since.
        captured_ns: ``time.monotonic_ns()`` of the capture or, for the other side's pictures,
            of the arrival; only differences mean anything.
    """

    data: Any = field(repr=False)
    width: int
    height: int
    pixels: PixelFormat
    bytes_per_line: int
    captured_ns: int
    rotation_degrees: int = 0
    mirrored: bool = False
    sent_size: tuple[int, int] | None = None

    @property
    def full_size(self) -> tuple[int, int]:
        """Width and height as it was sent, before anybody scaled it for the screen."""
        return self.sent_size or (self.width, self.height)

    def __post_init__(self) -> None:
        """Refuse a buffer that painting would read past the end of.

        Raises:
            ValueError: the size is not positive, a row or the buffer is too short, or the
                rotation is no quarter turn.
        """
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"a picture of {self.width} x {self.height} cannot be shown")
        if self.bytes_per_line < self.width * self.pixels.bytes_per_pixel:
            raise ValueError("a row is shorter than its pixels")
        if memoryview(self.data).nbytes < self.height * self.bytes_per_line:
            raise ValueError("the buffer is shorter than the picture")
        if self.rotation_degrees not in (0, 90, 180, 270):
            raise ValueError(f"{self.rotation_degrees} degrees is no quarter turn")


def picture_of_camera_frame(frame: CameraFrame) -> VideoPicture:
    """Wrap a camera's frame uncopied, for the self view."""
    height, width = frame.pixels.shape[:2]
    return VideoPicture(
        data=frame.pixels,
        width=width,
        height=height,
        pixels=PixelFormat.BGR,
        bytes_per_line=3 * width,
        captured_ns=frame.captured_ns,
    )


class PictureMailbox:
    """Holds the newest picture until it is taken. Safe from any thread.

    ``wake`` is called on the putting thread, and only when the box was empty: one wake-up per
    picture that will be painted, however many are put.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._picture: VideoPicture | None = None
        self._wake: Wake | None = None
        self._put = 0
        self._dropped = 0
        self._wanted: tuple[int, int] | None = None

    @property
    def wanted_size(self) -> tuple[int, int] | None:
        """Width and height in which the reader shows pictures; None: as they are sent."""
        return self._wanted

    def want(self, size: tuple[int, int] | None) -> None:
        """Say in which size pictures are shown, so that whoever puts can scale them beforehand."""
        self._wanted = size

    @property
    def put_count(self) -> int:
        """How many pictures were put so far."""
        return self._put

    @property
    def dropped_count(self) -> int:
        """How many pictures a newer one replaced before anybody took them."""
        return self._dropped

    def put(self, picture: VideoPicture) -> None:
        """Leave a picture; one that nobody took yet is dropped. Never blocks for long."""
        with self._lock:
            was_empty = self._picture is None
            self._picture = picture
            self._put += 1
            self._dropped += not was_empty
            wake = self._wake if was_empty else None
        if wake is not None:
            wake()

    def take(self) -> VideoPicture | None:
        """Return the newest picture and empty the box, or None."""
        with self._lock:
            picture, self._picture = self._picture, None
        return picture

    def attach(self, wake: Wake) -> Detach:
        """Have ``wake`` called for a new picture; one reader at a time, the last one wins.

        A picture that already lies in the box wakes at once.
        """
        with self._lock:
            self._wake = wake
            waiting = self._picture is not None
        if waiting:
            wake()

        def detach() -> None:
            with self._lock:
                if self._wake is wake:
                    self._wake = None

        return detach
