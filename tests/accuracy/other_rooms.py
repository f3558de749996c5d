"""The rooms that are reported: boxes with mirrored walls, tools, voices that whisper and shout.

Nothing of `made_rooms` but the playing itself: other responses, another noise, another voice.
Seeds from 7000.
"""

import itertools

import numpy as np

from preflight.devices.frames import SAMPLE_RATE_HZ
from tests.accuracy.made_rooms import Sound, rms

SOUND_M_S = 343.0
_MIRRORS = 4
_LONGEST_S = 0.45


def mirrored_room(rng: np.random.Generator) -> Sound:
    """Return the response of a box of 2 to 12 m by images of the loudspeaker behind its walls.

    Walls swallow 15 to 60 % of the energy; loudspeaker and microphone are 15 cm to 1.2 m apart.
    """
    size = rng.uniform((2.2, 2.0, 2.2), (12.0, 8.0, 4.5))
    bounce = np.sqrt(1.0 - rng.uniform(0.15, 0.6))
    microphone = size * rng.uniform(0.25, 0.75, 3)
    way = rng.standard_normal(3)
    loudspeaker = np.clip(
        microphone + way / np.linalg.norm(way) * rng.uniform(0.15, 1.2), 0.05, size - 0.05
    )
    response = np.zeros(round(_LONGEST_S * SAMPLE_RATE_HZ))
    direct_m = float(np.linalg.norm(loudspeaker - microphone))
    index = np.array(list(itertools.product(range(-_MIRRORS, _MIRRORS + 1), repeat=3)))
    image = index * size + np.where(index % 2 != 0, size - loudspeaker, loudspeaker)
    metres = np.linalg.norm(image - microphone, axis=1)
    # The direct sound is sample 0: the delay of a case is counted to it.
    place = np.round((metres - direct_m) / SOUND_M_S * SAMPLE_RATE_HZ).astype(int)
    loud = bounce ** np.abs(index).sum(axis=1) / metres
    inside = place < len(response)
    np.add.at(response, place[inside], loud[inside])
    return _tinny(response, rng)


def _tinny(response: Sound, rng: np.random.Generator) -> Sound:
    """Colour it: a resonance of the case, and highs that get lost to the side."""
    size = 2 * len(response)
    hertz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    resonance = 1.0 / (1.0 + ((hertz - rng.uniform(500, 1500)) / 250.0) ** 2)
    highs = 1.0 / np.sqrt(1.0 + (hertz / rng.uniform(2500, 9000)) ** 2)
    bass = np.minimum(1.0, hertz / rng.uniform(200, 450))
    shape = bass * highs * (1.0 + rng.uniform(0.0, 1.5) * resonance)
    coloured: Sound = np.fft.irfft(np.fft.rfft(response, size) * shape)[: len(response)]
    return coloured


def workshop(rng: np.random.Generator, length: int) -> Sound:
    """Return a compressor's hum with its harmonics, a grinder, and one to four hammer blows."""
    at = np.arange(length) / SAMPLE_RATE_HZ
    mains = rng.choice((50.0, 60.0))
    total = np.zeros(length)
    for step in range(1, 12):
        total += np.sin(2 * np.pi * mains * step * at + rng.uniform(0, 6)) / step
    grinder = rng.uniform(400, 2500) * (1 + 0.05 * np.sin(2 * np.pi * 3 * at))
    total += rng.uniform(0.0, 0.6) * np.sin(2 * np.pi * np.cumsum(grinder) / SAMPLE_RATE_HZ)
    total += rng.uniform(0.1, 0.6) * np.cumsum(rng.standard_normal(length)) / np.sqrt(length)
    for _ in range(int(rng.integers(1, 5))):
        start = int(rng.integers(0, length - 4800))
        ring = np.exp(-at[:4800] * rng.uniform(30, 120)) * rng.standard_normal(4800)
        total[start : start + 4800] += rng.uniform(1.0, 6.0) * ring
    return total


def chatting(rng: np.random.Generator, length: int) -> Sound:
    """Return two made voices of harmonics that glide, with hisses between, over a quiet room."""
    at = np.arange(length) / SAMPLE_RATE_HZ
    total = 0.02 * rng.standard_normal(length)
    for _ in range(2):
        pitch = rng.uniform(80, 300) * np.exp2(0.3 * np.sin(2 * np.pi * rng.uniform(0.3, 3) * at))
        phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE_HZ
        voice = np.zeros(length)
        for step in range(1, 25):
            voice += np.sin(step * phase + rng.uniform(0, 6)) / step ** rng.uniform(0.8, 1.6)
        beat = np.repeat(rng.random(length // 4800 + 1) > 0.4, 4800)[:length]
        hiss = np.diff(rng.standard_normal(length + 1)) * np.roll(~beat, 2400)
        total += rng.uniform(0.3, 1.0) * (voice / rms(voice) * beat + 0.3 * hiss)
    return total
