"""Paid extra minutes of a running session: prices of the service, time credited by the payment.

Asking starts a payment and changes no clock. The verified event of the provider credits the time
(`payments.book`), so what a client sends moves neither price nor minutes.
"""

from typing import Any

from liftbay_backend.access import Access
from liftbay_backend.core import Core
from liftbay_backend.db.models import SessionRow
from liftbay_backend.domain.plans import ExtensionOffer, extension_offers, whole_minutes
from liftbay_backend.domain.session_fsm import ENDED, SessionStatus
from liftbay_backend.domain.states import PaymentKind
from liftbay_backend.payments.book import Purchase, open_payment
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.payments import due_payment
from liftbay_backend.services.session_view import clock_wire, session_clock
from liftbay_backend.work import Work


async def offered_extensions(core: Core, access: Access) -> dict[str, Any]:
    """Return what the customer may buy. Contract: tests/contract/extension_offers.json

    Raises:
        Problem: SESSION_ENDED.
    """
    async with core.database.reading() as db:
        session = await db.get_one(SessionRow, access.session_id)
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    offers = _offers(core, session)
    return {"offers": [_offer_wire(one, session) for one in offers]}


async def start_extension(core: Core, work: Work, access: Access, code: str) -> dict[str, Any]:
    """Ask for an extension's price; with a provider that pays at once the clock has grown.

    Asking again while the first payment of the same offer is due brings that payment again, so
    that two windows do not make a customer pay twice. Contract: tests/contract/extension.json

    Raises:
        Problem: EXTENSION_NOT_FOUND, SESSION_ENDED, SESSION_NOT_LIVE.
    """
    offer = _offer(core, code)
    session = await work.session(access.session_id)
    _require_running(session, work)
    if offer not in _offers(core, session):
        raise Problem(ErrorCode.EXTENSION_NOT_FOUND)
    kind, warnings = PaymentKind.EXTENSION, core.settings.clock_warnings
    payment = await due_payment(work.db, session.id, kind, offer.seconds)
    # A price that was changed meanwhile is asked for anew.
    if payment is None or payment.amount_cents != offer.price_cents:
        purchase = Purchase(kind, offer.price_cents, offer.seconds)
        payment = await open_payment(work, session, core.payments, purchase, warnings)
    return {
        "extension": _offer_wire(offer, session),
        "payment": {"status": payment.status.value, "checkout_url": payment.checkout_url},
        "clock": clock_wire(session, work.now, warnings),
    }


def seconds_of(core: Core, code: str) -> int:
    """Return how long an offer is.

    Raises:
        Problem: EXTENSION_NOT_FOUND; a kept answer that comes again may name one of before.
    """
    return _offer(core, code).seconds


def _offers(core: Core, session: SessionRow) -> tuple[ExtensionOffer, ...]:
    """Return nothing for a session of another currency than the price list has by now."""
    return extension_offers(core.plans) if session.currency == core.settings.currency else ()


def _offer(core: Core, code: str) -> ExtensionOffer:
    offer = next((one for one in extension_offers(core.plans) if one.code == code), None)
    if offer is None:
        raise Problem(ErrorCode.EXTENSION_NOT_FOUND)
    return offer


def _require_running(session: SessionRow, work: Work) -> None:
    """Refuse where no paid time runs; at 0:00 the session is over, whenever the tick comes."""
    if session.status in ENDED:
        raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
    if session.status is not SessionStatus.LIVE:
        raise Problem(ErrorCode.SESSION_NOT_LIVE, f"The session is {session.status.value}.")
    if session_clock(session).remaining_seconds(work.now) <= 0:
        raise Problem(ErrorCode.SESSION_ENDED, "The paid time is over.")


def _offer_wire(offer: ExtensionOffer, session: SessionRow) -> dict[str, Any]:
    return {
        "extension": offer.code,
        "minutes": whole_minutes(offer.seconds),
        "price_cents": offer.price_cents,
        "currency": session.currency,
    }
