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
    our_names,
)

_PAGE: Final = 100


class StripeTransfers:
    """The transfer port over one account; a session's transfers form one group."""

    def __init__(self, account: StripeAccount) -> None:
        self._v1 = account.client.v1

    async def sent(self, group: SessionId) -> tuple[Moved, ...]:
        """See the port. Stripe lists the newest first."""
        found = await self._v1.transfers.list_async({"transfer_group": group, "limit": _PAGE})
        return tuple(Moved(one.id, one.amount) for one in reversed(found.data))

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
        return Moved(sent.id, sent.amount)

    async def reverse(self, reversal: Reversal) -> Moved:
        """See the port; a key older than a day is found among the transfer's reversals."""
        reversals = self._v1.transfers.reversals
        try:
            known = await reversals.list_async(reversal.transfer_ref, {"limit": _PAGE})
            for one in known.data:
                if our_names(one.metadata).get(ATTEMPT_KEY) == reversal.key:
                    return Moved(one.id, one.amount)
            made = await reversals.create_async(
                reversal.transfer_ref,
                {"amount": reversal.amount_cents, "metadata": {ATTEMPT_KEY: reversal.key}},
                {"idempotency_key": reversal.key},
            )
        except stripe.StripeError as error:
            raise _refusal(error) from error
        return Moved(made.id, made.amount)


def _refusal(error: stripe.StripeError) -> Exception:
    match meaning(error):
        case Meaning.NO_ACCOUNT:
            return TransferRefused(Refusal.NO_ACCOUNT)
        case Meaning.REFUSED:
            return TransferRefused(Refusal.DECLINED)
        case Meaning.UNCLEAR:
            return error
