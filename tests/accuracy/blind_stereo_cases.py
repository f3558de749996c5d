"""M18 and M19, blind: a side that is dead, and sides that cancel each other.

Written from the catalogue and the harness alone (`blind_sounds`); levels and correlation are worked
out from the made samples. What is not made: a side of -86.5 to -83 dBFS, and a correlation of -0.7
to -0.88.
"""

from collections.abc import Callable, Iterator

import numpy as np

from tests.accuracy.blind_sounds import (
    LOOP,
    babble,
    captured_at,
    coded,
    heard_by,
    heard_figures,
    hiss,
    in_room,
    one_of,
    pistons,
    rain,
    rms_db,
    speech,
    talking,
    traffic,
    wrench,
)
from tests.accuracy.kinds import WARNED, Make, blind_cases_of
from tests.accuracy.sound_tools import Random, Sound, Wave, bins_hz, gain, shaped, whole
from tests.accuracy.tally import Case

SEED = 9_340_000
Pair = tuple[Wave, Wave]
Holds = Callable[[Sound], bool]


def _made(code: str, make: Callable[[Random], Sound], holds: Holds = lambda _: True) -> Make:
    return lambda rng: heard_figures(code, rng, make, holds)


def _content(random: Random) -> Wave:
    """Somebody speaks beside a noise, or something runs and nobody speaks."""
    noise = one_of(random, (hiss, rain, traffic, pistons, wrench, babble))
    if random.random() < 0.3:
        return gain(random.uniform(-50, -18)) * noise
    voice = gain(random.uniform(-40, -12)) * talking(random)
    return voice + gain(random.uniform(-70, -45)) * noise


def _correlation(loop: Sound) -> float:
    return float(np.corrcoef(loop[:, 0], loop[:, 1])[0, 1])


def _swapped(random: Random, one: Wave, other: Wave) -> Sound:
    """Return the two sides, in either order."""
    return whole(other, one) if random.random() < 0.5 else whole(one, other)


def _later(wave: Wave, late_s: float) -> Wave:
    return shaped(wave, np.exp(-2j * np.pi * bins_hz(wave) * late_s))


def _two_places(random: Random) -> Pair:
    """A stereo microphone in a room: each capsule has its own echoes, response and noise."""
    voice = speech(random)
    level = gain(random.uniform(-36, -14))
    late_s = random.uniform(0, 0.0006)
    sides = []
    for each_s in (0.0, late_s):
        heard = heard_by(random, in_room(random, _later(voice, each_s)))
        heard /= np.abs(heard).max() * 0.4
        sides.append(level * heard + gain(random.uniform(-75, -55)) * hiss(random))
    return sides[0], sides[1]


# --- M18 ---------------------------------------------------------------------------------------


def _one_dead(rest: str) -> Callable[[Random], Sound]:
    """One side hears; the other sends nothing, its last bit, a constant, or hears faintly over."""

    def make(random: Random) -> Sound:
        hears = _content(random)
        dead = np.zeros(LOOP)
        if rest == "the last bit":
            dead = random.integers(-1, 2, LOOP) / 32768
        elif rest == "a constant":
            dead += random.uniform(-0.02, 0.02)
        elif rest == "crosstalk":
            over_db = random.uniform(-94, -88) - 20 * np.log10(float(np.std(hears)))
            dead = gain(over_db) * hears + random.normal(0, 0.3, LOOP) / 32768
        return _swapped(random, hears, dead)

    return make


def _is_dead(loop: Sound) -> bool:
    low, high = sorted((rms_db(loop[:, 0]), rms_db(loop[:, 1])))
    return low < -86.5 and high > -58.5


def _both_live(loop: Sound) -> bool:
    return min(rms_db(loop[:, 0]), rms_db(loop[:, 1])) > -83


def _unlike(random: Random) -> Sound:
    """One side is far quieter than the other, and alive: an unused capsule, or one turned away."""
    hears = _content(random)
    faint = gain(-random.uniform(12, 35)) * hears + gain(random.uniform(-80, -65)) * hiss(random)
    return _swapped(random, hears, faint)


def _both_quiet(random: Random) -> Sound:
    """Nothing much on either side, and on one of them nothing at all."""
    hears = gain(random.uniform(-82, -66)) * hiss(random)
    return _swapped(random, hears, random.integers(-1, 2, LOOP) / 32768)


def _none_hears(loop: Sound) -> bool:
    return max(rms_db(loop[:, 0]), rms_db(loop[:, 1])) < -62


# --- M19 ---------------------------------------------------------------------------------------


def _turned_over(random: Random) -> Sound:
    """One side is wired the wrong way round; it may be quieter, and have noise and a constant."""
    hears = _content(random)
    other = -gain(-random.uniform(0, 12)) * hears
    sides = [hears, other + random.uniform(-0.02, 0.02)]
    level = float(np.std(other))
    return _swapped(random, *(side + level * gain(-20) * hiss(random) for side in sides))


def _turned_over_coded(random: Random) -> Sound:
    """The same through a codec, or at another rate, each side for itself."""
    hears = _content(random)
    if random.random() < 0.5:
        return _swapped(random, coded(random, hears), -coded(random, hears))
    return _swapped(random, captured_at(hears, 16_000), -hears)


def _turned_over_apart(random: Random) -> Sound:
    """Two capsules close together in a dry room, of which one is turned over."""
    hears = _content(random)
    other = -_later(heard_by(random, hears), random.uniform(0, 0.00003))
    return _swapped(random, hears, other)


def _cancels(loop: Sound) -> bool:
    return _correlation(loop) < -0.88


def _adds(loop: Sound) -> bool:
    return _correlation(loop) > -0.7


def _wide(random: Random) -> Sound:
    """A widened picture: what is the same on both sides, and what is turned over, half and half."""
    middle, side = _content(random), _content(random)
    side *= float(np.std(middle) / np.std(side)) * random.uniform(0.7, 1.35)
    return whole(middle + side, middle - side)


def _same_twice(random: Random) -> Sound:
    """One capsule upon both sides, as many headsets do it."""
    hears = _content(random)
    return whole(hears, gain(random.choice((0.0, -6.0))) * hears)


def _alone(random: Random) -> Sound:
    return whole(_content(random))


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    dead = "mic.channel_dead"
    yield from blind_cases_of(
        dead,
        SEED,
        (
            ("one side alone", _made(dead, _alone)),
            ("two places", _made(dead, lambda random: whole(*_two_places(random)), _both_live)),
            ("the same twice", _made(dead, _same_twice, _both_live)),
            ("one far quieter", _made(dead, _unlike, _both_live)),
            ("both quiet", _made(dead, _both_quiet, _none_hears)),
            ("turned over", _made(dead, _turned_over, _both_live)),
        ),
        [
            (rest, WARNED, _made(dead, _one_dead(rest), _is_dead))
            for rest in ("zeros", "the last bit", "a constant", "crosstalk")
        ],
    )
    phase = "mic.antiphase"
    yield from blind_cases_of(
        phase,
        SEED + 5000,
        (
            ("one side alone", _made(phase, _alone)),
            ("two places", _made(phase, lambda random: whole(*_two_places(random)), _adds)),
            ("the same twice", _made(phase, _same_twice, _adds)),
            ("widened", _made(phase, _wide, _adds)),
            ("one dead side", _made(phase, _one_dead("the last bit"), _adds)),
        ),
        (
            ("turned over", WARNED, _made(phase, _turned_over, _cancels)),
            ("turned over, coded", WARNED, _made(phase, _turned_over_coded, _cancels)),
            ("turned over, apart", WARNED, _made(phase, _turned_over_apart, _cancels)),
        ),
    )
