"""``tone:440``: a made microphone, a tone that comes and goes over a quiet noise floor.

300 ms on and 200 ms off, so that noise suppression takes it for a voice's syllables and leaves
it; a steady tone it would remove. Everything is computed at open: a block costs no arithmetic.
"""

import threading
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import (
    BLOCK_SAMPLES,
    SAMPLE_RATE_HZ,
    AudioBlock,
    DeviceId,
    DeviceInfo,
    DeviceKind,
)
from preflight.devices.pacing import Pacer
from preflight.devices.source_thread import OpenGuard
from preflight.devices.threaded_microphone import ThreadedMicrophone

MIN_HZ, MAX_HZ = 50.0, 8000.0
_ON_SAMPLES = SAMPLE_RATE_HZ * 300 // 1000
_PERIOD_SAMPLES = SAMPLE_RATE_HZ * 500 // 1000
_FADE_SAMPLES = SAMPLE_RATE_HZ * 5 // 1000
_PERIODS = 4
_TONE_PEAK = 8192.0
"""-12 dBFS, a voice close to the microphone."""
_NOISE_RMS = 16.0
"""-66 dBFS, a quiet room."""
_PERIOD_NS = 10_000_000
_CATCH_UP_BLOCKS = 100
"""A sound driver buffers: after a pause of our thread up to 1 s of blocks comes at once."""


def tone_microphone(hz: float, guard: OpenGuard) -> ThreadedMicrophone:
    """Make a closed source of the tone.

    Raises:
        ValueError: the pitch is not between 50 and 8000 Hz.
    """
    if not MIN_HZ <= hz <= MAX_HZ:
        raise ValueError(f"a tone of {hz:g} Hz is not between {MIN_HZ:g} and {MAX_HZ:g} Hz")
    info = DeviceInfo(DeviceId(f"tone:{hz:g}"), f"Demo tone {hz:g} Hz", DeviceKind.TONE)
    return ThreadedMicrophone(info, LoopReader(lambda: gated_tone(hz)), guard)


class LoopReader:
    """Plays int16 samples round and round in real time."""

    def __init__(self, make: Callable[[], npt.NDArray[np.int16]]) -> None:
        self._make = make
        self._blocks: list[npt.NDArray[np.int16]] = []
        self._next = 0
        self._channels = 1
        self._pacer = Pacer(_PERIOD_NS, _CATCH_UP_BLOCKS)

    @property
    def channels(self) -> int:
        return self._channels

    @property
    def own_rate_hz(self) -> int | None:
        return None

    @property
    def overflows(self) -> int:
        return 0

    def open(self) -> None:
        samples = self._make()
        whole = samples[: len(samples) // BLOCK_SAMPLES * BLOCK_SAMPLES]
        whole.flags.writeable = False
        self._channels = whole.shape[1]
        self._blocks = np.split(whole, len(whole) // BLOCK_SAMPLES)

    def read(self, stop: threading.Event) -> AudioBlock | None:
        if not self._pacer.wait(stop):
            return None
        samples = self._blocks[self._next]
        self._next = (self._next + 1) % len(self._blocks)
        return AudioBlock(samples, time.monotonic_ns())

    def close(self) -> None:
        self._blocks = []


def gated_tone(hz: float) -> npt.NDArray[np.int16]:
    """Return 2 s of the gated tone over noise: int16, shape (96000, 1)."""
    time_s = np.arange(_ON_SAMPLES) / SAMPLE_RATE_HZ
    on = _TONE_PEAK * np.sin(2 * np.pi * hz * time_s)
    fade = np.sin(np.linspace(0, np.pi / 2, _FADE_SAMPLES)) ** 2
    on[:_FADE_SAMPLES] *= fade
    on[-_FADE_SAMPLES:] *= fade[::-1]
    period = np.zeros(_PERIOD_SAMPLES)
    period[:_ON_SAMPLES] = on
    noise = np.random.default_rng(round(hz)).normal(0, _NOISE_RMS, _PERIODS * _PERIOD_SAMPLES)
    samples = np.tile(period, _PERIODS) + noise
    return np.round(samples).astype(np.int16)[:, np.newaxis]
