"""Customers' payments by Stripe: Checkout pages, refunds, and what its signed webhooks say.

Amounts go out as the service's own price and come back with every event; `payments.book` compares
them. Idempotency keys are Stripe's for a day, so before a refund is made those of the payment are
listed: our name of it is in their metadata.
"""

from dataclasses import replace
from typing import Any, Final

import stripe
import structlog
from stripe.params.checkout import SessionCreateParams

from liftbay_backend.domain.disputes import DisputeOutcome
from liftbay_backend.domain.ids import PaymentId
from liftbay_backend.payments.port import (
    Charge,
    Checkout,
    DisputeEvent,
    PaymentEvent,
    PaymentFact,
    RefundOrder,
    RefundRefused,
    WebhookRefused,
)
from liftbay_backend.payments.stripe_account import (
    PAYMENT_KEY,
    PROVIDER,
    REFUND_KEY,
    Meaning,
    StripeAccount,
    meaning,
    our_names,
)

_PAGE: Final = 100
_FAILED: Final = ("failed", "canceled")
_OUTCOMES: Final = {
    "won": DisputeOutcome.WON,
    "lost": DisputeOutcome.LOST,
    "warning_closed": DisputeOutcome.CLOSED,
    "prevented": DisputeOutcome.CLOSED,
}
_log = structlog.get_logger(__name__)


class StripePayments:
    """The provider port over one account."""

    def __init__(self, account: StripeAccount) -> None:
        self.account = account
        self._v1 = account.client.v1

    @property
    def name(self) -> str:
        """Which provider this is."""
        return PROVIDER

    def reference(self, payment_id: PaymentId) -> str:
        """Return a name made of ours: Stripe's own is not known before the page is open."""
        return f"{PROVIDER}-{payment_id}"

    def paid_at_once(self, charge: Charge) -> PaymentEvent | None:
        """Return None: the customer pays on Stripe's page."""
        return None

    async def open_checkout(self, charge: Charge) -> Checkout | None:
        """Open the page; the same payment has the same page for a day."""
        names: dict[str, str] = {PAYMENT_KEY: charge.payment_id}
        wish: SessionCreateParams = {
            "mode": "payment",
            "client_reference_id": charge.payment_id,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": charge.currency,
                        "unit_amount": charge.amount_cents,
                        "product_data": {"name": f"Liftbay {charge.label}".strip()},
                    },
                }
            ],
            "metadata": names,
            "payment_intent_data": {"metadata": names},
            "success_url": self.account.return_url,
            "cancel_url": self.account.return_url,
        }
        page = await self._v1.checkout.sessions.create_async(
            wish, {"idempotency_key": f"checkout-{charge.payment_id}"}
        )
        return None if page.url is None else Checkout(page.url, page.id)

    async def close_checkout(self, charge: Charge) -> PaymentEvent | None:
        """Expire the page; one that is paid already brings its payment."""
        if charge.checkout_id is None:
            return None
        try:
            await self._v1.checkout.sessions.expire_async(charge.checkout_id)
        except stripe.InvalidRequestError:
            # Only an open page can be expired: look what became of it.
            page = await self._v1.checkout.sessions.retrieve_async(charge.checkout_id)
            if page.status == "open":
                raise
            return _paid(page, f"closed-{page.id}")
        return None

    async def refund(self, charge: Charge, order: RefundOrder) -> PaymentEvent | None:
        """Give some or all of a payment back, once for good."""
        if charge.provider_payment_id is None:
            raise RefundRefused
        try:
            refund = await self._known_refund(charge.provider_payment_id, order)
            if refund is None:
                refund = await self._v1.refunds.create_async(
                    {
                        "payment_intent": charge.provider_payment_id,
                        "amount": order.amount_cents,
                        "metadata": {
                            PAYMENT_KEY: charge.payment_id,
                            REFUND_KEY: order.refund_id,
                        },
                    },
                    {"idempotency_key": order.key},
                )
        except stripe.StripeError as error:
            if meaning(error) is Meaning.UNCLEAR:
                raise
            raise RefundRefused from error
        if refund.status in _FAILED:
            raise RefundRefused
        # Pending: a webhook will tell, or the next look.
        if refund.status != "succeeded":
            return None
        event = _of_refund(refund, f"{refund.id}-answer")
        # Stripe may know it by the name that a database had for it which is gone.
        return None if event is None else replace(event, refund_id=order.refund_id)

    async def refunds_of(self, provider_payment_id: str) -> tuple[PaymentEvent, ...]:
        """Return what is known of every refund of one payment, whoever made it."""
        found = await self._v1.refunds.list_async(
            {"payment_intent": provider_payment_id, "limit": _PAGE}
        )
        told = [_of_refund(one, f"{one.id}-{one.status}") async for one in found.auto_paging_iter()]
        return tuple(one for one in told if one is not None)

    def read_webhook(self, body: bytes, signature: str) -> PaymentEvent | DisputeEvent | None:
        """Verify one webhook and read it; None where it says nothing about our payments.

        Raises:
            WebhookRefused: the signature is wrong or older than five minutes.
        """
        try:
            event = self.account.client.construct_event(
                body, signature, self.account.webhook_secret
            )
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise WebhookRefused from error
        if getattr(event, "account", None) is not None:
            # A connected account's own: a mechanic can sell there under any name, also one of ours.
            return None
        found = event.data.object
        match event.type:
            case "checkout.session.completed" | "checkout.session.async_payment_succeeded" if (
                isinstance(found, stripe.checkout.Session)
            ):
                return _paid(found, event.id)
            # A bank that says no days later leaves a page on which nobody can pay either.
            case "checkout.session.expired" | "checkout.session.async_payment_failed" if isinstance(
                found, stripe.checkout.Session
            ):
                return _of_page(found, event.id, PaymentFact.CHECKOUT_EXPIRED)
            case "refund.created" | "refund.updated" | "refund.failed" if isinstance(
                found, stripe.Refund
            ):
                return _of_refund(found, event.id)
            case "charge.refunded" if isinstance(found, stripe.Charge):
                return _of_charge(found, event.id)
            case (
                "charge.dispute.created"
                | "charge.dispute.updated"
                | "charge.dispute.closed"
                | "charge.dispute.funds_withdrawn"
                | "charge.dispute.funds_reinstated"
            ) if isinstance(found, stripe.Dispute):
                return _of_dispute(found, event.type)
            case _:
                return None

    async def close(self) -> None:
        """Let the connections go."""
        await self.account.close()

    async def _known_refund(self, payment: str, order: RefundOrder) -> stripe.Refund | None:
        found = await self._v1.refunds.list_async({"payment_intent": payment, "limit": _PAGE})
        ours = {
            name: one
            for one in [each async for each in found.auto_paging_iter()]
            if one.status not in _FAILED
            and (name := our_names(one.metadata).get(REFUND_KEY)) is not None
        }
        if order.refund_id in ours:
            return ours[order.refund_id]
        return _forgotten(ours, order)


def _forgotten(made: dict[str, stripe.Refund], order: RefundOrder) -> stripe.Refund | None:
    """Return a refund of this amount that no books of ours speak of, or None.

    A database that was put back from a backup has lost it. Each of them is taken for one order:
    what is booked here and not known there has taken its own before.
    """
    known = {order.refund_id, *(one.refund_id for one in order.others)}
    forgotten = [one for name, one in made.items() if name not in known]
    fitting = [one for one in forgotten if one.amount == order.amount_cents]
    taken = [
        one
        for one in order.others
        if one.is_booked and one.refund_id not in made and one.amount_cents == order.amount_cents
    ]
    if len(fitting) <= len(taken):
        return None
    _log.warning("refund.found_at_stripe", refund_id=order.refund_id)
    # Stripe lists the newest first.
    return fitting[::-1][len(taken)]


def _paid(page: stripe.checkout.Session, event_id: str) -> PaymentEvent | None:
    """Return the payment's event; None while the money is still on its way."""
    if page.payment_status != "paid":
        return None
    return _of_page(page, event_id, PaymentFact.PAID)


def _of_page(
    page: stripe.checkout.Session, event_id: str, fact: PaymentFact
) -> PaymentEvent | None:
    if page.client_reference_id is None:
        return None
    return PaymentEvent(
        provider=PROVIDER,
        event_id=event_id,
        fact=fact,
        provider_ref=f"{PROVIDER}-{page.client_reference_id}",
        amount_cents=page.amount_total or 0,
        currency=page.currency or "",
        provider_payment_id=_id_of(page.payment_intent),
    )


def _of_refund(refund: stripe.Refund, event_id: str) -> PaymentEvent | None:
    """Return the fact; None while the money is on its way, and for what is no checkout's."""
    match refund.status:
        case "succeeded":
            fact = PaymentFact.REFUNDED
        case "failed" | "canceled":
            fact = PaymentFact.REFUND_FAILED
        case _:
            return None
    payment = _id_of(refund.payment_intent)
    if payment is None:
        return None
    names = our_names(refund.metadata)
    # Without our names it was made on Stripe's own pages.
    ours = names.get(PAYMENT_KEY)
    return PaymentEvent(
        provider=PROVIDER,
        event_id=event_id,
        fact=fact,
        provider_ref=None if ours is None else f"{PROVIDER}-{ours}",
        amount_cents=refund.amount,
        currency=refund.currency,
        provider_payment_id=payment,
        refund_id=names.get(REFUND_KEY),
        provider_refund_id=refund.id,
    )


def _of_charge(charge: stripe.Charge, event_id: str) -> PaymentEvent | None:
    """Return that something went back; the charge itself says only how much in all."""
    payment = _id_of(charge.payment_intent)
    if payment is None:
        return None
    return PaymentEvent(
        provider=PROVIDER,
        event_id=event_id,
        fact=PaymentFact.REFUNDS_CHANGED,
        provider_ref=None,
        amount_cents=charge.amount_refunded,
        currency=charge.currency,
        provider_payment_id=payment,
    )


def _of_dispute(dispute: stripe.Dispute, kind: str) -> DisputeEvent | None:
    """Return what is said of a dispute; None for one of no checkout's payment."""
    payment = _id_of(dispute.payment_intent)
    if payment is None:
        return None
    return DisputeEvent(
        provider=PROVIDER,
        provider_dispute_id=dispute.id,
        provider_payment_id=payment,
        amount_cents=dispute.amount,
        currency=dispute.currency,
        is_withdrawn=kind == "charge.dispute.funds_withdrawn",
        is_back=kind == "charge.dispute.funds_reinstated",
        outcome=_OUTCOMES.get(dispute.status),
    )


def _id_of(expandable: Any) -> str | None:
    return expandable if isinstance(expandable, str) or expandable is None else str(expandable.id)
