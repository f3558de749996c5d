"""Mechanics are paid by Stripe and refunds take their part back: once, whatever gets lost."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from liftbay_backend.payments import stripe_account
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench
from tests.integration.backend.stripe_stage import ACCOUNT, StripeStage, stripe_stage
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got


@pytest_asyncio.fixture
async def stage(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StripeStage]:
    # Long enough for a busy machine's answers, short enough to wait for those that never come.
    monkeypatch.setattr(stripe_account, "CALL_SECONDS", 3.0)
    async with stripe_stage(make_settings) as opened:
        yield opened


async def refund(bench: CallBench, amount: int | None) -> None:
    support = await bench.service.support()
    body = {"reason": "The picture froze.", "amount_cents": amount}
    answer = await support.http.post(f"{bench.path}/refund", json=body)
    assert answer.status_code == 200, answer.text


async def test_a_completed_session_is_paid_out_to_the_mechanics_account(
    stage: StripeStage,
) -> None:
    bench = await stage.completed()

    [transfer] = stage.stripe.transfers.values()
    assert (transfer["amount"], transfer["destination"]) == (3499, ACCOUNT)
    assert transfer["transfer_group"] == bench.session_id
    assert await mechanic_got(bench) == 3499
    assert (await bench.session(bench.mechanic))["settlement"]["state"] == "done"


async def test_a_mechanic_without_an_account_is_paid_once_there_is_one(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.refused")
    bench = await stage.bench()
    await bench.start()
    stage.service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    await everything(stage.settling, bench.session_id)
    without = (await bench.session(bench.mechanic))["settlement"]

    await stage.open_account(bench)
    await stage.tick()

    assert (without["state"], without["payout_error"]) == ("failed", "no_account")
    assert (await bench.session(bench.mechanic))["settlement"]["payout_state"] == "paid"
    assert await mechanic_got(bench) == 3499


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("account_invalid", "no_account"),
        ("insufficient_capabilities_for_transfer", "no_account"),
        ("balance_insufficient", "declined"),
        ("rate_limit", "provider_down"),
        ("down", "provider_down"),
        ("lost", "provider_down"),
        ("cut", "provider_down"),
    ],
)
async def test_whatever_goes_wrong_is_named_and_paid_once_in_the_end(
    stage: StripeStage, expected_logs: ExpectedLogs, fault: str, reason: str
) -> None:
    expected_logs.allow("payout.unclear" if reason == "provider_down" else "payout.refused")
    bench = await stage.completed(settled=False)
    stage.stripe.faults += [fault, fault]

    await everything(stage.settling, bench.session_id)
    told = (await bench.session(bench.mechanic))["settlement"]
    for seconds in (10, 20, 40):
        await stage.tick(seconds=seconds)

    assert told["payout_error"] == reason
    assert [one["amount"] for one in stage.stripe.transfers.values()] == [3499]
    assert await mechanic_got(bench) == 3499
    assert (await bench.session(bench.mechanic))["settlement"]["state"] == "done"


async def test_a_fault_that_stripe_repeats_for_a_key_ends_with_the_key(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """Whether a 500 moved money nobody knows, so no new key is made up; a day later it goes."""
    expected_logs.allow("payout.unclear")
    bench = await stage.completed(settled=False)
    stage.stripe.faults.append("stored_500")
    await everything(stage.settling, bench.session_id)
    for seconds in (10, 20, 40):
        await stage.tick(seconds=seconds)
    during = (await bench.session(bench.mechanic))["settlement"]["payout_error"]

    stage.stripe.forget_keys()
    await stage.tick(seconds=80)

    assert during == "provider_down"
    assert len(set(stage.stripe.keys[-5:])) == 1
    assert await mechanic_got(bench) == 3499


@pytest.mark.parametrize("lost", ["refund", "reversal"])
async def test_a_refund_whose_answer_got_lost_is_not_made_twice(
    stage: StripeStage, expected_logs: ExpectedLogs, lost: str
) -> None:
    """Also a day later, when Stripe has forgotten the key."""
    expected_logs.allow("refund.unclear" if lost == "refund" else "payout.unclear")
    bench = await stage.completed()
    await refund(bench, 1000)
    stage.stripe.faults += ["lost"] if lost == "refund" else ["ok", "lost"]

    await stage.tick()
    stage.stripe.forget_keys()
    for seconds in (10, 20, 40):
        await stage.tick(seconds=seconds)

    assert [one["amount"] for one in stage.stripe.refunds.values()] == [1000]
    assert [one["amount"] for one in stage.stripe.reversals.values()] == [700]
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (2799, 0)
    assert await stage.payments() == {"plan": ("paid", 1000)}


async def test_a_refund_whose_answer_got_lost_is_found_behind_a_hundred_others(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """Stripe lists a hundred at a time, the newest first."""
    expected_logs.allow("refund.unclear")
    bench = await stage.completed()
    await refund(bench, 1000)
    stage.stripe.faults += ["lost"]
    await stage.tick()
    for _ in range(100):
        stage.stripe.refund_on_its_own_pages(1)
    stage.stripe.forget_keys()

    await stage.tick(seconds=10)

    made = [one["amount"] for one in stage.stripe.refunds.values()]
    assert (made.count(1000), len(made)) == (1, 101)
    assert await stage.payments() == {"plan": ("paid", 1000)}


async def test_everything_is_given_back_in_two_parts(stage: StripeStage) -> None:
    bench = await stage.completed()

    for amount in (1999, None):
        await refund(bench, amount)
        await stage.tick()

    session = await bench.session(bench.mechanic)
    assert sum(one["amount"] for one in stage.stripe.refunds.values()) == 4999
    assert sum(one["amount"] for one in stage.stripe.reversals.values()) == 3499
    assert (session["status"], session["payment_status"]) == ("refunded", "refunded")
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)


async def test_a_refund_that_stripe_refuses_is_asked_for_again(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("refund.refused")
    bench = await stage.completed()
    await refund(bench, 1000)
    stage.stripe.faults.append("insufficient_funds")

    await stage.tick()
    refused = await stage.payments()
    await stage.tick(seconds=10)

    assert refused == {"plan": ("paid", 0)}
    assert await stage.payments() == {"plan": ("paid", 1000)}
    assert len(stage.stripe.refunds) == 1


@pytest.mark.parametrize("news", ["webhook", "lost webhook"])
async def test_a_refund_that_takes_time_is_booked_when_it_is_through(
    stage: StripeStage, news: str
) -> None:
    bench = await stage.completed()
    stage.stripe.refund_status = "pending"
    await refund(bench, 1000)
    await stage.tick()
    before = await stage.payments()
    [made] = stage.stripe.refunds.values()
    made["status"] = "succeeded"

    if news == "webhook":
        event = stage.stripe.event("refund.updated", made)
        told = [(await stage.send(event)).json()["first"] for _ in range(2)]
        assert told == [True, False]
    for seconds in (10, 20):
        await stage.tick(seconds=seconds)

    assert before == {"plan": ("paid", 0)}
    assert await stage.payments() == {"plan": ("paid", 1000)}
    assert len(stage.stripe.refunds) == 1
    assert await mechanic_got(bench) == 2799


async def test_a_refund_that_a_bank_sends_back_is_made_again(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("refund.failed")
    bench = await stage.completed()
    await refund(bench, 1000)
    await stage.tick()
    [made] = stage.stripe.refunds.values()
    made["status"] = "failed"
    stage.stripe.payments[made["payment_intent"]]["refunded"] -= 1000

    await stage.send(stage.stripe.event("refund.failed", made))
    undone = await stage.payments()
    for seconds in (0, 10):
        await stage.tick(seconds=seconds)

    assert undone == {"plan": ("paid", 0)}
    assert await stage.payments() == {"plan": ("paid", 1000)}
    assert sorted(one["status"] for one in stage.stripe.refunds.values()) == [
        "failed",
        "succeeded",
    ]
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (2799, 0)


async def test_the_running_service_settles_by_stripe_itself(stage: StripeStage) -> None:
    """With its own loops and workflows: an end, a payout, a refund, a reversal."""
    async with stage.service.app.router.lifespan_context(stage.service.app):
        bench = await stage.completed(settled=False)
        async with asyncio.timeout(20):
            while (await bench.session(bench.mechanic))["settlement"]["state"] != "done":
                await asyncio.sleep(0.05)
            paid = await mechanic_got(bench)
            await refund(bench, None)
            while (await bench.session())["status"] != "refunded" or not stage.stripe.reversals:
                await asyncio.sleep(0.05)
            while await mechanic_got(bench):
                await asyncio.sleep(0.05)

    assert paid == 3499
    assert [one["amount"] for one in stage.stripe.transfers.values()] == [3499]
    assert [one["amount"] for one in stage.stripe.refunds.values()] == [4999]
    assert [one["amount"] for one in stage.stripe.reversals.values()] == [3499]
