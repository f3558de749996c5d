"""A row that failed is left alone for longer and longer, and never for good."""

import pytest

from liftbay_backend.services import setbacks
from liftbay_backend.services.setbacks import LONGEST_WAIT_SECONDS, Setbacks


def test_a_row_that_never_failed_is_not_held() -> None:
    assert not Setbacks().is_held("end", "a", 100.0)


@pytest.mark.parametrize(("failures", "wait_s"), [(1, 1), (2, 2), (3, 4), (7, 60), (400, 60)])
def test_the_wait_doubles_up_to_a_minute(failures: int, wait_s: float) -> None:
    kept = Setbacks()

    counted = [kept.failed("end", "a", 100.0) for _ in range(failures)]

    assert counted[-1] == failures
    assert kept.is_held("end", "a", 100.0 + wait_s - 0.01)
    assert not kept.is_held("end", "a", 100.0 + wait_s)


def test_a_failure_in_one_step_holds_the_row_in_no_other() -> None:
    kept = Setbacks()

    kept.failed("end", "a", 100.0)

    assert not kept.is_held("close_rooms", "a", 100.0)
    assert not kept.is_held("end", "b", 100.0)


def test_a_success_forgets_what_failed_before() -> None:
    kept = Setbacks()
    kept.failed("end", "a", 100.0)
    kept.succeeded("end", "a")

    assert not kept.is_held("end", "a", 100.0)
    assert kept.failed("end", "a", 101.0) == 1


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setbacks, "MOST_KEPT", 2)
    kept = Setbacks()
    for name in ("a", "b", "a", "c"):
        kept.failed("end", name, 100.0)

    held = [name for name in "abc" if kept.is_held("end", name, 100.5)]

    assert held == ["a", "c"]
    assert LONGEST_WAIT_SECONDS == 60
