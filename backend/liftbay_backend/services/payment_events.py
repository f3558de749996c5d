"""What a provider says about payments, each fact booked in a transaction of its own."""

import asyncio
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.domain.end_rules import EndedBy, EndReason
from liftbay_backend.domain.session_fsm import UNSTARTED, SessionStatus
from liftbay_backend.domain.states import PaymentStatus
from liftbay_backend.payments.book import apply_payment_event
from liftbay_backend.payments.disputes import book_noted_disputes, note_dispute
from liftbay_backend.payments.outside_refunds import book_noted_refunds
from liftbay_backend.payments.port import DisputeEvent, PaymentEvent, PaymentFact
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.disputes import disputes_of_payment
from liftbay_backend.repositories.payments import session_of_payment
from liftbay_backend.repositories.provider_refunds import noted_refunds, payment_known_as
from liftbay_backend.services.ending import EndRules, conclude
from liftbay_backend.services.presence_book import book_zero

LOOK_DEADLINE_SECONDS: Final = 20.0
_RETRY_AFTER: Final = {"Retry-After": "60"}
_log = structlog.get_logger(__name__)


async def take_payment_event(core: Core, event: PaymentEvent) -> bool:
    """Book a verified fact; duplicates and reordering are tolerated.

    A session that has come to 0:00 ends first, whenever the tick comes: an extension that is paid
    behind it would bring a session back that both have left, and sell minutes that have passed.

    Returns:
        Whether anything changed.

    Raises:
        Problem: SERVER_UNAVAILABLE where the provider must be asked and does not answer; it sends
            the same fact again then.
    """
    if event.fact is PaymentFact.REFUNDS_CHANGED:
        return await _look_at_refunds(core, event)
    return await _take(core, event)


async def take_dispute(core: Core, event: DisputeEvent) -> bool:
    """Keep what is said of a chargeback, and book it where the payment is known.

    Returns:
        Whether it was news.
    """
    async with core.works.begin() as work:
        is_news = await note_dispute(work, event)
    await _book_noted(core, event.provider, event.provider_payment_id)
    return is_news


async def _take(core: Core, event: PaymentEvent) -> bool:
    async with core.works.begin() as work:
        if event.provider_ref is not None:
            found = await session_of_payment(work.db, event.provider, event.provider_ref)
            if found is not None:
                await book_zero(work, await work.session(found), core.settings)
        changed = await apply_payment_event(work, event, core.settings.clock_warnings)
    if event.provider_payment_id is None:
        return changed
    return await _book_noted(core, event.provider, event.provider_payment_id) or changed


async def _look_at_refunds(core: Core, event: PaymentEvent) -> bool:
    """Ask the provider for every refund of a payment of ours, and take each."""
    assert event.provider_payment_id is not None
    try:
        async with asyncio.timeout(LOOK_DEADLINE_SECONDS):
            refunds = await core.payments.refunds_of(event.provider_payment_id)
    except Exception as error:
        # Every provider's library has exceptions of its own.
        _log.warning("refunds.not_listed", error=type(error).__name__)
        raise Problem(ErrorCode.SERVER_UNAVAILABLE, headers=_RETRY_AFTER) from error
    changed = False
    for refund in refunds:
        changed |= await _take(core, refund)
    return changed


async def _book_noted(core: Core, provider: str, provider_payment_id: str) -> bool:
    """Book what was noted of a payment, and call off what is no longer paid for."""
    async with core.database.reading() as db:
        payment = await payment_known_as(db, provider, provider_payment_id)
        if payment is None:
            return False
        noted = await noted_refunds(db, provider, provider_payment_id)
        if not noted and not await disputes_of_payment(db, provider, provider_payment_id):
            return False
    async with core.works.begin() as work:
        session = await work.session(payment.session_id)
        payment = await payment_known_as(work.db, provider, provider_payment_id)
        assert payment is not None
        changed = False
        # What one of them gives back or takes back may make room for what did not fit before.
        while await book_noted_refunds(work, session, payment) or await book_noted_disputes(
            work, session, payment
        ):
            changed = True
        is_given_back = session.payment_status is PaymentStatus.REFUNDED
        if is_given_back and session.status in UNSTARTED:
            # Nobody shall prepare for, or wait in, a session that is not paid for.
            await conclude(
                work,
                session,
                EndRules.from_settings(core.settings),
                status=SessionStatus.CANCELLED,
                reason=EndReason.CANCELLED,
                ended_by=EndedBy.SERVICE,
            )
            return True
    return changed
