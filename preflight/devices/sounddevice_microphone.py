"""A real microphone through PortAudio: 48 kHz, 16 bits, blocks of 10 ms, nothing processed.

PortAudio's thread only copies into a bounded FIFO; the source's pump thread takes the blocks
out and calls the taps. On Pulse the microphone is a source by name, watched while it runs.
"""

import threading
import time
import uuid
from typing import Any

import numpy as np

from preflight.devices import portaudio
from preflight.devices.audio_fifo import AudioFifo
from preflight.devices.block_resampler import BlockResampler
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock, DeviceInfo
from preflight.devices.ports import OpenFault
from preflight.devices.pulse import Direction, PulseServer, routed
from preflight.devices.source_thread import DeviceGone, OpenFailed, OpenGuard
from preflight.devices.stream_watch import StreamWatch
from preflight.devices.threaded_microphone import ThreadedMicrophone

FIFO_MS = 200
_LATENCY_S = 0.02
_READ_WAIT_S = 0.1
_MAX_CHANNELS = 2


def pulse_microphone(info: DeviceInfo, pulse: PulseServer, guard: OpenGuard) -> ThreadedMicrophone:
    """Make a closed source of the Pulse source that ``info.id`` names."""
    return ThreadedMicrophone(info, PulseReader(str(info.id), pulse), guard)


def portaudio_microphone(info: DeviceInfo, guard: OpenGuard) -> ThreadedMicrophone:
    """Make a closed source of the PortAudio device that ``info.name`` names."""
    return ThreadedMicrophone(info, PortAudioReader(info.name), guard)


class StreamReader:
    """Reads blocks from an input stream; where that stream goes is the subclass's business."""

    def __init__(self) -> None:
        self._fifo = AudioFifo(FIFO_MS)
        self._stream: portaudio.AudioStream | None = None
        self._driver_overflows = 0
        self._channels = 1
        self._own_rate_hz: int | None = None
        self._samples = BLOCK_SAMPLES
        self._resampler: BlockResampler | None = None

    @property
    def channels(self) -> int:
        return self._channels

    @property
    def own_rate_hz(self) -> int | None:
        return self._own_rate_hz

    @property
    def overflows(self) -> int:
        return self._driver_overflows + self._fifo.overruns

    def read(self, stop: threading.Event) -> AudioBlock | None:
        return self._fifo.pop(_READ_WAIT_S)

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def _start(self, index: int, channels: int, rate_hz: int = SAMPLE_RATE_HZ) -> None:
        self._channels = channels
        self._samples = rate_hz // 100
        if rate_hz != SAMPLE_RATE_HZ:
            self._resampler = BlockResampler(self._samples, BLOCK_SAMPLES)
        self._stream = portaudio.open_stream(
            Direction.IN, index, channels, _LATENCY_S, self._on_sound, rate_hz
        )
        self._stream.start()

    def _on_sound(self, data: Any, frames: int, time_info: object, status: Any) -> None:
        captured_ns = time.monotonic_ns()
        if status and status.input_overflow:
            self._driver_overflows += 1
        if frames != self._samples:
            return
        samples = np.frombuffer(bytes(data), np.int16).reshape(frames, -1)
        if self._resampler is not None:
            samples = self._resampler.convert(samples)
            samples.flags.writeable = False
        self._fifo.push(AudioBlock(samples, captured_ns))


class PulseReader(StreamReader):
    """A Pulse source by name; gone when it is unplugged or the server moves our stream."""

    def __init__(self, source: str, pulse: PulseServer) -> None:
        super().__init__()
        self._source = source
        self._pulse = pulse
        self._watch: StreamWatch | None = None

    def open(self) -> None:
        found = [each for each in self._pulse.devices(Direction.IN) if each.name == self._source]
        if not found:
            raise OpenFailed(OpenFault.NOT_FOUND, f"Pulse has no source {self._source}")
        self._own_rate_hz = found[0].rate_hz
        tag = uuid.uuid4().hex
        index = portaudio.pulse_index(Direction.IN)
        with routed(Direction.IN, self._source, tag):
            self._start(index, min(_MAX_CHANNELS, found[0].channels))
        on = self._pulse.index_of_stream(Direction.IN, tag)
        if on != found[0].index:
            raise OpenFailed(OpenFault.REFUSED, f"asked for {self._source}, opened on {on}")
        self._watch = StreamWatch(self._pulse, Direction.IN, found[0], tag)
        self._watch.start()

    def read(self, stop: threading.Event) -> AudioBlock | None:
        if self._watch is not None and self._watch.problem is not None:
            raise DeviceGone(OpenFault.UNPLUGGED, self._watch.problem)
        return super().read(stop)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        super().close()


class PortAudioReader(StreamReader):
    """A PortAudio input by name: Windows, macOS, and Linux without a Pulse server."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def open(self) -> None:
        for device in portaudio.devices():
            if device.name == self._name and device.inputs:
                channels = min(_MAX_CHANNELS, device.inputs)
                self._own_rate_hz = round(device.rate_hz)
                try:
                    self._start(device.index, channels)
                except portaudio.RateRefused:
                    # Windows converts no rate for us, and would hide a wrong one if it did.
                    self._start(device.index, channels, round(device.rate_hz))
                return
        raise OpenFailed(OpenFault.NOT_FOUND, f"PortAudio lists no input {self._name}")

    def read(self, stop: threading.Event) -> AudioBlock | None:
        block = super().read(stop)
        if block is None and self._stream is not None and not self._stream.active:
            raise DeviceGone(OpenFault.UNPLUGGED, "PortAudio ended the stream")
        return block
