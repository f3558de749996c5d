"""PortAudio through sounddevice: the only module that imports it, when first needed.

PortAudio's list of devices is frozen when it starts, so a headset plugged in later is not in
it. Starting it again would cut running streams: that is done only while none is open. The
library keeps one state per process, and so does this module.
"""

import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from preflight.devices.frames import SAMPLE_RATE_HZ
from preflight.devices.ports import OpenFault
from preflight.devices.pulse import Direction
from preflight.devices.source_thread import OpenFailed
from preflight.devices.turn import Turn

StreamCallback = Callable[..., None]
_lock = threading.RLock()
_open_streams: set[int] = set()
_opening: set[object] = set()
_turn = Turn(patience_s=2.0)
"""PortAudio wants one caller at a time, but a driver that hangs keeps no other device closed."""
_PA_DEVICE_UNAVAILABLE, _PA_INVALID_DEVICE, _PA_INVALID_SAMPLE_RATE = -9985, -9996, -9997
_PULSE_DEVICES = ("pulse", "default")


@dataclass(frozen=True, slots=True)
class PortAudioDevice:
    """A row of PortAudio's list; ``index`` holds only until the list is read again."""

    index: int
    name: str
    host_api: str
    inputs: int
    outputs: int
    rate_hz: float
    default_input: bool
    default_output: bool


class AudioStream:
    """An open PortAudio stream. Closing is idempotent."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._is_closing = False
        with _lock:
            _open_streams.add(id(self))

    @property
    def latency_ms(self) -> float:
        return float(self._raw.latency) * 1000.0

    @property
    def active(self) -> bool:
        return bool(self._raw.active)

    def start(self) -> None:
        """Let the callback run.

        Raises:
            OpenFailed: the device refused.
        """
        with _reported():
            self._raw.start()

    def close(self) -> None:
        with _lock:
            if self._is_closing:
                return
            self._is_closing = True
        try:
            # abort, not stop: stop waits until all sound was played, for ever on a dead device.
            self._raw.abort(ignore_errors=True)
            self._raw.close(ignore_errors=True)
        finally:
            # Counted as open until here: PortAudio started again in between would free the
            # stream under our hands.
            with _lock:
                _open_streams.discard(id(self))


def devices(*, refresh: bool = True) -> tuple[PortAudioDevice, ...]:
    """List what PortAudio sees now; while a stream is open, what it saw before.

    Empty where there is no PortAudio library. ``refresh=False`` never starts it again.
    """
    with _lock:
        try:
            library = _library()
        except OSError:
            return ()
        if refresh and not is_frozen():
            library._terminate()
            library._initialize()
        apis = library.query_hostapis()
        return tuple(
            PortAudioDevice(
                index=row["index"],
                name=row["name"],
                host_api=apis[row["hostapi"]]["name"],
                inputs=row["max_input_channels"],
                outputs=row["max_output_channels"],
                rate_hz=row["default_samplerate"],
                # Of its own interface: PortAudio's own default on Windows is one of the oldest,
                # whose devices are others.
                default_input=row["index"] == apis[row["hostapi"]]["default_input_device"],
                default_output=row["index"] == apis[row["hostapi"]]["default_output_device"],
            )
            for row in library.query_devices()
        )


def is_frozen() -> bool:
    """Say whether a stream, open or about to be, keeps the list as it was."""
    with _lock:
        return bool(_open_streams or _opening)


def pulse_index(direction: Direction) -> int:
    """Return PortAudio's number of the Pulse device.

    Raises:
        OpenFailed: PortAudio has no way to Pulse (ALSA's plugin for it is not installed).
    """
    with _lock:
        for refreshed in (False, True):
            for name in _PULSE_DEVICES:
                for row in devices(refresh=refreshed):
                    count = row.inputs if direction is Direction.IN else row.outputs
                    if row.name == name and count:
                        return row.index
    raise OpenFailed(OpenFault.REFUSED, "PortAudio lists no Pulse device")


def open_stream(
    direction: Direction,
    index: int,
    channels: int,
    latency_s: float,
    callback: StreamCallback,
    rate_hz: int = SAMPLE_RATE_HZ,
) -> AudioStream:
    """Open a stopped stream of int16 in blocks of 10 ms. A driver may take for ever over it.

    Args:
        callback: sounddevice's raw callback ``(buffer, frames, time, status)``, on PortAudio's
            thread: it must only copy.

    Raises:
        RateRefused: the device is there and knows no such rate.
        OpenFailed: NOT_FOUND, BUSY, DENIED or REFUSED.
    """
    with _being_opened(), _reported():
        library = _library()
        kind = library.RawInputStream if direction is Direction.IN else library.RawOutputStream
        return AudioStream(
            kind(
                samplerate=rate_hz,
                blocksize=rate_hz // 100,
                device=index,
                channels=channels,
                dtype="int16",
                latency=latency_s,
                callback=callback,
            )
        )


class RateRefused(OpenFailed):
    """The device does not run at the rate that was asked for."""


_WASAPI = {-2147024891: OpenFault.DENIED, -2004287478: OpenFault.BUSY}
"""E_ACCESSDENIED and AUDCLNT_E_DEVICE_IN_USE, as PortAudio tells them: numbers with a sign, beside
``UNKNOWN ERROR`` and the name."""


def fault_of(code: int, words: str) -> OpenFault:
    """Translate PortAudio's error into ours; the host's own words decide where they say more."""
    lowered = words.lower()
    for number, fault in _WASAPI.items():
        if str(number) in words:
            return fault
    if "permission" in lowered or "access is denied" in lowered or "0x80070005" in lowered:
        return OpenFault.DENIED
    if "busy" in lowered or "in use" in lowered or "exclusive" in lowered:
        return OpenFault.BUSY
    if code == _PA_INVALID_DEVICE or "no such" in lowered:
        return OpenFault.NOT_FOUND
    if code == _PA_DEVICE_UNAVAILABLE:
        return OpenFault.BUSY
    return OpenFault.REFUSED


@contextmanager
def _being_opened() -> Iterator[None]:
    """Count as open from here on, and let the list be read by others meanwhile."""
    token = object()
    with _lock:
        _opening.add(token)
    try:
        with _turn.taken():
            yield
    finally:
        with _lock:
            _opening.discard(token)


def _library() -> Any:
    """Import sounddevice, which starts PortAudio: 0.2 s, so not before it is needed."""
    return importlib.import_module("sounddevice")


@contextmanager
def _reported() -> Iterator[None]:
    """Turn sounddevice's errors into ours."""
    try:
        yield
    except (_library().PortAudioError, OSError, ValueError) as error:
        code = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else 0
        words = " ".join(str(arg) for arg in error.args)
        kind = RateRefused if code == _PA_INVALID_SAMPLE_RATE else OpenFailed
        raise kind(fault_of(code, words), words) from error
