"""M05, M15 and M16, blind: whether sound comes, whether it has gaps, and how fast it comes.

Written from the catalogue and the harness alone. The sound is that of `blind_sounds`; here it is
cut into blocks with stamps of their own, as drivers deliver them: at an even pace, trembling, in
pairs and fours, late and then all at once. Faults lie apart from each other: one or two of them in
the middle of each 3 s, else so many that it makes no difference where a check's 3 s begin. What is
not made: 93.5 to 96 % of the blocks, and gaps of 22 to 45 ms.
"""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tests.accuracy.blind_sounds import (
    LOOP,
    LOOP_S,
    LOOPS,
    STEADY,
    coded,
    drawn,
    noise_of,
    one_of,
    repeated,
    talking,
)
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.played import SECOND_NS
from tests.accuracy.played_sound import PlayedBlock, microphone_figures
from tests.accuracy.sound_tools import FRAME, RATE_HZ, Random, Sound, frame_rms, gain, whole
from tests.accuracy.tally import HEALTHY, Case

SEED = 9_310_000
BLOCK = RATE_HZ // 100
MS = 1_000_000
PERIOD_NS = 10 * MS
BLOCKS = LOOP // BLOCK
Stamps = npt.NDArray[np.float64]


def _heard(random: Random) -> Sound:
    """A loop of somebody speaking beside noise, some through a codec."""
    voice = gain(random.uniform(-30, -14)) * talking(random)
    wave = coded(random, voice) if random.random() < 0.4 else voice
    return whole(wave + gain(random.uniform(-58, -42)) * one_of(random, STEADY))


def _trembling(random: Random, stamps: Stamps, most_ms: float = 1.5) -> Stamps:
    """Let each come a little late, never before the one in front of it."""
    late = stamps + random.exponential(most_ms / 3, len(stamps)).clip(0, most_ms) * MS
    return np.asarray(np.maximum.accumulate(late), np.float64)


def _in_groups(stamps: Stamps, size: int) -> Stamps:
    """Let so many come at once, when the last of them is there."""
    last = np.minimum(np.arange(len(stamps)) // size * size + size - 1, len(stamps) - 1)
    return np.asarray(stamps[last], np.float64)


def _played(
    sound: Sound, stamps: Stamps, kept: Sequence[int] | None = None, lost: Sequence[int] = ()
) -> Iterator[PlayedBlock]:
    """Yield blocks of a recording.

    Args:
        stamps: when each comes, in ns from the open.
        kept: which of them come; all where None.
        lost: before which the driver tells of a loss.
    """
    told = 0
    for number in range(len(stamps)) if kept is None else kept:
        told += number in lost
        samples = np.ascontiguousarray(sound[number * BLOCK : (number + 1) * BLOCK])
        samples.flags.writeable = False
        yield PlayedBlock(samples, SECOND_NS + round(float(stamps[number])), told)


def _even(count: int, period_ns: float = PERIOD_NS, first_ms: float = 10.0) -> Stamps:
    return np.asarray(first_ms * MS + np.arange(count) * period_ns, np.float64)


# --- M05 ---------------------------------------------------------------------------------------


def _coming(
    first_ms: tuple[float, float],
    missing: tuple[float, float] = (0.0, 0.0),
    *,
    group: tuple[int, ...] = (1,),
    burst: tuple[int, int] = (1, 1),
    period_ms: tuple[float, float] = (10.0, 10.0),
) -> Make:
    """Blocks from some moment on, of which such a part is missing.

    Args:
        group: how many come at once.
        burst: how many are missing at a time.
    """

    def make(rng: random.Random) -> Found:
        random = noise_of(rng)
        sound = repeated(_heard(random), 3)
        count = len(sound) // BLOCK
        stamps = _even(count, random.uniform(*period_ms) * MS, random.uniform(*first_ms))
        stamps = _in_groups(_trembling(random, stamps), int(random.choice(group)))
        part, size = random.uniform(*missing), int(random.integers(burst[0], burst[1] + 1))
        # Spread evenly, so that each second misses the same part.
        due = np.floor(np.arange(count) / size) * part
        gone = np.floor(due + part) > np.floor(due)
        gone[:size] = False
        kept = [int(each) for each in np.flatnonzero(~gone)]
        return microphone_figures("mic.no_data", _played(sound, stamps, kept))

    return make


def _ending(rng: random.Random) -> Found:
    """Some blocks come, and then no more."""
    random = noise_of(rng)
    sound = repeated(_heard(random), 1)
    count = int(random.integers(2, 120))
    return microphone_figures("mic.no_data", _played(sound, _even(count)))


def _nothing(rng: random.Random) -> Found:
    return microphone_figures("mic.no_data", ())


# --- M15 ---------------------------------------------------------------------------------------

Cut = Callable[[Random, Sound], Sound]
CUT = 150
"""What stands this far from zero is no end of a fade; -47 dBFS."""


def _places(random: Random, count: int) -> list[float]:
    """Return seconds within a loop, apart from each other and from its ends."""
    first, width = (0.9, 1.2 / count) if count < 3 else (0.2, 2.5 / count)
    return [first + width * (number + random.uniform(0.25, 0.75)) for number in range(count)]


def _holed(
    random: Random, loop: Sound, places: Sequence[float], size_ms: tuple[float, float]
) -> Sound:
    """Put zeros near so many moments, where the wave is well away from zero at both ends."""
    made = loop.copy()
    for at_s in places:
        size = round(random.uniform(*size_ms) * RATE_HZ / 1000)
        near = round(at_s * RATE_HZ) + np.arange(-2400, 2400)
        ends = np.minimum(np.abs(loop[near - 1, 0]), np.abs(loop[(near + size) % LOOP, 0]))
        start = int(near[int(ends.argmax())])
        made[start : start + size] = 0
    return made


def _holes(loop: Sound, from_ms: float, to_ms: float, least: int) -> int:
    """Count runs of zeros with at least such a sample on each side."""
    wave = loop[:, 0].astype(int)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (wave == 0).view(np.int8), [0]])))
    return sum(
        from_ms <= (end - start) * 1000 / RATE_HZ <= to_ms
        and min(abs(wave[start - 1]), abs(wave[end % LOOP])) >= least
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    )


def _with_holes(counts: Sequence[int], size_ms: tuple[float, float]) -> Callable[[Random], Sound]:
    """Return what makes loops with so many holes, each of which cuts a wave off."""

    def make(random: Random) -> Sound:
        count = int(random.choice(counts))

        def holed(_: Random) -> Sound:
            return _holed(random, _heard(random), _places(random, count), size_ms)

        low_ms, high_ms = 0.9 * size_ms[0], 1.1 * size_ms[1]
        return drawn(random, holed, lambda loop: _holes(loop, low_ms, high_ms, CUT) == count)

    return make


def _unholed(cut: Cut) -> Callable[[Random], Sound]:
    """Return what makes loops whose zeros, if there are any, come and go in a fade."""

    def made(random: Random) -> Sound:
        return cut(random, _heard(random))

    return lambda random: drawn(random, made, lambda loop: _holes(loop, 4.5, 560, 6) == 0)


def _faded(random: Random, loop: Sound) -> Sound:
    """A gate closes between words, and fades within 8 to 30 ms to true zeros and back."""
    levels = frame_rms(loop[:, 0].astype(float))
    opened = levels > np.percentile(levels, random.uniform(20, 40))
    shape = np.hanning(int(random.uniform(0.008, 0.03) * RATE_HZ) + 2)
    edges = np.tile(np.repeat(opened.astype(float), FRAME), 3)
    slope = np.convolve(edges, shape / shape.sum(), "same")[LOOP : 2 * LOOP]
    return np.asarray(np.fix(loop * np.where(slope < 1e-6, 0.0, slope)[:, None]), np.int16)


def _concealed(random: Random, loop: Sound) -> Sound:
    """Lost packets of a headset's radio: the last 10 ms once more, and once more, fading."""
    made = loop.copy()
    for at_s in _places(random, 6):
        start = round(at_s * 100) * BLOCK
        for turn, left in enumerate((0.8, 0.5)):
            place = start + turn * BLOCK
            made[place : place + BLOCK] = np.round(loop[start - BLOCK : start] * left)
    return made


def _flowing(make: Callable[[Random], Sound], *, late: bool = False) -> Make:
    """Every block comes.

    Args:
        late: now and then some wait for up to 120 ms, and come with the next.
    """

    def measured(rng: random.Random) -> Found:
        random = noise_of(rng)
        sound = repeated(make(random))
        stamps = _trembling(random, _even(BLOCKS * LOOPS))
        if late:
            for start in range(20, len(stamps) - 60, 70):
                begin, size = start + int(random.integers(30)), int(random.integers(4, 13))
                stamps[begin : begin + size] = stamps[begin + size]
        return microphone_figures("mic.dropouts", _played(sound, stamps))

    return measured


def _interrupted(
    events: tuple[int, ...],
    *,
    gap_ms: tuple[int, int] | None = None,
    told: bool = False,
    holes: int = 0,
) -> Make:
    """So many moments in each 3 s at which blocks are lost.

    Args:
        gap_ms: how long nothing comes; what was lost is gone. None: the driver only tells.
        told: whether the driver tells.
        holes: so many runs of zeros in the sound besides.
    """

    def make(rng: random.Random) -> Found:
        random = noise_of(rng)
        places = _places(random, int(random.choice(events)) + holes)
        held, broken = places[:holes], places[holes:]

        def holed(_: Random) -> Sound:
            return _holed(random, _heard(random), held, (8, 60))

        loop = drawn(random, holed, lambda made: _holes(made, 7, 66, CUT) == holes)
        gone, lost = set[int](), set[int]()
        for at_s in broken:
            size = 0 if gap_ms is None else int(random.integers(gap_ms[0], gap_ms[1] + 1)) // 10
            for turn in range(LOOPS):
                first = round((at_s + turn * LOOP_S) * 100)
                gone |= set(range(first, first + size))
                if told:
                    lost.add(first + size)
        kept = [each for each in range(BLOCKS * LOOPS) if each not in gone]
        stamps = _trembling(random, _even(BLOCKS * LOOPS))
        blocks = _played(repeated(loop), stamps, kept, sorted(lost))
        return microphone_figures("mic.dropouts", blocks)

    return make


# --- M16 ---------------------------------------------------------------------------------------


def _running(
    off: tuple[float, float],
    *,
    group: tuple[int, ...] = (1,),
    gaps: int = 0,
    uneven_ms: float = 1.5,
) -> Make:
    """Blocks come faster or slower than they should, by so many percent.

    Args:
        off: above zero: too many of them in a second.
        gaps: so many times 100 to 400 ms of blocks are lost.
        uneven_ms: how late a block may come.
    """

    def make(rng: random.Random) -> Found:
        random = noise_of(rng)
        sound = repeated(_heard(random))
        count = BLOCKS * LOOPS
        period_ns = PERIOD_NS / (1 + random.uniform(*off) / 100)
        stamps = _in_groups(_even(count, period_ns), int(random.choice(group)))
        stamps = _trembling(random, stamps, uneven_ms)
        gone = set[int]()
        for first in random.integers(20, count - 60, gaps * LOOPS):
            gone |= set(range(int(first), int(first) + int(random.integers(10, 41))))
        kept = [each for each in range(count) if each not in gone]
        return microphone_figures("mic.rate_wrong", _played(sound, stamps, kept))

    return make


def _anyhow(rng: random.Random) -> Found:
    """Blocks that come when they like: half a second of nothing, then all of it at once."""
    random = noise_of(rng)
    sound = repeated(_heard(random))
    stamps = _even(BLOCKS * LOOPS)
    at = 0
    while at < len(stamps):
        size = int(random.integers(15, 70))
        stamps[at : at + size] = stamps[min(at + size, len(stamps) - 1)]
        at += size
    return microphone_figures("mic.rate_wrong", _played(sound, stamps))


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies within a tenth of a limit is not made."""
    soon, data, drops, rate = (20.0, 400.0), "mic.no_data", "mic.dropouts", "mic.rate_wrong"
    yield from blind_cases_of(
        data,
        SEED,
        (
            ("even", _coming(soon)),
            ("in groups", _coming(soon, group=(2, 3, 4))),
            ("late at first", _coming((500, 880))),
            ("a few lost", _coming(soon, (0.005, 0.035))),
        ),
        (
            ("some lost", WARNED, _coming(soon, (0.09, 0.16), burst=(1, 4))),
            ("too slow", WARNED, _coming(soon, period_ms=(10.75, 11.9))),
            ("late", WARNED, _coming((1150, 1800))),
            ("much lost", FAILED, _coming(soon, (0.28, 0.75), burst=(1, 6))),
            ("far too late", FAILED, _coming((2300, 3500))),
            ("it ends", FAILED, _ending),
            ("nothing", FAILED, _nothing),
        ),
    )
    yield from blind_cases_of(
        drops,
        SEED + 10_000,
        (
            ("a voice", _flowing(_unholed(lambda _, loop: loop))),
            ("late, then all", _flowing(_unholed(lambda _, loop: loop), late=True)),
            ("a gate that fades", _flowing(_unholed(_faded))),
            ("concealed", _flowing(_unholed(_concealed))),
            ("shorter than 5 ms", _flowing(_with_holes((3, 6), (0.5, 4.3)))),
            ("the mute key", _flowing(_with_holes((1,), (600, 900)))),
        ),
        (
            ("one or two holes", WARNED, _flowing(_with_holes((1, 2), (6, 400)))),
            ("holes", FAILED, _flowing(_with_holes((4, 6, 9), (6, 120)))),
            ("one or two gaps", WARNED, _interrupted((1, 2), gap_ms=(50, 300))),
            ("gaps", FAILED, _interrupted((4, 5), gap_ms=(50, 250))),
            ("one or two told", WARNED, _interrupted((1, 2), told=True)),
            ("told", FAILED, _interrupted((4, 7), gap_ms=(10, 10), told=True)),
            ("gaps, told too", WARNED, _interrupted((2,), gap_ms=(50, 200), told=True)),
            ("all together", FAILED, _interrupted((3,), gap_ms=(50, 90), told=True, holes=3)),
        ),
    )
    yield from blind_cases_of(
        rate,
        SEED + 20_000,
        (
            ("even", _running((-0.4, 0.4))),
            ("it trembles", _running((-0.1, 0.1), uneven_ms=5)),
            ("gaps", _running((-0.3, 0.3), gaps=1)),
        ),
        (
            ("a little slow", WARNED, _running((-1.75, -0.6))),
            ("a little fast", WARNED, _running((0.6, 1.75))),
            ("off, with gaps", WARNED, _running((-1.7, -0.8), gaps=1)),
            ("44.1 for 48 kHz", FAILED, _running((-8.3, -8.0), group=(1, 2))),
            ("48 for 44.1 kHz", FAILED, _running((8.6, 9.0), group=(1, 2))),
            ("slow", FAILED, _running((-6, -2.4))),
            ("32 for 48 kHz", FAILED, _running((-33.5, -33.2))),
        ),
        (
            ("in groups", UNTOLD | HEALTHY, _running((-0.1, 0.1), group=(2, 3, 4))),
            ("anyhow", UNTOLD | HEALTHY, _anyhow),
        ),
    )
