"""The service with Stripe's settings, a Stripe of ours behind it, and what the tests do to both."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select

from liftbay_backend.db.models import PaymentRow
from liftbay_backend.domain.states import PaymentKind
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.stripe_transfers import StripeTransfers
from liftbay_backend.payments.stripe_payments import StripePayments
from liftbay_backend.services import due
from liftbay_backend.services.payout_accounts import set_payout_account
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.stripe_server import (
    KEY,
    WEBHOOK_SECRET,
    Object,
    StripeServer,
    signed,
    stripe_server,
)
from tests.integration.backend.test_settling_steps import everything

ACCOUNT = "acct_dana"


@dataclass(slots=True)
class StripeStage:
    """Both sides, and the people between them."""

    service: BackendService
    stripe: StripeServer

    @property
    def settling(self) -> Settling:
        """The steps of a settlement over the real adapter."""
        payments = self.service.core.payments
        assert isinstance(payments, StripePayments)
        return Settling(self.service.core, StripeTransfers(payments.account))

    async def send(self, event: Object, **how: Any) -> httpx.Response:
        """Deliver an event as Stripe does."""
        body, headers = signed(event, **how)
        http = await self.service.client(**headers)
        return await http.post("/api/stripe/webhook", content=body)

    async def page(self, kind: PaymentKind = PaymentKind.PLAN) -> str:
        """Return Stripe's name of the page of the newest payment of a kind."""
        query = select(PaymentRow.checkout_id).where(PaymentRow.kind == kind)
        newest = query.order_by(PaymentRow.created_at.desc()).limit(1)
        async with self.service.core.database.reading() as db:
            found = (await db.execute(newest)).scalar_one()
        assert found is not None
        return found

    async def pay(self, kind: PaymentKind = PaymentKind.PLAN) -> None:
        """Pay on the newest page of a kind, and deliver what Stripe says then."""
        answer = await self.send(self.stripe.pay(await self.page(kind)))
        assert (answer.status_code, answer.json()) == (200, {"first": True})

    async def bench(self) -> CallBench:
        """Return a paid session that is `waiting`."""
        return await call_bench(self.service, pay=self.pay)

    async def completed(self, *, settled: bool = True) -> CallBench:
        """Return a completed session whose mechanic has an account, settled by default."""
        bench = await self.bench()
        await self.open_account(bench)
        await bench.start()
        self.service.clock.advance(minutes=5)
        await bench.end(bench.customer)
        if settled:
            await everything(self.settling, bench.session_id)
        return bench

    async def open_account(self, bench: CallBench) -> None:
        """Give the mechanic an account at Stripe."""
        self.stripe.accounts.add(ACCOUNT)
        email = (await bench.mechanic.http.get("/api/me")).json()["email"]
        found = await set_payout_account(self.service.core.works, email, ACCOUNT)
        assert found == bench.mechanic.mechanic_id

    async def tick(self, **later: float) -> int:
        """Let time pass and money be looked at again."""
        self.service.clock.advance(**later)
        return await due.move_money_again(self.service.app.state.live, self.settling.look_again)

    async def payments(self) -> dict[str, tuple[str, int]]:
        """Return status and given cents by kind."""
        async with self.service.core.database.reading() as db:
            rows = (await db.execute(select(PaymentRow))).scalars()
            return {row.kind.value: (row.status.value, row.refunded_cents) for row in rows}


@asynccontextmanager
async def stripe_stage(make_settings: Callable[..., Settings]) -> AsyncIterator[StripeStage]:
    """Open both."""
    async with stripe_server() as stripe:
        settings = make_settings(
            stripe_api_key=KEY,
            stripe_webhook_secret=WEBHOOK_SECRET,
            checkout_return_url="https://liftbay.example.test/paid",
            stripe_api_url=stripe.url,
        )
        async with backend_service(settings) as service:
            yield StripeStage(service, stripe)
