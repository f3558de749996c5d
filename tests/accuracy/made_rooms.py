"""Rooms with a loudspeaker and a microphone, for tuning: a direct sound and a fading tail.

`tests/accuracy/other_rooms.py` makes the rooms that are reported; this one's seeds stay below 4000.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.checks.speaker.sweep import sweep
from preflight.devices.frames import SAMPLE_RATE_HZ

HEARD_S = 1.5
FULL = 32768.0

Sound = npt.NDArray[np.float64]
MakeResponse = Callable[[np.random.Generator], Sound]
MakeNoise = Callable[[np.random.Generator, int], Sound]


@dataclass(frozen=True, slots=True)
class Room:
    """What a microphone hears while the sweep is played.

    Attributes:
        echo_db: level of the echo against what was played; None: the two are apart (a headset).
        delay_ms: from playing until the direct sound is heard.
        noise_dbfs: level of all other sound.
    """

    echo_db: float | None
    delay_ms: float
    noise_dbfs: float


def heard_in(
    room: Room, rng: np.random.Generator, response: MakeResponse, noise: MakeNoise
) -> npt.NDArray[np.int16]:
    """Return what the microphone hears from the moment the sweep is played, 48 kHz."""
    length = round(HEARD_S * SAMPLE_RATE_HZ)
    told = noise(rng, length)
    total = told * (10 ** (room.noise_dbfs / 20) * FULL / max(1e-9, rms(told)))
    if room.echo_db is not None:
        played = sweep().astype(np.float64)
        echo = convolved(played, response(rng))
        # As loud as it is over the length of the sweep: that is what "level" means for it.
        wanted = np.sqrt(np.sum(played**2)) * 10 ** (room.echo_db / 20)
        echo *= wanted / np.sqrt(np.sum(echo**2))
        start = round(room.delay_ms / 1000 * SAMPLE_RATE_HZ)
        part = echo[: length - start]
        total[start : start + len(part)] += part
    return np.clip(np.round(total), -FULL, FULL - 1).astype(np.int16)


def fading_room(rng: np.random.Generator) -> Sound:
    """Return a response: direct sound, then noise that fades by 60 dB in 0.15 to 1.2 s."""
    fades_s = rng.uniform(0.15, 1.2)
    at = np.arange(round(0.4 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = rng.standard_normal(len(at)) * np.exp(-6.9 * at / fades_s)
    tail[: round(0.002 * SAMPLE_RATE_HZ)] = 0.0
    direct_to_tail_db = rng.uniform(-3.0, 12.0)
    tail *= 10 ** (-direct_to_tail_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return small_loudspeaker(tail, rng.uniform(150.0, 500.0))


def small_loudspeaker(response: Sound, lowest_hz: float) -> Sound:
    """Take the bass away, as a small loudspeaker does: 12 dB an octave below ``lowest_hz``."""
    spectrum = np.fft.rfft(response, 2 * len(response))
    hertz = np.fft.rfftfreq(2 * len(response), 1 / SAMPLE_RATE_HZ)
    share = (hertz / lowest_hz) ** 2
    shaped: Sound = np.fft.irfft(spectrum * share / (1 + share))[: len(response)]
    return shaped


def steady_noise(rng: np.random.Generator, length: int) -> Sound:
    """Return white or pinkish noise, as a fan or a road makes it."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ), 20.0)
    shaped: Sound = np.fft.irfft(spectrum * hertz ** -rng.uniform(0.0, 0.6), length)
    return shaped


def talking(rng: np.random.Generator, length: int) -> Sound:
    """Return a made voice: a buzz with three resonances, in syllables, over a little noise."""
    at = np.arange(length) / SAMPLE_RATE_HZ
    pitch_hz = rng.uniform(90, 240) * (1 + 0.08 * np.sin(2 * np.pi * rng.uniform(0.5, 2) * at))
    phase = np.cumsum(pitch_hz) / SAMPLE_RATE_HZ
    buzz = np.where(np.diff(np.floor(phase), prepend=0.0) > 0, 1.0, 0.0)
    spectrum = np.fft.rfft(buzz)
    hertz = np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ)
    shape = np.full(len(hertz), 0.01)
    for centre, width in ((rng.uniform(300, 800), 90), (rng.uniform(900, 2200), 130), (2700, 200)):
        shape += 1.0 / (1.0 + ((hertz - centre) / width) ** 2)
    voice = np.fft.irfft(spectrum * shape, length)
    syllables = np.clip(np.sin(2 * np.pi * rng.uniform(2.5, 5) * at + rng.uniform(0, 6)), 0.0, 1.0)
    spoken: Sound = voice / rms(voice) * syllables + 0.01 * rng.standard_normal(length)
    return spoken


def rms(sound: Sound) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt(np.mean(sound**2)))


def convolved(sound: Sound, response: Sound) -> Sound:
    """Return the sound after the response."""
    size = len(sound) + len(response) - 1
    made: Sound = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)
    return made
