"""M06 once more: a constant part with nothing upon it, and one with a little.

While its blind set was made it turned out that a microphone which sends one value for ever passed.
The rule was changed, so it is counted on sounds that neither of the older sets has; whoever wrote
them knew the new rule.
"""

import random
from collections.abc import Callable, Iterator

import numpy as np

from preflight.system.ports import InputLevel
from tests.accuracy.blind_sounds import (
    LOOP,
    NOISES,
    STEADY,
    heard_figures,
    hiss,
    noise_of,
    one_of,
    repeated,
    talking,
)
from tests.accuracy.kinds import FAILED, Found, Make, blind_cases_of
from tests.accuracy.played_sound import blocks_of, microphone_figures
from tests.accuracy.sound_tools import RATE_HZ, Random, Sound, gain, sine, whole
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeSystem

CODE = "mic.silent"
SEED = 9_346_000
STEP = 1 / 32_768

Record = Callable[[Random], Sound]


def _made(make: Record, muted: bool | None = None) -> Make:
    """Play it; the system says how the switch stands, or nothing."""

    def measured(rng: random.Random) -> Found:
        system = FakeSystem()
        system.level = None if muted is None else InputLevel(muted, 60)
        return heard_figures(CODE, rng, make, lambda _: True, system)

    return measured


def _constant(random: Random) -> float:
    """Return a faulty input's constant part, 3 steps to half of full scale."""
    size = np.exp(random.uniform(np.log(3.0), np.log(16_000.0)))
    return float(size * random.choice((-1, 1)))


def _nothing_upon_it(random: Random) -> Sound:
    """One value for ever; each side has its own, and one of them may be at zero."""
    sides = int(random.integers(1, 3))
    values = [round(_constant(random)) for _ in range(sides)]
    if sides == 2 and random.random() < 0.4:
        values[int(random.integers(2))] = 0
    return np.tile(np.asarray(values, np.int16), (LOOP, 1))


def _last_bit(random: Random) -> Sound:
    """The last bit trembles upon it, seldom or all the time."""
    share = random.uniform(0.001, 1.0)
    trembling = random.integers(-1, 2, (LOOP, 1)) * (random.random((LOOP, 1)) < share)
    return np.asarray(round(_constant(random)) + trembling, np.int16)


def _at_the_end(random: Random) -> Sound:
    """A converter that stands at one of its ends."""
    sound = np.full((LOOP, 1), random.choice((-32_768, 32_767)), np.int16)
    sound[random.random((LOOP, 1)) < 0.01] -= np.sign(sound[0, 0])
    return sound


def _upon_it(low_db: float, high_db: float, *, spoken: bool) -> Record:
    """A room, or somebody who speaks in it, upon a constant part."""

    def make(random: Random) -> Sound:
        wave = gain(random.uniform(low_db, high_db)) * one_of(random, STEADY if spoken else NOISES)
        if spoken:
            wave += gain(random.uniform(-40, -15)) * talking(random)
        return whole(wave + _constant(random) * STEP / 2)

    return make


def _faint_tone(random: Random) -> Sound:
    """A tone of a few steps alone, as a charger whines."""
    tone = gain(random.uniform(-84, -70)) * sine(LOOP / RATE_HZ, random.uniform(60, 9000))
    return whole(tone + _constant(random) * STEP)


def _then_spoken(rng: random.Random) -> Found:
    """A gate that sends its constant part until somebody speaks."""
    random = noise_of(rng)
    start = round(random.uniform(3.3, 6.6) * RATE_HZ)
    constant = round(_constant(random) / 4)
    voice = gain(random.uniform(-40, -18)) * talking(random) + gain(-60) * hiss(random)
    sound = repeated(whole(voice + constant * STEP))
    sound[:start] = constant
    return microphone_figures(CODE, blocks_of(sound))


def cases() -> Iterator[Case]:
    """Yield the cases."""
    yield from blind_cases_of(
        CODE,
        SEED,
        (
            ("a room upon a constant", _made(_upon_it(-84, -60, spoken=False))),
            ("a voice upon a constant", _made(_upon_it(-70, -45, spoken=True))),
            ("a faint tone upon a constant", _made(_faint_tone)),
            ("a constant, then a voice", _then_spoken),
        ),
        (
            ("a constant", FAILED, _made(_nothing_upon_it)),
            ("a constant and the last bit", FAILED, _made(_last_bit)),
            ("a constant, switched off", FAILED, _made(_nothing_upon_it, muted=True)),
            ("at its end", FAILED, _made(_at_the_end)),
        ),
    )
