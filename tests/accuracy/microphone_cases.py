"""Every case of the microphone's checks; what truth means is told in the modules that make them.

All cases are made with one generator of voices and noise: the constants were chosen with one
(`tuning_sounds`), what is reported comes from the other (`other_sounds`).
"""

from collections.abc import Iterator

from tests.accuracy import microphone_fault_cases, microphone_flow_cases, microphone_level_cases
from tests.accuracy.other_sounds import SEED, EspeakVoices
from tests.accuracy.sound_tools import SoundMaker
from tests.accuracy.tally import Case


def cases(maker: SoundMaker | None = None, seed: int = SEED) -> Iterator[Case]:
    """Yield the cases of all checks, check by check."""
    voices = EspeakVoices() if maker is None else maker
    yield from microphone_flow_cases.cases(voices, seed)
    yield from microphone_level_cases.cases(voices, seed)
    yield from microphone_fault_cases.cases(voices, seed)
