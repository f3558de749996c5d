"""The page on which a customer pays, where the provider has one.

It is opened after the commit of what is sold, because nothing external is called inside a
transaction, and again whenever the same intent comes again: the same charge brings the same page.
"""

import asyncio
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.db.models import PaymentRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import PaymentKind, PaymentStatus
from liftbay_backend.payments.book import charge_of
from liftbay_backend.payments.givebacks import look_again
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.payments import checkouts_to_close, due_payment
from liftbay_backend.repositories.settlements import find_settlement
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.services.retries import put_off

CHECKOUT_DEADLINE_SECONDS: Final = 10.0
_log = structlog.get_logger(__name__)


async def open_checkout(
    core: Core, session_id: SessionId, kind: PaymentKind, seconds: int | None = None
) -> str | None:
    """Return the page of a due payment, or None where nothing is due or nothing to fill in.

    Args:
        seconds: which of several extensions.

    Raises:
        Problem: SERVER_UNAVAILABLE; the session is there, and the same key tries again.
    """
    async with core.database.reading() as db:
        payment = await due_payment(db, session_id, kind, seconds)
    if payment is None or payment.checkout_url is not None:
        return None if payment is None else payment.checkout_url
    try:
        async with asyncio.timeout(CHECKOUT_DEADLINE_SECONDS):
            page = await core.payments.open_checkout(charge_of(payment))
    except Exception as error:
        # Every provider's library has exceptions of its own.
        _log.warning("checkout.unavailable", session_id=session_id, error=type(error).__name__)
        raise Problem(ErrorCode.SERVER_UNAVAILABLE, headers={"Retry-After": "2"}) from error
    if page is None:
        return None
    async with core.works.begin() as work:
        session = await work.session(session_id)
        row = await work.db.get_one(PaymentRow, payment.id, with_for_update=True)
        row.checkout_url, row.checkout_id = page.url, page.checkout_id
        if row.status is PaymentStatus.EXPIRED:
            # The session ended meanwhile: nobody else knows that there is a page to close.
            await look_again(work, session)
            return None
    return page.url


async def close_checkouts(core: Core, session_id: SessionId) -> None:
    """Let nobody pay any more what was taken back at a session's end.

    A page that cannot be closed now is closed by a later round; a payment that turns out to have
    been made is booked, and given back.
    """
    async with core.database.reading() as db:
        payments = await checkouts_to_close(db, session_id)
    for payment in payments:
        try:
            async with asyncio.timeout(CHECKOUT_DEADLINE_SECONDS):
                event = await core.payments.close_checkout(charge_of(payment))
        except Exception as error:
            _log.warning("checkout.not_closed", session_id=session_id, error=type(error).__name__)
            async with core.works.begin() as work:
                await work.session(session_id)
                settlement = await find_settlement(work.db, session_id)
                if settlement is not None:
                    put_off(settlement, work.now, None)
            continue
        async with core.works.begin() as work:
            await work.session(session_id)
            row = await work.db.get_one(PaymentRow, payment.id, with_for_update=True)
            row.checkout_closed_at = work.now
        if event is not None:
            await take_payment_event(core, event)
