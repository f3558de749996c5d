"""Rooms and noises of the blind sets: mirror images, a tail that fades, and a workshop.

Waves are float64, 48 kHz, shape (n,); full scale is 1.0. A wave of noise is as long as a run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tests.accuracy.sound_tools import RATE_HZ, Random, Wave, gain, unit

SPEED_M_S = 343.0
RUN_S = 7.0
RUN = round(RUN_S * RATE_HZ)
_EARLY_S, _LONGEST_S = 0.04, 0.55
_IMAGES = 3
"""Mirror images in each direction, to either side."""
Noise: TypeAlias = Callable[[Random], Wave]


# --- Rooms -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Room:
    """A room with a loudspeaker and a microphone.

    Attributes:
        size_m: its three sides.
        fade_s: how long it takes until a sound has fallen by 60 dB.
        apart_m: from the loudspeaker to the microphone.
    """

    size_m: tuple[float, float, float]
    fade_s: float
    apart_m: float

    def response(self, random: Random) -> tuple[Wave, float]:
        """Return what comes of one sample, and after how many seconds it comes first."""
        size = np.array(self.size_m)
        ear = random.uniform(0.25, 0.75, 3) * size
        way = random.standard_normal(3) * (1, 1, 0.3)
        mouth = np.clip(ear + self.apart_m * way / np.linalg.norm(way), 0.1, size - 0.1)
        # Sabine: all walls swallow the same share of what meets them.
        surface = 2 * (size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
        swallowed = float(np.clip(0.161 * size.prod() / (surface * self.fade_s), 0.03, 0.9))
        made = np.zeros(round(min(self.fade_s, _LONGEST_S) * RATE_HZ))
        self._early(made, size, ear, mouth, np.sqrt(1 - swallowed))
        self._tail(random, made)
        direct_s = float(np.linalg.norm(mouth - ear)) / SPEED_M_S
        return made, direct_s

    def _early(self, made: Wave, size: Wave, ear: Wave, mouth: Wave, left_over: float) -> None:
        """Add the loudspeaker and its mirror images (Allen and Berkley, 1979)."""
        steps = np.arange(-_IMAGES, _IMAGES + 1)
        sides = []
        for axis in range(3):
            for turned in (0, 1):
                place = (1 - 2 * turned) * mouth[axis] + 2 * steps * size[axis] - ear[axis]
                sides.append((place, np.abs(steps - turned) + np.abs(steps)))
        for number in range(8):
            chosen = [sides[2 * axis + (number >> axis & 1)] for axis in range(3)]
            away = np.linalg.norm(np.meshgrid(*(c[0] for c in chosen)), axis=0)
            walls = np.sum(np.meshgrid(*(c[1] for c in chosen)), axis=0)
            at = (away / SPEED_M_S * RATE_HZ).astype(int)
            near = at < min(len(made), round(_EARLY_S * RATE_HZ))
            np.add.at(made, at[near], left_over ** walls[near] / np.maximum(away[near], 0.05))

    def _tail(self, random: Random, made: Wave) -> None:
        """Let noise follow that falls by 60 dB in the room's time (Schroeder)."""
        begin, before = round(_EARLY_S * RATE_HZ), round(0.015 * RATE_HZ)
        if len(made) <= begin:
            return
        level = np.sqrt(np.square(made[begin - before : begin]).mean())
        after = np.arange(len(made) - begin) / RATE_HZ
        made[begin:] += (
            level * random.standard_normal(len(after)) * 10 ** (-3 * after / self.fade_s)
        )


def boxed(random: Random, response: Wave, low_hz: float, high_hz: float) -> Wave:
    """Play it by a small box: little below and above, and dips between."""
    count = 2 * len(response)
    hertz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    shape = 1 / np.sqrt(1 + (low_hz / np.maximum(hertz, 1)) ** 4)
    shape /= np.sqrt(1 + (hertz / high_hz) ** 6)
    for _ in range(3):
        dip = np.exp(-(np.log2(np.maximum(hertz, 1) / random.uniform(400, 3000)) ** 2) / 0.05)
        shape *= 1 - random.uniform(0, 0.6) * dip
    return np.fft.irfft(np.fft.rfft(response, count) * shape, count)[: len(response)]


# --- Noises, each at 0 dBFS --------------------------------------------------------------------


def hiss(random: Random) -> Wave:
    """Air from a vent: steady, and less of it the higher."""
    spectrum = np.fft.rfft(random.standard_normal(RUN))
    hertz = np.fft.rfftfreq(RUN, 1 / RATE_HZ)
    slope = random.uniform(0.2, 1.0)
    return unit(np.fft.irfft(spectrum * np.maximum(hertz, 60) ** -slope, RUN))


def compressor(random: Random) -> Wave:
    """A piston's beat: many multiples of its turning rate, stronger and weaker within a turn."""
    at = np.arange(RUN) / RATE_HZ
    turns = np.cumsum(random.uniform(21, 26) * (1 + 0.01 * np.sin(2 * np.pi * 0.3 * at))) / RATE_HZ
    turn = np.arange(4096) / 4096
    one = np.zeros(len(turn))
    for number in range(1, 60):
        one += random.normal() / number**0.5 * np.sin(2 * np.pi * (number * turn + random.random()))
    made = one[(turns * len(turn)).astype(int) % len(turn)]
    return unit(made * (1 + 0.5 * np.sin(2 * np.pi * turns)) + 0.3 * hiss(random))


def drill(random: Random) -> Wave:
    """A machine that is started again and again: its whine rises for half a second, and falls."""
    made = np.zeros(RUN)
    at = np.arange(RUN) / RATE_HZ
    begin = random.uniform(0.1, 0.6)
    while begin < RUN_S:
        rise, hold = random.uniform(0.3, 0.7), random.uniform(0.3, 1.0)
        since = at - begin
        on = (since > 0) & (since < 2 * rise + hold)
        speed = np.clip(np.minimum(since, 2 * rise + hold - since) / rise, 0, 1)
        turns = np.cumsum(random.uniform(250, 420) * speed) / RATE_HZ
        for number in (1, 2, 3, 5, 8):
            made += on * speed * random.uniform(0.3, 1) * np.sin(2 * np.pi * number * turns)
        begin += 2 * rise + hold + random.uniform(0.1, 0.5)
    return unit(made + 0.1 * hiss(random))


def wrench(random: Random) -> Wave:
    """Blows, 15 to 25 a second for a while, each of which rings; then single ones."""
    blows = np.zeros(RUN)
    begin = 0.0
    while begin < RUN_S:
        for _ in range(int(random.integers(1, 25))):
            begin += 1 / random.uniform(15, 25)
            if begin < RUN_S:
                blows[int(begin * RATE_HZ)] = random.uniform(0.5, 1.5)
        begin += random.uniform(0.1, 0.6)
    at = np.arange(round(0.2 * RATE_HZ)) / RATE_HZ
    ring = np.zeros(len(at))
    for _ in range(6):
        fades = np.exp(-at / random.uniform(0.004, 0.03))
        ring += fades * np.sin(2 * np.pi * random.uniform(700, 4500) * at)
    made = np.fft.irfft(np.fft.rfft(blows) * np.fft.rfft(ring, RUN), RUN)
    return unit(made + 0.02 * np.std(made) * random.standard_normal(RUN))


def radio(random: Random) -> Wave:
    """Notes that begin together and fade, two or three at a time."""
    made, at = np.zeros(RUN), np.arange(round(0.6 * RATE_HZ)) / RATE_HZ
    beat = random.uniform(0.22, 0.4)
    for begin in np.arange(0, RUN_S - 0.7, beat):
        first = int(begin * RATE_HZ)
        for step in random.choice((0, 3, 4, 7, 9, 12, 16), int(random.integers(1, 4))):
            hertz = 196.0 * 2 ** (step / 12)
            several = [np.sin(2 * np.pi * n * hertz * at) / n for n in range(1, 9)]
            note = np.sum(several, axis=0)
            made[first : first + len(at)] += note * np.exp(-at / random.uniform(0.1, 0.5))
    return unit(made + 0.03 * np.std(made) * random.standard_normal(RUN))


def voice(random: Random) -> Wave:
    """Somebody speaks: a larynx through a mouth that takes another shape five times a second."""
    made, begin = np.zeros(RUN), random.uniform(0, 0.4)
    pitch = random.uniform(85, 230)
    while begin < RUN_S - 0.4:
        long = random.uniform(0.1, 0.28)
        count = round(long * RATE_HZ)
        syllable = _syllable(random, count, pitch * random.uniform(0.8, 1.25))
        made[int(begin * RATE_HZ) :][:count] += random.uniform(0.3, 1) * syllable
        begin += long + (random.uniform(0.2, 0.7) if random.random() < 0.15 else 0.02)
    return unit(made)


def _syllable(random: Random, count: int, pitch_hz: float) -> Wave:
    at = np.arange(count) / RATE_HZ
    turns = np.cumsum(pitch_hz * (1 + random.uniform(-0.2, 0.2) * at / at[-1])) / RATE_HZ
    source = np.diff(np.floor(turns), prepend=0.0)
    if random.random() < 0.3:
        source = 0.1 * random.standard_normal(count)
    hertz = np.fft.rfftfreq(2 * count, 1 / RATE_HZ)
    mouth = np.full(len(hertz), 0.01)
    for low, high in ((250, 850), (850, 2300), (2300, 3400)):
        mouth += 1 / (1 + ((hertz - random.uniform(low, high)) / random.uniform(40, 120)) ** 2)
    mouth /= 1 + (hertz / 3500) ** 2
    made = np.fft.irfft(np.fft.rfft(source, 2 * count) * mouth)[:count]
    swell = np.abs(np.sin(np.pi * at / at[-1])) ** 0.6
    return np.asarray(made / (np.std(made) + 1e-9) * swell)


def babble(random: Random) -> Wave:
    """Five people speak at once."""
    return unit(np.sum([voice(random) for _ in range(5)], axis=0))


NOISES: tuple[Noise, ...] = (hiss, compressor, drill, wrench, radio, voice, babble)
STEADY: tuple[Noise, ...] = (hiss, compressor)


def at_level(wave: Wave, level_db: float) -> Wave:
    """Scale a wave of 0 dBFS."""
    return wave * gain(level_db)
