"""Chargebacks, refunds of both makers and their failures in any order: the books follow Stripe.

As in `test_money_at_random`, the books themselves are looked at after every test, see conftest;
here they are compared with what the customer has really got back.
"""

import random

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PaymentRow, RefundRow, SettlementRow
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.states import WorkState
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench
from tests.fakes.stripe_server import Object
from tests.integration.backend.stripe_stage import StripeStage
from tests.integration.backend.test_disputes import (
    CLOSED,
    CREATED,
    REINSTATED,
    UPDATED,
    WITHDRAWN,
)
from tests.integration.backend.test_money_at_random import refund
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got

STEPS = 20
PRICE = 4999
LOGS = (
    *("payout.unclear", "payout.refused", "refund.unclear", "refund.refused", "refund.failed"),
    *("dispute.out", "dispute.lost", "dispute.back", "dispute.beyond_payment"),
    "refund.not_of_this_payment",
)


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 12))]
)
async def test_the_books_follow_stripe(
    stage: StripeStage, expected_logs: ExpectedLogs, seed: int
) -> None:
    for line in LOGS:
        expected_logs.allow(line, may_stay_away=True)
    chance = random.Random(seed)
    bench = await stage.bench()
    await stage.open_account(bench)
    await bench.start()
    ends_at = chance.randrange(STEPS)
    told: list[Object] = []

    for step in range(STEPS):
        if step == ends_at:
            stage.service.clock.advance(minutes=5)
            await bench.end(bench.customer)
            await everything(stage.settling, bench.session_id)
        await one_thing(stage, bench, chance, told, is_over=step >= ends_at)
        news = [chance.choice(told) for _ in range(3) if told]
        for event in news:
            assert (await stage.send(event)).status_code == 200
        if step >= ends_at:
            await stage.tick(seconds=chance.randrange(0, 40))
    for dispute in stage.stripe.disputes.values():
        if dispute["status"] == "needs_response":
            decided(stage, dispute, chance.choice(("won", "lost")), told)
    chance.shuffle(told)
    for event in told:
        await stage.send(event)
    await everything(stage.settling, bench.session_id)
    for _ in range(8):
        stage.stripe.forget_keys()
        await stage.tick(minutes=360)

    await all_is_as_stripe_has_it(stage, bench)


async def one_thing(
    stage: StripeStage,
    bench: CallBench,
    chance: random.Random,
    told: list[Object],
    *,
    is_over: bool,
) -> None:
    """Let one thing happen; what Stripe says of it is told later, perhaps more than once."""
    [intent] = stage.stripe.payments.values()
    left = intent["amount"] - intent["refunded"]
    live = [one for one in stage.stripe.disputes.values() if one["status"] == "needs_response"]
    match chance.randrange(6):
        case 0 if is_over:
            await refund(bench, chance.randrange(1, 3000))
        case 1 if left > 0 and not live:
            made = stage.stripe.refund_on_its_own_pages(chance.randrange(1, left + 1))
            told.append(stage.stripe.event("refund.created", made))
        case 2 if not live and left > 0:
            dispute = stage.stripe.dispute(chance.randrange(1, left + 1))
            told += [stage.stripe.event(kind, dispute) for kind in (CREATED, WITHDRAWN)]
        case 3 if live:
            decided(stage, live[0], chance.choice(("won", "lost")), told)
        case 4:
            lost = [one for one in stage.stripe.disputes.values() if one["status"] == "lost"]
            if lost and chance.random() < 0.4:
                lost[0]["status"] = "won"
                intent["refunded"] -= lost[0]["amount"]
                told += [stage.stripe.event(kind, lost[0]) for kind in (UPDATED, REINSTATED)]
        case 5:
            made_well = [
                one for one in stage.stripe.refunds.values() if one["status"] == "succeeded"
            ]
            if made_well and chance.random() < 0.4:
                failed = chance.choice(made_well)
                failed["status"] = "failed"
                intent["refunded"] -= failed["amount"]
                told.append(stage.stripe.event("refund.failed", failed))
        case _:
            told += [
                stage.stripe.event("refund.updated", one) for one in stage.stripe.refunds.values()
            ]


def decided(stage: StripeStage, dispute: Object, outcome: str, told: list[Object]) -> None:
    """Let a bank decide, and Stripe say so."""
    stage.stripe.decide(dispute, outcome)
    told.append(stage.stripe.event(CLOSED, dispute))
    if outcome == "won":
        told.append(stage.stripe.event(REINSTATED, dispute))


async def all_is_as_stripe_has_it(stage: StripeStage, bench: CallBench) -> None:
    """Compare our rows with what the customer and the mechanic have."""
    [intent] = stage.stripe.payments.values()
    made = [one for one in stage.stripe.refunds.values() if one["status"] == "succeeded"]
    lost = sum(one["amount"] for one in stage.stripe.disputes.values() if one["status"] == "lost")
    back = sum(one["amount"] for one in made) + lost
    by_hand = sum(one["amount"] for one in made if one["metadata"] == {})
    async with stage.service.core.database.reading() as db:
        payment = (await db.execute(select(PaymentRow))).scalar_one()
        refunds = list((await db.execute(select(RefundRow))).scalars())
        settlement = await db.get_one(SettlementRow, bench.session_id)
    assert [one for one in refunds if one.state is WorkState.PENDING] == []
    ordered = sum(
        one.amount_cents
        for one in refunds
        if one.requested_by is not None and one.order_id in (None, one.id)
    )
    moved = sum(one["amount"] for one in stage.stripe.transfers.values()) - sum(
        one["amount"] for one in stage.stripe.reversals.values()
    )
    assert (intent["refunded"], payment.refunded_cents) == (back, back)
    # What support was told goes back does, as far as nobody else gave so much.
    assert back == min(PRICE, by_hand + lost + ordered)
    assert moved == mechanic_share_cents(PRICE - back) == settlement.payout_cents
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (moved, 0)
    assert settlement.retry_at is None
