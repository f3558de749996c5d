"""The built-in provider of the embedded service: the full price moves at once, in name only."""

from typing import Final

from liftbay_backend.domain.ids import PaymentId
from liftbay_backend.payments.port import (
    Charge,
    Checkout,
    PaymentEvent,
    PaymentFact,
    RefundOrder,
    WebhookRefused,
)


class InstantPayments:
    """Pays every charge in full the moment it is made. No money, no I/O, same events."""

    NAME: Final = "test"

    @property
    def name(self) -> str:
        """Which provider this is."""
        return self.NAME

    def reference(self, payment_id: PaymentId) -> str:
        """Return a name made of ours, so that it is unique."""
        return f"{self.NAME}-{payment_id}"

    def paid_at_once(self, charge: Charge) -> PaymentEvent | None:
        """Return the event of a full payment."""
        return PaymentEvent(
            provider=self.NAME,
            event_id=f"paid-{charge.payment_id}",
            fact=PaymentFact.PAID,
            provider_ref=charge.provider_ref,
            amount_cents=charge.amount_cents,
            currency=charge.currency,
        )

    async def open_checkout(self, charge: Charge) -> Checkout | None:
        """Return None: there is nothing to fill in."""
        return None

    async def close_checkout(self, charge: Charge) -> PaymentEvent | None:
        """Return None: there was nothing to close."""
        return None

    async def refund(self, charge: Charge, order: RefundOrder) -> PaymentEvent | None:
        """Return the event of a refund."""
        return PaymentEvent(
            provider=self.NAME,
            event_id=order.key,
            fact=PaymentFact.REFUNDED,
            provider_ref=charge.provider_ref,
            amount_cents=order.amount_cents,
            currency=charge.currency,
            refund_id=order.refund_id,
        )

    async def refunds_of(self, provider_payment_id: str) -> tuple[PaymentEvent, ...]:
        """Return none: nobody makes refunds here but the service."""
        return ()

    def read_webhook(self, body: bytes, signature: str) -> PaymentEvent | None:
        """Refuse: whatever comes is not from here."""
        raise WebhookRefused

    async def close(self) -> None:
        """Do nothing: there is no connection."""
