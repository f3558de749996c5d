"""The sweep and what is found of it."""

import numpy as np
import pytest

from preflight.analysis.echo import LOWEST_GAIN_DB, Echo, find_echo
from preflight.checks.speaker.bench import since
from preflight.checks.speaker.loop import delay_figures, loop_figures
from preflight.checks.speaker.sweep import quiet, sweep
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock
from preflight.model import CheckState
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.rules import judge_row
from tests.check_cases import just_misses

PASSED = CheckState.PASSED


def heard(echo_db: float, delay_ms: float, noise: float = 3.0) -> np.ndarray:
    """1.5 s with the sweep in it, late and quieter, over white noise of an amplitude."""
    total = noise * np.random.default_rng(3).standard_normal(round(1.5 * SAMPLE_RATE_HZ))
    start = round(delay_ms / 1000 * SAMPLE_RATE_HZ)
    played = sweep()
    total[start : start + len(played)] += 10 ** (echo_db / 20) * played
    return np.round(total).astype(np.int16)


def test_the_sweep_is_quiet_short_and_without_hard_edges() -> None:
    sound = sweep()
    level = 20 * np.log10(np.sqrt(np.mean(sound.astype(float) ** 2)) / 32768)
    spectrum = np.abs(np.fft.rfft(sound.astype(float))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE_HZ)

    assert len(sound) == 24_000
    assert len(sound) % BLOCK_SAMPLES == 0
    assert level == pytest.approx(-20.0, abs=0.1)
    assert abs(int(sound[0])) + abs(int(sound[-1])) < 10
    assert spectrum[(hertz > 280) & (hertz < 3500)].sum() / spectrum.sum() > 0.99
    assert not quiet(0.2).any()


@pytest.mark.parametrize("delay_ms", [0.0, 20.0, 149.0, 305.0, 780.0])
def test_its_delay_is_found_to_the_millisecond(delay_ms: float) -> None:
    found = find_echo(heard(-25.0, delay_ms), sweep())

    assert found is not None
    assert found.coupled
    assert found.delay_ms == pytest.approx(delay_ms, abs=0.5)


@pytest.mark.parametrize("echo_db", [-40.0, -30.0, -10.0, 0.0])
def test_its_level_is_found_to_the_decibel(echo_db: float) -> None:
    found = find_echo(heard(echo_db, 90.0), sweep())

    assert found is not None
    assert found.gain_db == pytest.approx(echo_db, abs=0.5)


def test_a_microphone_that_hears_nothing_hears_no_echo() -> None:
    silent = np.zeros(round(1.5 * SAMPLE_RATE_HZ), np.int16)

    assert find_echo(silent, sweep()) == Echo(1.0, LOWEST_GAIN_DB, 0.0)


@pytest.mark.parametrize("length", [0, 24_000, 40_000])
def test_too_little_sound_tells_nothing(length: int) -> None:
    assert find_echo(np.zeros(length, np.int16), sweep()) is None
    assert find_echo(np.zeros(72_000, np.int16), quiet(0.5)) is None


@just_misses("speaker.loop")
def test_an_echo_just_under_the_limit_is_none_to_speak_of() -> None:
    found = find_echo(heard(-30.5, 90.0), sweep())

    assert found is not None
    assert found.coupled
    assert judge_row(BY_CODE["speaker.loop"], loop_figures(found)) is PASSED


@just_misses("speaker.delay")
def test_a_delay_just_under_the_limit_is_no_delay() -> None:
    found = find_echo(heard(-20.0, 149.0), sweep())

    assert found is not None
    assert judge_row(BY_CODE["speaker.delay"], delay_figures(found)) is PASSED


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        pytest.param("speaker.none", {"speakers": 1}, marks=just_misses("speaker.none")),
        pytest.param(
            "speaker.muted",
            {"muted": False, "volume_percent": 20},
            marks=just_misses("speaker.muted"),
        ),
        pytest.param(
            "speaker.open_failed",
            {"plays": True, "open_ms": 3999.0},
            marks=just_misses("speaker.open_failed"),
        ),
        pytest.param(
            "speaker.not_heard",
            {"wrong_answers": 0, "heard_none": False},
            marks=just_misses("speaker.not_heard"),
        ),
        pytest.param("speaker.changed", {"changed": False}, marks=just_misses("speaker.changed")),
    ],
)
def test_the_healthy_side_of_a_limit_passes(code: str, figures: dict[str, float | bool]) -> None:
    assert judge_row(BY_CODE[code], figures) is PASSED


def test_blocks_in_bunches_are_put_where_their_sound_was() -> None:
    """Four blocks at once every 40 ms: only the last of each four is stamped when it was heard."""
    blocks = [
        AudioBlock(
            np.full((BLOCK_SAMPLES, 2), (0, number), np.int16),
            (number // 4 + 1) * 40_000_000 + 1_000_000_000,
        )
        for number in range(8)
    ]

    stretch = since(blocks, 1_030_000_000)

    assert stretch is not None
    assert len(stretch) == 5 * BLOCK_SAMPLES
    assert stretch[0] == 3
    assert since([], 0) is None
