"""How a case of a microphone's check is made: a seed, a truth, and a recording."""

from collections.abc import Callable, Iterable, Iterator, Sized

import numpy as np

from preflight.model import CheckState, Measured
from tests.accuracy.played_sound import PlayedBlock, blocks_of, microphone_figures
from tests.accuracy.sound_tools import Random, Sound, SoundMaker, Wave, gain
from tests.accuracy.tally import Case

PER_CHECK = 200
"""At least so many cases of each check, in equal parts of its kinds."""
SECONDS = 4.5
"""3 s that came before the check, one second more for a voice, and a rest."""
LONG_S = 12.0
"""Where nobody speaks the checks wait for 7.4 s."""
WARNED = frozenset({CheckState.WARNED})
FAILED = frozenset({CheckState.FAILED})
UNKNOWN = frozenset({CheckState.UNKNOWN})
UNTOLD = frozenset({CheckState.UNKNOWN, CheckState.PASSED})
"""What is too quiet to tell may stay unknown; it is no fault."""

Truth = frozenset[CheckState]
Record = Callable[[Random], Sound]
Play = Callable[[Random], Iterable[PlayedBlock]]
Kind = tuple[str, Truth, Record]


def kinds(code: str, first_seed: int, several: Iterable[Kind]) -> Iterator[Case]:
    """Yield as many cases of each kind, played at an even pace."""
    made = tuple(several)
    for number, (name, truth, record) in enumerate(made):
        for index in range(per_kind(made)):
            yield sound_case(code, name, truth, first_seed + 1000 * number + index, record)


def per_kind(several: Sized) -> int:
    """Return how many cases of each of so many kinds make `PER_CHECK`."""
    return -(-PER_CHECK // len(several))


def sound_case(code: str, name: str, truth: Truth, seed: int, record: Record) -> Case:
    """Make a case of a recording."""
    return played_case(code, name, truth, seed, lambda random: blocks_of(record(random)))


def played_case(code: str, name: str, truth: Truth, seed: int, play: Play) -> Case:
    """Make a case of blocks with stamps of their own."""

    def measure() -> Measured:
        return microphone_figures(code, play(np.random.default_rng(seed)))

    return Case(code, f"{name}, seed {seed}", truth, measure)


def spoken(
    maker: SoundMaker, random: Random, voice_db: float, noise_db: float, seconds: float = SECONDS
) -> Wave:
    """Return a voice of this level over steady noise of that level."""
    voice = gain(voice_db) * maker.speech(random, seconds)
    return voice + gain(noise_db) * maker.noise(random, seconds)
