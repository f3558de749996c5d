"""What Liftbay needs of a camera, a microphone and a speaker, whatever is behind them.

Pure: adapters (``opencv_camera.py``, ``sounddevice_microphone.py`` …) live beside this file.

Life of a source: made closed, ``open()`` once, then ``taps`` receive every frame on the
source's own thread until ``close()``. Opening happens in that thread, so ``open()`` returns at
once and a driver that hangs hangs alone. A source is handed over **open** from preflight to
call: the call attaches its taps and the preflight detaches its own; nothing is reopened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeAlias

from preflight.devices.frames import (
    AudioBlock,
    CameraFrame,
    CameraMode,
    DeviceId,
    DeviceInfo,
    ModeWish,
    Orientation,
)
from preflight.verdicts.recommendation import UNLIMITED, Recommendation

FrameTap: TypeAlias = Callable[[CameraFrame], None]
BlockTap: TypeAlias = Callable[[AudioBlock], None]
Detach: TypeAlias = Callable[[], None]
"""Takes the tap off again; safe to call twice, from any thread. After it returns the tap is
not called any more."""


class SourceState(Enum):
    """Where an open device stands."""

    CLOSED = "closed"
    OPENING = "opening"
    RUNNING = "running"
    FAILED = "failed"
    LOST = "lost"


class OpenFault(Enum):
    """Why a device did not open or was lost, as far as the system tells."""

    NOT_FOUND = "not_found"
    BUSY = "busy"
    DENIED = "denied"
    REFUSED = "refused"
    NO_DATA = "no_data"
    UNPLUGGED = "unplugged"


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source's state with its stage timings, for the checks.

    Attributes:
        open_ms: from ``open()`` until the device was open; None before that.
        first_ms: from the open device until its first valid frame or block; None before.
        holder: name of the program that holds a busy device; None when unknown.
        detail: the library's own words, for logs only.
    """

    state: SourceState
    fault: OpenFault | None = None
    open_ms: float | None = None
    first_ms: float | None = None
    holder: str | None = None
    detail: str = ""


class CameraSource(Protocol):
    """One camera (or clip, or pattern)."""

    @property
    def info(self) -> DeviceInfo: ...
    @property
    def mode(self) -> CameraMode | None:
        """What the device delivers; None before the first frame."""
        ...

    @property
    def status(self) -> SourceStatus: ...
    @property
    def orientation(self) -> Orientation:
        """How its pictures are put upright."""
        ...

    def orient(self, orientation: Orientation) -> None:
        """Put the pictures upright from the next one on, for every tap. From any thread."""
        ...

    def ask_mode(self, wish: ModeWish) -> None:
        """Ask the open device for another mode, in its own thread and without closing it where
        the driver can. Returns at once; what came of it is in ``mode``. A source of one mode
        ignores it."""
        ...

    def open(self) -> None:
        """Start the capture thread. Returns at once."""
        ...

    def attach(self, tap: FrameTap) -> Detach:
        """Call ``tap`` on the capture thread for each frame, in order. A tap must be quick
        (below one frame interval) and must not raise; one that raises is detached and logged."""
        ...

    def close(self) -> None:
        """Stop and release the device. Idempotent; waits at most 2 s for the thread."""
        ...


class MicrophoneSource(Protocol):
    """One microphone (or tone, or sound file), 48 kHz in blocks of 10 ms."""

    @property
    def info(self) -> DeviceInfo: ...
    @property
    def channels(self) -> int: ...
    @property
    def own_rate_hz(self) -> int | None:
        """The rate of the device itself, before any conversion; None when unknown."""
        ...

    @property
    def status(self) -> SourceStatus: ...
    @property
    def overflows(self) -> int:
        """How many blocks the driver or our FIFO lost so far."""
        ...

    def open(self) -> None: ...
    def attach(self, tap: BlockTap) -> Detach:
        """Call ``tap`` for each block on the source's pump thread (never in the PortAudio
        callback); the same rules as for a camera's tap."""
        ...

    def close(self) -> None: ...


class SpeakerSink(Protocol):
    """One loudspeaker; pulls what it plays."""

    @property
    def info(self) -> DeviceInfo: ...
    @property
    def status(self) -> SourceStatus: ...
    @property
    def latency_ms(self) -> float:
        """Delay between a pull and the sound, for the echo canceller; 0 when unknown."""
        ...

    def open(self, pull: "PullBlock") -> None:
        """Start playing. ``pull`` is called for each 10 ms block, on the audio thread of the
        device: it must only copy.

        On a sink that is open this only puts another ``pull`` in place, without a gap: so the
        call takes the speaker over from the preflight."""
        ...

    def close(self) -> None: ...


PullBlock: TypeAlias = "Callable[[], AudioBlock | None]"
"""Returns the next 10 ms, mono; None plays silence."""


class DeviceCatalogue(Protocol):
    """Finds devices and makes closed sources of them."""

    def cameras(self) -> tuple[DeviceInfo, ...]:
        """Devices that can capture pictures now, best first. May block up to 2 s: not on the
        Qt thread."""
        ...

    @property
    def camera_is_set(self) -> bool:
        """Whether the command line or the settings name a camera; last time's takes no part."""
        ...

    @property
    def microphone_is_set(self) -> bool:
        """The same of a microphone."""
        ...

    @property
    def speaker_is_set(self) -> bool:
        """The same of a loudspeaker."""
        ...

    def microphones(self) -> tuple[DeviceInfo, ...]: ...
    def speakers(self) -> tuple[DeviceInfo, ...]: ...
    def camera(self, choice: DeviceId | None) -> CameraSource:
        """A closed source for the choice (None: the first real one).

        Raises:
            DeviceNotFound: nothing matches the choice, or there is no device at all.
        """
        ...

    def microphone(self, choice: DeviceId | None) -> MicrophoneSource: ...
    def speaker(self, choice: DeviceId | None) -> SpeakerSink: ...


class DeviceNotFound(Exception):
    """No device matches the choice; ``choice`` is what was asked for."""

    def __init__(self, what: str, choice: str | None) -> None:
        super().__init__(f"no {what} matches {choice!r}" if choice else f"no {what} was found")
        self.what = what
        self.choice = choice


@dataclass(frozen=True, slots=True, eq=False)
class ProvenDevices:
    """The handover: open devices that passed, given from preflight to call.

    Exactly one owner at any time: after the handover the call closes them.

    Attributes:
        limits: what this side's line and machine carry, for what is sent.
        orientations: of cameras that may be chosen later, by `stable_names.device_key`.
    """

    camera: CameraSource
    microphone: MicrophoneSource
    speaker: SpeakerSink
    limits: Recommendation = UNLIMITED
    orientations: Mapping[str, Orientation] = field(default_factory=dict)
