"""Cases for what is wrong with the sound itself: cut peaks, hum, a constant part, a narrow band.

Truth is what was made, before it became whole numbers. Between right and wrong lies a band in
which no case is made:

- ``mic.clipping``: cut peaks a second, counted in the clean voice: 3 samples beyond full scale, or
  4 beyond where an amplifier cuts. Passed to 1.3, warned 2.7 to 8.5, failed from 12 in every 3 s.
- ``mic.hum``: the sum of the lines. Passed below -58 dBFS and without any, warned -52 to -43,
  failed from -37. Voices and machines that hold a pitch, if not the mains' own, are none.
- ``mic.dc_offset``: passed to 0.8 % of full scale, warned 1.2 to 4.4, failed from 5.6. What
  wanders (wind, a hand at the microphone) is none.
- ``mic.narrowband``: sound cut off at 3.4 to 4 kHz fails, at 6.9 to 8 kHz warns. Healthy is the
  full band of voices and noise. What is too quiet for a cliff to show may stay unknown.
"""

from collections.abc import Iterator

import numpy as np

from tests.accuracy.sound_case import (
    FAILED,
    SECONDS,
    UNTOLD,
    WARNED,
    Kind,
    Record,
    Truth,
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
    low_pass,
    rms,
    runs,
    sine,
    whole,
)
from tests.accuracy.tally import HEALTHY, Case

_PASSED, _WARNED, _FAILED = (0.0, 1.3), (2.7, 8.5), (12.0, 1e9)
"""Cut peaks a second."""


def cases(maker: SoundMaker, seed: int) -> Iterator[Case]:
    """Yield the cases of these checks, made with one generator."""
    yield from kinds("mic.clipping", seed + 200_000, _clipping(maker))
    yield from kinds("mic.hum", seed + 210_000, _hum(maker))
    yield from kinds("mic.dc_offset", seed + 220_000, _offset(maker))
    yield from kinds("mic.narrowband", seed + 230_000, _bands(maker))


def _cuts_per_s(wave: Wave, level: float, at_least: int) -> tuple[float, float]:
    """Return the fewest and the most cut peaks a second of any 3 s."""
    found = [
        runs(np.abs(wave[start : start + 3 * RATE_HZ]) >= level, at_least) / 3
        for start in range(0, len(wave) - 3 * RATE_HZ + 1, RATE_HZ // 4)
    ]
    return min(found), max(found)


def _cut_voice(maker: SoundMaker, random: Random, wanted: tuple[float, float], run: int) -> Wave:
    """Return a voice that reaches 1.0 so often that its cut peaks lie within ``wanted``.

    One after the other until one fits: how often a voice peaks is its own affair.
    """
    level = 32765.5 / 32768.0
    while True:
        voice = maker.speech(random, SECONDS)
        for loud_db in random.permutation(np.arange(-3.0, 21.0, 1.5)):
            wave = gain(float(loud_db)) * voice / float(np.abs(voice).max())
            low, high = _cuts_per_s(wave, level, run)
            if wanted[0] <= low and high <= wanted[1]:
                return wave


def _clipping(maker: SoundMaker) -> tuple[Kind, ...]:
    def at_the_ceiling(wanted: tuple[float, float]) -> Record:
        return lambda random: whole(_cut_voice(maker, random, wanted, 3))

    def before_it(wanted: tuple[float, float]) -> Record:
        def record(random: Random) -> Sound:
            wave = np.clip(_cut_voice(maker, random, wanted, 4), -1.0, 1.0)
            return whole(gain(random.uniform(-14, -1)) * wave)

        return record

    def loud(random: Random) -> Sound:
        voice = spoken(maker, random, -20, random.uniform(-75, -50))
        return whole(gain(random.uniform(-12, -0.5)) * voice / float(np.abs(voice).max()))

    def click(random: Random) -> Sound:
        made = whole(spoken(maker, random, random.uniform(-40, -20), -65))
        made[int(random.integers(RATE_HZ, 4 * RATE_HZ))] = 32767
        return made

    def tone(random: Random) -> Sound:
        return whole(sine(SECONDS * 3, random.uniform(150, 3000)) / np.sqrt(2))

    def quiet_and_low(random: Random) -> Sound:
        """Round tops of quiet, low voices hold equal numbers too."""
        voice = low_pass(maker.speech(random, SECONDS), 250, 100)
        return whole(gain(random.uniform(-66, -30)) * voice / rms(voice))

    return (
        ("a loud voice", HEALTHY, loud),
        ("hardly cut", HEALTHY, at_the_ceiling(_PASSED)),
        ("one click", HEALTHY, click),
        ("a full tone", HEALTHY, tone),
        ("a low and quiet voice", HEALTHY, quiet_and_low),
        ("cut at the ceiling", WARNED, at_the_ceiling(_WARNED)),
        ("much cut at the ceiling", FAILED, at_the_ceiling(_FAILED)),
        ("cut before the converter", WARNED, before_it(_WARNED)),
        ("much cut before the converter", FAILED, before_it(_FAILED)),
    )


def _hum(maker: SoundMaker) -> tuple[Kind, ...]:
    def lines(random: Random, level_db: float) -> Wave:
        mains_hz = random.choice((50.0, 60.0)) + random.uniform(-0.15, 0.15)
        # The mains itself (a ground loop), or twice of it (a rectifier), and some of the rest.
        strongest = int(random.choice((1, 2)))
        made = sine(SECONDS, strongest * mains_hz, random.uniform(0, 6))
        for multiple in range(1, 7):
            if multiple != strongest:
                height = gain(-random.uniform(6, 40))
                made = made + height * sine(SECONDS, multiple * mains_hz, random.uniform(0, 6))
        return gain(level_db) * made / rms(made)

    def humming(low_db: float, high_db: float, *, voice: bool) -> Record:
        def record(random: Random) -> Sound:
            around = gain(random.uniform(-78, -64)) * maker.noise(random, SECONDS)
            if voice:
                around += gain(random.uniform(-40, -18)) * maker.speech(random, SECONDS)
            return whole(around + lines(random, random.uniform(low_db, high_db)))

        return record

    def voice(random: Random) -> Sound:
        return whole(spoken(maker, random, random.uniform(-40, -14), random.uniform(-78, -45)))

    def noise(random: Random) -> Sound:
        return whole(gain(random.uniform(-75, -25)) * maker.noise(random, SECONDS))

    def drone(random: Random) -> Sound:
        held = gain(random.uniform(-40, -20)) * maker.drone(random, SECONDS, _beside(random))
        return whole(held + gain(-66) * maker.noise(random, SECONDS))

    return (
        ("a voice", HEALTHY, voice),
        ("noise", HEALTHY, noise),
        ("a machine or a voice that holds its pitch", HEALTHY, drone),
        ("hardly any", HEALTHY, humming(-75, -58, voice=False)),
        ("hum", WARNED, humming(-52, -43, voice=False)),
        ("hum under a voice", WARNED, humming(-52, -43, voice=True)),
        ("loud hum", FAILED, humming(-37, -20, voice=False)),
        ("loud hum under a voice", FAILED, humming(-37, -20, voice=True)),
    )


def _beside(random: Random) -> float:
    """Return a pitch none of whose multiples is one of the mains (within 1.6 Hz)."""
    mains = np.concatenate([np.arange(1, 7) * 50.0, np.arange(1, 7) * 60.0])
    while True:
        pitch = random.uniform(43, 170)
        multiples = pitch * np.arange(1, 9)
        if np.abs(multiples[:, np.newaxis] - mains).min() > 1.6:
            return float(pitch)


def _offset(maker: SoundMaker) -> tuple[Kind, ...]:
    def constant(low: float, high: float, *, stereo: bool = False) -> Record:
        def record(random: Random) -> Sound:
            wave = spoken(maker, random, random.uniform(-50, -15), random.uniform(-75, -50))
            shifted = wave + random.uniform(low, high) * random.choice((-1, 1))
            return whole(shifted, wave) if stereo and random.random() < 0.5 else whole(shifted)

        return record

    def wandering(random: Random) -> Sound:
        at = np.arange(round(SECONDS * RATE_HZ)) / RATE_HZ
        wave = spoken(maker, random, random.uniform(-40, -15), -65)
        for _ in range(3):
            hz = random.uniform(0.15, 0.9)
            wave += random.uniform(0.02, 0.12) * np.sin(2 * np.pi * (hz * at + random.random()))
        return whole(wave)

    return (
        ("none", HEALTHY, constant(0.0, 0.001)),
        ("hardly any", HEALTHY, constant(0.001, 0.008, stereo=True)),
        ("wind", HEALTHY, wandering),
        ("some", WARNED, constant(0.012, 0.044, stereo=True)),
        ("much", FAILED, constant(0.056, 0.3, stereo=True)),
    )


def _bands(maker: SoundMaker) -> tuple[Kind, ...]:
    def cut(edge: tuple[float, float] | None, *, voice: bool) -> Record:
        def record(random: Random) -> Sound:
            if voice:
                wave = spoken(maker, random, random.uniform(-35, -14), random.uniform(-64, -50))
            else:
                wave = gain(random.uniform(-62, -25)) * maker.noise(random, SECONDS)
            if edge is not None:
                wave = low_pass(wave, random.uniform(*edge), random.uniform(50, 300))
            # The rest of the way adds a breath of its own, evenly over all frequencies.
            wave += gain(random.uniform(-98, -90)) * random.normal(0, 1, len(wave))
            return whole(wave)

        return record

    def faint(random: Random) -> Sound:
        return whole(gain(random.uniform(-86, -80)) * random.normal(0, 1, int(5 * RATE_HZ)))

    telephone, wide = (3450.0, 3800.0), (6950.0, 7700.0)
    kinds_of: tuple[tuple[str, Truth, tuple[float, float] | None, bool], ...] = (
        ("a voice", HEALTHY, None, True),
        ("noise", HEALTHY, None, False),
        ("a voice at 16 kHz", WARNED, wide, True),
        ("noise at 16 kHz", WARNED, wide, False),
        ("a voice at 8 kHz", FAILED, telephone, True),
        ("noise at 8 kHz", FAILED, telephone, False),
    )
    return (
        *((name, truth, cut(edge, voice=voice)) for name, truth, edge, voice in kinds_of),
        ("faint noise", UNTOLD, faint),
    )
