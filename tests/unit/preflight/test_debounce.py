"""A live verdict changes only when the new condition lasts."""

from preflight.debounce import Debounce
from preflight.model import CheckState

MS = 1_000_000
PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED


def test_a_fault_shows_after_one_second_and_not_before() -> None:
    steady = Debounce(PASSED)

    shown = [steady.update(FAILED, at * MS) for at in (0, 500, 999, 1000)]

    assert shown == [PASSED, PASSED, PASSED, FAILED]


def test_a_recovery_shows_after_two_seconds_and_not_before() -> None:
    steady = Debounce(FAILED)

    shown = [steady.update(PASSED, at * MS) for at in (0, 1000, 1999, 2000)]

    assert shown == [FAILED, FAILED, FAILED, PASSED]


def test_a_flicker_shows_nothing() -> None:
    steady = Debounce(PASSED)

    shown = {steady.update(FAILED if at % 2 else PASSED, at * 900 * MS) for at in range(10)}

    assert shown == {PASSED}


def test_worse_stays_worse_while_its_degree_changes() -> None:
    steady = Debounce(PASSED)

    steady.update(WARNED, 0)
    shown = steady.update(FAILED, 1000 * MS)

    assert shown is FAILED


def test_a_change_of_direction_starts_to_count_anew() -> None:
    steady = Debounce(WARNED)

    steady.update(FAILED, 0)
    steady.update(PASSED, 900 * MS)
    shown = steady.update(PASSED, 1800 * MS)

    assert shown is WARNED


def test_no_wait_means_at_once() -> None:
    steady = Debounce(FAILED, clear_after_ms=0)

    assert steady.update(PASSED, 0) is PASSED
