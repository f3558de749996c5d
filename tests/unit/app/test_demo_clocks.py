"""The two clocks of a call are compared as they are computed, at the same moments."""

import pytest

from desktop.app.demo.clocks import (
    ClockPair,
    ClockReading,
    clock_complaints,
    clocks_told,
    judged,
    pairs_of,
)

S = 1_000_000_000


def reading(at_s: float, remaining_s: float | None, *, running: bool = True) -> ClockReading:
    return ClockReading(round(at_s * S), remaining_s, running)


def pair(apart_s: float) -> ClockPair:
    return ClockPair(reading(10.0, 600.0), reading(10.0, 600.0 + apart_s))


@pytest.mark.parametrize("between_s", [-2.0, -0.1, 0.0, 0.3, 2.0])
@pytest.mark.parametrize("apart_s", [-0.4, -0.1, 0.0, 0.2, 0.4])
def test_the_time_between_two_looks_is_no_difference_of_the_clocks(
    between_s: float, apart_s: float
) -> None:
    customer = reading(100.0, 600.0)
    mechanic = reading(100.0 + between_s, 600.0 - between_s + apart_s)

    assert ClockPair(customer, mechanic).apart_s == pytest.approx(abs(apart_s), abs=1e-6)


@pytest.mark.parametrize(("apart_s", "is_good"), [(0.24, True), (0.26, False), (-0.26, False)])
def test_a_quarter_of_a_second_is_the_bound(apart_s: float, is_good: bool) -> None:
    assert (clock_complaints([pair(apart_s)]) == []) is is_good


def test_one_bad_moment_among_good_ones_is_a_complaint() -> None:
    found = clock_complaints([pair(0.0), pair(1.5), pair(0.01)])

    assert found == ["the two clocks were 1.50 s apart (at most 0.25 s)"]


def test_nothing_compared_is_a_complaint() -> None:
    assert clock_complaints([]) == ["the two clocks were never seen running at the same moment"]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"mechanic": reading(1, 600, running=False)},
        {"mechanic": reading(1, None)},
        {"mechanic": reading(1, 0.0)},
    ],
)
def test_only_two_running_clocks_make_a_pair(other: dict[str, ClockReading]) -> None:
    whole = {"customer": reading(1, 600), "mechanic": reading(1.1, 599.9)}

    found = pairs_of({2: whole, 1: {"customer": reading(1, 600)} | other})

    assert found == [ClockPair(whole["customer"], whole["mechanic"])]


@pytest.mark.parametrize(
    ("apart_s", "is_busy", "is_good", "count"),
    [
        ((1.03, 0.08, 0.08), False, False, 3),
        ((1.03, 0.08, 0.08), True, True, 1),
        ((0.08, 0.08, 1.03), True, False, 1),
        ((), True, False, 0),
    ],
)
def test_a_busy_machine_must_agree_in_the_end_and_any_other_all_the_time(
    apart_s: tuple[float, ...], is_busy: bool, is_good: bool, count: int
) -> None:
    pairs = [pair(each) for each in apart_s]

    told = clocks_told(pairs, is_busy=is_busy)

    assert (clock_complaints(judged(pairs, is_busy=is_busy)) == []) is is_good
    assert told["judged_pairs"] == count
    assert (told["apart_s"] is not None and told["apart_s"] <= 0.25) is is_good
    assert len(told["pairs"]) == len(pairs)
