"""M12, M13 and M17, blind: what sounds beside the voice, mains hum, and what band is left.

Written from the catalogue and the harness alone (`blind_sounds`); the truth is worked out from the
made samples, or from the very hum that was added, by the catalogue's words. What is not made: noise
that varies by 4 to 6.6 dB (between a voice and steady noise), hum below noise of its own pitch, and
tones of machines within 1.5 Hz of a multiple of the mains. A quiet voice hardly above a quiet room
is no noise: the catalogue did not say so when this was written, and two cases were wrong for it.
"""

import random
from collections.abc import Callable, Iterator

import numpy as np

from tests.accuracy.blind_sounds import (
    LOOP,
    LOOPS,
    NOISES,
    STEADY,
    babble,
    captured_at,
    coded,
    drawn,
    heard_figures,
    hiss,
    levelled,
    levels_db,
    noise_of,
    one_of,
    pistons,
    rain,
    repeated,
    talking,
    traffic,
    wrench,
)
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, blind_cases_of
from tests.accuracy.played_sound import blocks_of, microphone_figures
from tests.accuracy.sound_tools import (
    RATE_HZ,
    Random,
    Sound,
    Wave,
    frame_rms,
    gain,
    low_pass,
    resampled,
    unit,
    whole,
)
from tests.accuracy.tally import Case

SEED = 9_320_000
FRAME = RATE_HZ // 50
Maker = Callable[[Random], Wave]
Between = tuple[float, float]


# --- M12 ---------------------------------------------------------------------------------------


def _noisy(
    makers: tuple[Maker, ...], floor_db: Between, voice_over_db: Between | None = None
) -> Make:
    """A noise that leaves such a floor, and who speaks so much above it; nobody where None."""

    def make(random: Random) -> Sound:
        noise = one_of(random, makers)
        wanted = random.uniform(*floor_db)
        noise *= gain(wanted) / float(np.percentile(frame_rms(noise), 10))
        if voice_over_db is None:
            return whole(noise)
        # What is asked for is the sum, which the noise has a part in.
        over = 10 ** (random.uniform(*voice_over_db) / 10)
        return whole(noise + gain(wanted) * np.sqrt(max(over - 1.5, 1.0)) * talking(random))

    def holds(loop: Sound) -> bool:
        voice, floor = levels_db(loop)
        over = voice_over_db or (-1.0, 4.0)
        return floor_db[0] < floor < floor_db[1] and over[0] < voice - floor < over[1]

    return lambda rng: heard_figures("mic.noise_high", rng, make, holds)


def _opening(voice: Wave, held: int) -> Wave:
    """Return how far a gate is open, 0 to 1: a frame before the voice, and so many after it."""
    loud = frame_rms(voice) > 0.05
    open_for = np.convolve(np.tile(loud, 3), np.ones(held + 2), "full")[held + 1 :] > 0
    frames = open_for[len(loud) - held : 2 * len(loud) - held]
    edges = np.repeat(frames.astype(float), FRAME)
    fade = np.hanning(2 * FRAME)
    return np.clip(np.convolve(np.tile(edges, 3), fade / fade.sum(), "same")[LOOP : 2 * LOOP], 0, 1)


def _gated(random: Random) -> Sound:
    """A gate that stays open a while after each word; shut, it sends zeros, or next to nothing."""
    voice = talking(random, 0.9)
    level, room = random.uniform(-32, -14), random.uniform(-72, -60)
    wave = gain(level) * voice + gain(room) * hiss(random)
    shut = random.choice((0.0, 0.01))
    opened = np.maximum(_opening(voice, int(random.integers(12, 25))), shut)
    return whole(wave * opened)


def _suppressed(random: Random) -> Sound:
    """A workshop behind a headset that takes 20 to 30 dB off whatever is no voice."""
    voice = talking(random, 0.8)
    wave = gain(-20) * voice + gain(random.uniform(-48, -40)) * one_of(random, (rain, traffic))
    left = gain(-random.uniform(20, 30))
    return whole(coded(random, wave * np.maximum(_opening(voice, 3), left)))


def _quiet_by_both(loop: Sound) -> bool:
    """Quiet, whether frames of nothing count or are left out."""
    frames = loop.reshape(-1, FRAME)
    sounding = frames[np.abs(frames).max(axis=1) > 1].reshape(-1, 1)
    levels = levels_db(loop), levels_db(sounding)
    return all(floor < -52 and voice - floor > 11.5 for voice, floor in levels)


# --- M13 ---------------------------------------------------------------------------------------

_SHAPES = (
    # A ground loop, a power supply's rectifier, a dimmer, and a transformer nearby.
    (1.0, 0.08, 0.2, 0.03, 0.1, 0.02),
    (0.25, 1.0, 0.1, 0.5, 0.05, 0.3),
    (1.0, 0.02, 0.8, 0.02, 0.6, 0.02),
    (0.7, 0.9, 0.25, 0.2, 0.1, 0.1),
)
_MAINS = {50 * order for order in range(1, 7)} | {60 * order for order in range(1, 7)}
_AWAY_HZ = 1.5


def _hum(random: Random, count: int) -> Wave:
    """Return mains hum of 0 dBFS, as exact as a grid keeps it."""
    hertz = random.choice((50.0, 60.0)) + random.uniform(-0.04, 0.04)
    turns = np.arange(count) * hertz / RATE_HZ
    shape = _SHAPES[int(random.integers(len(_SHAPES)))]
    parts = [
        part * np.sin(2 * np.pi * (order * turns + random.random()))
        for order, part in enumerate(shape, 1)
    ]
    return unit(np.sum(parts, axis=0))


def _humming(level_db: Between, voice_db: Between | None = None, *, coding: bool = False) -> Make:
    """Hum of such a level; a quiet room, and who speaks with pauses, beside it."""

    def make(rng: random.Random) -> Found:
        random = noise_of(rng)
        count = LOOP * LOOPS
        level = random.uniform(*level_db)
        wave = gain(level) * _hum(random, count)
        wave += gain(level - random.uniform(32, 42)) * hiss(random, count)
        if voice_db is not None:
            voice = gain(random.uniform(*voice_db)) * talking(random, 0.9)
            wave += np.tile(coded(random, voice) if coding else voice, LOOPS)
        return microphone_figures("mic.hum", blocks_of(whole(wave)))

    return make


def _turning(low_hz: float, high_hz: float, random: Random) -> float:
    """Return a pitch none of whose multiples is near one of the mains."""
    while True:
        hertz = float(random.uniform(low_hz, high_hz))
        orders = range(1, int(400 / hertz) + 1)
        if all(abs(order * hertz - each) > _AWAY_HZ for order in orders for each in _MAINS):
            return hertz


def _motor(rng: random.Random) -> Found:
    """A motor that slips behind the mains, an engine that idles, somebody who holds a tone."""
    random = noise_of(rng)
    count = LOOP * LOOPS
    hertz = _turning(*((21, 31) if random.random() < 0.5 else (85, 190)), random)
    turns = np.arange(count) * hertz / RATE_HZ
    orders = range(1, int(1500 / hertz))
    fall = random.uniform(0.4, 1.2)
    parts = [np.sin(2 * np.pi * (k * turns + random.random())) / k**fall for k in orders]
    wave = gain(random.uniform(-38, -20)) * unit(np.sum(parts, axis=0))
    wave += gain(random.uniform(-75, -50)) * hiss(random, count)
    if random.random() < 0.5:
        wave += np.tile(gain(random.uniform(-30, -16)) * talking(random), LOOPS)
    return microphone_figures("mic.hum", blocks_of(whole(wave)))


def _no_hum(random: Random) -> Sound:
    noise = one_of(random, (rain, traffic, babble, wrench))
    voice = talking(random)
    wave = gain(random.uniform(-30, -12)) * voice + gain(random.uniform(-60, -32)) * noise
    return whole(coded(random, wave) if random.random() < 0.4 else wave)


# --- M17 ---------------------------------------------------------------------------------------


def _cliffs_db(loop: Sound) -> tuple[float, float]:
    """Return how far the density falls across 8 kHz and across 4 kHz."""
    size = 4096
    index = np.arange(0, LOOP - size, size // 2)[:, None] + np.arange(size)
    spectra = np.abs(np.fft.rfft(loop[:, 0][index] * np.hanning(size), axis=1)) ** 2
    density = spectra.mean(axis=0) + 1e-9
    hz = np.fft.rfftfreq(size, 1 / RATE_HZ)

    def within(low_hz: float, high_hz: float) -> float:
        return float(density[(hz >= low_hz) & (hz <= high_hz)].mean())

    at_8 = within(6500, 7800) / within(8300, 9500)
    at_4 = within(3000, 3800) / within(4300, 5000)
    return 10 * float(np.log10(at_8)), 10 * float(np.log10(at_4))


def _wide(loop: Sound) -> bool:
    return max(_cliffs_db(loop)) < 18


def _to_8(loop: Sound) -> bool:
    at_8, at_4 = _cliffs_db(loop)
    return at_8 > 28 and at_4 < 18


def _to_4(loop: Sound) -> bool:
    return _cliffs_db(loop)[1] > 28


def _telephone(random: Random, wave: Wave) -> Wave:
    """Send it through a telephone: 300 to 3400 Hz at 8 kHz, eight bits in companded steps."""
    cut = low_pass(wave, 3450, 300)
    slow = np.fft.irfft(np.fft.rfft(cut)[: LOOP // 12 + 1], LOOP // 6) / 6
    peak = np.abs(slow).max() * random.uniform(1.0, 3.0)
    bent = np.sign(slow) * np.log1p(255 * np.abs(slow) / peak) / np.log(256)
    steps = np.round(bent * 127) / 127
    back = np.sign(steps) * peak * np.expm1(np.abs(steps) * np.log(256)) / 255
    return resampled(back, RATE_HZ / 6)


def _wideband(random: Random, wave: Wave) -> Wave:
    """A hands-free headset's better codec, or a device that runs at 16 kHz."""
    if random.random() < 0.5:
        return low_pass(coded(random, wave, 8000), 7700, 300)
    return captured_at(wave, 16_000)


def _narrower(random: Random, wave: Wave) -> Wave:
    return _telephone(random, wave) if random.random() < 0.6 else captured_at(wave, 8000)


def _full(random: Random, wave: Wave) -> Wave:
    """A cable at one of the rates that are enough, or a call's codec."""
    kind = int(random.integers(4))
    if kind == 0:
        return coded(random, wave)
    return wave if kind == 1 else captured_at(wave, (24_000, 32_000)[kind - 2])


def _through(
    line: Callable[[Random, Wave], Wave],
    holds: Callable[[Sound], bool],
    *,
    voice_db: Between | None = (-32, -12),
    noise_db: Between = (-62, -45),
    own_rate_hz: tuple[int | None, ...] = (None,),
) -> Make:
    """A voice beside noise, or noise alone, through such a line."""

    def make(random: Random) -> Sound:
        wave = gain(random.uniform(*noise_db)) * one_of(random, (*STEADY, pistons))
        if voice_db is not None:
            voice = talking(random)
            level = random.uniform(*voice_db)
            wave += gain(level) * voice
            if random.random() < 0.3:
                wave = levelled(random, wave, level)
        return whole(line(random, wave))

    def measured(rng: random.Random) -> Found:
        loop = drawn(noise_of(rng), make, holds)
        own = rng.choice(own_rate_hz)
        recording = blocks_of(repeated(loop))
        return microphone_figures("mic.narrowband", recording, own_rate_hz=own)

    return measured


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies within a tenth or 1.5 dB of a limit is not made."""
    noise = "mic.noise_high"
    yield from blind_cases_of(
        noise,
        SEED,
        (
            ("a quiet room", _noisy((hiss, babble), (-80, -52), (12, 60))),
            ("little noise alone", _noisy(STEADY, (-85, -52))),
            ("a gate", lambda rng: heard_figures(noise, rng, _gated, _quiet_by_both)),
            ("suppressed", lambda rng: heard_figures(noise, rng, _suppressed, _quiet_by_both)),
            ("a quiet voice", _noisy(STEADY, (-70, -52), (6.8, 8.4))),
        ),
        (
            ("noise", WARNED, _noisy(NOISES, (-48, -37), (12, 35))),
            ("noise alone", WARNED, _noisy(STEADY, (-48, -37))),
            ("much noise", FAILED, _noisy(NOISES, (-33, -26), (12, 25))),
            ("much noise alone", FAILED, _noisy(STEADY, (-33, -15))),
            ("hardly above it", FAILED, _noisy(STEADY, (-48, -36.5), (6.8, 8.4))),
        ),
    )
    hum = "mic.hum"
    yield from blind_cases_of(
        hum,
        SEED + 10_000,
        (
            ("noise", lambda rng: heard_figures(hum, rng, _no_hum, lambda _: True)),
            ("a motor or a tone", _motor),
            ("a little hum", _humming((-75, -61), (-35, -18))),
        ),
        (
            ("hum", WARNED, _humming((-51, -44))),
            ("hum beneath a voice", WARNED, _humming((-51, -44), (-38, -22))),
            ("much hum", FAILED, _humming((-36.5, -25))),
            ("much hum beneath a voice", FAILED, _humming((-36.5, -28), (-30, -16))),
            ("much hum, a codec", FAILED, _humming((-36.5, -28), (-30, -16), coding=True)),
        ),
    )
    yield from blind_cases_of(
        "mic.narrowband",
        SEED + 20_000,
        (
            ("full", _through(_full, _wide)),
            ("full, nobody speaks", _through(_full, _wide, voice_db=None)),
            ("full, by its own rate", _through(_full, _wide, own_rate_hz=(44_100, 48_000, 32_000))),
        ),
        (
            ("16 kHz", WARNED, _through(_wideband, _to_8)),
            ("16 kHz, nobody speaks", WARNED, _through(_wideband, _to_8, voice_db=None)),
            ("16 kHz, its own rate", WARNED, _through(_wideband, _to_8, own_rate_hz=(16_000,))),
            ("8 kHz", FAILED, _through(_narrower, _to_4)),
            ("8 kHz, nobody speaks", FAILED, _through(_narrower, _to_4, voice_db=None)),
            ("8 kHz, its own rate", FAILED, _through(_narrower, _to_4, own_rate_hz=(8000,))),
        ),
        (
            (
                "too quiet",
                UNKNOWN,
                _through(_wideband, lambda _: True, voice_db=None, noise_db=(-97, -93)),
            ),
        ),
    )
