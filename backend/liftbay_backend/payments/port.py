"""What the service needs of a payment provider. Money moves in two steps: ask, then hear.

The provider's facts arrive as `PaymentEvent`s, from a verified webhook or, with the built-in test
provider, at once; `payments.book` applies both alike.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from liftbay_backend.domain.ids import PaymentId


class PaymentFact(StrEnum):
    """What happened to a payment."""

    PAID = "paid"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One fact from a provider; the same `event_id` is the same fact."""

    provider: str
    event_id: str
    fact: PaymentFact
    provider_ref: str
    amount_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Charge:
    """What a customer is to pay, decided by the service."""

    payment_id: PaymentId
    provider_ref: str
    amount_cents: int
    currency: str


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

    async def open_checkout(self, charge: Charge) -> str | None:
        """Return the page where the customer pays, or None where there is none.

        Called after the commit. Repeating it for the same charge brings the same page.
        """

    async def refund(self, charge: Charge, *, key: str) -> PaymentEvent | None:
        """Give a payment back in full; the same key is the same refund.

        Returns the event where the provider knows at once, None where a webhook will bring it.
        """
