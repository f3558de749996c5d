"""Mechanics' money by Stripe: transfers to connected accounts, and reversals of them."""

from typing import Final

import stripe

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.durable.transfers import Moved, Refusal, Reversal, Transfer, TransferRefused
from liftbay_backend.payments.stripe_account import (
    ATTEMPT_KEY,
    Meaning,
    StripeAccount,
    meaning,
)

_PAGE: Final = 100


class StripeTransfers:
    """The transfer port over one account; a session's transfers form one group."""

    def __init__(self, account: StripeAccount) -> None:
        self._v1 = account.client.v1

    async def moved(self, group: SessionId) -> tuple[Moved, ...]:
        """See the port. Stripe lists the newest first."""
        listed = await self._v1.transfers.list_async({"transfer_group": group, "limit": _PAGE})
        transfers = [one async for one in listed.auto_paging_iter()][::-1]
        back: list[Moved] = []
        for one in transfers:
            if one.amount_reversed:
                taken = await self._v1.transfers.reversals.list_async(one.id, {"limit": _PAGE})
                reversals = [each async for each in taken.auto_paging_iter()][::-1]
                back += [Moved(each.id, -each.amount) for each in reversals]
        sent = [Moved(one.id, one.amount, one.amount - one.amount_reversed) for one in transfers]
        return (*sent, *back)

    async def send(self, transfer: Transfer) -> Moved:
        """See the port; who has no account at Stripe is refused without a call."""
        if transfer.account is None:
            raise TransferRefused(Refusal.NO_ACCOUNT)
        try:
            sent = await self._v1.transfers.create_async(
                {
                    "amount": transfer.amount_cents,
                    "currency": transfer.currency,
                    "destination": transfer.account,
                    "transfer_group": transfer.group,
                    "metadata": {ATTEMPT_KEY: transfer.key},
                },
                {"idempotency_key": transfer.key},
            )
        except stripe.StripeError as error:
            raise _refusal(error) from error
        return Moved(sent.id, sent.amount, sent.amount)

    async def reverse(self, reversal: Reversal) -> Moved:
        """See the port."""
        try:
            made = await self._v1.transfers.reversals.create_async(
                reversal.transfer_ref,
                {"amount": reversal.amount_cents, "metadata": {ATTEMPT_KEY: reversal.key}},
                {"idempotency_key": reversal.key},
            )
        except stripe.StripeError as error:
            raise _refusal(error) from error
        return Moved(made.id, -made.amount)


def _refusal(error: stripe.StripeError) -> Exception:
    match meaning(error):
        case Meaning.NO_ACCOUNT:
            return TransferRefused(Refusal.NO_ACCOUNT)
        case Meaning.REFUSED:
            return TransferRefused(Refusal.DECLINED)
        case Meaning.UNCLEAR:
            return error
