"""Refunds carried out: the provider is asked outside any transaction, its answer is booked."""

import asyncio
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import WorkState
from liftbay_backend.payments.book import charge_of
from liftbay_backend.payments.port import OtherRefund, RefundOrder, RefundRefused
from liftbay_backend.repositories.payments import find_refund, refunds_due, refunds_of
from liftbay_backend.repositories.settlements import find_settlement
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.services.retries import PROVIDER_DOWN, put_off

REFUND_DEADLINE_SECONDS: Final = 20.0
_DECLINED: Final = "declined"
_log = structlog.get_logger(__name__)


async def carry_out(core: Core, session_id: SessionId | str) -> int:
    """Ask the provider for every refund of one session that is due. Running it twice pays once.

    What does not go back now is put off and tried again; it is never given up. A payment of another
    provider than the settings name waits for that one: this one would give back in name only.

    Returns:
        How many were booked now; those that a webhook will confirm are not among them.
    """
    async with core.database.reading() as db:
        due = await refunds_due(db, session_id)
    booked = 0
    for refund, payment in due:
        if payment.provider != core.payments.name:
            told = {"session_id": session_id, "refund_id": refund.id, "provider": payment.provider}
            _log.error("refund.other_provider", **told)
            await _put_off(core, session_id, refund.id, PROVIDER_DOWN)
            continue
        key = f"refund-{refund.id}-{refund.attempt}"
        others = await _others(core, payment.id, refund.id)
        order = RefundOrder(refund.id, key, refund.amount_cents, others)
        try:
            async with asyncio.timeout(REFUND_DEADLINE_SECONDS):
                event = await core.payments.refund(charge_of(payment), order)
        except RefundRefused:
            _log.error("refund.refused", session_id=session_id, refund_id=refund.id)
            await _put_off(core, session_id, refund.id, _DECLINED)
        except Exception as error:
            # Every provider's library has exceptions of its own. Maybe it went: the same again.
            _log.warning("refund.unclear", session_id=session_id, error=type(error).__name__)
            await _put_off(core, session_id, refund.id, PROVIDER_DOWN)
        else:
            if event is not None and await take_payment_event(core, event):
                booked += 1
            else:
                # A webhook will tell, or was faster. What the books did not take is asked again.
                await _put_off(core, session_id, refund.id, None)
    return booked


async def _others(core: Core, payment_id: str, refund_id: str) -> tuple[OtherRefund, ...]:
    async with core.database.reading() as db:
        rows = await refunds_of(db, payment_id)
    return tuple(
        OtherRefund(row.id, row.amount_cents, row.state is WorkState.DONE)
        for row in rows
        if row.id != refund_id
    )


async def _put_off(
    core: Core, session_id: SessionId | str, refund_id: str, reason: str | None
) -> None:
    async with core.works.begin() as work:
        await work.session(session_id)
        settlement = await find_settlement(work.db, session_id)
        refund = await find_refund(work.db, refund_id)
        assert refund is not None
        if refund.state is not WorkState.PENDING:
            return
        refund.error = reason
        if reason == _DECLINED:
            refund.attempt += 1
        if settlement is not None:
            put_off(settlement, work.now, None)
