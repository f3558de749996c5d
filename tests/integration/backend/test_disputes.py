"""Chargebacks: the books follow what Stripe says of them, once and in whatever order."""

from collections.abc import AsyncIterator, Callable, Sequence

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from liftbay_backend.db.models import LedgerEntryRow, ProviderDisputeRow, RefundRow
from liftbay_backend.payments import stripe_account
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.services.session_report import session_report
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench
from tests.fakes.stripe_server import Object
from tests.integration.backend.stripe_stage import StripeStage, stripe_stage
from tests.integration.backend.test_operations import figures_of
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got

CREATED = "charge.dispute.created"
UPDATED = "charge.dispute.updated"
CLOSED = "charge.dispute.closed"
WITHDRAWN = "charge.dispute.funds_withdrawn"
REINSTATED = "charge.dispute.funds_reinstated"


@pytest_asyncio.fixture
async def stage(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StripeStage]:
    monkeypatch.setattr(stripe_account, "CALL_SECONDS", 5.0)
    async with stripe_stage(make_settings) as opened:
        yield opened


def allow(logs: ExpectedLogs, *parts: str) -> None:
    for part in parts:
        logs.allow(part)


async def account(stage: StripeStage, name: str) -> int:
    """Return what one account of the ledger holds."""
    cents = func.coalesce(func.sum(LedgerEntryRow.amount_cents), 0)
    async with stage.service.core.database.reading() as db:
        found = await db.execute(select(cents).where(LedgerEntryRow.account == name))
        return int(found.scalar_one())


async def refunds(stage: StripeStage) -> list[tuple[str, int, str]]:
    """Return reason, cents and state of every refund in the books, by age."""
    query = select(RefundRow).order_by(RefundRow.created_at, RefundRow.amount_cents)
    async with stage.service.core.database.reading() as db:
        rows = (await db.execute(query)).scalars()
        return [(row.reason, row.amount_cents, row.state.value) for row in rows]


async def tell(stage: StripeStage, events: Sequence[Object]) -> list[bool]:
    """Deliver events; returns which were news."""
    answers = [await stage.send(one) for one in events]
    assert [one.status_code for one in answers] == [200] * len(answers)
    return [one.json()["first"] for one in answers]


def whole_story(stage: StripeStage, outcome: str) -> list[Object]:
    """Return what Stripe says of a dispute from its beginning to its end, in order."""
    dispute = stage.stripe.dispute()
    events = [stage.stripe.event(CREATED, dispute), stage.stripe.event(WITHDRAWN, dispute)]
    dispute["status"] = "under_review"
    events.append(stage.stripe.event(UPDATED, dispute))
    stage.stripe.decide(dispute, outcome)
    events.append(stage.stripe.event(CLOSED, dispute))
    if outcome == "won":
        events.append(stage.stripe.event(REINSTATED, dispute))
    return events


async def test_while_it_is_open_the_money_stands_apart_and_the_operator_sees_it(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    allow(expected_logs, "dispute.out")
    bench = await stage.completed()
    before = await account(stage, "platform")
    dispute = stage.stripe.dispute()

    news = await tell(stage, [stage.stripe.event(kind, dispute) for kind in (CREATED, WITHDRAWN)])

    report = await session_report(stage.service.core.database, bench.session_id)
    figures = await figures_of(stage.service)
    assert news == [True, True]
    assert await account(stage, "disputed") == 4999
    assert await account(stage, "platform") == before - 4999
    assert await stage.payments() == {"plan": ("paid", 0)}
    assert (await mechanic_got(bench), await refunds(stage)) == (3499, [])
    assert figures["liftbay_payments_in_question", "disputed"] == 1
    assert figures["liftbay_disputed_cents", "usd"] == 4999
    assert report is not None
    assert [(one["id"], one["outcome"], one["booked"]) for one in report["disputes"]] == [
        (dispute["id"], None, "out")
    ]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (1, 4, 0, 3, 2)], ids=str)
async def test_what_was_won_is_as_if_it_had_never_been(
    stage: StripeStage, expected_logs: ExpectedLogs, order: tuple[int, ...]
) -> None:
    allow(expected_logs, "dispute.back")
    if order[0] != 4:
        allow(expected_logs, "dispute.out")
    bench = await stage.completed()
    before = await account(stage, "platform")
    story = whole_story(stage, "won")

    # Each twice in a row, and the first once more at the end.
    await tell(stage, [story[place] for place in order for _ in range(2)] + [story[order[0]]])
    await stage.tick()

    assert await account(stage, "disputed") == 0
    assert await account(stage, "platform") == before
    assert (await mechanic_got(bench), await refunds(stage)) == (3499, [])
    assert (await bench.session())["status"] == "completed"
    figures = await figures_of(stage.service)
    assert figures["liftbay_payments_in_question", "disputed"] == 0
    assert figures["liftbay_disputed_cents", "usd"] == 0


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)], ids=str)
async def test_what_was_lost_is_a_refund_that_takes_the_mechanics_part_back(
    stage: StripeStage, expected_logs: ExpectedLogs, order: tuple[int, ...]
) -> None:
    allow(expected_logs, "dispute.lost")
    if order != (3, 2, 1, 0):
        allow(expected_logs, "dispute.out")
    bench = await stage.completed()
    story = whole_story(stage, "lost")

    await tell(stage, [story[place] for place in order for _ in range(2)] + [story[order[0]]])
    await stage.tick()
    await stage.tick(seconds=10)

    session = await bench.session()
    summary = (await bench.customer.http.get(f"{bench.path}/summary")).json()
    assert await account(stage, "disputed") == 0
    assert await refunds(stage) == [("disputed", 4999, "done")]
    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert (session["status"], session["payment_status"]) == ("refunded", "refunded")
    assert (summary["paid_cents"], summary["refunded_cents"]) == (4999, 4999)
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)
    assert [one["amount"] for one in stage.stripe.reversals.values()] == [3499]
    # The bank has given it back; the service must not do so again.
    assert stage.stripe.refunds == {}
    assert (await figures_of(stage.service))["liftbay_payments_in_question", "disputed"] == 0


async def test_what_is_won_on_appeal_is_earned_again(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    allow(expected_logs, "dispute.out", "dispute.lost", "dispute.back", "refund.failed")
    bench = await stage.completed()
    await tell(stage, whole_story(stage, "lost"))
    await stage.tick()
    [dispute] = stage.stripe.disputes.values()
    without = await mechanic_got(bench)
    stage.stripe.decide(dispute, "won")

    await tell(stage, [stage.stripe.event(REINSTATED, dispute)] * 2)
    await stage.tick()
    await stage.tick(seconds=10)

    assert (without, await mechanic_got(bench)) == (0, 3499)
    assert await stage.payments() == {"plan": ("paid", 0)}
    assert (await account(stage, "disputed"), await balance(bench, "owed")) == (0, 0)
    assert (await bench.session())["payment_status"] == "paid"


async def test_a_refund_that_found_no_room_is_booked_once_there_is_some(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """It was made before, and told after the loss; the mechanic kept a share of it."""
    allow(expected_logs, "dispute.out", "dispute.lost", "dispute.back", "refund.failed")
    allow(expected_logs, "refund.not_of_this_payment")
    bench = await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(2000)
    await tell(stage, whole_story(stage, "lost"))
    await tell(stage, [stage.stripe.event("refund.created", refund)])
    [dispute] = stage.stripe.disputes.values()
    stage.stripe.decide(dispute, "won")

    await tell(stage, [stage.stripe.event(REINSTATED, dispute)])
    for _ in range(3):
        await stage.tick(seconds=10)

    assert await stage.payments() == {"plan": ("paid", 2000)}
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (2099, 0)
    assert await account(stage, "disputed") == 0


async def test_a_loss_that_found_no_room_is_booked_once_there_is_some(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """All had gone back before the bank took it too, and that refund came to nothing later."""
    allow(expected_logs, "dispute.out", "dispute.lost", "dispute.beyond_payment", "refund.failed")
    bench = await stage.completed()
    refund = stage.stripe.refund_on_its_own_pages(4999)
    await tell(stage, [stage.stripe.event("refund.created", refund)])
    await tell(stage, whole_story(stage, "lost"))
    beyond = await account(stage, "disputed")

    failed = stage.stripe.event("refund.failed", {**refund, "status": "failed"})
    await tell(stage, [failed] * 2)
    for _ in range(3):
        await stage.tick(seconds=10)

    assert beyond == 4999
    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)
    assert await account(stage, "disputed") == 0
    assert [one for one in await refunds(stage) if one[2] == "done"] == [("disputed", 4999, "done")]


async def test_an_inquiry_takes_nothing_and_asks_for_an_answer(stage: StripeStage) -> None:
    bench = await stage.completed()
    dispute = stage.stripe.dispute(status="warning_needs_response")

    await tell(stage, [stage.stripe.event(CREATED, dispute)])
    asked = (await figures_of(stage.service))["liftbay_payments_in_question", "disputed"]
    stage.stripe.decide(dispute, "warning_closed")
    await tell(stage, [stage.stripe.event(CLOSED, dispute)])

    assert asked == 1
    assert (await figures_of(stage.service))["liftbay_payments_in_question", "disputed"] == 0
    assert (await account(stage, "disputed"), await mechanic_got(bench)) == (0, 3499)


async def test_news_of_a_dispute_may_come_before_those_of_its_payment(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """The session that was not paid for after all is called off before anybody prepares for it."""
    allow(expected_logs, "dispute.lost")
    customer = await stage.service.customer()
    session = await stage.service.pending_session(customer)
    paid = stage.stripe.pay(await stage.page())
    story = whole_story(stage, "lost")

    early = await tell(stage, story)
    before = await stage.payments()
    await tell(stage, [paid])

    shown = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    # An update that says the same is no news.
    assert early == [True, True, False, True]
    assert before == {"plan": ("due", 0)}
    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert (shown["status"], shown["payment_status"]) == ("cancelled", "refunded")
    assert await account(stage, "disputed") == 0


@pytest.mark.parametrize("outcome", ["won", "lost"])
async def test_a_refund_that_was_ordered_meanwhile_goes_back_once_either_way(
    stage: StripeStage, expected_logs: ExpectedLogs, outcome: str
) -> None:
    """Stripe refuses it while the payment is disputed."""
    allow(expected_logs, "dispute.out", "refund.refused")
    allow(expected_logs, "dispute.back" if outcome == "won" else "dispute.lost")
    bench = await stage.completed()
    story = whole_story(stage, outcome)
    [dispute] = stage.stripe.disputes.values()
    decided, dispute["status"] = dispute["status"], "needs_response"
    taken = stage.stripe.payments[dispute["payment_intent"]]
    gone, taken["refunded"] = taken["refunded"], 0
    await tell(stage, story[:2])
    await order_refund(stage, bench, 2000)
    await stage.tick()
    waiting = await refunds(stage)
    dispute["status"], taken["refunded"] = decided, gone

    await tell(stage, story[2:])
    for _ in range(3):
        await stage.tick(minutes=7 * 60)

    assert waiting == [("It froze.", 2000, "pending")]
    if outcome == "won":
        assert await refunds(stage) == [("It froze.", 2000, "done")]
        assert [one["amount"] for one in stage.stripe.refunds.values()] == [2000]
        assert await mechanic_got(bench) == 2099
    else:
        assert sorted(await refunds(stage)) == [
            ("It froze.", 2000, "refused"),
            ("disputed", 4999, "done"),
        ]
        assert stage.stripe.refunds == {}
        assert await mechanic_got(bench) == 0
    assert (await account(stage, "disputed"), await balance(bench, "owed")) == (0, 0)


async def test_what_a_bank_takes_beyond_a_payment_is_the_operators_loss(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    """Some had gone back before; the bank takes all of it. It is shown and no payment's."""
    allow(expected_logs, "dispute.out", "dispute.lost", "dispute.beyond_payment")
    bench = await stage.completed()
    await order_refund(stage, bench, 2000)
    await stage.tick()

    await tell(stage, whole_story(stage, "lost"))
    await stage.tick()

    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert await account(stage, "disputed") == 2000
    assert await account(stage, f"customer:{bench.customer.user_id}") == 0
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)


async def test_a_dispute_of_somebody_elses_payment_changes_nothing(stage: StripeStage) -> None:
    """An operator may sell other things by the same account."""
    await stage.completed()
    story = whole_story(stage, "lost")
    for event in story:
        event["data"]["object"]["payment_intent"] = "pi_of_a_shop"

    await tell(stage, story)
    before = await kept(stage)
    stage.service.clock.advance(minutes=61 * 24 * 60)
    await forget_old_proofs(stage.service.core)

    assert await stage.payments() == {"plan": ("paid", 0)}
    assert await account(stage, "disputed") == 0
    assert (await figures_of(stage.service))["liftbay_payments_in_question", "disputed"] == 0
    assert (before, await kept(stage)) == (1, 0)


async def test_a_dispute_of_ours_is_never_forgotten(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    allow(expected_logs, "dispute.out", "dispute.lost")
    await stage.completed()
    story = whole_story(stage, "lost")
    await tell(stage, story)

    stage.service.clock.advance(minutes=61 * 24 * 60)
    await forget_old_proofs(stage.service.core)

    assert await tell(stage, story) == [False] * 4
    assert await stage.payments() == {"plan": ("refunded", 4999)}


async def kept(stage: StripeStage) -> int:
    async with stage.service.core.database.reading() as db:
        found = await db.execute(select(func.count()).select_from(ProviderDisputeRow))
        return int(found.scalar_one())


async def test_what_stripe_has_not_signed_of_a_dispute_is_refused(stage: StripeStage) -> None:
    await stage.completed()
    story = whole_story(stage, "lost")

    answers = [await stage.send(one, secret="whsec_somebody_elses") for one in story]

    assert {one.status_code for one in answers} == {401}
    assert await stage.payments() == {"plan": ("paid", 0)}


async def order_refund(stage: StripeStage, bench: CallBench, cents: int) -> None:
    support = await stage.service.support()
    body = {"reason": "It froze.", "amount_cents": cents}
    assert (await support.http.post(f"{bench.path}/refund", json=body)).status_code == 200


async def test_a_settlement_that_begins_while_it_is_open_pays_and_takes_back_after_a_loss(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    allow(expected_logs, "dispute.out", "dispute.lost")
    bench = await stage.completed(settled=False)
    story = whole_story(stage, "lost")
    await tell(stage, story[:2])

    await everything(stage.settling, bench.session_id)
    paid = await mechanic_got(bench)
    await tell(stage, story[2:])
    await stage.tick()
    await stage.tick(seconds=10)

    assert (paid, await mechanic_got(bench)) == (3499, 0)
    assert await account(stage, "disputed") == 0
