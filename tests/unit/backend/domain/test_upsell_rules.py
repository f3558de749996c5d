"""Which offers follow a completed session."""

from typing import Any

import pytest

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.upsells import Case, Finding, History, car_of, upsells_for

SESSION = SessionId("0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04")
BELT = Finding("Alternator belt worn", "Cracks on the inner ribs.", "soon")
FINE = Finding("Brakes fine", "", "ok")


def codes(concern: str = "", findings: tuple[Finding, ...] = (), **more: Any) -> list[str]:
    case = Case(SESSION, concern, findings, **more)
    return [offer.code for offer in upsells_for(case)]


def test_a_worn_belt_brings_quotes_for_a_belt() -> None:
    assert codes("Squeal on cold start", (BELT,)) == ["belt_quotes"]


def test_choosing_again_gives_the_same_offers_with_the_same_ids() -> None:
    case = Case(SESSION, "x", [BELT])

    assert upsells_for(case) == upsells_for(case)


def test_other_sessions_have_other_ids() -> None:
    other = SessionId("1d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04")

    (one,) = upsells_for(Case(SESSION, "", [BELT]))
    (another,) = upsells_for(Case(other, "", [BELT]))

    assert one.id != another.id


def test_work_that_fits_no_rule_brings_the_general_offer() -> None:
    assert codes("", (Finding("Exhaust leaks", "At the flange", "now"),)) == ["repair_quotes"]


def test_a_healthy_car_brings_a_follow_up_only() -> None:
    assert codes("Brakes squeal", (FINE,)) == ["follow_up"]


def test_without_findings_the_customers_words_decide() -> None:
    assert codes("Brakes squeal") == ["brake_quotes", "follow_up"]


def test_there_are_never_more_than_three_offers() -> None:
    words = "belt brake battery tyre coolant"

    assert len(codes(words)) == 3
    assert len(codes("", (Finding(words, "", "now"),))) == 3


def test_who_ran_out_of_a_shorter_plans_time_is_offered_more() -> None:
    assert codes("Brakes squeal", wants_more_time=True) == ["brake_quotes", "longer_session"]
    assert codes("", (BELT,), wants_more_time=True) == ["belt_quotes"]


def test_a_car_that_was_talked_about_before_is_better_inspected() -> None:
    assert codes("", (FINE,), history=History(sessions=1)) == ["inspection"]


def test_what_was_offered_for_the_car_already_is_not_offered_again() -> None:
    brakes = Finding("Brake pads thin", "", "now")
    history = History(1, frozenset({"belt_quotes", "follow_up"}))

    assert codes("", (BELT, brakes), history=history) == ["brake_quotes"]
    assert codes("", (BELT,), history=history) == []
    everything = frozenset({"inspection", "longer_session", "follow_up"})
    assert codes("", (FINE,), wants_more_time=True, history=History(2, everything)) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"vin": "2HGFC2F59GH500001"}, {"vin": " 2hgfc2f59gh500001", "plate": "X"}, True),
        ({"plate": "AB-CD 12"}, {"plate": "abcd12", "make": "Honda"}, True),
        (
            {"year": 2016, "make": "Honda", "model": "Civic"},
            {"year": 2016, "make": "honda ", "model": "CIVIC", "vin": None, "plate": ""},
            True,
        ),
        (
            {"year": 2016, "make": "Honda", "model": "Civic"},
            {"year": 2017, "make": "Honda", "model": "Civic"},
            False,
        ),
        ({"vin": "A"}, {"plate": "A"}, False),
    ],
)
def test_a_car_is_known_by_its_vin_its_plate_or_what_it_is(
    one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    assert (car_of(one) == car_of(other)) is same
