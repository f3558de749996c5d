"""Which settlement an end needs."""

from datetime import timedelta

import pytest

from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.settlement import SettlementKind, kind_for, retry_wait


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (SessionStatus.COMPLETED, SettlementKind.PAYOUT),
        (SessionStatus.CANCELLED, SettlementKind.REFUND),
        (SessionStatus.EXPIRED, SettlementKind.REFUND),
        (SessionStatus.UNATTENDED, SettlementKind.REFUND),
        (SessionStatus.LIVE, None),
        (SessionStatus.REFUNDED, SettlementKind.PAYOUT),
        (SessionStatus.ARCHIVED, None),
    ],
)
def test_the_status_decides_between_payout_and_refund(
    status: SessionStatus, kind: SettlementKind | None
) -> None:
    assert kind_for(status) is kind


@pytest.mark.parametrize(
    ("retries", "wait"),
    [
        (1, timedelta(seconds=10)),
        (2, timedelta(seconds=20)),
        (6, timedelta(seconds=320)),
        (12, timedelta(seconds=20480)),
        (13, timedelta(hours=6)),
        (10_000, timedelta(hours=6)),
    ],
)
def test_money_that_did_not_move_is_tried_ever_less_often(retries: int, wait: timedelta) -> None:
    assert retry_wait(retries) == wait
