"""What devices hand over: pictures, blocks of sound, and what a device calls itself.

Pure: no OpenCV, PortAudio, Qt or LiveKit, not even through another module.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device as the person chooses it."""

    id: DeviceId
    name: str
    kind: DeviceKind


@dataclass(frozen=True, slots=True)
class CameraMode:
    """Size in pixels and rate of what the camera really delivers."""

    width: int
    height: int
    fps: float


@dataclass(frozen=True, slots=True, eq=False)
class CameraFrame:
    """One picture exactly as the camera saw it: not mirrored, not scaled.

    Attributes:
        pixels: uint8, shape (height, width, 3), channels in B, G, R order. C-contiguous,
            so one row is exactly ``3 * width`` bytes and a view may wrap it uncopied.
            Read-only, and no camera buffer: it stays valid after the next frame.
        captured_ns: ``time.monotonic_ns()`` when the grab returned. Only differences
            mean anything; it is neither wall time nor server time.
    """

    pixels: npt.NDArray[np.uint8]
    captured_ns: int


def is_picture(pixels: npt.NDArray[np.uint8]) -> bool:
    """Say whether the array is a picture at all: three channels, at least 160x120."""
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        return False
    return bool(pixels.shape[0] >= MIN_HEIGHT and pixels.shape[1] >= MIN_WIDTH)


@dataclass(frozen=True, slots=True, eq=False)
class AudioBlock:
    """10 ms of sound as the microphone gave it, before any processing.

    Attributes:
        samples: int16, shape (480, channels), 48 kHz, C-contiguous, read-only.
        captured_ns: ``time.monotonic_ns()`` when the block arrived.
    """

    samples: npt.NDArray[np.int16]
    captured_ns: int
