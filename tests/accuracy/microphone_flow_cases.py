"""Cases for what arrives: blocks, silence, holes, pace, and the halves of a stereo microphone.

Truth is what was made. Between right and wrong lies a band in which no case is made:

- ``mic.no_data``: the share of blocks that come, and when the first one does. Passed from 97 %
  and to 0.9 s, warned 82 to 93 % or 1.1 to 1.9 s, failed below 78 % or none at all.
- ``mic.silent``: silence is zeros or steps of one for 9 s and more. Sound is anything with a tenth
  of its samples beyond that, from the beginning or after up to 7 s of zeros.
- ``mic.dropouts``: holes of 6 to 60 ms cut into sound, or 40 to 200 ms that never came. 0, 1 to 2,
  or 3 to 6 of them. Late blocks that are caught up with, a headset's gate, single zeros: none.
- ``mic.rate_wrong``: passed to 0.35 % off, warned 0.65 to 1.8 %, failed from 2.3 %.
- ``mic.channel_dead``: one side below -88 dBFS, the other above -57; healthy: both sides alive.
- ``mic.antiphase``: a correlation below -0.86 by construction, or above -0.74.
"""

from collections.abc import Callable, Iterator

import numpy as np

from tests.accuracy.played_sound import PlayedBlock, blocks_of
from tests.accuracy.sound_case import (
    FAILED,
    SECONDS,
    WARNED,
    Kind,
    Truth,
    kinds,
    per_kind,
    played_case,
    spoken,
)
from tests.accuracy.sound_tools import (
    RATE_HZ,
    Random,
    Sound,
    SoundMaker,
    Wave,
    frame_rms,
    gain,
    low_pass,
    unit,
    whole,
)
from tests.accuracy.tally import HEALTHY, Case

MS = 1_000_000
Spoil = Callable[[Random, list[PlayedBlock]], list[PlayedBlock]]


def cases(maker: SoundMaker, seed: int) -> Iterator[Case]:
    """Yield the cases of these checks, made with one generator."""
    yield from _no_data(maker, seed)
    yield from kinds("mic.silent", seed + 10_000, _silent(maker))
    yield from _dropouts(maker, seed + 20_000)
    yield from _rate(maker, seed + 30_000)
    yield from kinds("mic.channel_dead", seed + 40_000, _dead(maker))
    yield from kinds("mic.antiphase", seed + 50_000, _antiphase(maker))


def _played(
    code: str, seed: int, maker: SoundMaker, several: tuple[tuple[str, Truth, Spoil], ...]
) -> Iterator[Case]:
    def play(spoil: Spoil) -> Callable[[Random], list[PlayedBlock]]:
        def make(random: Random) -> list[PlayedBlock]:
            heard = whole(spoken(maker, random, random.uniform(-35, -15), -62))
            return spoil(random, list(blocks_of(heard)))

        return make

    for number, (name, truth, spoil) in enumerate(several):
        for index in range(per_kind(several)):
            yield played_case(code, name, truth, seed + 1000 * number + index, play(spoil))


def _later(blocks: list[PlayedBlock], by_ms: float) -> list[PlayedBlock]:
    return [
        PlayedBlock(each.samples, each.captured_ns + round(by_ms * MS), each.lost)
        for each in blocks
    ]


def _jittered(random: Random, blocks: list[PlayedBlock], most_ms: float) -> list[PlayedBlock]:
    """Let blocks come late, in bursts as a sound server hands them over, and in order."""
    at_ns, made = 0, []
    for each in blocks:
        late = random.uniform(0, most_ms) if random.random() < 0.3 else 0.0
        at_ns = max(at_ns, each.captured_ns + round(late * MS))
        made.append(PlayedBlock(each.samples, at_ns, each.lost))
    return made


def _no_data(maker: SoundMaker, seed: int) -> Iterator[Case]:
    def share(low: float, high: float) -> Spoil:
        def spoil(random: Random, blocks: list[PlayedBlock]) -> list[PlayedBlock]:
            wanted = random.uniform(low, high)
            # Lost evenly: of every second as many.
            kept = np.floor(np.arange(1, len(blocks) + 1) * wanted + random.random())
            there = np.diff(kept, prepend=kept[0] - 1) > 0
            return [each for each, is_there in zip(blocks, there, strict=True) if is_there]

        return spoil

    def first(low_ms: float, high_ms: float) -> Spoil:
        return lambda random, blocks: _later(blocks, random.uniform(low_ms, high_ms))

    yield from _played(
        "mic.no_data",
        seed,
        maker,
        (
            ("all of it", HEALTHY, lambda random, blocks: _jittered(random, blocks, 25)),
            ("nearly all of it", HEALTHY, share(0.97, 0.995)),
            ("a late first block", HEALTHY, first(300, 900)),
            ("a very late first block", WARNED, first(1100, 1900)),
            ("a part is missing", WARNED, share(0.82, 0.93)),
            ("much is missing", FAILED, share(0.2, 0.78)),
            ("nothing for 3 s", FAILED, first(3000, 6000)),
        ),
    )


def _silent(maker: SoundMaker) -> tuple[Kind, ...]:
    long_s = 13.0

    def zeros(random: Random) -> Sound:
        return np.zeros((round(long_s * RATE_HZ), int(random.integers(1, 3))), np.int16)

    def dither(random: Random) -> Sound:
        shape = (round(long_s * RATE_HZ), int(random.integers(1, 3)))
        return random.choice((-1, 0, 1), shape, p=(0.25, 0.5, 0.25)).astype(np.int16)

    def too_late(random: Random) -> Sound:
        made = zeros(random)
        made[-RATE_HZ:] = random.integers(-500, 500, (RATE_HZ, 1))
        return made

    def sound(low_db: float, high_db: float) -> Callable[[Random], Sound]:
        return lambda random: whole(
            gain(random.uniform(low_db, high_db)) * maker.noise(random, SECONDS)
        )

    def gated(random: Random) -> Sound:
        made = whole(spoken(maker, random, random.uniform(-40, -15), -90, seconds=long_s))
        made[: round(random.uniform(0.5, 7.0) * RATE_HZ)] = 0
        return made

    return (
        ("zeros", FAILED, zeros),
        ("a driver's dither", FAILED, dither),
        ("zeros for 12 s", FAILED, too_late),
        ("a quiet room", HEALTHY, sound(-80, -70)),
        ("sound", HEALTHY, sound(-70, -10)),
        ("a headset that opens when spoken to", HEALTHY, gated),
    )


def _dropouts(maker: SoundMaker, seed: int) -> Iterator[Case]:
    def cut(low: int, high: int, low_ms: float = 6, high_ms: float = 60) -> Spoil:
        def spoil(random: Random, blocks: list[PlayedBlock]) -> list[PlayedBlock]:
            made = np.concatenate([each.samples for each in blocks])
            count = int(random.integers(low, high + 1))
            for start in _apart(random, count):
                size = round(random.uniform(low_ms, high_ms) * RATE_HZ / 1000)
                made[start : start + size] = 0
            return list(blocks_of(made))

        return spoil

    def lost(low: int, high: int, *, told: bool) -> Spoil:
        def spoil(random: Random, blocks: list[PlayedBlock]) -> list[PlayedBlock]:
            count = int(random.integers(low, high + 1))
            gone: dict[int, int] = {
                start // 480: int(random.integers(4, 20)) for start in _apart(random, count)
            }
            made, missing, until = [], 0, -1
            for number, each in enumerate(blocks):
                until = max(until, number + gone.get(number, 0))
                if number < until:
                    missing += 1
                    continue
                made.append(PlayedBlock(each.samples, each.captured_ns, missing if told else 0))
            return _jittered(random, made, 15)

        return spoil

    def late(random: Random, blocks: list[PlayedBlock]) -> list[PlayedBlock]:
        at = int(random.integers(30, 240))
        pause_ns = round(random.uniform(40, 150) * MS)
        return [
            PlayedBlock(each.samples, max(each.captured_ns, blocks[at].captured_ns + pause_ns))
            if number >= at
            else each
            for number, each in enumerate(blocks)
        ]

    def gate(random: Random, blocks: list[PlayedBlock]) -> list[PlayedBlock]:
        """A headset's gate: quiet stretches are faded to true zeros."""
        wave = np.concatenate([each.samples[:, 0] for each in blocks]) / 32768.0
        loud = frame_rms(wave) > gain(random.uniform(-52, -46))
        hold = np.convolve(loud, np.ones(int(random.integers(3, 9))), "full")[: len(loud)] > 0
        opened = np.repeat(hold.astype(float), 960)
        fade = np.hanning(round(random.uniform(0.008, 0.03) * RATE_HZ))
        opened = np.convolve(opened, fade / fade.sum(), "same")
        return list(blocks_of(whole(wave[: len(opened)] * opened)))

    yield from _played(
        "mic.dropouts",
        seed,
        maker,
        (
            ("whole", HEALTHY, lambda random, blocks: _jittered(random, blocks, 25)),
            ("late and caught up", HEALTHY, late),
            ("a gate", HEALTHY, gate),
            ("holes below 3 ms", HEALTHY, cut(1, 6, 0.2, 3)),
            ("one or two holes", WARNED, cut(1, 2)),
            ("three holes and more", FAILED, cut(3, 6)),
            ("one or two stretches lost", WARNED, lost(1, 2, told=False)),
            ("three stretches lost and more", FAILED, lost(3, 5, told=True)),
        ),
    )


def _apart(random: Random, count: int) -> list[int]:
    """Return so many places (samples) within 0.3 and 2.5 s, at least 0.3 s apart."""
    span = 2.2 / count if count else 0.0
    return [
        round((0.3 + span * number + random.uniform(0, max(0.0, span - 0.3))) * RATE_HZ)
        for number in range(count)
    ]


def _rate(maker: SoundMaker, seed: int) -> Iterator[Case]:
    def pace(low: float, high: float, *, holes: bool = False) -> Spoil:
        def spoil(random: Random, blocks: list[PlayedBlock]) -> list[PlayedBlock]:
            off = random.uniform(low, high) * random.choice((-1, 1))
            made = []
            gap_ns = 0
            hole_at = int(random.integers(150, 350)) if holes else -1
            for number, each in enumerate(blocks):
                gap_ns += round(random.uniform(50, 150) * MS) if number == hole_at else 0
                at_ns = blocks[0].captured_ns + round(number * 1e7 / (1 + off)) + gap_ns
                made.append(PlayedBlock(each.samples, at_ns))
            return _jittered(random, made, 18)

        return spoil

    yield from _played(
        "mic.rate_wrong",
        seed,
        maker,
        (
            ("the right pace", HEALTHY, pace(0.0, 0.001)),
            ("a slightly wrong clock", HEALTHY, pace(0.001, 0.0035)),
            ("the right pace with a hole", HEALTHY, pace(0.0, 0.002, holes=True)),
            ("a wrong pace", WARNED, pace(0.0065, 0.018)),
            ("a very wrong pace", FAILED, pace(0.023, 0.09)),
        ),
    )


def _pair(maker: SoundMaker, random: Random, level_db: float) -> tuple[Wave, Wave]:
    voice = gain(level_db) * maker.speech(random, SECONDS)
    return (
        voice + gain(level_db - 28) * maker.noise(random, SECONDS),
        voice + gain(level_db - 28) * maker.noise(random, SECONDS),
    )


def _dead(maker: SoundMaker) -> tuple[Kind, ...]:
    def sides(random: Random, left: Wave, right: Wave) -> Sound:
        return whole(left, right) if random.random() < 0.5 else whole(right, left)

    def zero(random: Random) -> Sound:
        one, _ = _pair(maker, random, random.uniform(-42, -12))
        return sides(random, one, np.zeros_like(one))

    def hiss(random: Random) -> Sound:
        one, _ = _pair(maker, random, random.uniform(-42, -12))
        faint = gain(random.uniform(-100, -88)) * maker.noise(random, SECONDS)
        return sides(random, one, faint + random.uniform(-0.01, 0.01))

    def mono(random: Random) -> Sound:
        return whole(_pair(maker, random, random.uniform(-42, -12))[0])

    def twice(random: Random) -> Sound:
        one = _pair(maker, random, random.uniform(-42, -12))[0]
        return whole(one, one)

    def uneven(random: Random) -> Sound:
        one, other = _pair(maker, random, random.uniform(-38, -12))
        return sides(random, one, gain(-random.uniform(3, 25)) * other)

    def quiet(random: Random) -> Sound:
        noise = gain(random.uniform(-80, -66)) * maker.noise(random, SECONDS)
        return sides(random, noise, gain(random.uniform(-80, -66)) * maker.noise(random, SECONDS))

    return (
        ("one side is zero", WARNED, zero),
        ("one side hisses faintly", WARNED, hiss),
        ("one channel", HEALTHY, mono),
        ("both the same", HEALTHY, twice),
        ("one side quieter", HEALTHY, uneven),
        ("a quiet room on both", HEALTHY, quiet),
    )


def _antiphase(maker: SoundMaker) -> tuple[Kind, ...]:
    def correlated(low: float, high: float) -> Callable[[Random], Sound]:
        def record(random: Random) -> Sound:
            wanted = random.uniform(low, high)
            one = unit(maker.speech(random, SECONDS))
            other = unit(low_pass(maker.noise(random, SECONDS), 6000, 500))
            # As loud where the voice is, so that the correlation holds over any stretch.
            envelope = np.repeat(frame_rms(one), 960)[: len(one)]
            other = unit(np.resize(envelope, len(one)) * other)
            other -= one * float((one * other).mean())
            mixed = wanted * one + np.sqrt(1 - wanted**2) * unit(other)
            level = gain(random.uniform(-45, -22))
            return whole(level * one, level * gain(random.uniform(-6, 3)) * mixed)

        return record

    def reversed_noise(random: Random) -> Sound:
        noise = gain(random.uniform(-70, -40)) * maker.noise(random, SECONDS)
        return whole(noise, -gain(random.uniform(-3, 0)) * noise)

    def mono(random: Random) -> Sound:
        return whole(_pair(maker, random, random.uniform(-42, -12))[0])

    def apart(random: Random) -> Sound:
        one, other = _pair(maker, random, random.uniform(-42, -15))
        return whole(one, np.roll(other, int(random.integers(1, 30))))

    return (
        ("opposite", WARNED, correlated(-1.0, -0.86)),
        ("opposite, noise alone", WARNED, reversed_noise),
        ("half opposite", HEALTHY, correlated(-0.74, -0.2)),
        ("alike", HEALTHY, correlated(0.2, 1.0)),
        ("one channel", HEALTHY, mono),
        ("two capsules apart", HEALTHY, apart),
    )
