"""Payments of a session: opened by the service, moved on by the provider's events alone."""

from dataclasses import dataclass

import structlog

from liftbay_backend.db.models import PaymentRow, SessionRow, WebhookEventRow
from liftbay_backend.domain.ids import PaymentId, new_uuid
from liftbay_backend.domain.plans import whole_minutes
from liftbay_backend.domain.session_clock import extend
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.domain.states import PaymentKind, PaymentStatus
from liftbay_backend.payments import ledger
from liftbay_backend.payments.givebacks import (
    LATE,
    book_failed_refund,
    book_refund,
    give_back,
    look_again,
    show_payments,
)
from liftbay_backend.payments.outside_refunds import note_refund
from liftbay_backend.payments.port import Charge, PaymentEvent, PaymentFact, PaymentProvider
from liftbay_backend.repositories import payments
from liftbay_backend.repositories.requests import pending_request
from liftbay_backend.services.clock_rows import store_clock
from liftbay_backend.services.offers import open_to_mechanics
from liftbay_backend.services.session_view import clock_wire, session_clock
from liftbay_backend.work import Work

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is sold, by the service's own price list; `seconds` of paid time for `amount_cents`."""

    kind: PaymentKind
    amount_cents: int
    seconds: int


async def open_payment(
    work: Work,
    session: SessionRow,
    provider: PaymentProvider,
    purchase: Purchase,
    warnings: tuple[int, ...],
) -> PaymentRow:
    """Ask for a price; with a provider that pays at once it is paid on return.

    Args:
        warnings: as `apply_payment_event` takes them.
    """
    payment_id = PaymentId(new_uuid())
    payment = PaymentRow(
        id=payment_id,
        session_id=session.id,
        kind=purchase.kind,
        status=PaymentStatus.DUE,
        amount_cents=purchase.amount_cents,
        currency=session.currency,
        seconds=purchase.seconds,
        provider=provider.name,
        provider_ref=provider.reference(payment_id),
        created_at=work.now,
    )
    work.db.add(payment)
    await work.db.flush()
    event = provider.paid_at_once(charge_of(payment))
    if event is not None:
        await apply_payment_event(work, event, warnings)
    return payment


async def apply_payment_event(work: Work, event: PaymentEvent, warnings: tuple[int, ...]) -> bool:
    """Apply a verified fact once; duplicates and late arrivals are tolerated.

    A payment that arrives for a session that is over is marked for refund at once, and no other
    payment with it.

    Args:
        warnings: remaining seconds at which clients warn, for the clock of an extension.

    Returns:
        Whether anything changed.
    """
    key = {"provider": event.provider, "event_id": event.event_id}
    if event.provider_ref is None:
        # Known to the provider alone: noted now, booked where the payment is found.
        await note_refund(work, event)
        return False
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
    if event.fact is PaymentFact.PAID and not _is_its_price(event, payment):
        _log.error("payment.amount_differs", payment_id=payment.id, session_id=session.id, **key)
        _keep_other_price(event, payment)
        return False
    work.db.add(WebhookEventRow(**key, received_at=work.now))
    if not await note_refund(work, event):
        return False
    match event.fact:
        case PaymentFact.PAID:
            payment.provider_payment_id = event.provider_payment_id
            return await _paid(work, session, payment, warnings)
        case PaymentFact.CHECKOUT_EXPIRED:
            return _expired(work, payment)
        case PaymentFact.REFUNDED:
            return await book_refund(work, session, payment, event)
        case PaymentFact.REFUND_FAILED:
            return await book_failed_refund(work, session, payment, event)
        case PaymentFact.REFUNDS_CHANGED:
            # Says nothing by itself; `services.payment_events` asks the provider.
            return False


async def expire_open_payments(work: Work, session: SessionRow) -> None:
    """Take back every payment that nobody has made; one that still arrives is given back."""
    for payment in await payments.payments_of(work.db, session.id):
        if payment.status is PaymentStatus.DUE:
            payment.status = PaymentStatus.EXPIRED


def charge_of(payment: PaymentRow) -> Charge:
    """Return the payment as a provider sees it."""
    return Charge(
        payment_id=PaymentId(payment.id),
        provider_ref=payment.provider_ref,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        label=f"{payment.kind.value}, {whole_minutes(payment.seconds)} min",
        checkout_id=payment.checkout_id,
        provider_payment_id=payment.provider_payment_id,
    )


async def _paid(
    work: Work, session: SessionRow, payment: PaymentRow, warnings: tuple[int, ...]
) -> bool:
    if payment.status not in (PaymentStatus.DUE, PaymentStatus.EXPIRED):
        return False
    payment.status = PaymentStatus.PAID
    payment.paid_at = work.now
    payment.told_cents = payment.told_currency = None
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
        await give_back(work, payment, LATE)
        await look_again(work, session)
    elif payment.kind is PaymentKind.EXTENSION:
        _credit(work, session, payment, warnings)
    else:
        request = await pending_request(work.db, session.id, lock=True)
        if request is not None:
            open_to_mechanics(work, session, request)
    await show_payments(work, session)
    work.session_changed(session)
    return True


def _expired(work: Work, payment: PaymentRow) -> bool:
    """Note that the provider closed the page by itself; a plan waits for its request's end."""
    payment.checkout_closed_at = work.now
    if payment.kind is PaymentKind.EXTENSION and payment.status is PaymentStatus.DUE:
        payment.status = PaymentStatus.EXPIRED
    return True


def _is_its_price(event: PaymentEvent, payment: PaymentRow) -> bool:
    return (event.amount_cents, event.currency) == (payment.amount_cents, payment.currency)


def _keep_other_price(event: PaymentEvent, payment: PaymentRow) -> None:
    """Keep what was really paid for whoever looks after it; it buys nothing.

    The provider's name of it comes along, so that what is given back there is known for it.
    """
    if payment.paid_at is not None:
        return
    payment.told_cents, payment.told_currency = event.amount_cents, event.currency[:3]
    payment.provider_payment_id = event.provider_payment_id


def _credit(
    work: Work, session: SessionRow, payment: PaymentRow, warnings: tuple[int, ...]
) -> None:
    """Let the clock grow at both sides at the moment an extension is paid."""
    session.extensions_cents += payment.amount_cents
    store_clock(session, extend(session_clock(session), payment.seconds))
    bought = {"minutes": whole_minutes(payment.seconds), "amount_cents": payment.amount_cents}
    work.emit(session, "extension", bought)
    work.emit(session, "clock", {"clock": clock_wire(session, work.now, warnings)})
