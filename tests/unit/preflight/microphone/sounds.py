"""Plain sound for the microphone's checks: a room, and syllables of a tone in it."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from preflight.model import CheckState
from preflight.verdicts.catalogue import judge
from tests.accuracy.played_sound import PlayedBlock, blocks_of, microphone_figures

RATE_HZ = 48_000
Wave = npt.NDArray[np.float64]
Sound = npt.NDArray[np.int16]


def room(level_dbfs: float, seconds: float = 12.0, seed: int = 1) -> Wave:
    """White noise of this RMS."""
    noise = np.random.default_rng(seed).normal(0, 1, round(seconds * RATE_HZ))
    return np.asarray(noise * 32768 * 10 ** (level_dbfs / 20))


def tone(level_dbfs: float, hz: float, seconds: float = 12.0) -> Wave:
    """A tone of this RMS."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.asarray(32768 * 10 ** (level_dbfs / 20) * np.sqrt(2) * np.sin(2 * np.pi * hz * at))


def voice(level_dbfs: float, floor_dbfs: float = -70.0, seconds: float = 12.0) -> Wave:
    """300 ms of a tone, 200 ms of nothing, over a room."""
    said = tone(level_dbfs, 430.0, seconds)
    said *= (np.arange(len(said)) // (RATE_HZ // 10)) % 5 < 3
    return said + room(floor_dbfs, seconds)


def whole(*waves: Wave) -> Sound:
    """One channel each, as whole numbers."""
    return np.clip(np.round(np.stack(waves, axis=1)), -32768, 32767).astype(np.int16)


def told(code: str, *waves: Wave) -> CheckState:
    """Return what a check says of these channels, played at an even pace."""
    return played(code, blocks_of(whole(*waves)))


def played(code: str, blocks: Iterable[PlayedBlock]) -> CheckState:
    """Return what a check says of these blocks."""
    return judge(code, microphone_figures(code, blocks))
