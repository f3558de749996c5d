"""Cases for how loud it is: the voice, what is around it, and whether somebody speaks at all.

A voice's level is the 95th percentile of its 20 ms levels, noise is steady and has its RMS. Between
right and wrong lies a band in which no case is made:

- ``mic.level_low``: voice or tone. Passed from -38 dBFS, warned -42 to -58, failed below -62.
- ``mic.no_voice``: heard is a voice at least 14 dB above the noise, from -55 dBFS on. Steady noise,
  hum, tones and a single knock are nobody: unknown.
- ``mic.noise_high``: floor. Passed to -53 dBFS, warned -47 to -38, failed from -32; failed too
  where the floor is above -47 and the voice only 4 to 7 dB above it.
"""

from collections.abc import Callable, Iterator

import numpy as np

from tests.accuracy.sound_case import (
    FAILED,
    LONG_S,
    UNKNOWN,
    WARNED,
    Kind,
    Record,
    kinds,
    spoken,
)
from tests.accuracy.sound_tools import (
    RATE_HZ,
    Random,
    Sound,
    SoundMaker,
    Wave,
    gain,
    sine,
    unit_voice,
    whole,
)
from tests.accuracy.tally import HEALTHY, Case


def cases(maker: SoundMaker, seed: int) -> Iterator[Case]:
    """Yield the cases of these checks, made with one generator."""
    yield from kinds("mic.level_low", seed + 100_000, _level(maker))
    yield from kinds("mic.no_voice", seed + 110_000, _nobody(maker))
    yield from kinds("mic.noise_high", seed + 120_000, _noise(maker))


def _voice(maker: SoundMaker, low_db: float, high_db: float, over_db: float = 25) -> Record:
    """Make a voice whose level is known as it is heard, with its noise."""

    def record(random: Random) -> Sound:
        level_db = random.uniform(low_db, high_db)
        mixed = spoken(maker, random, 0.0, -over_db - random.uniform(0, 10))
        return whole(gain(level_db) * unit_voice(mixed))

    return record


def _tone(low_db: float, high_db: float) -> Record:
    return lambda random: whole(
        gain(random.uniform(low_db, high_db)) * sine(LONG_S, random.uniform(150, 3000))
    )


def _level(maker: SoundMaker) -> tuple[Kind, ...]:
    def room(random: Random) -> Sound:
        return whole(gain(random.uniform(-85, -66)) * maker.noise(random, LONG_S))

    def one_word(random: Random) -> Sound:
        """Somebody says a word or two, after a while."""
        made = gain(random.uniform(-75, -66)) * maker.noise(random, LONG_S)
        start = round(random.uniform(2.0, 6.0) * RATE_HZ)
        word = gain(random.uniform(-33, -15)) * maker.speech(random, 1.5)
        made[start : start + len(word)] += word
        return whole(made)

    return (
        ("a voice", HEALTHY, _voice(maker, -38, -14)),
        ("a word after a while", HEALTHY, one_word),
        ("a tone", HEALTHY, _tone(-38, -10)),
        ("a quiet voice", WARNED, _voice(maker, -58, -42)),
        ("a quiet tone", WARNED, _tone(-58, -42)),
        ("a very quiet voice", FAILED, _voice(maker, -72, -62, over_db=18)),
        ("nobody in a quiet room", FAILED, room),
    )


def _nobody(maker: SoundMaker) -> tuple[Kind, ...]:
    def noise(random: Random) -> Sound:
        return whole(gain(random.uniform(-80, -25)) * maker.noise(random, LONG_S))

    def hum(random: Random) -> Sound:
        lines = sum(
            (gain(-6.0 * number) * sine(LONG_S, 50.0 * (number + 1)) for number in range(4)),
            start=np.zeros(round(LONG_S * RATE_HZ)),
        )
        faint = gain(random.uniform(-75, -60)) * maker.noise(random, LONG_S)
        return whole(gain(random.uniform(-50, -30)) * lines + faint)

    def knock(random: Random) -> Sound:
        made = gain(random.uniform(-70, -50)) * maker.noise(random, LONG_S)
        start = int(random.integers(RATE_HZ, 8 * RATE_HZ))
        size = RATE_HZ // 10
        blow = random.normal(0, 1, size) * np.exp(-np.arange(size) / (0.015 * RATE_HZ))
        made[start : start + size] += gain(random.uniform(-25, -10)) * blow
        return whole(made)

    def started(random: Random) -> Sound:
        """A device that begins with zeros, or is unmuted, in a room where nobody speaks."""
        made = whole(gain(random.uniform(-70, -40)) * maker.noise(random, LONG_S))
        made[: round(random.uniform(0.1, 2.5) * RATE_HZ)] = 0
        return made

    return (
        ("a voice", HEALTHY, _voice(maker, -40, -14, over_db=18)),
        ("a quiet voice", HEALTHY, _voice(maker, -55, -42, over_db=16)),
        ("steady noise", UNKNOWN, noise),
        ("hum", UNKNOWN, hum),
        ("a tone", UNKNOWN, _tone(-60, -10)),
        ("one knock", UNKNOWN, knock),
        ("noise after zeros", UNKNOWN, started),
    )


def _noise(maker: SoundMaker) -> tuple[Kind, ...]:
    def around(
        low_db: float, high_db: float, over: tuple[float, float] | None
    ) -> Callable[[Random], Sound]:
        def record(random: Random) -> Sound:
            floor_db = random.uniform(low_db, high_db)
            if over is None:
                made: Wave = gain(floor_db) * maker.noise(random, LONG_S)
            else:
                made = spoken(maker, random, floor_db + random.uniform(*over), floor_db)
            return whole(made)

        return record

    return (
        ("a voice in quiet", HEALTHY, around(-75, -56, (20, 40))),
        ("quiet, nobody speaks", HEALTHY, around(-80, -54, None)),
        ("a voice in noise", WARNED, around(-47, -38, (18, 24))),
        ("noise, nobody speaks", WARNED, around(-47, -38, None)),
        ("a voice in loud noise", FAILED, around(-32, -26, (8, 16))),
        ("loud noise, nobody speaks", FAILED, around(-32, -15, None)),
        ("a voice nearly lost in noise", FAILED, around(-47, -36, (4, 7))),
    )
