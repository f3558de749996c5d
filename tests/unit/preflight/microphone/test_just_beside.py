"""The microphone's checks on sound that lies just on either side of each limit.

Levels, shares and cliffs are made exactly, and the check's own measurement finds them: half a
decibel or a tenth of a per cent from the limit, where a voice is involved one decibel.
"""

from collections.abc import Callable

import numpy as np
import pytest

from preflight.model import CheckState
from preflight.verdicts.catalogue import judge
from tests.accuracy.played_sound import blocks_of, microphone_figures
from tests.accuracy.round_trip_cases import voice_sound
from tests.accuracy.sound_tools import (
    RATE_HZ,
    Wave,
    bins_hz,
    gain,
    shaped,
    sine,
    unit,
    unit_voice,
    whole,
)
from tests.check_cases import just_misses, raises

PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED
SECONDS = 12.0
SAMPLES = round(SECONDS * RATE_HZ)


def voice(level_dbfs: float) -> Wave:
    spoken = voice_sound(np.random.default_rng(5), SECONDS) / 32768
    return gain(level_dbfs) * unit_voice(spoken)


def noise(level_dbfs: float, seed: int = 9) -> Wave:
    return gain(level_dbfs) * unit(np.random.default_rng(seed).standard_normal(SAMPLES))


def level(dbfs: float) -> list[Wave]:
    """The check takes a voice's loudest tenth a little lower than it is made here."""
    return [voice(dbfs + 1.1) + noise(-85)]


def loud_place(floor_dbfs: float) -> list[Wave]:
    return [voice(-25) + noise(floor_dbfs)]


def hum(dbfs: float) -> list[Wave]:
    return [voice(-25) + noise(-75) + gain(dbfs) * sine(SECONDS, 50)]


def offset(share: float) -> list[Wave]:
    return [voice(-25) + noise(-70) + share]


def cliff(db: float) -> list[Wave]:
    """Noise whose power falls by so much at 4 kHz."""
    flat = noise(-40)
    return [shaped(flat, np.where(bins_hz(flat) > 4000, gain(-db), 1.0))]


def weak_side(dbfs: float) -> list[Wave]:
    return [voice(-25) + noise(-60), noise(dbfs, 11)]


def opposed(correlation: float) -> list[Wave]:
    one, other = noise(-30), noise(-30, 11)
    return [one, correlation * one + np.sqrt(1 - correlation**2) * other]


def found(code: str, waves: list[Wave]) -> CheckState:
    return judge(code, microphone_figures(code, blocks_of(whole(*waves))))


@pytest.mark.parametrize(
    ("code", "made", "healthy", "ill", "verdict"),
    [
        pytest.param(code, *more, id=code, marks=[just_misses(code), raises(code)])
        for code, *more in (
            ("mic.level_low", level, -39.5, -40.5, WARNED),
            ("mic.noise_high", loud_place, -50.5, -49.5, WARNED),
            ("mic.hum", hum, -55.5, -54.5, WARNED),
            ("mic.dc_offset", offset, 0.0095, 0.0105, WARNED),
            ("mic.narrowband", cliff, 24.0, 26.0, FAILED),
            ("mic.channel_dead", weak_side, -84.0, -86.0, WARNED),
            ("mic.antiphase", opposed, -0.78, -0.82, WARNED),
        )
    ],
)
def test_sound_just_beside_a_limit(
    code: str,
    made: Callable[[float], list[Wave]],
    healthy: float,
    ill: float,
    verdict: CheckState,
) -> None:
    assert found(code, made(healthy)) is PASSED
    assert found(code, made(ill)) is verdict


@pytest.mark.parametrize(
    ("lasts_s", "state"),
    [
        pytest.param(7.5, PASSED, marks=just_misses("mic.silent")),
        pytest.param(8.5, FAILED, marks=raises("mic.silent")),
    ],
)
def test_silence_that_ends_within_eight_seconds_is_none(lasts_s: float, state: CheckState) -> None:
    wave = np.zeros(SAMPLES)
    start = round(lasts_s * RATE_HZ)
    wave[start:] = noise(-60)[start:]

    assert found("mic.silent", [wave]) is state
