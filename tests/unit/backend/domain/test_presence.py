"""Absence: decided by the SFU, dated back to a sign of life, counted once."""

from datetime import UTC, datetime, timedelta

import pytest

from liftbay_backend.domain.presence import (
    AbsenceAccount,
    Presence,
    PresenceRules,
    account,
    both_present,
    joined,
    left,
)
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.states import PresenceState

T0 = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RULES = PresenceRules()


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def present(side: Side = Side.CUSTOMER, since: float = 0, sign: float | None = None) -> Presence:
    last = at(sign) if sign is not None else None
    return Presence(side, PresenceState.PRESENT, at(since), last)


@pytest.mark.parametrize(
    ("sign", "seen", "began"),
    [
        (80, 101, 80),
        (60, 101, 76),
        (None, 101, 76),
        (105, 101, 101),
    ],
    ids=["to the sign of life", "at most 25 s", "no sign at all", "never after the fact"],
)
def test_an_absence_is_dated_back(sign: float | None, seen: float, began: float) -> None:
    gone = left(present(sign=sign), at(seen), RULES)

    assert gone.state is PresenceState.ABSENT
    assert gone.since == at(began)


def test_an_absence_never_begins_before_the_last_join() -> None:
    gone = left(present(since=95, sign=80), at(101), RULES)

    assert gone.since == at(95)


def test_a_second_report_of_the_same_absence_changes_nothing() -> None:
    gone = left(present(sign=80), at(101), RULES)

    assert left(gone, at(130), RULES) is gone


def test_somebody_who_never_came_cannot_be_absent() -> None:
    nobody = Presence(Side.MECHANIC)

    assert left(nobody, at(5), RULES) is nobody


def test_joining_again_while_present_changes_nothing() -> None:
    here = present()

    assert joined(here, at(30)) is here


def test_paid_time_is_due_to_stop_ten_seconds_after_the_absence_began() -> None:
    gone = left(present(sign=80), at(101), RULES)

    absences = account(AbsenceAccount(), [gone, present(Side.MECHANIC)], at(101))

    assert absences.pause_due_at(RULES) == at(90)
    assert absences.left_seconds(RULES, at(101)) == 579


def test_the_return_closes_the_absence() -> None:
    gone = left(present(sign=80), at(101), RULES)
    absences = account(AbsenceAccount(), [gone], at(101))

    absences = account(absences, [joined(gone, at(110))], at(110))

    assert absences == AbsenceAccount(30.0, None, at(110))
    assert absences.pause_due_at(RULES) is None
    assert absences.cap_at(RULES) is None


def test_two_absences_at_once_count_once() -> None:
    customer = left(present(sign=80), at(101), RULES)
    mechanic = left(present(Side.MECHANIC, sign=90), at(111), RULES)

    absences = account(AbsenceAccount(), [customer], at(101))
    absences = account(absences, [customer, mechanic], at(111))
    absences = account(absences, [joined(customer, at(120)), mechanic], at(120))
    absences = account(absences, [customer, joined(mechanic, at(130))], at(130))

    assert absences.open_since == at(80)


def test_an_absence_dated_into_a_closed_one_starts_after_it() -> None:
    before = AbsenceAccount(30.0, None, at(100))
    mechanic = left(present(Side.MECHANIC, sign=85), at(110), RULES)

    absences = account(before, [mechanic], at(110))

    assert absences.open_since == at(100)
    assert absences.used_seconds(at(110)) == 40


def test_all_absences_together_use_up_the_cap() -> None:
    absences = AbsenceAccount(closed_seconds=500.0, open_since=at(0))

    assert absences.cap_at(RULES) == at(100)
    assert absences.left_seconds(RULES, at(100)) == 0
    assert absences.left_seconds(RULES, at(400)) == 0


def test_both_are_present_only_when_both_sides_are() -> None:
    assert both_present([present(Side.CUSTOMER), present(Side.MECHANIC)])
    assert not both_present([present(Side.CUSTOMER), Presence(Side.MECHANIC)])
    assert not both_present([present(Side.CUSTOMER), present(Side.CUSTOMER)])
