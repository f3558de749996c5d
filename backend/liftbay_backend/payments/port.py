"""What the service needs of a payment provider. Money moves in two steps: ask, then hear.

The provider's facts arrive as `PaymentEvent`s, from a verified webhook or, where it knows at once,
as an answer; `payments.book` applies both alike.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from liftbay_backend.domain.disputes import DisputeOutcome
from liftbay_backend.domain.ids import PaymentId


class PaymentFact(StrEnum):
    """What happened to a payment or a refund."""

    PAID = "paid"
    CHECKOUT_EXPIRED = "checkout_expired"
    """Nobody has paid there, and nobody can any more."""
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    REFUNDS_CHANGED = "refunds_changed"
    """Something went back of a payment, and the provider must be asked what."""


class RefundRefused(Exception):
    """The provider said no for good: nothing went back, and a new attempt needs a new key."""


class WebhookRefused(Exception):
    """Nobody can say that the provider sent this."""


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One fact from a provider; the same `event_id` is the same fact.

    Attributes:
        provider_ref: our name of the payment; None where the provider tells only its own, as of a
            refund that somebody made on the provider's pages.
        amount_cents: what was paid, or for a refund what goes back.
        provider_payment_id: the provider's own name of the payment, where it tells one.
        refund_id: our name of the refund, for facts about one that we ordered.
        provider_refund_id: the provider's own name of the refund.
    """

    provider: str
    event_id: str
    fact: PaymentFact
    provider_ref: str | None
    amount_cents: int
    currency: str
    provider_payment_id: str | None = None
    refund_id: str | None = None
    provider_refund_id: str | None = None


@dataclass(frozen=True, slots=True)
class DisputeEvent:
    """What a provider says of a chargeback; it may say so again, late, and in any order.

    Attributes:
        is_withdrawn: the money has left the operator's account.
        is_back: it has come back.
        outcome: None while it is open.
    """

    provider: str
    provider_dispute_id: str
    provider_payment_id: str
    amount_cents: int
    currency: str
    is_withdrawn: bool
    is_back: bool
    outcome: DisputeOutcome | None


@dataclass(frozen=True, slots=True)
class Charge:
    """What a customer is to pay, decided by the service.

    Attributes:
        label: what the provider's page calls it.
        checkout_id: the provider's name of the page, once there is one.
        provider_payment_id: the provider's name of the payment, once it is paid.
    """

    payment_id: PaymentId
    provider_ref: str
    amount_cents: int
    currency: str
    label: str = ""
    checkout_id: str | None = None
    provider_payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """The page where a customer pays, and the provider's name of it."""

    url: str
    checkout_id: str


@dataclass(frozen=True, slots=True)
class OtherRefund:
    """Another refund of the same payment, as our books have it."""

    refund_id: str
    amount_cents: int
    is_booked: bool


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What is to go back of a payment; `key` names the attempt, `refund_id` the refund.

    Attributes:
        others: every other refund of the payment that our books have. What the provider has
            beside them was ordered by a database that was put back to an earlier moment since.
    """

    refund_id: str
    key: str
    amount_cents: int
    others: tuple[OtherRefund, ...] = ()


class PaymentProvider(Protocol):
    """A provider."""

    @property
    def name(self) -> str:
        """Which provider; stored with each payment."""

    def reference(self, payment_id: PaymentId) -> str:
        """Return the name under which the provider will know the payment. No I/O."""

    def paid_at_once(self, charge: Charge) -> PaymentEvent | None:
        """Return the payment's event where the money moves without the customer, else None.

        Called inside the transaction that creates the charge, so it does no I/O.
        """

    async def open_checkout(self, charge: Charge) -> Checkout | None:
        """Return the page where the customer pays, or None where there is none.

        Called after the commit. Repeating it for the same charge brings the same page.
        """

    async def close_checkout(self, charge: Charge) -> PaymentEvent | None:
        """Let nobody pay on the page any more; closing it twice is harmless.

        Returns the payment's event where somebody has paid before, None where nobody has.
        """

    async def refund(self, charge: Charge, order: RefundOrder) -> PaymentEvent | None:
        """Give back some or all of a payment; the same refund is given back once.

        Returns the event where the provider knows at once, None where a webhook will bring it.

        Raises:
            RefundRefused: definitely not given back.
        """

    async def refunds_of(self, provider_payment_id: str) -> tuple[PaymentEvent, ...]:
        """Return what is known of every refund of one payment, whoever made it."""

    def read_webhook(self, body: bytes, signature: str) -> PaymentEvent | DisputeEvent | None:
        """Verify one webhook and read it; None where it says nothing about our payments. No I/O.

        Raises:
            WebhookRefused: the signature is wrong, or this provider sends none.
        """

    async def close(self) -> None:
        """Let the connections go."""
