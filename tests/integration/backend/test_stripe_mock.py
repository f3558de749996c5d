"""Every call of the adapter has a shape that Stripe's own description takes, and so has our fake.

stripe-mock knows no state: it refuses a request that is not in Stripe's OpenAPI description, and
answers with the description's examples.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
import stripe
from pydantic import SecretStr

from liftbay_backend.domain.ids import MechanicId, PaymentId, SessionId
from liftbay_backend.durable.stripe_transfers import StripeTransfers
from liftbay_backend.durable.transfers import Reversal, Transfer
from liftbay_backend.payments.port import Charge, Checkout, PaymentFact, RefundOrder
from liftbay_backend.payments.stripe_account import StripeAccount
from liftbay_backend.payments.stripe_payments import StripePayments
from liftbay_backend.settings import Settings
from tests.fakes.stripe_mock import stripe_mock
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, StripeServer, stripe_server

CHARGE = Charge(
    PaymentId("0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04"),
    "stripe-0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04",
    4999,
    "usd",
    label="plan, 60 min",
    checkout_id="cs_test_1",
    provider_payment_id="pi_1",
)
GROUP = SessionId("7a6b5c4d-3e2f-4a1b-9c0d-8e7f6a5b4c05")


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with stripe_mock() as url:
        yield url


def account_at(url: str) -> StripeAccount:
    return StripeAccount.from_settings(
        Settings(
            stripe_api_key=SecretStr(KEY),
            stripe_webhook_secret=SecretStr(WEBHOOK_SECRET),
            checkout_return_url="https://liftbay.example.test/paid",
            stripe_api_url=url,
        )
    )


@pytest_asyncio.fixture
async def account(mock: str) -> AsyncIterator[StripeAccount]:
    opened = account_at(mock)
    yield opened
    await opened.close()


async def test_stripe_takes_every_request_of_the_payments(account: StripeAccount) -> None:
    payments = StripePayments(account)

    page = await payments.open_checkout(CHARGE)
    closed = await payments.close_checkout(CHARGE)
    # Its example of a refund has succeeded.
    refund = await payments.refund(CHARGE, RefundOrder("refund-1", "refund-1-1", 500))

    assert isinstance(page, Checkout)
    assert closed is None
    assert refund is not None
    assert (refund.fact, refund.refund_id) == (PaymentFact.REFUNDED, "refund-1")


async def test_stripe_takes_every_request_of_the_transfers(account: StripeAccount) -> None:
    transfers = StripeTransfers(account)

    sent = await transfers.send(
        Transfer("payout-1", GROUP, MechanicId("mech"), "acct_1", 3499, "usd")
    )
    known = await transfers.moved(GROUP)
    back = await transfers.reverse(Reversal("reversal-2", sent.reference, 700, "usd"))

    assert sent.reference.startswith("tr_")
    assert len(known) >= 1
    assert back.reference.startswith("trr_")


async def test_a_field_that_stripe_does_not_know_is_refused(account: StripeAccount) -> None:
    """Else the two tests above would pass with anything."""
    odd: Any = {"payment_intent": "pi_1", "amount_in_euros": 5}

    with pytest.raises(stripe.InvalidRequestError):
        await account.client.v1.refunds.create_async(odd)


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[StripeServer]:
    """Our fake, with one of everything made by the adapter itself."""
    async with stripe_server() as server:
        server.accounts.add("acct_1")
        account = account_at(server.url)
        payments, transfers = StripePayments(account), StripeTransfers(account)
        await payments.open_checkout(CHARGE)
        [page] = server.pages
        event = server.pay(page)
        paid = Charge(
            CHARGE.payment_id,
            CHARGE.provider_ref,
            4999,
            "usd",
            provider_payment_id=event["data"]["object"]["payment_intent"],
        )
        await payments.refund(paid, RefundOrder("refund-1", "refund-1-1", 500))
        sent = await transfers.send(
            Transfer("payout-1", GROUP, MechanicId("mech"), "acct_1", 3499, "usd")
        )
        await transfers.reverse(Reversal("reversal-2", sent.reference, 700, "usd"))
        await account.close()
        server.dispute()
        yield server


async def test_what_our_fake_answers_has_no_field_that_stripes_lacks(
    fake: StripeServer, mock: str
) -> None:
    addresses = {
        "checkout/sessions/cs_1": fake.pages,
        "refunds/re_1": fake.refunds,
        "disputes/du_1": fake.disputes,
        "transfers/tr_1": fake.transfers,
        "transfers/tr_1/reversals/trr_1": fake.reversals,
    }
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}) as http:
        theirs = {name: (await http.get(f"{mock}/v1/{name}")).json() for name in addresses}

    for name, objects in addresses.items():
        [ours] = objects.values()
        assert set(ours) - set(theirs[name]) == set(), name
        assert ours["object"] == theirs[name]["object"]
