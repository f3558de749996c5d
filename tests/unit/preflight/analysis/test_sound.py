"""Sound of known level through the sound algorithms."""

import numpy as np
import numpy.typing as npt
import pytest

from preflight.analysis.sound import (
    LOWEST_DBFS,
    dbfs,
    is_silent,
    levels,
    mean_square,
    received_ratio,
    rms_dbfs,
)
from preflight.model import CheckState
from preflight.verdicts.catalogue import judge

RATE_HZ = 48_000
RANDOM = np.random.default_rng(3)


def tone(level_dbfs: float, seconds: float = 1.0, hz: float = 440.0) -> npt.NDArray[np.int16]:
    """A sine whose RMS has the level; -3 dBFS is full scale."""
    peak = 32768 * 10 ** (level_dbfs / 20) * np.sqrt(2)
    at = np.arange(round(RATE_HZ * seconds)) / RATE_HZ
    wave = np.clip(peak * np.sin(2 * np.pi * hz * at), -32768, 32767)
    return np.asarray(np.round(wave), np.int16)


@pytest.mark.parametrize("level", [-70, -60, -50, -40, -30, -20, -10])
def test_a_tone_measures_its_own_level(level: int) -> None:
    assert rms_dbfs(tone(level)) == pytest.approx(level, abs=0.1)


def test_digital_zero_is_silence_at_the_lowest_level() -> None:
    zeros = np.zeros((480, 1), np.int16)

    assert is_silent(zeros)
    assert rms_dbfs(zeros) == LOWEST_DBFS


def test_dither_is_silence_and_measures_about_minus_92() -> None:
    dither = RANDOM.integers(-1, 2, (48_000, 1)).astype(np.int16)

    assert is_silent(dither)
    assert rms_dbfs(dither) == pytest.approx(-92, abs=1)


@pytest.mark.parametrize(
    ("value", "expected"), [(1, True), (-1, True), (2, False), (-2, False), (-32768, False)]
)
def test_silence_ends_just_beside_one_step(value: int, expected: bool) -> None:
    samples = np.zeros((480, 1), np.int16)
    samples[100] = value

    assert is_silent(samples) is expected


@pytest.mark.parametrize("value", [2, 40, -300, 32_767, -32_768])
def test_one_value_all_the_time_is_silence(value: int) -> None:
    """A faulty input sends its constant part, with or without a last bit that trembles."""
    samples = np.full((480, 2), value, np.int32)
    samples[:, 1] += RANDOM.integers(-1, 2, 480)

    assert is_silent(samples.clip(-32_768, 32_767).astype(np.int16))


@pytest.mark.parametrize(("value", "expected"), [(41, True), (42, False), (38, False)])
def test_silence_ends_just_beside_one_step_of_a_constant(value: int, expected: bool) -> None:
    samples = np.full((480, 1), 40, np.int16)
    samples[100] = value

    assert is_silent(samples) is expected


def test_sound_on_one_side_is_no_silence() -> None:
    samples = np.full((480, 2), 40, np.int16)
    samples[::2, 1] = 60

    assert not is_silent(samples)


def test_a_quiet_room_is_no_silence() -> None:
    room = RANDOM.normal(0, 32768 * 10 ** (-75 / 20), (480, 1)).round().astype(np.int16)

    assert not is_silent(room)


def test_no_samples_at_all_are_silence() -> None:
    assert is_silent(np.zeros((0, 1), np.int16))
    assert mean_square(np.zeros((0, 1), np.int16)) == 0.0


def test_channels_in_opposite_phase_do_not_cancel() -> None:
    one = tone(-20)

    assert rms_dbfs(np.stack([one, -one], axis=1)) == pytest.approx(-20, abs=0.1)


def test_the_living_channel_counts_beside_a_dead_one() -> None:
    one = tone(-30)

    assert rms_dbfs(np.stack([one, np.zeros_like(one)], axis=1)) == pytest.approx(-30, abs=0.1)


def test_floor_and_voice_are_told_apart() -> None:
    quiet = [mean_square(tone(-65, 0.02)) for _ in range(75)]
    loud = [mean_square(tone(-22, 0.02)) for _ in range(75)]

    found = levels([*quiet, *loud])

    assert found.floor_dbfs == pytest.approx(-65, abs=0.5)
    assert found.voice_dbfs == pytest.approx(-22, abs=0.5)


def test_no_sound_has_the_lowest_levels() -> None:
    found = levels([])

    assert (found.floor_dbfs, found.voice_dbfs) == (LOWEST_DBFS, LOWEST_DBFS)


def test_a_level_below_the_lowest_stays_there() -> None:
    assert dbfs(1e-9) == LOWEST_DBFS


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (1.0, CheckState.PASSED),
        (0.951, CheckState.PASSED),
        (0.949, CheckState.WARNED),
        (0.801, CheckState.WARNED),
        (0.799, CheckState.FAILED),
    ],
)
def test_dropouts_show_as_a_share_of_what_should_have_come(
    share: float, expected: CheckState
) -> None:
    ratio = received_ratio(round(RATE_HZ * 2 * share), 2_000_000_000, RATE_HZ)

    assert ratio == pytest.approx(share, abs=1e-4)
    measured = {"first_block_ms": 10.0, "received_ratio": ratio}
    assert judge("mic.no_data", measured) is expected


def test_no_time_brings_no_share() -> None:
    assert received_ratio(480, 0, RATE_HZ) == 0.0
