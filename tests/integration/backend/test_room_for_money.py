"""What found no room in a payment, or too little, gets its place once there is some."""

from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench
from tests.fakes.stripe_server import Object
from tests.integration.backend.stripe_stage import StripeStage
from tests.integration.backend.test_disputes import (
    REINSTATED,
    account,
    allow,
    order_refund,
    refunds,
    tell,
    whole_story,
)
from tests.integration.backend.test_settling_steps import balance, mechanic_got

LOST = ("dispute.out", "dispute.lost", "dispute.beyond_payment")


async def by_hand(stage: StripeStage, cents: int) -> Object:
    """Make a refund on Stripe's own pages, and tell it."""
    refund = stage.stripe.refund_on_its_own_pages(cents)
    await tell(stage, [stage.stripe.event("refund.created", refund)])
    return refund


async def fails(stage: StripeStage, refund: Object) -> None:
    """Let a refund come to nothing, and tell it twice."""
    refund["status"] = "failed"
    stage.stripe.payments[refund["payment_intent"]]["refunded"] -= refund["amount"]
    await tell(stage, [stage.stripe.event("refund.failed", refund)] * 2)


async def rounds(stage: StripeStage) -> None:
    """Let money be looked at until nothing is left to do."""
    for _ in range(4):
        await stage.tick(seconds=10)


async def short_loss(stage: StripeStage, logs: ExpectedLogs) -> tuple[CallBench, list[Object]]:
    """Return a session of which 20.00 went back by hand in two, before the bank took all of it."""
    allow(logs, *LOST, "refund.failed")
    bench = await stage.completed()
    made = [await by_hand(stage, cents) for cents in (1500, 500)]
    await tell(stage, whole_story(stage, "lost"))
    return bench, made


async def test_a_loss_that_found_little_room_is_topped_up_once_there_is_more(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """A bank keeps all it took, whatever comes to nothing of the refunds before."""
    bench, made = await short_loss(stage, expected_logs)
    lost = [await account(stage, "disputed")]

    for refund in made:
        await fails(stage, refund)
        lost.append(await account(stage, "disputed"))
    await rounds(stage)

    assert lost == [2000, 500, 0]
    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)
    assert [one for one in await refunds(stage) if one[2] == "done"] == [("disputed", 4999, "done")]
    assert (await bench.session())["payment_status"] == "refunded"


async def test_a_loss_that_was_topped_up_comes_back_whole(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    allow(expected_logs, "dispute.back")
    bench, made = await short_loss(stage, expected_logs)
    before = await account(stage, "platform")
    await fails(stage, made[0])
    await rounds(stage)
    [dispute] = stage.stripe.disputes.values()
    stage.stripe.decide(dispute, "won")

    await tell(stage, [stage.stripe.event(REINSTATED, dispute)] * 2)
    await rounds(stage)

    assert await stage.payments() == {"plan": ("paid", 500)}
    # 70 % of 44.99.
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (3149, 0)
    assert await account(stage, "disputed") == 0
    # 49.99 less the 5.00 that went back, less the mechanic's share; before it was the loss alone.
    assert (before, await account(stage, "platform")) == (-2000, 4499 - 3149)


async def test_an_order_that_was_shortened_goes_back_whole_when_the_other_refund_fails(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """Support was told that 40.00 go back, and the customer was too."""
    allow(expected_logs, "refund.failed")
    bench = await stage.completed()
    await order_refund(stage, bench, 4000)
    refund = await by_hand(stage, 2000)
    await rounds(stage)
    shortened = await stage.payments()

    await fails(stage, refund)
    await rounds(stage)

    assert shortened == {"plan": ("refunded", 4999)}
    assert await stage.payments() == {"plan": ("paid", 4000)}
    gone = [one["amount"] for one in stage.stripe.refunds.values() if one["status"] == "succeeded"]
    assert gone == [2999, 1001]
    # 70 % of 9.99.
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (699, 0)


async def test_orders_that_were_withdrawn_are_given_before_they_were_carried_out(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """Nothing was asked of Stripe yet; the older order comes first, and no cent more goes back."""
    allow(expected_logs, "refund.failed")
    bench = await stage.completed()
    await order_refund(stage, bench, 2000)
    stage.service.clock.advance(seconds=1)
    await order_refund(stage, bench, 1500)
    made = [await by_hand(stage, cents) for cents in (3000, 1999)]
    withdrawn = await stage.payments()

    await fails(stage, made[0])
    await fails(stage, made[1])
    await rounds(stage)

    assert withdrawn == {"plan": ("refunded", 4999)}
    assert await stage.payments() == {"plan": ("paid", 3500)}
    gone = [one["amount"] for one in stage.stripe.refunds.values() if one["status"] == "succeeded"]
    assert sum(gone) == 3500
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (1049, 0)


async def test_an_order_that_a_loss_withdrew_goes_back_after_it_was_won(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    allow(expected_logs, *LOST[:2], "dispute.back", "refund.failed")
    bench = await stage.completed()
    await order_refund(stage, bench, 2000)
    await tell(stage, whole_story(stage, "lost"))
    await rounds(stage)
    [dispute] = stage.stripe.disputes.values()
    stage.stripe.decide(dispute, "won")
    stage.stripe.payments[dispute["payment_intent"]]["refunded"] = 0

    await tell(stage, [stage.stripe.event(REINSTATED, dispute)])
    await rounds(stage)

    assert await stage.payments() == {"plan": ("paid", 2000)}
    assert [one["amount"] for one in stage.stripe.refunds.values()] == [2000]
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (2099, 0)


async def test_a_loss_takes_the_room_before_an_order_does(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """The bank has given the customer everything; an order that is given beside it is too much."""
    allow(expected_logs, *LOST, "refund.failed")
    bench = await stage.completed()
    await order_refund(stage, bench, 4000)
    refund = await by_hand(stage, 2000)
    await tell(stage, whole_story(stage, "lost"))

    await fails(stage, refund)
    await rounds(stage)

    assert await stage.payments() == {"plan": ("refunded", 4999)}
    gone = [one for one in stage.stripe.refunds.values() if one["status"] == "succeeded"]
    assert gone == []
    assert (await mechanic_got(bench), await account(stage, "disputed")) == (0, 0)


async def test_an_order_that_was_carried_out_all_the_same_is_not_given_again(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """Its answer was lost, a refund by hand made it give way, and then Stripe told of it."""
    allow(expected_logs, "refund.unclear", "refund.failed")
    bench = await stage.completed()
    await order_refund(stage, bench, 2000)
    stage.service.clock.advance(seconds=1)
    await order_refund(stage, bench, 1500)
    stage.stripe.faults += ["down", "cut"]
    await stage.tick()
    [lost] = stage.stripe.refunds.values()
    refund = await by_hand(stage, 3000)
    await tell(stage, [stage.stripe.event("refund.updated", lost)])

    await fails(stage, refund)
    await rounds(stage)

    assert lost["amount"] == 1500
    assert await stage.payments() == {"plan": ("paid", 3500)}
    gone = [one["amount"] for one in stage.stripe.refunds.values() if one["status"] == "succeeded"]
    assert sum(gone) == 3500
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (1049, 0)
