"""Refunds carried out: the provider is asked outside any transaction, its answer is booked."""

import asyncio
from typing import Final

from sqlalchemy import select

from liftbay_backend.core import Core
from liftbay_backend.db.models import PaymentRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import PaymentStatus
from liftbay_backend.payments.book import apply_payment_event, charge_of

REFUND_DEADLINE_SECONDS: Final = 20.0


async def carry_out(core: Core, session_id: SessionId | str) -> int:
    """Ask the provider for every refund of one session that is due. Running it twice pays once.

    Returns:
        How many were booked now; those that a webhook will confirm are not among them.
    """
    query = select(PaymentRow).where(
        PaymentRow.session_id == session_id, PaymentRow.status == PaymentStatus.REFUNDING
    )
    async with core.database.reading() as db:
        due = list((await db.execute(query)).scalars())
    booked = 0
    for payment in due:
        async with asyncio.timeout(REFUND_DEADLINE_SECONDS):
            event = await core.payments.refund(charge_of(payment), key=f"refund-{payment.id}")
        if event is not None:
            async with core.works.begin() as work:
                booked += await apply_payment_event(work, event)
    return booked
