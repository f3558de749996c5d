"""Which kind of settlement an end needs.

The mechanic's share itself is `money.mechanic_share_cents`, rounded once on the total; the offers
to the customer are `domain.upsells`.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from liftbay_backend.domain.session_fsm import SessionStatus

FIRST_RETRY: Final = timedelta(seconds=10)
LONGEST_RETRY: Final = timedelta(hours=6)


class SettlementKind(StrEnum):
    """Completed sessions are paid out; sessions nobody got are refunded in full."""

    PAYOUT = "payout"
    REFUND = "refund"


def kind_for(status: SessionStatus) -> SettlementKind | None:
    """Return the settlement an ended session needs, or None while it has not ended.

    Only a completed session becomes `refunded`, when support gives back all of it; its settlement
    stays what it was.
    """
    match status:
        case SessionStatus.COMPLETED | SessionStatus.REFUNDED:
            return SettlementKind.PAYOUT
        case SessionStatus.CANCELLED | SessionStatus.EXPIRED | SessionStatus.UNATTENDED:
            return SettlementKind.REFUND
        case _:
            return None


def retry_wait(retries: int) -> timedelta:
    """Return how long money that did not move waits for its next try: doubled, up to six hours.

    Args:
        retries: how often it has not moved, at least once.
    """
    return min(FIRST_RETRY * (1 << min(retries - 1, 16)), LONGEST_RETRY)
