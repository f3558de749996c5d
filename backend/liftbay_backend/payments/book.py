"""Payments of a session: opened by the service, moved on by the provider's events alone."""

import structlog

from liftbay_backend.db.models import PaymentRow, SessionRow, WebhookEventRow
from liftbay_backend.domain.ids import PaymentId, new_uuid
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.domain.states import PaymentKind, PaymentStatus
from liftbay_backend.payments import ledger
from liftbay_backend.payments.port import Charge, PaymentEvent, PaymentFact, PaymentProvider
from liftbay_backend.repositories import payments
from liftbay_backend.repositories.requests import pending_request
from liftbay_backend.services.offers import announce_request
from liftbay_backend.work import Work

_log = structlog.get_logger(__name__)


async def open_plan_payment(
    work: Work, session: SessionRow, provider: PaymentProvider
) -> PaymentRow:
    """Ask for the plan's price; with a provider that pays at once it is paid on return."""
    payment_id = PaymentId(new_uuid())
    payment = PaymentRow(
        id=payment_id,
        session_id=session.id,
        kind=PaymentKind.PLAN,
        status=PaymentStatus.DUE,
        amount_cents=session.price_cents,
        currency=session.currency,
        seconds=session.total_seconds,
        provider=provider.name,
        provider_ref=provider.reference(payment_id),
        created_at=work.now,
    )
    work.db.add(payment)
    await work.db.flush()
    event = provider.paid_at_once(charge_of(payment))
    if event is not None:
        await apply_payment_event(work, event)
    return payment


async def apply_payment_event(work: Work, event: PaymentEvent) -> bool:
    """Apply a verified fact once; duplicates and late arrivals are tolerated.

    A payment that arrives for a session that is over is marked for refund at once.

    Returns:
        Whether anything changed.
    """
    key = {"provider": event.provider, "event_id": event.event_id}
    found = await payments.session_of_payment(work.db, event.provider, event.provider_ref)
    if found is None:
        _log.warning("payment.unknown", **key)
        return False
    # The session first, as at an end: two who lock in opposite orders would wait for each other.
    # Behind its lock nobody else changes its payments, and a second delivery sees the first.
    session = await work.session(found)
    if await work.db.get(WebhookEventRow, (event.provider, event.event_id)) is not None:
        return False
    payment = await payments.lock_payment(work.db, event.provider, event.provider_ref)
    if (event.amount_cents, event.currency) != (payment.amount_cents, payment.currency):
        _log.error("payment.amount_differs", payment_id=payment.id, **key)
        return False
    work.db.add(WebhookEventRow(**key, received_at=work.now))
    match event.fact:
        case PaymentFact.PAID:
            return await _paid(work, session, payment)
        case PaymentFact.REFUNDED:
            return await _refunded(work, session, payment)


async def request_refund(work: Work, session: SessionRow, reason: str) -> None:
    """Mark everything paid for the session as due back; `services.refunds` carries it out."""
    for payment in await payments.open_payments(work.db, session.id):
        if payment.status is PaymentStatus.DUE:
            payment.status = PaymentStatus.EXPIRED
            continue
        payment.status = PaymentStatus.REFUNDING
        payment.refund_reason = reason
        session.payment_status = PaymentStatus.REFUNDING


def charge_of(payment: PaymentRow) -> Charge:
    """Return the payment as a provider sees it."""
    return Charge(
        PaymentId(payment.id), payment.provider_ref, payment.amount_cents, payment.currency
    )


async def _paid(work: Work, session: SessionRow, payment: PaymentRow) -> bool:
    if payment.status not in (PaymentStatus.DUE, PaymentStatus.EXPIRED):
        return False
    payment.status = PaymentStatus.PAID
    payment.paid_at = work.now
    await ledger.post(
        work,
        session,
        f"payment-{payment.id}",
        [
            (ledger.customer_account(session.customer_id), -payment.amount_cents),
            (ledger.PLATFORM, payment.amount_cents),
        ],
    )
    if session.status in ENDED:
        await request_refund(work, session, "paid_after_end")
        work.session_changed(session)
        return True
    session.payment_status = PaymentStatus.PAID
    request = await pending_request(work.db, session.id)
    if request is not None:
        announce_request(work, session, request)
    work.session_changed(session)
    return True


async def _refunded(work: Work, session: SessionRow, payment: PaymentRow) -> bool:
    if payment.status is PaymentStatus.REFUNDED:
        return False
    payment.status = PaymentStatus.REFUNDED
    payment.refunded_at = work.now
    await ledger.post(
        work,
        session,
        f"refund-{payment.id}",
        [
            (ledger.PLATFORM, -payment.amount_cents),
            (ledger.customer_account(session.customer_id), payment.amount_cents),
        ],
    )
    await work.db.flush()
    if not await payments.refunds_due(work.db, session.id):
        session.payment_status = PaymentStatus.REFUNDED
    work.session_changed(session)
    return True
