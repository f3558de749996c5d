"""A database put back to an earlier moment pays nothing twice: the provider remembers the rest."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from liftbay_backend.db.models import CrmRecordRow
from liftbay_backend.domain.states import PaymentKind
from liftbay_backend.payments import stripe_account
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench
from tests.fakes.backend_service import BackendService
from tests.fakes.backups import Backups, put_back_service, rows_of, signed_in_again
from tests.fakes.ledger_audit import faults_of_the_books
from tests.integration.backend.stripe_stage import StripeStage, stripe_stage
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got

WHOLE, SHARE = 4999, 3499


@pytest_asyncio.fixture
async def stage(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StripeStage]:
    monkeypatch.setattr(stripe_account, "CALL_SECONDS", 5.0)
    async with stripe_stage(make_settings) as opened:
        yield opened


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path)


@asynccontextmanager
async def back(
    backups: Backups, stage: StripeStage, bench: CallBench
) -> AsyncIterator[tuple[StripeStage, CallBench]]:
    """Go on with what was kept, at the same Stripe; the books are looked at in the end."""
    async with put_back_service(backups, stage.service) as service:
        stage.stripe.forget_keys()
        yield StripeStage(service, stage.stripe), await signed_in_again(service, bench)
        assert faults_of_the_books(rows_of(service.core.settings)) == []


async def refund(bench: CallBench, amount: int | None) -> None:
    support = await bench.service.support()
    body = {"reason": "The picture froze.", "amount_cents": amount}
    answer = await support.http.post(f"{bench.path}/refund", json=body)
    assert answer.status_code == 200, answer.text


async def ticks(stage: StripeStage) -> None:
    for seconds in (0, 10, 20, 40):
        await stage.tick(seconds=seconds)


def amounts(made: dict[str, dict[str, object]]) -> list[object]:
    return [one["amount"] for one in made.values()]


async def test_a_payout_that_was_pending_is_not_paid_again(
    stage: StripeStage, backups: Backups
) -> None:
    bench = await stage.completed(settled=False)
    await backups.keep(stage.service.core.settings)
    await everything(stage.settling, bench.session_id)

    async with back(backups, stage, bench) as (later, again):
        assert backups.restored is not None
        assert backups.restored.open_settlements == 1
        for _ in range(2):
            await everything(later.settling, again.session_id)

        assert amounts(stage.stripe.transfers) == [SHARE]
        assert await mechanic_got(again) == SHARE
        assert (await again.session(again.mechanic))["settlement"]["state"] == "done"


async def test_a_session_that_ends_otherwise_pays_what_is_missing(
    stage: StripeStage, backups: Backups, expected_logs: ExpectedLogs
) -> None:
    """It was live; its end and payout are lost, and this time the customer buys more time."""
    expected_logs.allow("payout.amount_differs")
    bench = await stage.bench()
    await stage.open_account(bench)
    await bench.start()
    await backups.keep(stage.service.core.settings)
    stage.service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    await everything(stage.settling, bench.session_id)

    async with back(backups, stage, bench) as (later, again):
        extension = {"extension": "extension-900"}
        asked = await again.customer.http.post(f"{again.path}/extensions", json=extension)
        assert asked.status_code in (200, 201), asked.text
        await later.pay(PaymentKind.EXTENSION)
        await again.end(again.customer)
        await everything(later.settling, again.session_id)
        await ticks(later)

        sent = amounts(stage.stripe.transfers)
        assert sent[0] == SHARE
        assert len(sent) == 2
        owed = (await again.session(again.mechanic))["settlement"]["payout_cents"]
        assert owed > SHARE
        assert sum(int(str(one)) for one in sent) == owed
        assert (await mechanic_got(again), await balance(again, "owed")) == (owed, 0)


async def test_a_refund_that_support_orders_once_more_is_made_once(
    stage: StripeStage, backups: Backups, expected_logs: ExpectedLogs
) -> None:
    """Two equal ones are lost; the third of the same amount is a new one."""
    expected_logs.allow("refund.found_at_stripe")
    bench = await stage.completed()
    await backups.keep(stage.service.core.settings)
    for _ in range(2):
        await refund(bench, 1000)
        await stage.tick()

    async with back(backups, stage, bench) as (later, again):
        made = []
        for _ in range(3):
            await refund(again, 1000)
            await ticks(later)
            made.append(len(stage.stripe.refunds))

        assert made == [2, 2, 3]
        assert amounts(stage.stripe.refunds) == [1000, 1000, 1000]
        assert await later.payments() == {"plan": ("paid", 3000)}
        assert sum(int(str(one)) for one in amounts(stage.stripe.reversals)) == 2100
        assert (await mechanic_got(again), await balance(again, "owed")) == (1399, 0)


async def test_a_found_refund_that_a_bank_sends_back_is_made_again(
    stage: StripeStage, backups: Backups, expected_logs: ExpectedLogs
) -> None:
    """Stripe tells of its end by the name that the lost books had for it."""
    for line in ("refund.found_at_stripe", "refund.failed"):
        expected_logs.allow(line)
    bench = await stage.completed()
    await backups.keep(stage.service.core.settings)
    await refund(bench, 1000)
    await stage.tick()

    async with back(backups, stage, bench) as (later, again):
        await refund(again, 1000)
        await ticks(later)
        found = await later.payments()
        [made] = stage.stripe.refunds.values()
        made["status"] = "failed"
        stage.stripe.payments[made["payment_intent"]]["refunded"] -= 1000
        await later.send(stage.stripe.event("refund.failed", made))
        undone = await later.payments()
        await ticks(later)

        assert (found, undone) == ({"plan": ("paid", 1000)}, {"plan": ("paid", 0)})
        assert await later.payments() == {"plan": ("paid", 1000)}
        assert [one["status"] for one in stage.stripe.refunds.values()] == ["failed", "succeeded"]
        assert (await mechanic_got(again), await balance(again, "owed")) == (2799, 0)


async def test_a_lost_reversal_of_an_attempt_with_another_number_is_found(
    stage: StripeStage, backups: Backups, expected_logs: ExpectedLogs
) -> None:
    """The books that came back count other attempts than the lost ones did."""
    expected_logs.allow("payout.refused")
    expected_logs.allow("refund.found_at_stripe")
    bench = await stage.completed()
    await backups.keep(stage.service.core.settings)
    await refund(bench, 1000)
    # The lost time's first try was refused, so its reversal has the number after it.
    stage.stripe.faults += ["ok", "balance_insufficient"]
    await ticks(stage)
    lost = amounts(stage.stripe.reversals)

    async with back(backups, stage, bench) as (later, again):
        await refund(again, 1000)
        await ticks(later)

        assert lost == [700]
        assert amounts(stage.stripe.reversals) == lost
        assert (await mechanic_got(again), await balance(again, "owed")) == (2799, 0)


async def test_two_lost_refunds_ordered_together_are_each_found_once(
    stage: StripeStage, backups: Backups, expected_logs: ExpectedLogs
) -> None:
    """So are the reversals behind them: one of both amounts is due now, and finds the first."""
    expected_logs.allow("refund.found_at_stripe")
    bench = await stage.completed()
    await backups.keep(stage.service.core.settings)
    for _ in range(2):
        await refund(bench, 1000)
        await stage.tick()

    async with back(backups, stage, bench) as (later, again):
        for _ in range(2):
            await refund(again, 1000)
        await ticks(later)

        assert amounts(stage.stripe.refunds) == [1000, 1000]
        assert await later.payments() == {"plan": ("paid", 2000)}
        assert amounts(stage.stripe.reversals) == [700, 700]
        assert (await mechanic_got(again), await balance(again, "owed")) == (2099, 0)


async def test_what_a_cancelled_customer_has_back_is_not_given_back_again(
    stage: StripeStage, backups: Backups, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("refund.found_at_stripe")
    bench = await stage.bench()
    await backups.keep(stage.service.core.settings)
    await cancelled(bench, stage)

    async with back(backups, stage, bench) as (later, again):
        await cancelled(again, later)
        await ticks(later)

        assert amounts(stage.stripe.refunds) == [WHOLE]
        assert await later.payments() == {"plan": ("refunded", WHOLE)}


async def cancelled(bench: CallBench, stage: StripeStage) -> None:
    answer = await bench.customer.http.post(f"{bench.path}/cancel", json={})
    assert answer.status_code in (200, 409), answer.text
    await stage.settling.begin(bench.session_id)
    await stage.settling.refund_customer(bench.session_id)
    await stage.settling.record_in_crm(bench.session_id)
    await stage.settling.finish(bench.session_id)


async def test_a_reversal_that_is_lost_is_not_made_again(
    stage: StripeStage, backups: Backups
) -> None:
    bench = await stage.completed()
    await refund(bench, 1000)
    await backups.keep(stage.service.core.settings)
    await ticks(stage)

    async with back(backups, stage, bench) as (later, again):
        await ticks(later)

        assert amounts(stage.stripe.refunds) == [1000]
        assert amounts(stage.stripe.reversals) == [700]
        assert (await mechanic_got(again), await balance(again, "owed")) == (2799, 0)


async def test_the_crm_is_told_by_the_same_id(stage: StripeStage, backups: Backups) -> None:
    bench = await stage.completed(settled=False)
    await backups.keep(stage.service.core.settings)
    await everything(stage.settling, bench.session_id)
    first = await crm_ids(stage.service)

    async with back(backups, stage, bench) as (later, again):
        await everything(later.settling, again.session_id)

        assert len(first) == 1
        assert await crm_ids(later.service) == first


async def crm_ids(service: BackendService) -> list[str]:
    async with service.core.database.reading() as db:
        return list((await db.execute(select(CrmRecordRow.id))).scalars())
