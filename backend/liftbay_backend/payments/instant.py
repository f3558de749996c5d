"""The built-in provider of the embedded service: the full price moves at once, in name only."""

from typing import Final

from liftbay_backend.domain.ids import PaymentId
from liftbay_backend.payments.port import Charge, PaymentEvent, PaymentFact


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
        return self._event(charge, PaymentFact.PAID, f"paid-{charge.payment_id}")

    async def open_checkout(self, charge: Charge) -> str | None:
        """Return None: there is nothing to fill in."""
        return None

    async def refund(self, charge: Charge, *, key: str) -> PaymentEvent | None:
        """Return the event of a full refund."""
        return self._event(charge, PaymentFact.REFUNDED, key)

    def _event(self, charge: Charge, fact: PaymentFact, event_id: str) -> PaymentEvent:
        return PaymentEvent(
            provider=self.NAME,
            event_id=event_id,
            fact=fact,
            provider_ref=charge.provider_ref,
            amount_cents=charge.amount_cents,
            currency=charge.currency,
        )
