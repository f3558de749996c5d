"""What the checks say of played sound: loud, quiet, noisy, humming, cut off, one-sided."""

from collections.abc import Callable

import numpy as np
import pytest

from preflight.model import CheckState
from tests.accuracy.played_sound import PlayedBlock, blocks_of, microphone_figures
from tests.check_cases import clears, raises
from tests.unit.preflight.microphone.sounds import RATE_HZ, Wave, played, room, told, tone, voice

PASSED, WARNED, FAILED, UNKNOWN = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
)
SHORT_S = 4.5
ZEROS: Wave = np.zeros(RATE_HZ * 12)


def stepped(level: float) -> Wave:
    """A voice with a constant part (full scale 1)."""
    return voice(-20, seconds=SHORT_S) + 32768 * level


def cut(by_db: float) -> Wave:
    """A voice with four peaks a second that go this far over full scale."""
    made = voice(-30, seconds=SHORT_S)
    half_wave = 32768 * 10 ** (by_db / 20) * np.sin(np.linspace(0, np.pi, RATE_HZ // 200))
    for start in range(0, len(made) - RATE_HZ, RATE_HZ // 4):
        made[start : start + len(half_wave)] = half_wave
    return made


@pytest.mark.parametrize(
    ("code", "sound", "expected"),
    [
        pytest.param("mic.silent", lambda: (ZEROS,), FAILED, marks=raises("mic.silent")),
        ("mic.silent", lambda: (ZEROS + 40,), FAILED),
        ("mic.silent", lambda: (room(-75) + 40,), PASSED),
        pytest.param("mic.silent", lambda: (room(-75),), PASSED, marks=clears("mic.silent")),
        pytest.param("mic.level_low", lambda: (voice(-50),), WARNED, marks=raises("mic.level_low")),
        ("mic.level_low", lambda: (voice(-65, -85),), FAILED),
        ("mic.level_low", lambda: (room(-70),), FAILED),
        pytest.param("mic.level_low", lambda: (voice(-25),), PASSED, marks=clears("mic.level_low")),
        pytest.param("mic.no_voice", lambda: (room(-40),), UNKNOWN, marks=raises("mic.no_voice")),
        pytest.param("mic.no_voice", lambda: (voice(-30),), PASSED, marks=clears("mic.no_voice")),
        pytest.param("mic.clipping", lambda: (cut(3),), WARNED, marks=raises("mic.clipping")),
        ("mic.clipping", lambda: (2 * tone(-3, 430),), FAILED),
        pytest.param("mic.clipping", lambda: (voice(-6),), PASSED, marks=clears("mic.clipping")),
        ("mic.clipping", lambda: (np.clip(tone(-6, 90), -12_000, 12_000) + ZEROS,), PASSED),
        pytest.param(
            "mic.noise_high", lambda: (room(-42),), WARNED, marks=raises("mic.noise_high")
        ),
        ("mic.noise_high", lambda: (voice(-20, -30),), FAILED),
        ("mic.noise_high", lambda: (voice(-38, -44),), FAILED),
        pytest.param(
            "mic.noise_high", lambda: (voice(-20),), PASSED, marks=clears("mic.noise_high")
        ),
        pytest.param(
            "mic.hum", lambda: (voice(-20) + tone(-48, 50),), WARNED, marks=raises("mic.hum")
        ),
        ("mic.hum", lambda: (room(-60) + tone(-30, 120),), FAILED),
        pytest.param(
            "mic.hum", lambda: (voice(-20) + tone(-40, 57),), PASSED, marks=clears("mic.hum")
        ),
        pytest.param(
            "mic.dc_offset", lambda: (stepped(-0.03),), WARNED, marks=raises("mic.dc_offset")
        ),
        ("mic.dc_offset", lambda: (voice(-20, seconds=SHORT_S), stepped(0.08)), FAILED),
        pytest.param(
            "mic.dc_offset", lambda: (stepped(0.0),), PASSED, marks=clears("mic.dc_offset")
        ),
        pytest.param(
            "mic.channel_dead",
            lambda: (voice(-30), ZEROS),
            WARNED,
            marks=raises("mic.channel_dead"),
        ),
        pytest.param(
            "mic.channel_dead",
            lambda: (voice(-30), voice(-50)),
            PASSED,
            marks=clears("mic.channel_dead"),
        ),
        ("mic.channel_dead", lambda: (voice(-30),), PASSED),
        pytest.param(
            "mic.antiphase",
            lambda: (voice(-30), -voice(-33)),
            WARNED,
            marks=raises("mic.antiphase"),
        ),
        pytest.param(
            "mic.antiphase", lambda: (voice(-30), voice(-33)), PASSED, marks=clears("mic.antiphase")
        ),
        ("mic.antiphase", lambda: (voice(-30),), PASSED),
    ],
)
def test_a_sound_is_judged(
    code: str, sound: Callable[[], tuple[Wave, ...]], expected: CheckState
) -> None:
    assert told(code, *sound()) is expected


def cut_above(edge_hz: float) -> Wave:
    """A room's noise that ends at an edge."""
    noise = room(-50, SHORT_S)
    spectrum = np.fft.rfft(noise)
    spectrum[np.fft.rfftfreq(len(noise), 1 / RATE_HZ) > edge_hz] = 0
    return np.fft.irfft(spectrum, len(noise)) + room(-95, SHORT_S, seed=2)


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        pytest.param(lambda: cut_above(3900), FAILED, marks=raises("mic.narrowband")),
        (lambda: cut_above(7900), WARNED),
        pytest.param(lambda: room(-50, SHORT_S), PASSED, marks=clears("mic.narrowband")),
        (lambda: room(-88, SHORT_S), UNKNOWN),
    ],
)
def test_telephone_quality_is_told_by_a_room_s_noise_alone(
    sound: Callable[[], Wave], expected: CheckState
) -> None:
    assert told("mic.narrowband", sound()) is expected


def voiced_blocks() -> list[PlayedBlock]:
    made = (voice(-20, -55, SHORT_S) + 0).round().astype(np.int16)[:, np.newaxis]
    return list(blocks_of(made))


def with_holes(count: int) -> list[PlayedBlock]:
    """Zeros of 20 ms instead of sound, so often."""
    blocks = voiced_blocks()
    for number in range(count):
        for at in (50 + 60 * number, 51 + 60 * number):
            blocks[at] = PlayedBlock(np.zeros_like(blocks[at].samples), blocks[at].captured_ns)
    return blocks


@pytest.mark.parametrize(
    ("holes", "expected"),
    [
        pytest.param(0, PASSED, marks=clears("mic.dropouts")),
        (1, WARNED),
        pytest.param(3, FAILED, marks=raises("mic.dropouts")),
    ],
)
def test_holes_are_counted(holes: int, expected: CheckState) -> None:
    assert played("mic.dropouts", with_holes(holes)) is expected


def test_blocks_that_never_came_are_a_hole_and_late_ones_are_none() -> None:
    blocks = voiced_blocks()
    missing = [*blocks[:100], *blocks[106:]]
    late = [
        PlayedBlock(each.samples, max(each.captured_ns, blocks[108].captured_ns))
        if number > 100
        else each
        for number, each in enumerate(blocks)
    ]
    reported = [
        PlayedBlock(each.samples, each.captured_ns, 6 if number >= 100 else 0)
        for number, each in enumerate(missing)
    ]

    assert microphone_figures("mic.dropouts", missing)["gaps"] == 1
    assert microphone_figures("mic.dropouts", late)["gaps"] == 0
    assert microphone_figures("mic.dropouts", reported)["gaps"] == 1


def at_pace(off: float) -> list[PlayedBlock]:
    blocks = voiced_blocks()
    first_ns = blocks[0].captured_ns
    return [
        PlayedBlock(each.samples, first_ns + round(number * 1e7 / (1 + off)))
        for number, each in enumerate(blocks)
    ]


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        pytest.param(0.0, PASSED, marks=clears("mic.rate_wrong")),
        pytest.param(-0.01, WARNED, marks=raises("mic.rate_wrong")),
        (0.088, FAILED),
    ],
)
def test_a_wrong_pace_is_told(off: float, expected: CheckState) -> None:
    assert played("mic.rate_wrong", at_pace(off)) is expected


def test_a_pause_in_the_stream_is_no_slowness() -> None:
    blocks = [
        PlayedBlock(each.samples, each.captured_ns + (80_000_000 if number > 200 else 0))
        for number, each in enumerate(voiced_blocks())
    ]

    assert played("mic.rate_wrong", blocks) is PASSED


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        pytest.param(1.0, PASSED, marks=clears("mic.no_data")),
        (0.9, WARNED),
        pytest.param(0.5, FAILED, marks=raises("mic.no_data")),
    ],
)
def test_missing_blocks_are_told(kept: float, expected: CheckState) -> None:
    numbers = np.floor(np.arange(1, 451) * kept)
    there = np.diff(numbers, prepend=0) > 0
    blocks = [each for each, kept_one in zip(voiced_blocks(), there, strict=True) if kept_one]

    assert played("mic.no_data", blocks) is expected
