"""What is kept of a microphone's sound, and what stamps of blocks tell."""

import threading

import numpy as np
import pytest

from preflight.analysis.bandwidth import Band, band_of_rate
from preflight.analysis.block_clock import clock_gaps, overflow_moments, rate_off_share
from preflight.analysis.channels import Layout, channels
from preflight.analysis.clipping_window import ClippingWindow
from preflight.analysis.dc_offset import dc_offset
from preflight.analysis.hum import hum
from preflight.analysis.sound_ring import RING_SAMPLES, SoundRing
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock


def block(value: int, at_ms: int = 0, sides: int = 1) -> AudioBlock:
    return AudioBlock(np.full((BLOCK_SAMPLES, sides), value, np.int16), at_ms * 1_000_000)


def test_the_ring_keeps_the_newest_three_seconds_in_order() -> None:
    ring = SoundRing()

    for number in range(450):
        ring.tap(block(number, number * 10, sides=2), number // 100)

    sound = ring.sound()
    assert sound.shape == (RING_SAMPLES, 2)
    assert [int(sound[0, 0]), int(sound[-1, 1])] == [150, 449]
    assert (np.diff(sound[:, 0]) >= 0).all()
    assert ring.seconds == 3.0
    assert list(ring.lost(0.03)) == [4, 4, 4]
    assert ring.stamps_ns(0.02).tolist() == [4_480_000_000, 4_490_000_000]


def test_a_ring_that_is_not_full_gives_what_there_is() -> None:
    ring = SoundRing()
    empty = ring.sound()

    ring.tap(block(7))

    assert len(empty) == 0
    assert ring.sound().shape == (BLOCK_SAMPLES, 1)


def test_what_was_copied_out_stays_as_it_was() -> None:
    ring = SoundRing()
    ring.tap(block(7))

    sound = ring.sound()
    ring.tap(block(8))

    assert set(sound.ravel().tolist()) == {7}


def test_another_number_of_channels_begins_anew() -> None:
    ring, clipping = SoundRing(), ClippingWindow()
    for taken in (block(1), block(2, sides=2)):
        ring.tap(taken)
        clipping.tap(taken)

    assert ring.sound().shape == (BLOCK_SAMPLES, 2)
    assert clipping.runs_per_s(flat_tops=True) == 0.0


def test_reading_while_the_pump_writes_gives_whole_blocks() -> None:
    ring = SoundRing()
    stop = threading.Event()

    def pump() -> None:
        value = 0
        while not stop.is_set():
            ring.tap(block(value % 1000))
            value += 1

    thread = threading.Thread(target=pump)
    thread.start()
    looks = [ring.sound() for _ in range(20)]
    stop.set()
    thread.join()

    for sound in looks:
        blocks = sound.reshape(-1, BLOCK_SAMPLES)
        assert (blocks == blocks[:, :1]).all()


def stamps(*lags_ms: tuple[int, float]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """300 stamps 10 ms apart; from a block on all are later by so many ms."""
    at = np.arange(300) * 10.0
    for start, lag_ms in lags_ms:
        at[start:] += lag_ms
    return (at * 1e6).astype(np.int64)


@pytest.mark.parametrize(
    ("lags_ms", "gaps"),
    [
        ((), 0),
        (((100, 30.0),), 0),
        (((100, 31.0),), 1),
        (((100, 31.0), (200, 90.0)), 2),
        (((100, 80.0), (110, -80.0)), 0),
    ],
)
def test_only_what_is_never_made_up_for_is_missing(
    lags_ms: tuple[tuple[int, float], ...], gaps: int
) -> None:
    assert clock_gaps(np.maximum.accumulate(stamps(*lags_ms))) == gaps


def test_a_pace_needs_a_second() -> None:
    assert rate_off_share(stamps()[:99]) is None
    assert rate_off_share(stamps()) == pytest.approx(0.0, abs=1e-9)
    assert rate_off_share(stamps((10, 50.0), (25, 50.0))[:40]) is None


def test_stretches_too_short_for_a_pace_tell_none() -> None:
    torn = stamps(*((start, 100.0) for start in range(20, 300, 20)))

    assert rate_off_share(torn[:120]) is None


def test_a_machine_that_is_too_busy_tells_no_pace() -> None:
    rising = np.maximum.accumulate(stamps((60, 25.0), (120, 25.0), (200, -50.0)))

    assert rate_off_share(rising) is None


def test_losses_close_together_are_one_moment() -> None:
    lost = np.array([0] * 10 + [3, 6, 8] + [8] * 50 + [9] * 10)

    assert overflow_moments(lost) == 2
    assert overflow_moments(np.zeros(300, np.int64)) == 0


def test_two_channels_of_nothing_are_alike_and_alive() -> None:
    found = channels(np.zeros((4800, 2), np.int16))

    assert (found.layout, found.dead, found.correlation) == (Layout.EQUAL, False, 0.0)
    assert found.only_use is None


def test_zeros_have_no_hum_and_no_constant_part() -> None:
    zeros = np.zeros((RING_SAMPLES, 1), np.int16)

    assert hum(zeros).mains_hz is None
    assert not dc_offset(zeros).stable


@pytest.mark.parametrize(
    ("rate_hz", "band"),
    [(None, None), (8000, Band.NARROW), (16_000, Band.WIDE), (44_100, Band.FULL)],
)
def test_a_telephone_s_own_rate_tells_its_band(rate_hz: int | None, band: Band | None) -> None:
    assert band_of_rate(rate_hz) is band


def test_a_run_across_two_blocks_is_one() -> None:
    clipping = ClippingWindow()
    first, second = np.zeros((BLOCK_SAMPLES, 1), np.int16), np.zeros((BLOCK_SAMPLES, 1), np.int16)
    first[-2:], second[:2] = 32767, 32767

    for samples in (first, second):
        clipping.tap(AudioBlock(samples, 0))

    assert clipping.runs_per_s(flat_tops=True) == 50.0


def test_two_full_samples_and_soft_round_tops_are_no_cuts() -> None:
    clipping = ClippingWindow()
    samples = np.zeros((BLOCK_SAMPLES, 1), np.int16)
    samples[100:102] = 32767
    samples[200:210, 0] = [997, 998, 999, 999, 999, 999, 999, 998, 997, 996]

    clipping.tap(AudioBlock(samples, 0))

    assert clipping.runs_per_s(flat_tops=True) == 0.0
