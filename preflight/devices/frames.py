"""What devices hand over: pictures, blocks of sound, and what a device calls itself.

Pure: no OpenCV, PortAudio, Qt or LiveKit, not even through another module.
"""

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NewType

import numpy as np
import numpy.typing as npt

SAMPLE_RATE_HZ = 48_000
BLOCK_SAMPLES = 480
"""Samples of one 10 ms block, the unit of WebRTC's audio processing."""

MIN_WIDTH, MIN_HEIGHT = 160, 120
"""Anything smaller is no picture: some drivers answer 2x2 px while they start or are in trouble."""

DeviceId = NewType("DeviceId", str)
"""Stable between runs: a device path, a Pulse source name, ``file:…``, ``pattern``."""


class DeviceKind(Enum):
    """Where a device's data comes from; all but REAL is synthetic and reported as such."""

    REAL = "real"
    FILE = "file"
    PATTERN = "pattern"
    TONE = "tone"
    NONE = "none"

    @property
    def synthetic(self) -> bool:
        """True for sources that a production service refuses."""
        return self is not DeviceKind.REAL


PORTAUDIO_PREFIX = "portaudio:"
"""Begins the id of a sound device that no sound server names; its name follows."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device as the person chooses it.

    Attributes:
        id: opens it; on Linux a camera's is a node, which the next camera may inherit.
        stable: names the very same piece of hardware whatever its id is now
            (`preflight.devices.stable_names`); empty where the system has no such name. It may
            hold a serial number, so it stays on this machine.
    """

    id: DeviceId
    name: str
    kind: DeviceKind
    stable: str = field(default="", repr=False)

    @property
    def freezes_list(self) -> bool:
        """Whether nothing that is plugged in is listed while this sound device is open."""
        return self.id.startswith(PORTAUDIO_PREFIX)


@dataclass(frozen=True, slots=True)
class CameraMode:
    """Size in pixels and rate of what the camera really delivers.

    Attributes:
        width, height: of the pictures as they are handed on, that is turned.
        fourcc: how the camera packs them, e.g. ``MJPG``; empty where the driver does not tell.
    """

    width: int
    height: int
    fps: float
    fourcc: str = ""


@dataclass(frozen=True, slots=True)
class ModeWish:
    """What a camera is asked for; it may give something else. Sizes as the sensor has them."""

    width: int
    height: int
    fps: int
    fourcc: str


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a camera's pictures are put upright before anybody sees them.

    Attributes:
        turn: degrees clockwise: 0, 90, 180 or 270.
        mirrored: left and right are changed over after that.
    """

    turn: int = 0
    mirrored: bool = False

    def __post_init__(self) -> None:
        if self.turn not in (0, 90, 180, 270):
            raise ValueError(f"{self.turn} degrees are no quarter turn")

    @property
    def quarter(self) -> bool:
        """Whether width and height change places."""
        return self.turn in (90, 270)

    def turned(self) -> "Orientation":
        """Return this, a quarter clockwise further."""
        return replace(self, turn=(self.turn + 90) % 360)

    def flipped(self) -> "Orientation":
        """Return this with left and right changed over."""
        return replace(self, mirrored=not self.mirrored)


UPRIGHT = Orientation()
"""What a camera that hangs as it should needs: nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class CameraFrame:
    """One picture as the camera saw it, put upright (`Orientation`), not scaled.

    Attributes:
        pixels: uint8, shape (height, width, 3), channels in B, G, R order. C-contiguous,
            so one row is exactly ``3 * width`` bytes and a view may wrap it uncopied.
            Read-only, and no camera buffer: it stays valid after the next frame.
        captured_ns: ``time.monotonic_ns()`` when the grab returned. Only differences
            mean anything; it is neither wall time nor server time.
        quarter_turned: the sensor's rows run from top to bottom in it.
    """

    pixels: npt.NDArray[np.uint8]
    captured_ns: int
    quarter_turned: bool = False


def is_picture(pixels: npt.NDArray[np.uint8]) -> bool:
    """Say whether the array is a picture at all: three channels, at least 160x120 or 120x160."""
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        return False
    sides = pixels.shape[:2]
    return bool(max(sides) >= MIN_WIDTH and min(sides) >= MIN_HEIGHT)


@dataclass(frozen=True, slots=True, eq=False)
class AudioBlock:
    """10 ms of sound as the microphone gave it, before any processing.

    Attributes:
        samples: int16, shape (480, channels), 48 kHz, C-contiguous, read-only.
        captured_ns: ``time.monotonic_ns()`` when the block arrived.
    """

    samples: npt.NDArray[np.int16]
    captured_ns: int
