"""A page's numbered pictures and what was seen of them give the delays between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.glass import Sight
from benchmarks.glass_to_glass import Captured, numbered_delays_ms

LOOP_MS = 4000.0
PICTURES = 120
GAP_MS = LOOP_MS / PICTURES


def captured(count: int) -> list[Captured]:
    """The camera's pictures from time 0 on, the clip again and again."""
    return [Captured(at % PICTURES, at * GAP_MS) for at in range(count)]


def seen(one: Captured, after_ms: float) -> Sight:
    return Sight(one.number, 0, one.at_ms + after_ms)


def test_a_picture_takes_from_its_capture_to_the_screen() -> None:
    (picture,) = captured(1)

    assert numbered_delays_ms([picture], [seen(picture, 40.0)], LOOP_MS) == [40.0]


@given(
    delay_ms=st.floats(0.5, LOOP_MS / 2 - 1),
    every_captured=st.integers(1, 7),
    every_seen=st.integers(1, 7),
)
def test_in_any_loop_only_pictures_noted_at_both_ends_count_and_with_their_own_delay(
    delay_ms: float, every_captured: int, every_seen: int
) -> None:
    pictures = captured(5 * PICTURES)

    found = numbered_delays_ms(
        pictures[::every_captured], [seen(one, delay_ms) for one in pictures[::every_seen]], LOOP_MS
    )

    both = [at for at in range(len(pictures)) if at % every_captured == 0 and at % every_seen == 0]
    assert found == pytest.approx([delay_ms] * len(both))


def test_the_same_number_of_another_loop_never_stands_in() -> None:
    first_loop = captured(PICTURES)
    second_loop = captured(2 * PICTURES)[PICTURES:]

    assert numbered_delays_ms(first_loop, [seen(one, 30.0) for one in second_loop], LOOP_MS) == []
    assert numbered_delays_ms(second_loop, [seen(one, 30.0) for one in first_loop], LOOP_MS) == []


def test_the_order_of_the_reports_does_not_matter() -> None:
    pictures = captured(3 * PICTURES)

    found = numbered_delays_ms(pictures[::-1], [seen(one, 30.0) for one in pictures], LOOP_MS)

    assert found == pytest.approx([30.0] * len(pictures))


def test_a_number_that_was_never_captured_is_left_out() -> None:
    assert numbered_delays_ms(captured(5), [Sight(7, 0, 500.0)], LOOP_MS) == []
