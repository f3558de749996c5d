"""Bursts of packets on made lines: narrow ones are told with their rate, all others left alone."""

import random

import pytest

from preflight.analysis.packet_train import (
    BURSTS,
    NARROW_KBPS,
    ON_THE_LINE_BYTES,
    PACKETS,
    narrow_kbps,
    rate_kbps,
    told_enough,
)


def burst(rate_kbps: float, *, noise: float = 0.0, lost: int = 0, seed: int = 1) -> list[float]:
    """Return when packets that were sent at once come over a line of this rate.

    Args:
        noise: standard deviation of each gap, as a share of it.
        lost: of the last ones.
    """
    rng = random.Random(seed)
    gap_s = ON_THE_LINE_BYTES * 8 / 1000 / rate_kbps
    at_s, came = 5.0, [5.0]
    for _ in range(PACKETS - 1 - lost):
        at_s += max(0.0, rng.gauss(gap_s, noise * gap_s))
        came.append(at_s)
    return came


@pytest.mark.parametrize("rate", [150, 200, 300, 400, 440])
@pytest.mark.parametrize("lost", [0, 3])
def test_a_narrow_line_is_told_with_its_rate(rate: float, lost: int) -> None:
    bursts = [burst(rate, noise=0.1, lost=lost, seed=seed) for seed in range(2)]

    assert told_enough(bursts)
    assert narrow_kbps(bursts) == pytest.approx(rate, rel=0.15)


@pytest.mark.parametrize("rate", [550, 700, 3000, 100_000])
def test_a_line_with_room_is_no_narrow_one_after_a_single_burst(rate: float) -> None:
    assert told_enough([burst(rate)])
    assert narrow_kbps([burst(rate)]) is None


def test_packets_that_come_in_one_moment_have_room() -> None:
    assert rate_kbps([5.0] * PACKETS) == float("inf")


def test_one_quick_burst_shows_that_there_is_room() -> None:
    assert narrow_kbps([burst(300), burst(900), burst(300)]) is None


def test_a_burst_that_is_mostly_lost_or_held_up_once_tells_nothing() -> None:
    """A busy machine reads late once; the rest of the burst waited for it."""
    held_up = [5.0, 5.001, 5.002, 5.2, 5.201, 5.202, 5.203, 5.204]

    assert rate_kbps(burst(300, lost=5)) is None
    assert rate_kbps(held_up) is None
    assert narrow_kbps([burst(300, lost=5), held_up]) is None
    assert narrow_kbps([burst(300), held_up]) is None, "one alone is not enough"
    assert not told_enough([burst(300), held_up])
    assert told_enough([held_up] * BURSTS), "at some time the call has to begin"
    assert narrow_kbps([]) is None


def test_jitter_is_hardly_ever_taken_for_a_narrow_line() -> None:
    """45 ms of deviation each way, in order or not, on 400 lines with room for everything."""
    wrong = 0
    for seed in range(400):
        rng = random.Random(seed)
        bursts: list[list[float]] = []
        while not told_enough(bursts):
            delays = [max(0.0, rng.gauss(0.13, 0.064)) for _ in range(PACKETS)]
            if seed % 2:
                delays = [max(delays[: place + 1]) for place in range(PACKETS)]
            bursts.append(sorted(delays))
        wrong += narrow_kbps(bursts) is not None

    assert wrong <= 1, wrong
    assert NARROW_KBPS == 500
