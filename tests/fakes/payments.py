"""A payment provider whose money moves only when the test says so."""

from dataclasses import dataclass, field

from liftbay_backend.domain.ids import PaymentId
from liftbay_backend.payments.port import (
    Charge,
    Checkout,
    PaymentEvent,
    PaymentFact,
    RefundOrder,
    RefundRefused,
    WebhookRefused,
)


@dataclass
class FakePayments:
    """Keeps the promises of `PaymentProvider` as an outside provider does.

    Attributes:
        script: what the next refunds do: ``ok``, ``refuse``, ``down`` (no answer), ``wait`` (a
            webhook will tell). Then ``ok``.
        refunded: the keys of refunds that were asked for, repeats included.
        closed: the pages that were closed, repeats included.
        paid_behind: pages on which somebody has paid, and whose event never came.
    """

    script: list[str] = field(default_factory=list)
    refunded: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    paid_behind: set[str] = field(default_factory=set)
    name: str = "fake"

    def reference(self, payment_id: PaymentId) -> str:
        """Name the payment."""
        return f"fake-{payment_id}"

    def paid_at_once(self, charge: Charge) -> PaymentEvent | None:
        """Say that the customer has to pay first."""
        return None

    async def open_checkout(self, charge: Charge) -> Checkout | None:
        """Return a page."""
        page = f"page-{charge.payment_id}"
        return Checkout(f"https://pay.example.test/{charge.payment_id}", page)

    async def close_checkout(self, charge: Charge) -> PaymentEvent | None:
        """Close a page; unreachable when the script says so."""
        if self.script and self.script[0] == "down":
            self.script.pop(0)
            raise TimeoutError
        assert charge.checkout_id is not None
        self.closed.append(charge.checkout_id)
        if charge.checkout_id not in self.paid_behind:
            return None
        return self.paid(charge.provider_ref, charge.amount_cents, event_id="found-at-closing")

    async def refund(self, charge: Charge, order: RefundOrder) -> PaymentEvent | None:
        """Refund as the script says."""
        self.refunded.append(order.key)
        match self.script.pop(0) if self.script else "ok":
            case "refuse":
                raise RefundRefused
            case "down":
                raise TimeoutError
            case "wait":
                return None
            case _:
                pass
        return self.of_refund(charge.provider_ref, order.refund_id, order.amount_cents, order.key)

    async def refunds_of(self, provider_payment_id: str) -> tuple[PaymentEvent, ...]:
        """Return none: tests hand their events over themselves."""
        return ()

    def read_webhook(self, body: bytes, signature: str) -> PaymentEvent | None:
        """Refuse: tests hand its events over themselves."""
        raise WebhookRefused

    async def close(self) -> None:
        """Do nothing."""

    def of_refund(
        self,
        provider_ref: str,
        refund_id: str,
        amount_cents: int,
        event_id: str,
        fact: PaymentFact = PaymentFact.REFUNDED,
    ) -> PaymentEvent:
        """Return the event that says how a refund went."""
        return PaymentEvent(
            self.name, event_id, fact, provider_ref, amount_cents, "usd", refund_id=refund_id
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
