"""A payment provider whose money moves only when the test says so."""

from liftbay_backend.domain.ids import PaymentId
from liftbay_backend.payments.port import Charge, PaymentEvent, PaymentFact


class FakePayments:
    """Keeps the promises of `PaymentProvider` as an outside provider does.

    Attributes:
        refunded: the keys of refunds that were asked for, repeats included.
    """

    name = "fake"

    def __init__(self) -> None:
        self.refunded: list[str] = []

    def reference(self, payment_id: PaymentId) -> str:
        """Name the payment."""
        return f"fake-{payment_id}"

    def paid_at_once(self, charge: Charge) -> PaymentEvent | None:
        """Say that the customer has to pay first."""
        return None

    async def open_checkout(self, charge: Charge) -> str | None:
        """Return a page."""
        return f"https://pay.example.test/{charge.payment_id}"

    async def refund(self, charge: Charge, *, key: str) -> PaymentEvent | None:
        """Refund at once."""
        self.refunded.append(key)
        return PaymentEvent(
            self.name,
            key,
            PaymentFact.REFUNDED,
            charge.provider_ref,
            charge.amount_cents,
            charge.currency,
        )

    def paid(
        self,
        provider_ref: str,
        amount_cents: int,
        *,
        event_id: str = "evt-1",
        currency: str = "usd",
    ) -> PaymentEvent:
        """Return the event that says a payment arrived."""
        return PaymentEvent(
            self.name, event_id, PaymentFact.PAID, provider_ref, amount_cents, currency
        )
