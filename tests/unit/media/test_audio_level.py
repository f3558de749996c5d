"""Loudness and pitch."""

import numpy as np
import pytest

from desktop.media.audio_level import SILENCE_DBFS, SoundWindow, read_tone, rms_dbfs
from preflight.devices.frames import SAMPLE_RATE_HZ
from preflight.devices.tone_microphone import gated_tone


def test_a_full_sine_reads_three_decibels_below_full_scale() -> None:
    turns = 2 * np.pi * 1000 * np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    samples = (32767 * np.sin(turns)).astype(np.int16)

    assert rms_dbfs(samples) == pytest.approx(-3.0, abs=0.1)


@pytest.mark.parametrize("samples", [np.zeros(480, np.int16), np.empty(0, np.int16)])
def test_silence_reads_as_the_floor(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> None:
    assert rms_dbfs(samples) == SILENCE_DBFS
    assert read_tone(samples).peak_hz is None


@pytest.mark.parametrize("hz", [440.0, 660.0])
def test_a_gated_tone_reads_like_a_held_one(hz: float) -> None:
    tone = read_tone(gated_tone(hz)[:SAMPLE_RATE_HZ, 0])

    assert tone.peak_hz == pytest.approx(hz, abs=2)
    assert tone.rms_dbfs == pytest.approx(-15, abs=1)


def test_the_window_keeps_the_newest_samples_in_order() -> None:
    window = SoundWindow(seconds=0.01)
    for start in range(0, 1200, 200):
        window.write(np.arange(start, start + 200, dtype=np.int16))

    assert window.read().tolist() == list(range(720, 1200))
