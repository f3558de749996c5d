"""The microphone's tap on made blocks with made stamps."""

import numpy as np
import pytest

from preflight.analysis.sound import LOWEST_DBFS
from preflight.analysis.sound_window import NO_LEVEL, SoundWindow
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock

MS = 1_000_000


def block(at_ms: float, amplitude: int = 0) -> AudioBlock:
    samples = np.full((BLOCK_SAMPLES, 1), amplitude, np.int16)
    samples[::2] *= -1
    return AudioBlock(samples, round(at_ms * MS))


def feed(window: SoundWindow, start_ms: int, end_ms: int, amplitude: int = 0) -> None:
    for at_ms in range(start_ms, end_ms, 10):
        window.tap(block(at_ms, amplitude))


def test_only_zeros_are_silence_for_as_long_as_they_came() -> None:
    window = SoundWindow()

    feed(window, 0, 8010)

    assert not window.heard()
    assert window.silence_ms(8000 * MS) == 8000


def test_any_sound_ends_the_silence_at_once() -> None:
    window = SoundWindow()
    feed(window, 0, 3000)

    window.tap(block(3000, 2))

    assert window.heard()
    assert window.silence_ms(3000 * MS) == 0


def test_silence_after_sound_counts_from_the_last_sound() -> None:
    window = SoundWindow()
    feed(window, 0, 1010, 500)
    feed(window, 1010, 4000)

    assert window.silence_ms(4000 * MS) == 3000


def test_nothing_is_known_before_the_first_block() -> None:
    window = SoundWindow()

    assert window.silence_ms(0) is None
    assert window.missing_ms(0) is None
    assert window.running_ms(0) == 0
    assert window.received_ratio(0) == 0
    assert window.meter() == NO_LEVEL


def test_all_blocks_in_time_are_all_of_them() -> None:
    window = SoundWindow()

    feed(window, 0, 3000, 100)

    assert window.received_ratio(2990 * MS) == pytest.approx(1, abs=0.01)


def test_a_missing_tenth_shows() -> None:
    window = SoundWindow()

    for at_ms in range(0, 3000, 10):
        if (at_ms // 10) % 10:
            window.tap(block(at_ms))

    assert window.received_ratio(2990 * MS) == pytest.approx(0.9, abs=0.01)


def test_a_stream_that_stopped_loses_its_share() -> None:
    window = SoundWindow()

    feed(window, 0, 1000)

    assert window.received_ratio(2000 * MS) == pytest.approx(0.5, abs=0.01)
    assert window.missing_ms(2000 * MS) == 1010


def test_the_meter_holds_a_peak_for_a_while() -> None:
    window = SoundWindow()
    feed(window, 0, 100, 16384)
    feed(window, 100, 1000, 33)

    held = window.meter()
    feed(window, 1000, 2000, 33)
    later = window.meter()

    assert held.peak_dbfs == pytest.approx(-6, abs=0.1)
    assert held.rms_dbfs == pytest.approx(-60, abs=0.2)
    assert later.peak_dbfs == pytest.approx(-60, abs=0.2)


def test_the_meter_falls_to_the_lowest_in_silence() -> None:
    window = SoundWindow()

    feed(window, 0, 200)

    assert window.meter().rms_dbfs == LOWEST_DBFS


def test_floor_and_voice_cover_three_seconds() -> None:
    window = SoundWindow()
    feed(window, 0, 5000, 16384)
    feed(window, 5000, 6500, 16)
    feed(window, 6500, 8000, 1638)

    found = window.levels()

    assert found.floor_dbfs == pytest.approx(-66.2, abs=0.3)
    assert found.voice_dbfs == pytest.approx(-26, abs=0.3)
