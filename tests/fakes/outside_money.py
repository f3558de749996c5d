"""Everybody outside who has a copy of the money: a payment provider, a transfer provider, a CRM.

They outlive the service, as the real ones do, and keep what truly moved; what they were asked for,
and what the service believes, are other matters.
"""

from collections import Counter
from dataclasses import dataclass, field

from liftbay_backend.crm.port import CrmMessage, NotDelivered
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.payments.port import (
    Charge,
    Checkout,
    PaymentEvent,
    PaymentFact,
    RefundOrder,
    RefundRefused,
)
from tests.fakes.payments import FakePayments
from tests.fakes.transfers import ScriptedTransfers


@dataclass
class OutsidePayments(FakePayments):
    """Pages that people pay on, and refunds that move once per key.

    Script words for refunds: ``ok``, ``refuse``, ``down`` (not moved, no answer), ``lost`` (moved,
    no answer), ``wait`` (moved, an event tells), ``fail`` (not moved, an event tells).

    Attributes:
        pages: the charge of every page that was opened, by the page's name.
        captured: what customers paid, by our name of the payment.
        given: what went back, by the order's key: our name of the payment, and cents.
        bounced: keys of orders that were taken and did not move; asked again, they are the same.
        told: every event there ever was; a test delivers them in any order, any number of times.
    """

    pages: dict[str, Charge] = field(default_factory=dict)
    captured: Counter[str] = field(default_factory=Counter)
    given: dict[str, tuple[str, int]] = field(default_factory=dict)
    bounced: set[str] = field(default_factory=set)
    told: list[PaymentEvent] = field(default_factory=list)

    async def open_checkout(self, charge: Charge) -> Checkout | None:
        """Return the page of a charge, always the same."""
        page = await super().open_checkout(charge)
        assert page is not None
        self.pages[page.checkout_id] = charge
        return page

    def pay_on(self, page: str) -> bool:
        """Let the customer pay; nobody can twice, or on a page that is closed."""
        charge = self.pages[page]
        if page in self.closed or charge.provider_ref in self.captured:
            return False
        self.captured[charge.provider_ref] += charge.amount_cents
        self.paid_behind.add(page)
        self.told.append(self._event_of(charge))
        return True

    async def close_checkout(self, charge: Charge) -> PaymentEvent | None:
        """Close a page, or bring the event of whoever has paid on it."""
        found = await super().close_checkout(charge)
        return None if found is None else self._event_of(charge)

    async def refund(self, charge: Charge, order: RefundOrder) -> PaymentEvent | None:
        """Refund as the script says; a key that was carried out is not carried out again."""
        self.refunded.append(order.key)
        event = self.of_refund(
            charge.provider_ref, order.refund_id, order.amount_cents, f"gone-{order.key}"
        )
        if order.key in self.given:
            return event
        if order.key in self.bounced:
            return None
        word = self.script.pop(0) if self.script else "ok"
        if word == "refuse":
            raise RefundRefused
        if word == "down":
            raise TimeoutError
        if word == "fail":
            self.bounced.add(order.key)
            self.told.append(
                self.of_refund(
                    charge.provider_ref,
                    order.refund_id,
                    order.amount_cents,
                    f"failed-{order.key}",
                    PaymentFact.REFUND_FAILED,
                )
            )
            return None
        self.given[order.key] = (charge.provider_ref, order.amount_cents)
        self.told.append(event)
        if word == "lost":
            raise TimeoutError
        return None if word == "wait" else event

    def given_back(self, provider_ref: str) -> int:
        """Return the cents of one payment that went back."""
        return sum(cents for ref, cents in self.given.values() if ref == provider_ref)

    def _event_of(self, charge: Charge) -> PaymentEvent:
        return self.paid(
            charge.provider_ref, charge.amount_cents, event_id=f"paid-{charge.payment_id}"
        )


@dataclass
class OutsideTransfers(ScriptedTransfers):
    """Transfers that move once per key, and what a session's mechanic has of them."""

    def net_cents(self, session_id: SessionId) -> int:
        """Return what arrived for one session and stayed there."""
        mine = {f"tr-{key}" for key, one in self.sent.items() if one.group == session_id}
        there = sum(one.amount_cents for one in self.sent.values() if one.group == session_id)
        return there - sum(
            one.amount_cents for one in self.reversed.values() if one.transfer_ref in mine
        )


@dataclass
class OutsideCrm:
    """A receiver that keeps records by their id.

    Script words: ``ok``, ``down`` (not kept), ``lost`` (kept, not confirmed). Then ``ok``.
    """

    script: list[str] = field(default_factory=list)
    records: dict[str, str] = field(default_factory=dict)

    async def send(self, message: CrmMessage) -> None:
        """Take a record, or not.

        Raises:
            AssertionError: the same id came with another body.
        """
        word = self.script.pop(0) if self.script else "ok"
        if word == "down":
            raise NotDelivered("down")
        kept = self.records.setdefault(message.id, message.body)
        assert kept == message.body, "one id, two records"
        if word == "lost":
            raise NotDelivered("no answer")

    async def close(self) -> None:
        """Do nothing."""
