"""Orders, faults, duplicates, two instances in any order: in the end every cent is in its place.

The books themselves are looked at after every test, see conftest; here they are compared with what
Stripe really moved.
"""

import asyncio
import random

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import RefundRow, SettlementRow
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.states import PaymentKind, WorkState
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench
from tests.fakes.stripe_server import Object
from tests.integration.backend.stripe_stage import StripeStage
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got

FAULTS = ("ok", "ok", "cut", "down", "rate_limit", "balance_insufficient", "stored_500")
STEPS = 25
CALM_ROUNDS = 6
"""Of six hours each, the longest wait between two tries."""
QUARTER, HALF = {"extension": "extension-900"}, {"extension": "extension-1800"}


# Four in make test, eight in make faults: each takes seconds.
@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 8))]
)
async def test_every_cent_arrives_once(
    stage: StripeStage, expected_logs: ExpectedLogs, seed: int
) -> None:
    for line in ("payout.unclear", "payout.refused", "refund.unclear", "refund.refused"):
        expected_logs.allow(line, may_stay_away=True)
    expected_logs.allow("checkout.not_closed", may_stay_away=True)
    chance = random.Random(seed)
    bench, late = await extended(stage)
    told = [late]

    for _ in range(STEPS):
        stage.stripe.faults.append(chance.choice(FAULTS))
        match chance.randrange(7):
            case 0 | 1:
                await refund(bench, chance.randrange(1, 4000))
            case 2:
                await asyncio.gather(
                    *(stage.settling.look_again(bench.session_id) for _ in range(2))
                )
            case 3:
                await asyncio.gather(
                    *(everything(stage.settling, bench.session_id) for _ in range(2))
                )
            case 4:
                await asyncio.gather(*(stage.send(event) for event in told * 2))
            case 5:
                stage.stripe.forget_keys()
            case _:
                told += [
                    stage.stripe.event("refund.updated", one)
                    for one in stage.stripe.refunds.values()
                ]
        await stage.tick(seconds=chance.randrange(0, 40))
    stage.stripe.faults.clear()
    await stage.send(late)
    await everything(stage.settling, bench.session_id)
    for _ in range(CALM_ROUNDS):
        stage.stripe.forget_keys()
        await stage.tick(minutes=360)

    await all_is_where_it_is_due(stage, bench)


async def extended(stage: StripeStage) -> tuple[CallBench, Object]:
    """Return a completed session with a paid extension, and one that was paid too late."""
    bench = await stage.bench()
    await stage.open_account(bench)
    await bench.start()
    await bench.customer.http.post(f"{bench.path}/extensions", json=QUARTER)
    await stage.pay(PaymentKind.EXTENSION)
    stage.service.clock.advance(seconds=1)
    await bench.customer.http.post(f"{bench.path}/extensions", json=HALF)
    late = stage.stripe.pay(await stage.page(PaymentKind.EXTENSION))
    stage.service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    return bench, late


async def refund(bench: CallBench, cents: int) -> None:
    support = await bench.service.support()
    body = {"reason": "The picture froze.", "amount_cents": cents}
    answer = await support.http.post(f"{bench.path}/refund", json=body)
    assert answer.status_code == 200 or answer.json()["code"] == "refund.too_much"


async def all_is_where_it_is_due(stage: StripeStage, bench: CallBench) -> None:
    """Compare our rows with what Stripe moved."""
    async with stage.service.core.database.reading() as db:
        refunds = (await db.execute(select(RefundRow))).scalars().all()
        settlement = await db.get_one(SettlementRow, bench.session_id)
    ordered = sum(one.amount_cents for one in refunds)
    late, paid = 2499, 4999 + 1499
    kept = paid - (ordered - late)
    moved = sum(one["amount"] for one in stage.stripe.transfers.values()) - sum(
        one["amount"] for one in stage.stripe.reversals.values()
    )
    assert {one.state for one in refunds} == {WorkState.DONE}
    assert sum(one["amount"] for one in stage.stripe.refunds.values()) == ordered
    assert moved == mechanic_share_cents(kept) == settlement.payout_cents
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (moved, 0)
    assert (settlement.retry_at, settlement.payout_error) == (None, None)
    assert settlement.state.value == "done"
