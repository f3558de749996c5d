"""Refunds carried out: the provider is asked outside any transaction, its answer is booked."""

import asyncio
from typing import Final

from liftbay_backend.core import Core
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.payments.book import apply_payment_event, charge_of
from liftbay_backend.repositories.payments import refunds_due

REFUND_DEADLINE_SECONDS: Final = 20.0


async def carry_out(core: Core, session_id: SessionId | str) -> int:
    """Ask the provider for every refund of one session that is due. Running it twice pays once.

    Returns:
        How many were booked now; those that a webhook will confirm are not among them.
    """
    async with core.database.reading() as db:
        due = await refunds_due(db, session_id)
    booked = 0
    for payment in due:
        async with asyncio.timeout(REFUND_DEADLINE_SECONDS):
            event = await core.payments.refund(charge_of(payment), key=f"refund-{payment.id}")
        if event is not None:
            async with core.works.begin() as work:
                booked += await apply_payment_event(work, event)
    return booked
