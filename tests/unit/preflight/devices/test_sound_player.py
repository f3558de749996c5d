"""A sound is pulled whole and once, and silence around it."""

import numpy as np
import pytest

from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from preflight.devices.sound_player import SoundPlayer


def blocks(count: int, value: int = 1) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.full(count * BLOCK_SAMPLES, value, np.int16)


def test_a_sound_is_pulled_in_blocks_and_then_silence() -> None:
    player = SoundPlayer()
    before = player.pull()

    seconds = player.play(blocks(3, 7))
    pulled = [player.pull() for _ in range(4)]

    assert before is None
    assert seconds == pytest.approx(3 * BLOCK_SAMPLES / SAMPLE_RATE_HZ)
    assert [block is None for block in pulled] == [False, False, False, True]
    for block in pulled[:3]:
        assert block is not None
        assert block.samples.shape == (BLOCK_SAMPLES, 1)
        assert np.all(block.samples == 7)


def test_it_is_over_when_the_last_block_was_pulled() -> None:
    player = SoundPlayer()
    seen = [player.is_over]

    player.play(blocks(1))
    seen.append(player.is_over)
    player.pull()
    seen.append(player.is_over)

    assert seen == [True, False, True]


def test_a_new_sound_takes_the_place_of_the_rest_of_the_old_one() -> None:
    player = SoundPlayer()
    player.play(blocks(5, 1))
    player.pull()

    player.play(blocks(1, 2))

    block = player.pull()
    assert block is not None
    assert np.all(block.samples == 2)
    assert player.pull() is None
