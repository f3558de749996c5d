"""Round trips of known truth: the same voice or another one, the same pictures or others."""

import math

import numpy as np
import pytest

from preflight.analysis.round_trip import (
    SeenPicture,
    SentPicture,
    delay_ms,
    longest_gap_s,
    picture_match,
    sound_match,
)
from tests.accuracy.round_trip_cases import camera_pair, returned, voice

PAIRS = 200


def test_the_same_voice_is_known_and_another_is_not() -> None:
    """200 made pairs of each kind (section 6: at least 0.6, below 0.3)."""
    same = other = 0
    for seed in range(PAIRS):
        rng = np.random.default_rng(70_000 + seed)
        sent, stranger = voice(rng, 6.5), voice(rng, 6.5)
        match = sound_match(sent, returned(rng, sent))
        same += match.voice_heard and (match.correlation or 0) >= 0.6
        foreign = sound_match(sent, returned(rng, stranger)).correlation
        other += foreign is not None and foreign < 0.3
        assert foreign is not None
        assert foreign < 0.6, f"a stranger's voice passed, seed {seed}"

    assert same >= 0.98 * PAIRS
    assert other >= 0.95 * PAIRS


def test_the_lag_is_found() -> None:
    rng = np.random.default_rng(4)
    sent = voice(rng, 6.0)

    match = sound_match(sent, [10.0] * 90 + sent)

    assert match.lag_s == pytest.approx(0.9, abs=0.021)
    assert match.correlation == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("squares", "heard"),
    [
        ([0.0] * 600, False),
        ([90.0] * 600, False),
        # A whisper that is 30 dB above a very quiet floor: -70 dBFS.
        ([0.1, 107.0] * 300, False),
        (([90.0] * 20 + [9e6] * 20) * 15, True),
    ],
    ids=["digital zero", "steady noise", "too quiet", "voice"],
)
def test_a_voice_stands_out_of_its_floor(squares: list[float], heard: bool) -> None:
    assert sound_match(squares, squares).voice_heard is heard


def test_where_nothing_was_there_to_be_sent_no_voice_is_made_of_it() -> None:
    """A steady tone with gaps of a busy machine is no voice."""
    tone = [4e6] * 600
    for at in range(0, 600, 5):
        tone[at] = math.nan

    assert not sound_match(tone, tone).voice_heard


def test_too_little_sound_has_no_correlation() -> None:
    rng = np.random.default_rng(5)
    sent = voice(rng, 6.0)

    assert sound_match(sent[:290], sent).correlation is None
    assert sound_match(sent, sent[:290]).correlation is None
    assert sound_match([], []).correlation is None


def test_silence_that_came_back_is_no_match() -> None:
    rng = np.random.default_rng(6)

    match = sound_match(voice(rng, 6.5), [0.0] * 650)

    assert match.voice_heard
    assert match.correlation is not None
    assert match.correlation < 0.3


def test_the_cameras_pictures_are_known_by_their_brightness() -> None:
    """200 made cameras that came back, 200 of which came back too dark, late or not at all."""
    right = wrong = 0
    for seed in range(PAIRS):
        rng = np.random.default_rng(80_000 + seed)
        sent, seen = camera_pair(rng, broken=False)
        right += picture_match(sent, seen, 2.0).back_fps >= 10
        sent, seen = camera_pair(rng, broken=True)
        wrong += picture_match(sent, seen, 2.0).back_fps < 5

    assert (right, wrong) == (PAIRS, PAIRS)


def test_pictures_that_are_not_the_cameras_count_for_nothing() -> None:
    sent = [SentPicture(n, 100.0) for n in range(60)]
    made = [SeenPicture(n / 30, 100.0, 10**9 + n) for n in range(60)]
    unreadable = [SeenPicture(n / 30, 100.0, None) for n in range(60)]

    match = picture_match(sent, [*made, *unreadable], 2.0)

    assert (match.sent_fps, match.back_fps, match.luma_off) == (30, 0, None)


def test_brightness_may_be_off_by_20() -> None:
    sent = [SentPicture(n, 100.0) for n in range(60)]

    within = picture_match(sent, [SeenPicture(0.0, 120.0, n) for n in range(60)], 2.0)
    beyond = picture_match(sent, [SeenPicture(0.0, 120.5, n) for n in range(60)], 2.0)

    assert (within.back_fps, beyond.back_fps) == (30, 0)


def test_the_delay_is_from_the_painted_time_to_the_arrival() -> None:
    seen = [SeenPicture(n / 30 + 0.08, 100.0, round(n / 30 * 1e6)) for n in range(20)]
    seen += [SeenPicture(1.0, 100.0, None)] * 5

    assert delay_ms(seen) == pytest.approx((80, 80), abs=0.01)
    assert delay_ms(seen[:9]) is None


def test_the_longest_time_without_a_picture_has_both_ends() -> None:
    assert longest_gap_s([1.0, 1.1, 3.0], 0.5, 3.2) == pytest.approx(1.9)
    assert longest_gap_s([], 0.5, 3.2) == pytest.approx(2.7)
    assert longest_gap_s([1.0], 0.5, 9.0) == pytest.approx(8.0)
