"""The journey's own time is judged where the machine was free for it."""

import pytest

from desktop.app.demo.pace import HEADLESS_WITHIN_S, Pace


@pytest.mark.parametrize(
    ("took_s", "within_s", "load_per_core", "is_good"),
    [
        (89.9, 90.0, 0.5, True),
        (90.0, 90.0, 0.5, False),
        (91.0, 90.0, 2.5, False),
        (91.0, 90.0, 2.6, True),
        (3000.0, None, 0.5, True),
    ],
)
def test_a_slow_journey_is_a_complaint_unless_others_kept_the_machine_busy(
    took_s: float, within_s: float | None, load_per_core: float, is_good: bool
) -> None:
    pace = Pace(took_s, within_s, load_per_core)

    assert (pace.complaints() == []) is is_good


def test_the_complaint_says_both_times() -> None:
    found = Pace(93.44, HEADLESS_WITHIN_S, 0.5).complaints()

    assert found == ["the journey took 93.4 s instead of less than 90 s"]


def test_the_timeline_says_whether_the_time_was_judged() -> None:
    assert Pace(42.72, 90.0, 0.777).told() == {
        "took_s": 42.7,
        "within_s": 90.0,
        "load_per_core": 0.78,
        "judged": True,
    }
    assert Pace(42.7, 90.0, 2.51).told()["judged"] is False
