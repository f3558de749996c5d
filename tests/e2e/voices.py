"""Voices of the end-to-end tests: a gated tone for each person, and what a loudspeaker gave."""

import contextlib
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from preflight.devices.tone_microphone import gated_tone
from tests.fakes.pulse_server import VirtualSound

RATE_HZ = 48_000
VOICE_S = 600.0
LOUD_DBFS = -50.0


def write_voice(path: Path, pitch_hz: float) -> Path:
    """Write a WAV file of a gated tone, longer than any test plays it."""
    once = gated_tone(pitch_hz)[:, 0]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        times = int(VOICE_S * RATE_HZ / len(once))
        for _ in range(times):
            file.writeframes(once.tobytes())
    return path


def loudest_tone(recorded: bytes) -> tuple[float, float]:
    """Return pitch in Hz and level in dBFS of the loudest quarter second of a recording.

    Args:
        recorded: 48 kHz, 16 bits, mono, as `VirtualSound.record` returns it.
    """
    samples = np.frombuffer(recorded[: len(recorded) // 2 * 2], dtype="<i2").astype(np.float64)
    step = RATE_HZ // 4
    parts = [samples[at : at + step] for at in range(0, len(samples) - step + 1, step)]
    if not parts:
        return 0.0, -120.0
    part = max(parts, key=lambda one: float(np.mean(one**2)))
    rms = float(np.sqrt(np.mean(part**2))) / 32768
    windowed = part * np.hanning(len(part))
    peak = float(np.argmax(np.abs(np.fft.rfft(windowed)))) * RATE_HZ / len(part)
    return peak, 20 * float(np.log10(rms)) if rms > 0 else -120.0


class Listener:
    """Records what comes out of a loudspeaker, again and again, while a call runs.

    ``heard`` keeps pitch and level of every loud enough recording.
    """

    def __init__(self, sound: VirtualSound, source: str) -> None:
        self.heard: list[tuple[float, float]] = []
        self._sound = sound
        self._source = source
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name=f"listen to {source}")

    def _listen(self) -> None:
        while not self._stop.is_set():
            pitch, level = loudest_tone(self._sound.record(self._source, 1.0))
            if level > LOUD_DBFS:
                self.heard.append((pitch, level))
            time.sleep(1.0)

    @contextlib.contextmanager
    def listening(self) -> Iterator["Listener"]:
        """Listen while the block runs."""
        self._thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._thread.join(timeout=10)
