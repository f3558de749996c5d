"""Two browsers' lists of numbered pictures give the delays between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.glass_to_glass import Captured, Delay, Shown, delays

LOOP_MS = 4000.0
PICTURES = 120
GAP_MS = LOOP_MS / PICTURES


def captured(count: int) -> list[Captured]:
    """The camera's pictures from time 0 on, the clip again and again."""
    return [Captured(at % PICTURES, at * GAP_MS) for at in range(count)]


def shown(one: Captured, after_ms: float, displayed_ms: float | None = None) -> Shown:
    presented_ms = one.at_ms + after_ms
    return Shown(
        one.number, presented_ms, presented_ms if displayed_ms is None else one.at_ms + displayed_ms
    )


def test_a_picture_takes_from_its_capture_to_both_times_of_showing_it() -> None:
    (picture,) = captured(1)

    assert delays([picture], [shown(picture, 40.0, 55.0)], LOOP_MS) == [Delay(40.0, 55.0)]


@given(
    delay_ms=st.floats(0.5, LOOP_MS / 2 - 1),
    every_captured=st.integers(1, 7),
    every_shown=st.integers(1, 7),
)
def test_in_any_loop_only_pictures_that_both_sides_saw_count_and_with_their_own_delay(
    delay_ms: float, every_captured: int, every_shown: int
) -> None:
    pictures = captured(5 * PICTURES)

    found = delays(
        pictures[::every_captured],
        [shown(one, delay_ms) for one in pictures[::every_shown]],
        LOOP_MS,
    )

    both = [at for at in range(len(pictures)) if at % every_captured == 0 and at % every_shown == 0]
    assert [one.presented_ms for one in found] == pytest.approx([delay_ms] * len(both))


def test_the_same_number_of_another_loop_never_stands_in() -> None:
    first_loop = captured(PICTURES)
    second_loop = captured(2 * PICTURES)[PICTURES:]

    assert delays(first_loop, [shown(one, 30.0) for one in second_loop], LOOP_MS) == []
    assert delays(second_loop, [shown(one, 30.0) for one in first_loop], LOOP_MS) == []


def test_the_order_of_the_reports_does_not_matter() -> None:
    pictures = captured(3 * PICTURES)

    found = delays(pictures[::-1], [shown(one, 30.0) for one in pictures], LOOP_MS)

    assert [one.presented_ms for one in found] == pytest.approx([30.0] * len(pictures))


def test_a_number_that_was_never_captured_is_left_out() -> None:
    assert delays(captured(5), [Shown(7, 500.0, 500.0)], LOOP_MS) == []
