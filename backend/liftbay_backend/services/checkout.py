"""The page on which a customer pays, where the provider has one.

It is opened after the intake's commit, because nothing external is called inside a transaction, and
again whenever the same intent comes again: the same charge brings the same page.
"""

import asyncio
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.db.models import PaymentRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.payments.book import charge_of
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.payments import due_plan_payment

CHECKOUT_DEADLINE_SECONDS: Final = 10.0
_log = structlog.get_logger(__name__)


async def open_plan_checkout(core: Core, session_id: SessionId) -> str | None:
    """Return the page for a session's plan, or None where nothing is due or nothing to fill in.

    Raises:
        Problem: SERVER_UNAVAILABLE; the session is there, and the same key tries again.
    """
    async with core.database.reading() as db:
        payment = await due_plan_payment(db, session_id)
    if payment is None or payment.checkout_url is not None:
        return None if payment is None else payment.checkout_url
    try:
        async with asyncio.timeout(CHECKOUT_DEADLINE_SECONDS):
            url = await core.payments.open_checkout(charge_of(payment))
    except Exception as error:
        # Every provider's library has exceptions of its own.
        _log.warning("checkout.unavailable", session_id=session_id, error=type(error).__name__)
        raise Problem(ErrorCode.SERVER_UNAVAILABLE, headers={"Retry-After": "2"}) from error
    if url is not None:
        async with core.works.begin() as work:
            (await work.db.get_one(PaymentRow, payment.id)).checkout_url = url
    return url
