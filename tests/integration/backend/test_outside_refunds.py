"""Refunds that the operator makes on Stripe's own pages are booked once, in whatever order."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from liftbay_backend.db.models import ProviderRefundRow, RefundRow
from liftbay_backend.payments import stripe_account
from liftbay_backend.services import payment_events
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench
from tests.fakes.stripe_server import Object
from tests.integration.backend.stripe_stage import StripeStage, stripe_stage
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got


@pytest_asyncio.fixture
async def stage(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StripeStage]:
    monkeypatch.setattr(stripe_account, "CALL_SECONDS", 5.0)
    async with stripe_stage(make_settings) as opened:
        yield opened


async def refunds(stage: StripeStage) -> list[tuple[str, int, str]]:
    """Return reason, cents and state of every refund in the books, by age."""
    query = select(RefundRow).order_by(RefundRow.created_at, RefundRow.amount_cents)
    async with stage.service.core.database.reading() as db:
        rows = (await db.execute(query)).scalars()
        return [(row.reason, row.amount_cents, row.state.value) for row in rows]


def told_of(stage: StripeStage, refund: Object, kind: str = "refund.created") -> Object:
    return stage.stripe.event(kind, refund)


async def support_refunds(stage: StripeStage, bench: CallBench, cents: int | None) -> Any:
    support = await stage.service.support()
    body = {"reason": "It froze.", "amount_cents": cents}
    return await support.http.post(f"{bench.path}/refund", json=body)


async def test_a_refund_by_hand_takes_the_mechanics_part_back(stage: StripeStage) -> None:
    bench = await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(2000)

    told = await stage.send(told_of(stage, refund))
    again = [await stage.send(told_of(stage, refund, "refund.updated")) for _ in range(2)]
    again.append(await stage.send(stage.stripe.charge_refunded(refund["payment_intent"])))
    await stage.tick()

    assert (told.status_code, told.json()) == (200, {"first": True})
    assert [one.json() for one in again] == [{"first": False}] * 3
    assert await refunds(stage) == [("made_at_provider", 2000, "done")]
    assert await stage.payments() == {"plan": ("paid", 2000)}
    # 70 % of 49.99 is 34.99, of 29.99 it is 20.99.
    assert [one["amount"] for one in stage.stripe.reversals.values()] == [3499 - 2099]
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (2099, 0)
    assert (await bench.session())["status"] == "completed"
    assert len(stage.stripe.refunds) == 1, "nothing more went back"


async def test_what_was_sent_in_two_transfers_is_taken_back_of_both(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """Stripe takes no more back of a transfer than is left of it."""
    expected_logs.allow("refund.failed")
    bench = await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(2000)
    await stage.send(told_of(stage, refund))
    await stage.tick()
    refund["status"] = "failed"
    stage.stripe.payments[refund["payment_intent"]]["refunded"] -= 2000
    await stage.send(told_of(stage, refund, "refund.failed"))
    await stage.tick()
    sent = [one["amount"] for one in stage.stripe.transfers.values()]

    await support_refunds(stage, bench, None)
    for _ in range(4):
        await stage.tick(seconds=10)

    back = [(one["transfer"], one["amount"]) for one in stage.stripe.reversals.values()]
    first, second = stage.stripe.transfers
    assert sent == [3499, 1400]
    assert back == [(first, 1400), (second, 1400), (first, 2099)]
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)
    assert (await bench.session())["status"] == "refunded"


async def test_the_charges_own_news_alone_is_enough(stage: StripeStage) -> None:
    """Whoever set the webhook up may have chosen `charge.refunded` only, which names no refund."""
    bench = await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(2000)
    stage.stripe.refund_on_its_own_pages(2999)

    told = await stage.send(stage.stripe.charge_refunded(refund["payment_intent"]))
    await stage.tick()

    session = await bench.session()
    assert told.json() == {"first": True}
    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert (session["status"], session["payment_status"]) == ("refunded", "refunded")
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)


async def test_a_stripe_that_does_not_answer_is_heard_again(
    stage: StripeStage, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs.allow("refunds.not_listed")
    await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(2000)
    event = stage.stripe.charge_refunded(refund["payment_intent"])

    with monkeypatch.context() as patch:
        patch.setattr(payment_events, "LOOK_DEADLINE_SECONDS", 0.0)
        away = await stage.send(event)
    later = await stage.send(event)

    assert (away.status_code, away.json()["code"]) == (503, "server.unavailable")
    assert away.headers["Retry-After"] == "60"
    assert later.json() == {"first": True}
    assert await refunds(stage) == [("made_at_provider", 2000, "done")]


NEWS = ("paid", "created", "charge")


async def test_a_refund_may_be_told_before_its_payment(stage: StripeStage) -> None:
    customer = await stage.service.customer()
    orders = list(itertools.permutations(NEWS))
    shown = []

    for order in orders:
        stage.service.clock.advance(seconds=1)
        session = await stage.service.pending_session(customer)
        paid = stage.stripe.pay(await stage.page())
        refund = stage.stripe.refund_on_its_own_pages(4999)
        news = {
            "paid": paid,
            "created": told_of(stage, refund),
            "charge": stage.stripe.charge_refunded(refund["payment_intent"]),
        }
        for name in (*order, *order):
            assert (await stage.send(news[name])).status_code == 200, order
        told = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
        shown.append((order, told["status"], told["payment_status"]))

    assert await refunds(stage) == [("made_at_provider", 4999, "done")] * len(orders)
    # Nobody is to accept what is not paid for.
    assert shown == [(order, "cancelled", "refunded") for order in orders]


async def test_a_refund_and_its_payment_that_come_at_once_find_each_other(
    stage: StripeStage,
) -> None:
    customer = await stage.service.customer()
    for _ in range(3):
        stage.service.clock.advance(seconds=1)
        await stage.service.pending_session(customer)
        paid = stage.stripe.pay(await stage.page())
        refund = stage.stripe.refund_on_its_own_pages(4999)

        await asyncio.gather(stage.send(paid), stage.send(told_of(stage, refund)))

    assert await refunds(stage) == [("made_at_provider", 4999, "done")] * 3


@pytest.mark.parametrize("order", list(itertools.permutations(("succeeded", "failed"))))
async def test_a_refund_that_fails_later_is_undone_in_any_order(
    stage: StripeStage, expected_logs: ExpectedLogs, order: tuple[str, ...]
) -> None:
    bench = await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(2000)
    news = {
        "succeeded": told_of(stage, refund),
        "failed": told_of(stage, {**refund, "status": "failed"}, "refund.failed"),
    }
    if order[0] == "succeeded":
        expected_logs.allow("refund.failed")

    for state in (*order, *order):
        await stage.send(news[state])
        await stage.tick(seconds=1)

    assert await stage.payments() == {"plan": ("paid", 0)}
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (3499, 0)
    assert len(stage.stripe.refunds) == 1, "nobody here ordered it, so nobody tries again"


async def test_the_failure_of_an_earlier_try_does_not_undo_the_later_one(
    stage: StripeStage,
) -> None:
    """The try's own news may be lost, and `charge.refunded` lists it beside the one that came."""
    bench = await stage.completed()
    await support_refunds(stage, bench, 2000)
    await stage.tick(seconds=1)
    [done] = stage.stripe.refunds.values()
    earlier = {**done, "id": "re_earlier", "status": "failed"}
    before = (await stage.payments(), await mechanic_got(bench))

    await stage.send(told_of(stage, done))
    await stage.send(told_of(stage, earlier, "refund.failed"))
    await stage.tick(minutes=10)

    assert (await stage.payments(), await mechanic_got(bench)) == before
    assert before[0] == {"plan": ("paid", 2000)}
    assert await refunds(stage) == [("It froze.", 2000, "done")]
    assert list(stage.stripe.refunds) == [done["id"]]


async def test_a_session_that_came_to_nothing_is_still_given_back_when_it_fails(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("refund.failed")
    customer = await stage.service.customer()
    session = await stage.service.pending_session(customer)
    await stage.pay()
    refund = stage.stripe.refund_on_its_own_pages(4999)
    await stage.send(told_of(stage, refund))
    [intent] = stage.stripe.payments.values()
    intent["refunded"] = 0

    await stage.send(told_of(stage, {**refund, "status": "failed"}, "refund.failed"))
    await stage.tick()

    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert [one["metadata"] != {} for one in stage.stripe.refunds.values()] == [False, True]
    shown = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    assert (shown["status"], shown["payment_status"]) == ("cancelled", "refunded")


async def test_what_support_has_ordered_is_fitted_to_what_is_left(
    stage: StripeStage,
) -> None:
    """Stripe would refuse the order for ever, and the customer would wait for the rest of it."""
    bench = await stage.completed()
    ordered = await support_refunds(stage, bench, None)
    refund = stage.stripe.refund_on_its_own_pages(2000)

    await stage.send(told_of(stage, refund))
    await stage.tick()

    assert ordered.json()["refund_cents"] == 4999
    assert sorted(await refunds(stage)) == [
        ("It froze.", 2999, "done"),
        ("It froze.", 4999, "refused"),
        ("made_at_provider", 2000, "done"),
    ]
    assert await stage.payments() == {"plan": ("refunded", 4999)}
    session = await bench.session()
    assert (session["status"], session["payment_status"]) == ("refunded", "refunded")
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)


async def test_an_order_that_was_withdrawn_and_carried_out_all_the_same_is_booked(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """The younger order went through, its answer was lost, and the older one has to give way."""
    expected_logs.allow("refund.unclear")
    expected_logs.allow("refund.refused")
    bench = await stage.completed()
    await support_refunds(stage, bench, 2000)
    stage.service.clock.advance(seconds=1)
    await support_refunds(stage, bench, 1500)
    stage.stripe.faults += ["down", "cut"]
    await stage.tick()
    by_hand = stage.stripe.refund_on_its_own_pages(3000)
    [lost] = [one for one in stage.stripe.refunds.values() if one["amount"] == 1500]

    await stage.send(told_of(stage, by_hand))
    await stage.tick(seconds=10)
    await stage.send(told_of(stage, lost))
    for _ in range(4):
        await stage.tick(minutes=5)

    went_back = sum(one["amount"] for one in stage.stripe.refunds.values())
    assert went_back == 4999
    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)


async def test_what_went_back_before_the_end_is_never_earned(stage: StripeStage) -> None:
    bench = await stage.bench()
    await stage.open_account(bench)
    await bench.start()
    await stage.send(told_of(stage, stage.stripe.refund_on_its_own_pages(2000)))
    stage.service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    await everything(stage.settling, bench.session_id)

    assert [one["amount"] for one in stage.stripe.transfers.values()] == [2099]
    assert await mechanic_got(bench) == 2099
    session = await bench.session()
    assert (session["status"], session["payment_status"]) == ("completed", "paid")


async def test_what_went_back_before_the_end_and_failed_after_it_is_earned_after_all(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("refund.failed")
    bench = await stage.bench()
    await stage.open_account(bench)
    await bench.start()
    refund = stage.stripe.refund_on_its_own_pages(4999)
    await stage.send(told_of(stage, refund))
    assert (await bench.session())["status"] == "live", "paid time goes on"
    stage.service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    await everything(stage.settling, bench.session_id)
    before = await mechanic_got(bench)

    await stage.send(told_of(stage, {**refund, "status": "failed"}, "refund.failed"))
    await stage.tick()

    assert (before, await mechanic_got(bench)) == (0, 3499)


async def test_a_whole_refund_that_fails_leaves_the_status_and_gives_everything_else_back(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """`refunded` leads to the archive alone; what people and money go by is the payment (0051)."""
    expected_logs.allow("refund.failed")
    bench = await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(4999)
    await stage.send(told_of(stage, refund))
    await stage.tick()
    without = await mechanic_got(bench)
    stage.stripe.payments[refund["payment_intent"]]["refunded"] = 0

    await stage.send(told_of(stage, {**refund, "status": "failed"}, "refund.failed"))
    await stage.tick()
    session, earned = await bench.session(), await mechanic_got(bench)
    again = await support_refunds(stage, bench, None)
    for _ in range(3):
        await stage.tick(seconds=10)
    later = await bench.session()

    assert (session["status"], session["payment_status"]) == ("refunded", "paid")
    assert (without, earned) == (0, 3499)
    # And support may give back what is paid, as of any other session.
    assert again.json()["refund_cents"] == 4999
    assert (later["status"], later["payment_status"]) == ("refunded", "refunded")
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)


async def test_refunds_of_another_programs_payments_are_kept_apart_and_forgotten(
    stage: StripeStage,
) -> None:
    theirs = {"object": "refund", "id": "re_theirs", "status": "succeeded", "amount": 700}
    theirs |= {"currency": "usd", "payment_intent": "pi_theirs", "metadata": {}}

    told = await stage.send(told_of(stage, theirs))
    stage.service.clock.advance(minutes=61 * 24 * 60)
    await forget_old_proofs(stage.service.core)

    assert (told.status_code, told.json()) == (200, {"first": False})
    async with stage.service.core.database.reading() as db:
        assert (await db.execute(select(ProviderRefundRow))).first() is None


async def test_a_booked_refund_is_never_forgotten_and_so_never_booked_again(
    stage: StripeStage,
) -> None:
    await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(1000)
    await stage.send(told_of(stage, refund))
    stage.service.clock.advance(minutes=61 * 24 * 60)
    await forget_old_proofs(stage.service.core)

    told = await stage.send(stage.stripe.charge_refunded(refund["payment_intent"]))

    assert told.json() == {"first": False}
    assert await stage.payments() == {"plan": ("paid", 1000)}


async def test_a_refund_that_cannot_be_of_this_payment_is_not_booked(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("refund.not_of_this_payment")
    await stage.service.pending_session(await stage.service.customer())
    await stage.pay()
    refund = stage.stripe.refund_on_its_own_pages(1000)
    wrong: list[Object] = [{"amount": 5000, "id": "re_x"}, {"currency": "eur"}]

    told = [await stage.send(told_of(stage, {**refund, **one})) for one in wrong]

    assert [one.json() for one in told] == [{"first": False}] * 2
    assert await stage.payments() == {"plan": ("paid", 0)}
