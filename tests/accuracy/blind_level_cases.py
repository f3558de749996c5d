"""M06, M09, M10, M11 and M14, blind: how loud it is, whether anybody speaks, and what is cut off.

Written from the catalogue and the harness alone (`blind_sounds`); the truth is worked out from the
made samples by the catalogue's words. What is not made: a constant part with nothing upon it
(silence to one sentence of the catalogue and sound to another, when this was written; now
`fresh_constant_cases` has it), bursts of a machine that reach 10 dB over the floor (heard, by the
words, and no voice), and a switch said to be off beside sound that came and went.
"""

import random
from collections.abc import Callable, Iterator

import numpy as np

from preflight.system.ports import InputLevel
from tests.accuracy.blind_sounds import (
    LOOP,
    LOOP_S,
    STEADY,
    coded,
    drawn,
    heard_figures,
    hiss,
    levelled,
    levels_db,
    noise_of,
    one_of,
    pistons,
    repeated,
    rms_db,
    talking,
)
from tests.accuracy.kinds import FAILED, UNKNOWN, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.played_sound import blocks_of, microphone_figures
from tests.accuracy.sound_tools import RATE_HZ, Random, Sound, Wave, gain, low_pass, unit, whole
from tests.accuracy.tally import HEALTHY, Case
from tests.fakes.devices import FakeSystem

SEED = 9_300_000
HALF = RATE_HZ // 2
SECONDS = 12
STEADY_DB, VOICE_DB = 8.5, 11.5
"""Who varies less is steady noise by far, who varies more is a voice by far."""

Holds = Callable[[Sound], bool]
Record = Callable[[Random], Sound]


def _made(code: str, make: Record, holds: Holds = lambda _: True) -> Make:
    return lambda rng: heard_figures(code, rng, make, holds)


def _spoken(low_db: float, high_db: float, below: tuple[float, float] = (18, 45)) -> Record:
    """Somebody at such a level, over a room or a noise that is so many dB lower."""

    def make(random: Random) -> Sound:
        voice_db = random.uniform(low_db, high_db)
        noise = one_of(random, STEADY) if random.random() < 0.5 else hiss(random)
        beside = gain(voice_db - random.uniform(*below)) * noise
        return whole(gain(voice_db) * talking(random) + beside)

    return make


# --- M06 ---------------------------------------------------------------------------------------


def _quiet_room(random: Random) -> Sound:
    return whole(gain(random.uniform(-85, -70)) * hiss(random))


def _one_side(random: Random) -> Sound:
    """Two sides, of which one is dead."""
    voice = gain(random.uniform(-40, -15)) * talking(random)
    sides = [voice, np.zeros(LOOP)]
    random.shuffle(sides)
    return whole(*sides)


def _dither(random: Random) -> Sound:
    """What a converter makes of nothing: the last bit, or two of them, or a bit that is stuck."""
    kind = random.integers(4)
    if kind == 0:
        return random.integers(-1, 2, (LOOP, 1)).astype(np.int16)
    if kind == 1:
        return (random.integers(0, 2, (LOOP, 1)) - random.integers(0, 2)).astype(np.int16)
    if kind == 2:
        return np.full((LOOP, int(random.integers(1, 3))), -1, np.int16)
    # Idle tones of a converter.
    at = np.arange(LOOP) / RATE_HZ
    return whole(np.sin(2 * np.pi * random.uniform(300, 4000) * at) / 32768)


def _zeros(random: Random) -> Sound:
    return np.zeros((LOOP, int(random.integers(1, 3))), np.int16)


def _gated(rng: random.Random) -> Found:
    """A headset with a gate sends true zeros until somebody speaks, asked to after 3 s."""
    random = noise_of(rng)
    sound = np.zeros((SECONDS * RATE_HZ, 1), np.int16)
    start = round(random.uniform(3.3, 6.6) * RATE_HZ)
    voice = repeated(_spoken(-45, -15)(random))
    sound[start:] = voice[: len(sound) - start]
    return microphone_figures("mic.silent", blocks_of(sound))


def _switched(muted: bool, make: Record) -> Make:
    """The system says how the switch stands; what is heard says it too, or knows better."""

    def measured(rng: random.Random) -> Found:
        system = FakeSystem()
        system.level = InputLevel(muted, rng.choice((None, 30, 100)))
        return heard_figures("mic.silent", rng, make, lambda _: True, system)

    return measured


# --- M09 and M10 -------------------------------------------------------------------------------


def _voice_between(low_db: float, high_db: float) -> Holds:
    def holds(loop: Sound) -> bool:
        voice, floor = levels_db(loop)
        return low_db < voice < high_db and voice - floor > VOICE_DB

    return holds


def _noise_between(low_db: float, high_db: float) -> Holds:
    def holds(loop: Sound) -> bool:
        voice, floor = levels_db(loop)
        return low_db < rms_db(loop[:, 0]) < high_db and voice - floor < STEADY_DB

    return holds


def _steady(low_db: float, high_db: float) -> Record:
    def make(random: Random) -> Sound:
        return whole(gain(random.uniform(low_db, high_db)) * one_of(random, (*STEADY, pistons)))

    return make


def _raised(random: Random) -> Sound:
    """A far voice that a headset's own amplifier brings up, with its room, through a codec."""
    far = gain(-50) * talking(random) + gain(random.uniform(-85, -75)) * hiss(random)
    return whole(coded(random, levelled(random, far, random.uniform(-30, -18))))


def _only_when_asked(rng: random.Random) -> Found:
    """Nobody speaks at first, in a quiet room or beside a fan."""
    random = noise_of(rng)
    beside_db = random.uniform(-75, -52)
    quiet = repeated(whole(gain(beside_db) * hiss(random)))
    start = round(random.uniform(3.5, 6.5) * RATE_HZ)
    voice_db = max(-38.0, beside_db + 16) + random.uniform(0, 12)
    loop = drawn(random, _spoken(voice_db, voice_db, (16, 30)), _voice_between(-90, 0))
    quiet[start:] = repeated(loop)[: len(quiet) - start]
    return microphone_figures("mic.no_voice", blocks_of(quiet))


def _gate_over_noise(random: Random) -> Sound:
    """A gate opens for steady noise alone, twice or three times in 3 s: zeros are left out."""
    loop = whole(gain(random.uniform(-50, -25)) * one_of(random, STEADY))
    frames = np.arange(LOOP) // (RATE_HZ // 50)
    shut = (frames // int(random.integers(25, 40))) % 2 == 0
    loop[shut] = 0
    return loop


def _steady_where_open(loop: Sound) -> bool:
    sounding = loop.reshape(-1, RATE_HZ // 50)
    voice, floor = levels_db(sounding[np.any(sounding != 0, axis=1)].reshape(-1, 1))
    return voice - floor < STEADY_DB


# --- M11 ---------------------------------------------------------------------------------------


def _runs(mask: np.ndarray, at_least: int) -> list[int]:
    """Return where the stretches of True begin that are at least so long."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.view(np.int8), [0]])))
    return [int(a) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= at_least]


def full_runs(loop: Sound) -> float:
    """Return runs of 3 samples and more at full scale, a second."""
    loud = np.abs(loop[:, 0].astype(np.int32)) >= 32_766
    return len(_runs(loud, 3)) / LOOP_S


def flat_runs(loop: Sound) -> float:
    """Return runs of 4 equal samples near the peak that a step of 4 leads to, a second."""
    wave = loop[:, 0].astype(np.int32)
    high = np.abs(wave) > 0.98 * np.abs(wave).max()
    same = np.concatenate([[False], (wave[1:] == wave[:-1]) & high[1:]])
    # A run of three repetitions is four equal samples, of which the first came before it.
    starts = [each - 1 for each in _runs(same, 3)]
    entered = [each for each in starts if each > 0 and abs(wave[each] - wave[each - 1]) >= 4]
    return len(entered) / LOOP_S


def _cut(before: bool, low: float, high: float) -> Record:
    """A voice that is too loud for the converter, or for what comes before it.

    Args:
        low, high: runs a second.
    """

    def make(random: Random) -> Sound:
        voice = talking(random) + gain(random.uniform(-60, -40)) * hiss(random)
        voice /= np.abs(voice).max()
        after = gain(-random.uniform(1.5, 12)) if before else 1.0
        count = flat_runs if before else full_runs
        for over_db in np.arange(0.5, 26, 0.25):
            loop = whole(np.clip(gain(over_db) * voice, -1, 1) * after)
            if count(loop) > low:
                return loop
        return whole(voice)

    def holds(loop: Sound) -> bool:
        return low < (flat_runs(loop) if before else full_runs(loop)) < high

    return lambda random: drawn(random, make, holds)


def _loud(random: Random) -> Sound:
    """Loud, and nothing cut off."""
    voice = talking(random) + gain(random.uniform(-60, -30)) * one_of(random, STEADY)
    return whole(voice / np.abs(voice).max() * gain(-random.uniform(0.4, 5)))


def _limited(random: Random) -> Sound:
    """A limiter bends it instead, and a codec follows."""
    voice = levelled(random, talking(random), -15) + gain(-50) * hiss(random)
    bent = np.tanh(voice / np.abs(voice).max() * random.uniform(1.5, 3))
    bent = coded(random, bent) if random.random() < 0.5 else bent
    return whole(bent / np.abs(bent).max() * gain(-random.uniform(0.4, 4)))


def _popped(random: Random) -> Sound:
    """Somebody knocks at the microphone once in 3 s, and it is at its end for a moment."""
    loop = whole(gain(random.uniform(-30, -15)) * talking(random) + gain(-55) * hiss(random))
    at, long = int(random.integers(LOOP - 100)), int(random.integers(3, 60))
    loop[at : at + long] = random.choice((-32_768, 32_767))
    return loop


def _uncut(loop: Sound) -> bool:
    return full_runs(loop) + flat_runs(loop) < 0.9


# --- M14 ---------------------------------------------------------------------------------------


def _offset(low: float, high: float, *, sides: int = 1) -> Make:
    """A constant part of such a size in percent, below or above, on one of the sides."""

    def make(random: Random) -> Sound:
        constant = random.uniform(low, high) / 100 * random.choice((-1, 1))
        waves = [
            gain(random.uniform(-40, -16)) * talking(random) + gain(-60) * hiss(random)
            for _ in range(sides)
        ]
        waves[int(random.integers(sides))] += constant
        return whole(*waves)

    def holds(loop: Sound) -> bool:
        halves = loop.reshape(-1, HALF, loop.shape[1]).mean(axis=1) / 327.68
        mean = halves.mean(axis=0)
        worst = int(np.abs(mean).argmax())
        strays = float(np.abs(halves[:, worst] / mean[worst] - 1).max()) if low else 0.0
        return low <= abs(mean[worst]) < high and strays < 0.15

    return _made("mic.dc_offset", make, holds)


def _slow(random: Random) -> Wave:
    """Wind and a cable that moves: some hertz, no mean."""
    slow = low_pass(random.normal(0, 1, LOOP), random.uniform(1.5, 6), 2)
    return unit(slow - slow.mean())


def _windy(random: Random) -> Sound:
    voice = gain(random.uniform(-35, -18)) * talking(random)
    return whole(voice + gain(random.uniform(-32, -20)) * _slow(random))


def _wandering(random: Random) -> Sound:
    """A constant part that is none: it wanders by more than its half."""
    voice = gain(random.uniform(-40, -25)) * talking(random)
    constant = random.uniform(0.02, 0.06) * random.choice((-1, 1))
    swing = np.sin(2 * np.pi * np.arange(LOOP) / LOOP + random.uniform(0, 6))
    return whole(voice + constant * (1 + random.uniform(0.8, 1.1) * swing))


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies within a tenth or 1.5 dB of a limit is not made."""
    yield from blind_cases_of(
        "mic.silent",
        SEED,
        (
            ("a voice", _made("mic.silent", _spoken(-50, -10))),
            ("a quiet room", _made("mic.silent", _quiet_room)),
            ("a gate, then a voice", _gated),
            ("one dead side", _made("mic.silent", _one_side)),
            ("sound, said to be off", _switched(muted=True, make=_spoken(-50, -10))),
        ),
        (
            ("zeros", FAILED, _made("mic.silent", _zeros)),
            ("the last bit", FAILED, _made("mic.silent", _dither)),
            ("zeros, switched off", FAILED, _switched(muted=True, make=_zeros)),
            ("zeros, switched on", FAILED, _switched(muted=False, make=_zeros)),
        ),
    )
    level = "mic.level_low"
    yield from blind_cases_of(
        level,
        SEED + 10_000,
        (
            ("a voice", _made(level, _spoken(-37, -8), _voice_between(-38.5, 0))),
            ("raised", _made(level, _raised, _voice_between(-38.5, 0))),
            ("loud noise", _made(level, _steady(-36, -14), _noise_between(-38.5, 0))),
        ),
        (
            ("low", WARNED, _made(level, _spoken(-57, -43), _voice_between(-58, -42))),
            ("very low", FAILED, _made(level, _spoken(-70, -63), _voice_between(-75, -62))),
            ("noise", WARNED, _made(level, _steady(-57, -43), _noise_between(-58, -42))),
            ("a quiet room", FAILED, _made(level, _quiet_room, _noise_between(-90, -62))),
        ),
    )
    voice, over = "mic.no_voice", _voice_between(-90, 0)
    yield from blind_cases_of(
        voice,
        SEED + 20_000,
        (
            ("at once", _made(voice, _spoken(-45, -10), over)),
            ("beside noise", _made(voice, _spoken(-35, -15, (14, 20)), over)),
            ("raised", _made(voice, _raised, over)),
            ("when asked", _only_when_asked),
        ),
        (
            ("noise alone", UNKNOWN, _made(voice, _steady(-60, -20), _noise_between(-90, 0))),
            ("a gate", UNKNOWN, _made(voice, _gate_over_noise, _steady_where_open)),
            ("a quiet room", UNKNOWN, _made(voice, _quiet_room, _noise_between(-90, 0))),
            ("nothing", UNKNOWN, _made(voice, _zeros)),
        ),
    )
    # Who counts a run by both rules, and who counts it once, come to the same word.
    yield from blind_cases_of(
        "mic.clipping",
        SEED + 30_000,
        (
            ("loud", _made("mic.clipping", _loud, _uncut)),
            ("limited", _made("mic.clipping", _limited, _uncut)),
            ("a knock", _made("mic.clipping", _popped, _uncut)),
        ),
        (
            ("a few", WARNED, _made("mic.clipping", _cut(before=False, low=2.5, high=4.5))),
            ("a few, before", WARNED, _made("mic.clipping", _cut(before=True, low=2.5, high=8.5))),
            ("many", FAILED, _made("mic.clipping", _cut(before=False, low=12, high=300))),
            ("many, before", FAILED, _made("mic.clipping", _cut(before=True, low=12, high=300))),
        ),
    )
    yield from blind_cases_of(
        "mic.dc_offset",
        SEED + 40_000,
        (
            ("a little", _offset(0.0, 0.85)),
            ("wind", _made("mic.dc_offset", _windy)),
            ("two sides", _offset(0.0, 0.85, sides=2)),
        ),
        (
            ("some", WARNED, _offset(1.15, 4.4)),
            ("one side", WARNED, _offset(1.15, 4.4, sides=2)),
            ("much", FAILED, _offset(5.6, 25)),
            ("much, one side", FAILED, _offset(5.6, 25, sides=2)),
        ),
        (("wandering", UNTOLD | HEALTHY, _made("mic.dc_offset", _wandering)),),
    )
