"""Which settlement an end needs and which offers follow."""

import pytest

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.settlement import Finding, SettlementKind, kind_for, upsells_for

SESSION = SessionId("0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04")
BELT = Finding("Alternator belt worn", "Cracks on the inner ribs.", "soon")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (SessionStatus.COMPLETED, SettlementKind.PAYOUT),
        (SessionStatus.CANCELLED, SettlementKind.REFUND),
        (SessionStatus.EXPIRED, SettlementKind.REFUND),
        (SessionStatus.UNATTENDED, SettlementKind.REFUND),
        (SessionStatus.LIVE, None),
        (SessionStatus.REFUNDED, None),
    ],
)
def test_the_status_decides_between_payout_and_refund(
    status: SessionStatus, kind: SettlementKind | None
) -> None:
    assert kind_for(status) is kind


def test_a_worn_belt_brings_quotes_for_a_belt() -> None:
    offers = upsells_for(SESSION, "Squeal on cold start", [BELT])

    assert [offer.code for offer in offers] == ["belt_quotes"]


def test_choosing_again_gives_the_same_offers_with_the_same_ids() -> None:
    assert upsells_for(SESSION, "x", [BELT]) == upsells_for(SESSION, "x", [BELT])


def test_other_sessions_have_other_ids() -> None:
    other = SessionId("1d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04")

    assert upsells_for(SESSION, "", [BELT])[0].id != upsells_for(other, "", [BELT])[0].id


def test_work_that_fits_no_rule_brings_the_general_offer() -> None:
    offers = upsells_for(SESSION, "", [Finding("Exhaust leaks", "At the flange", "now")])

    assert [offer.code for offer in offers] == ["repair_quotes"]


def test_a_healthy_car_brings_a_follow_up_only() -> None:
    offers = upsells_for(SESSION, "Brakes squeal", [Finding("Brakes fine", "", "ok")])

    assert [offer.code for offer in offers] == ["follow_up"]


def test_without_findings_the_customers_words_decide() -> None:
    offers = upsells_for(SESSION, "Brakes squeal", [])

    assert [offer.code for offer in offers] == ["brake_quotes", "follow_up"]


def test_there_are_never_more_than_three_offers() -> None:
    words = "belt brake battery tyre coolant"

    assert len(upsells_for(SESSION, words, [])) == 3
    assert len(upsells_for(SESSION, "", [Finding(words, "", "now")])) == 3
