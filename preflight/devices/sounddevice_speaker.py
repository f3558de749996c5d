"""A real loudspeaker through PortAudio, which pulls a block every 10 ms from its own thread."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from preflight.devices import portaudio
from preflight.devices.block_resampler import BlockResampler
from preflight.devices.frames import BLOCK_SAMPLES, DeviceInfo
from preflight.devices.ports import OpenFault, PullBlock, SourceState, SourceStatus
from preflight.devices.pulse import Direction, PulseServer, routed
from preflight.devices.source_thread import OpenFailed
from preflight.devices.stream_watch import StreamWatch

_log = logging.getLogger(__name__)
_LATENCY_S = 0.04
_CLOSE_WAIT_S = 2.0
_SILENT_S = 2.0

StreamPlace = Callable[[portaudio.StreamCallback], "OpenedStream"]


class OpenedStream:
    """An open output stream with its watch, if it has one."""

    def __init__(self, stream: portaudio.AudioStream, watch: StreamWatch | None = None) -> None:
        self.stream = stream
        self.watch = watch

    def close(self) -> None:
        if self.watch is not None:
            self.watch.stop()
        self.stream.close()


class SounddeviceSpeaker:
    """``SpeakerSink`` over PortAudio. ``pull`` runs on PortAudio's thread."""

    def __init__(self, info: DeviceInfo, place: StreamPlace) -> None:
        self._info = info
        self._place = place
        self._status_lock = threading.Lock()
        self._status = SourceStatus(SourceState.CLOSED)
        self._opened: OpenedStream | None = None
        self._pull: PullBlock | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._opened_ns = 0
        self._first_ns = 0
        self._called_ns = 0
        self._resampler: BlockResampler | None = None

    @property
    def info(self) -> DeviceInfo:
        return self._info

    @property
    def status(self) -> SourceStatus:
        return self._judged()

    @property
    def latency_ms(self) -> float:
        opened = self._opened
        return opened.stream.latency_ms if opened is not None else 0.0

    def open(self, pull: PullBlock) -> None:
        """Start playing what ``pull`` gives, or play from it instead. Returns at once.

        Raises:
            RuntimeError: closed before; a sink lives once.
        """
        if self._stop.is_set():
            raise RuntimeError(f"{self._info.id} was closed; make a new sink")
        self._pull = pull
        if self._thread is not None:
            return
        self._set(SourceStatus(SourceState.OPENING))
        self._thread = threading.Thread(target=self._run, name=f"open {self._info.id}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop playing; waits at most 2 s for a driver that is still opening."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_CLOSE_WAIT_S)
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()
        with self._status_lock:
            self._status = SourceStatus(SourceState.CLOSED, open_ms=self._status.open_ms)

    def _run(self) -> None:
        began_ns = time.monotonic_ns()
        try:
            opened = self._place(self._on_need)
        except OpenFailed as failed:
            self._fail(failed)
            return
        except Exception as error:
            # Left alone it would be opening for ever, and nobody told that they hear nothing.
            _log.exception("the loudspeaker %s failed", self._info.id)
            self._fail(OpenFailed(OpenFault.REFUSED, repr(error)))
            return
        if self._stop.is_set():
            opened.close()
            return
        self._opened_ns = self._called_ns = time.monotonic_ns()
        self._opened = opened
        open_ms = (time.monotonic_ns() - began_ns) / 1e6
        self._set(SourceStatus(SourceState.RUNNING, open_ms=open_ms))

    def _fail(self, failed: OpenFailed) -> None:
        self._set(
            SourceStatus(
                SourceState.FAILED, failed.fault, holder=failed.holder, detail=failed.detail
            )
        )

    def _judged(self) -> SourceStatus:
        """The status, with what only shows when somebody looks: the first pull, a loss, its end."""
        status, opened = self._status, self._opened
        if status.state not in (SourceState.RUNNING, SourceState.LOST) or opened is None:
            return status
        if status.first_ms is None and self._first_ns:
            # PortAudio may pull before its start returns.
            first_ms = max(0.0, (self._first_ns - self._opened_ns) / 1e6)
            status = replace(status, first_ms=first_ms)
            self._set(status)
        problem = opened.watch.problem if opened.watch is not None else None
        if problem is None and time.monotonic_ns() - self._called_ns > _SILENT_S * 1e9:
            problem = "the device asks for no more sound"
        if problem is None:
            # A pause of the driver or of this machine is over: sound is asked for again.
            if status.state is SourceState.LOST:
                status = replace(status, state=SourceState.RUNNING, fault=None, detail="")
                self._set(status)
            return status
        if status.state is SourceState.LOST:
            return status
        lost = replace(status, state=SourceState.LOST, fault=OpenFault.UNPLUGGED, detail=problem)
        self._set(lost)
        return lost

    def _set(self, status: SourceStatus) -> None:
        with self._status_lock:
            if not self._stop.is_set():
                self._status = status

    def _on_need(self, out: Any, frames: int, time_info: object, status: Any) -> None:
        self._called_ns = time.monotonic_ns()
        self._first_ns = self._first_ns or self._called_ns
        block = self._pull() if self._pull is not None else None
        if block is None:
            out[:] = bytes(len(out))
            return
        samples = block.samples[:, :1]
        if frames != BLOCK_SAMPLES:
            # Ten milliseconds of a device that knows no 48 kHz.
            if self._resampler is None:
                self._resampler = BlockResampler(BLOCK_SAMPLES, frames)
            samples = self._resampler.convert(samples)
        channels = len(out) // (2 * frames)
        out[:] = samples.repeat(channels, axis=1).tobytes() if channels > 1 else samples.tobytes()


def pulse_speaker(info: DeviceInfo, pulse: PulseServer) -> SounddeviceSpeaker:
    """Make a closed sink of the Pulse sink that ``info.id`` names."""
    sink = str(info.id)

    def place(callback: portaudio.StreamCallback) -> OpenedStream:
        found = [each for each in pulse.devices(Direction.OUT) if each.name == sink]
        if not found:
            raise OpenFailed(OpenFault.NOT_FOUND, f"Pulse has no sink {sink}")
        tag = uuid.uuid4().hex
        index = portaudio.pulse_index(Direction.OUT)
        with routed(Direction.OUT, sink, tag):
            stream = portaudio.open_stream(Direction.OUT, index, 1, _LATENCY_S, callback)
            _start(stream)
        watch = StreamWatch(pulse, Direction.OUT, found[0], tag)
        watch.start()
        return OpenedStream(stream, watch)

    return SounddeviceSpeaker(info, place)


def portaudio_speaker(info: DeviceInfo) -> SounddeviceSpeaker:
    """Make a closed sink of the PortAudio device that ``info.name`` names."""

    def place(callback: portaudio.StreamCallback) -> OpenedStream:
        for device in portaudio.devices():
            if device.name == info.name and device.outputs:
                channels = min(2, device.outputs)
                try:
                    stream = portaudio.open_stream(
                        Direction.OUT, device.index, channels, _LATENCY_S, callback
                    )
                except portaudio.RateRefused:
                    stream = portaudio.open_stream(
                        Direction.OUT,
                        device.index,
                        channels,
                        _LATENCY_S,
                        callback,
                        round(device.rate_hz),
                    )
                _start(stream)
                return OpenedStream(stream)
        raise OpenFailed(OpenFault.NOT_FOUND, f"PortAudio lists no output {info.name}")

    return SounddeviceSpeaker(info, place)


def _start(stream: portaudio.AudioStream) -> None:
    try:
        stream.start()
    except OpenFailed:
        stream.close()
        raise
