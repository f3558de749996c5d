"""Money that did not move: why, and when a tick looks at it again. It is never given up."""

from datetime import datetime
from typing import Final

from liftbay_backend.db.models import SettlementRow
from liftbay_backend.domain.settlement import retry_wait

PROVIDER_DOWN: Final = "provider_down"


def put_off(settlement: SettlementRow, now: datetime, reason: str | None) -> None:
    """Note in a locked settlement why money did not move, and try again later.

    A round counts once, however many refunds did not move in it: the first failure counts here,
    every later round in `Settling.look_again`.

    Args:
        reason: ``no_account``, ``declined`` or ``provider_down``; None where a webhook is awaited,
            which may be lost.
    """
    settlement.retries = max(settlement.retries, 1)
    settlement.retry_at = now + retry_wait(settlement.retries)
    if reason is not None:
        settlement.payout_error = reason
