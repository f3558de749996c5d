"""Round trips: known samples, known figures."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.analysis.round_trips import (
    BORDERLINE_MS,
    JITTER_BORDERLINE_MS,
    borderline,
    jitter_ms,
    settled_jitter_ms,
    summarise,
)
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.figures import finite
from preflight.verdicts.rules import steps


def test_one_slow_sample_does_not_move_the_median() -> None:
    found = summarise([20.0] * 10 + [900.0])

    assert found.rtt_median_ms == 20
    assert found.rtt_p95_ms == 900
    assert found.rtt_max_ms == 900
    assert found.rtt_min_ms == 20
    assert found.samples == 11


def test_the_95th_of_a_hundred_is_the_95th() -> None:
    assert summarise([float(value) for value in range(1, 101)]).rtt_p95_ms == 95


def test_jitter_follows_rfc_3550() -> None:
    # J1 = 16/16 = 1; J2 = 1 + (16 - 1)/16 = 1.9375
    assert jitter_ms([10.0, 26.0, 10.0]) == pytest.approx(1.9375)


def test_a_short_list_tells_the_jitter_that_a_long_one_would_come_to() -> None:
    """Ten changes of 40 ms bring the formula to 19, and a thousand to 40."""
    short = [100.0, 140.0] * 5 + [100.0]

    assert jitter_ms(short) == pytest.approx(19.0, abs=0.1)
    assert settled_jitter_ms(short) == pytest.approx(40.0)
    assert settled_jitter_ms([100.0, 140.0] * 500) == pytest.approx(40.0, rel=0.05)
    assert settled_jitter_ms([100.0]) == 0
    assert summarise(short).jitter_ms == pytest.approx(40.0)


def test_a_steady_line_has_no_jitter() -> None:
    assert jitter_ms([50.0] * 11) == 0


@pytest.mark.parametrize(
    ("median", "expected"),
    [(269.9, False), (270.0, True), (300.0, True), (330.0, True), (330.1, False)],
)
def test_four_more_samples_are_taken_near_the_limit(median: float, expected: bool) -> None:
    assert borderline([median] * 11) is expected


def test_what_is_near_comes_from_the_rows_that_judge_it() -> None:
    """A limit that is changed takes the samples around it along."""
    rtt, jitter = (BY_CODE[code].rules for code in ("net.rtt_high", "net.jitter_high"))

    assert statistics.mean(BORDERLINE_MS) == steps(rtt)[1]
    limit = finite(steps(jitter)[0])
    assert limit is not None
    assert JITTER_BORDERLINE_MS[0] < limit < JITTER_BORDERLINE_MS[1]


@pytest.mark.parametrize(
    ("change", "expected"), [(19.9, False), (20.1, True), (30.0, True), (44.9, True), (45.1, False)]
)
def test_four_more_samples_are_taken_near_the_limit_of_the_jitter(
    change: float, expected: bool
) -> None:
    assert borderline([100.0, 100.0 + change] * 5 + [100.0]) is expected


def test_nothing_measured_is_an_error_and_not_borderline() -> None:
    assert not borderline([])
    with pytest.raises(ValueError, match="no round trip"):
        summarise([])


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=40))
def test_the_figures_keep_their_order(rtts_ms: list[float]) -> None:
    found = summarise(rtts_ms)

    assert found.rtt_min_ms <= found.rtt_median_ms <= found.rtt_max_ms
    assert found.rtt_median_ms <= found.rtt_p95_ms <= found.rtt_max_ms
    assert found.jitter_ms >= 0
