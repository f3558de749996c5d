"""Customers pay by Stripe: pages, signed webhooks in any order and number, pages that close."""

import asyncio
import copy
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from liftbay_backend.db.models import PaymentRow
from liftbay_backend.domain.states import PaymentKind
from liftbay_backend.payments import stripe_account
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.services.session_report import session_report
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_service import INTAKE, BackendService
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, signed
from tests.integration.backend.stripe_stage import StripeStage, stripe_stage
from tests.integration.backend.test_operations import figures_of


@pytest_asyncio.fixture
async def stage(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StripeStage]:
    # Long enough for a busy machine's answers, short enough to wait for those that never come.
    monkeypatch.setattr(stripe_account, "CALL_SECONDS", 3.0)
    async with stripe_stage(make_settings) as opened:
        yield opened


async def test_a_customer_pays_the_services_price_on_stripes_page(stage: StripeStage) -> None:
    customer, mechanic = await stage.service.customer(), await stage.service.mechanic()

    answer = await customer.http.post("/api/intake/start", json=INTAKE)
    before = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
    await stage.pay()
    after = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]

    [page] = stage.stripe.pages.values()
    assert answer.json()["payment"] == {"status": "due", "checkout_url": page["url"]}
    assert (page["amount_total"], page["currency"]) == (4999, "usd")
    assert "example.test" not in str(page["metadata"])
    assert (before, len(after)) == ([], 1)


async def test_an_answer_that_got_lost_brings_the_same_page_at_the_next_try(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("checkout.unavailable")
    customer = await stage.service.customer()
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    stage.stripe.faults += ["lost", "ok", "down"]

    answers = [
        await customer.http.post("/api/intake/start", json=INTAKE, headers=headers)
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [503, 201]
    assert len(stage.stripe.pages) == 1
    assert len(set(stage.stripe.keys)) == 1
    assert answers[1].json()["payment"]["checkout_url"].endswith(await stage.page())


async def test_one_payment_told_many_times_is_booked_once(stage: StripeStage) -> None:
    customer = await stage.service.customer()
    await stage.service.pending_session(customer)
    event = stage.stripe.pay(await stage.page())

    told = await asyncio.gather(*(stage.send(event) for _ in range(5)))
    later = await stage.send({**event, "id": "evt_another_with_the_same_news"})

    assert sorted(one.json()["first"] for one in told) == [False] * 4 + [True]
    assert (later.status_code, later.json()) == (200, {"first": False})
    assert await stage.payments() == {"plan": ("paid", 0)}


async def test_a_bank_that_pays_later_is_waited_for_in_any_order(stage: StripeStage) -> None:
    """`completed` comes with the money still on its way; the news of it may overtake."""
    customer = await stage.service.customer()
    await stage.service.pending_session(customer)
    paid = stage.stripe.pay(await stage.page())
    paid["type"] = "checkout.session.async_payment_succeeded"
    early = copy.deepcopy(paid) | {"id": "evt_early", "type": "checkout.session.completed"}
    early["data"]["object"]["payment_status"] = "unpaid"

    states = []
    for event in (early, paid, {**early, "id": "evt_again"}):
        await stage.send(event)
        states.append((await stage.payments())["plan"][0])

    assert states == ["due", "paid", "paid"]


@pytest.mark.parametrize("wrong", [{"amount": 1}, {"amount": 5000}, {"currency": "jpy"}])
async def test_another_amount_or_currency_is_no_payment(
    stage: StripeStage, expected_logs: ExpectedLogs, wrong: dict[str, Any]
) -> None:
    expected_logs.allow("payment.amount_differs")
    customer = await stage.service.customer()
    await stage.service.pending_session(customer)

    answer = await stage.send(stage.stripe.pay(await stage.page(), **wrong))

    assert (answer.status_code, answer.json()) == (200, {"first": False})
    assert await stage.payments() == {"plan": ("due", 0)}


@pytest.mark.parametrize("wrong", [{"amount": 4998}, {"currency": "jpy"}])
async def test_another_price_is_shown_to_the_operator_until_it_is_given_back(
    stage: StripeStage, expected_logs: ExpectedLogs, wrong: dict[str, Any]
) -> None:
    """Nothing is granted for it, and nobody who paid is left to a line in a log."""
    expected_logs.allow("payment.amount_differs")
    customer, mechanic = await stage.service.customer(), await stage.service.mechanic()
    session = await stage.service.pending_session(customer)
    event = stage.stripe.pay(await stage.page(), **wrong)

    before = await in_question(stage)
    for _ in range(2):
        await stage.send(event)
    shown = await in_question(stage)
    report = await session_report(stage.service.core.database, session["id"])
    offered = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
    taken = 4998 if "amount" in wrong else 4999
    back = stage.stripe.refund_on_its_own_pages(taken)
    await stage.send(stage.stripe.event("refund.created", back))
    stage.service.clock.advance(minutes=61 * 24 * 60)
    await forget_old_proofs(stage.service.core)

    assert (before, shown, await in_question(stage)) == (0, 1, 0)
    assert report is not None
    told = {"amount_cents": taken, "currency": wrong.get("currency", "usd")}
    assert [one["told"] for one in report["payments"]] == [told]
    assert report["payment_status"] == "due"
    assert offered == []
    # Nothing was in the books, so nothing went out of them.
    assert await stage.payments() == {"plan": ("due", 0)}


async def test_the_right_price_after_a_wrong_one_is_paid_and_asks_for_nobody(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payment.amount_differs")
    customer = await stage.service.customer()
    await stage.service.pending_session(customer)
    page = await stage.page()
    wrong = stage.stripe.pay(page, amount=1)
    right = {**wrong, "id": "evt_right"}
    right["data"] = {"object": {**wrong["data"]["object"], "amount_total": 4999}}

    await stage.send(wrong)
    answer = await stage.send(right)
    await stage.send({**wrong, "id": "evt_late"})

    assert answer.json() == {"first": True}
    assert await stage.payments() == {"plan": ("paid", 0)}
    assert await in_question(stage) == 0


async def in_question(stage: StripeStage) -> float:
    """Return how many payments the operator is asked to look at for their amount."""
    return (await figures_of(stage.service))["liftbay_payments_in_question", "amount_differs"]


async def test_what_stripe_has_not_signed_is_refused(stage: StripeStage) -> None:
    customer = await stage.service.customer()
    await stage.service.pending_session(customer)
    event = stage.stripe.pay(await stage.page())
    body, headers = signed(event)
    http = await stage.service.client()

    wrong = [
        await stage.send(event, secret="whsec_somebody_elses_secret"),
        await stage.send(event, at=time.time() - 3600),
        await http.post("/api/stripe/webhook", content=body),
        await http.post("/api/stripe/webhook", content=body + b" ", headers=headers),
        await http.post("/api/stripe/webhook", content=b"\xff", headers=headers),
        await http.post(
            "/api/stripe/webhook", content=body, headers={"Stripe-Signature": "nonsense"}
        ),
    ]

    codes = {(one.status_code, one.json()["code"]) for one in wrong}
    assert codes == {(401, "webhook.bad_signature")}
    assert await stage.payments() == {"plan": ("due", 0)}


async def test_without_stripe_no_signature_is_right(service: BackendService) -> None:
    body, headers = signed({"object": "event"})

    http = await service.client()
    answer = await http.post("/api/stripe/webhook", content=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "webhook.bad_signature")


async def test_news_about_something_else_is_taken_and_changes_nothing(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payment.unknown")
    page = {"object": "checkout.session", "id": "cs", "payment_status": "paid"}
    page |= {"payment_intent": "pi_theirs"}
    refund = {"object": "refund", "id": "re", "status": "succeeded", "amount": 1, "metadata": {}}
    refund |= {"currency": "usd", "payment_intent": None}
    someones = page | {"client_reference_id": "theirs", "amount_total": 1, "currency": "usd"}
    events = [
        stage.stripe.event("customer.created", {"object": "customer", "id": "cus"}),
        stage.stripe.event("checkout.session.completed", page | {"client_reference_id": None}),
        stage.stripe.event("checkout.session.completed", someones),
        stage.stripe.event("refund.updated", refund),
    ]

    told = [await stage.send(event) for event in events]

    assert [(one.status_code, one.json()) for one in told] == [(200, {"first": False})] * 4


async def test_an_extension_is_credited_by_the_webhook_alone(stage: StripeStage) -> None:
    bench = await stage.bench()
    await bench.start()
    extension = {"extension": "extension-900"}
    asked = await bench.customer.http.post(f"{bench.path}/extensions", json=extension)
    before = (await bench.clock())["total_seconds"]

    await stage.pay(PaymentKind.EXTENSION)

    assert asked.json()["payment"]["checkout_url"].startswith("https://checkout.stripe.test/")
    assert (before, (await bench.clock())["total_seconds"]) == (3600, 4500)


async def test_a_page_that_ran_out_is_replaced_by_a_new_one(stage: StripeStage) -> None:
    bench = await stage.bench()
    await bench.start()
    address, body = f"{bench.path}/extensions", {"extension": "extension-900"}
    await bench.customer.http.post(address, json=body)
    old = await stage.page(PaymentKind.EXTENSION)
    stage.stripe.pages[old]["status"] = "expired"
    stage.service.clock.advance(seconds=1)

    await stage.send(stage.stripe.event("checkout.session.expired", stage.stripe.pages[old]))
    await bench.customer.http.post(address, json=body)

    assert await stage.page(PaymentKind.EXTENSION) != old


async def test_what_happens_in_a_mechanics_own_account_pays_for_nothing(stage: StripeStage) -> None:
    """Whoever owns a connected account can open a page there that names a payment of ours."""
    customer = await stage.service.customer()
    await stage.service.pending_session(customer)
    event = stage.stripe.pay(await stage.page())

    theirs = await stage.send({**event, "id": "evt_theirs", "account": "acct_dana"})
    before = await stage.payments()
    ours = await stage.send(event)

    assert (theirs.status_code, theirs.json()) == (200, {"first": False})
    assert before == {"plan": ("due", 0)}
    assert (ours.json(), await stage.payments()) == ({"first": True}, {"plan": ("paid", 0)})


async def test_news_from_the_future_and_of_another_api_version_is_booked_once(
    stage: StripeStage,
) -> None:
    customer = await stage.service.customer()
    await stage.service.pending_session(customer)
    event = stage.stripe.pay(await stage.page())
    event |= {"api_version": "2099-01-01.unheard_of", "created": int(time.time()) + 86_400}
    event["data"]["object"]["a_field_of_then"] = {"object": "a_thing_of_then"}

    told = [await stage.send(event, at=time.time() + 3600) for _ in range(2)]

    assert [one.json() for one in told] == [{"first": True}, {"first": False}]
    assert await stage.payments() == {"plan": ("paid", 0)}


@pytest.mark.parametrize("order", ["completed first", "completed last", "failure alone"])
async def test_an_extension_whose_bank_says_no_is_sold_anew(stage: StripeStage, order: str) -> None:
    """The first page is complete and unpaid for ever, so the same page would block the purchase."""
    bench = await stage.bench()
    await bench.start()
    address, body = f"{bench.path}/extensions", {"extension": "extension-900"}
    first = (await bench.customer.http.post(address, json=body)).json()
    early, failed = bank_says_no(stage, await stage.page(PaymentKind.EXTENSION))
    told = {"completed first": [early, failed], "completed last": [failed, early]}

    for event in told.get(order, [failed]):
        assert (await stage.send(event)).status_code == 200
    failed_as = (await stage.payments())["extension"]
    stage.service.clock.advance(seconds=1)
    again = (await bench.customer.http.post(address, json=body)).json()
    before = (await bench.clock())["total_seconds"]
    await stage.pay(PaymentKind.EXTENSION)
    # Told once more, it takes nothing from what is paid by now.
    await stage.send(failed | {"id": "evt_failed_again"})

    assert failed_as == ("expired", 0)
    assert again["payment"]["status"] == "due"
    assert again["payment"]["checkout_url"] != first["payment"]["checkout_url"]
    assert (before, (await bench.clock())["total_seconds"]) == (3600, 4500)


async def test_a_plan_whose_bank_says_no_waits_for_its_requests_end_with_its_page_closed(
    stage: StripeStage,
) -> None:
    customer, mechanic = await stage.service.customer(), await stage.service.mechanic()
    session = await stage.service.pending_session(customer)

    for event in bank_says_no(stage, await stage.page()):
        await stage.send(event)

    async with stage.service.core.database.reading() as db:
        closed_at = (await db.execute(select(PaymentRow.checkout_closed_at))).scalar_one()
    shown = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    assert closed_at == stage.service.clock.now()
    assert (shown["status"], shown["payment_status"]) == ("pending", "due")
    assert (await mechanic.http.get("/api/mechanics/requests")).json()["requests"] == []


def bank_says_no(stage: StripeStage, page: str) -> list[dict[str, Any]]:
    """Return what Stripe sends of a page that a bank debit was begun on, and then failed."""
    early = stage.stripe.pay(page) | {"id": "evt_early"}
    stage.stripe.pages[page]["payment_status"] = "unpaid"
    early["data"]["object"]["payment_status"] = "unpaid"
    failed = {"id": "evt_failed", "type": "checkout.session.async_payment_failed"}
    return [early, copy.deepcopy(early) | failed]


async def test_a_cancelled_session_closes_its_page(
    stage: StripeStage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("checkout.not_closed")
    customer = await stage.service.customer()
    session = await stage.service.pending_session(customer)
    stage.stripe.faults.append("down")
    await customer.http.post(f"/api/sessions/{session['id']}/cancel", json={})

    [page] = stage.stripe.pages.values()
    await stage.tick()
    first = page["status"]
    await stage.tick(seconds=10)

    assert (first, page["status"]) == ("open", "expired")
    assert await stage.payments() == {"plan": ("expired", 0)}


@pytest.mark.parametrize("webhook", ["lost", "late", "before the page is looked at"])
async def test_who_pays_while_the_session_is_cancelled_gets_it_back(
    stage: StripeStage, webhook: str
) -> None:
    customer = await stage.service.customer()
    session = await stage.service.pending_session(customer)
    event = stage.stripe.pay(await stage.page())
    await customer.http.post(f"/api/sessions/{session['id']}/cancel", json={})

    if webhook.startswith("before"):
        await stage.send(event)
    for _ in range(3):
        await stage.tick(seconds=1)
    if webhook == "late":
        await stage.send(event)

    assert await stage.payments() == {"plan": ("refunded", 4999)}
    assert [one["amount"] for one in stage.stripe.refunds.values()] == [4999]
    shown = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    assert (shown["status"], shown["payment_status"]) == ("cancelled", "refunded")


async def test_no_secret_is_written_down(
    stage: StripeStage, expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("checkout.unavailable")
    caplog.set_level(logging.DEBUG)
    # There it writes each row's values; the service leaves it at INFO.
    caplog.set_level(logging.INFO, logger="aiosqlite")
    customer = await stage.service.customer()
    stage.stripe.faults.append("down")

    failed = await customer.http.post("/api/intake/start", json=INTAKE)
    stage.service.clock.advance(seconds=1)
    await customer.http.post("/api/intake/start", json=INTAKE)
    await stage.pay()

    written = caplog.text + repr(stage.service.core) + failed.text
    assert failed.status_code == 503
    assert KEY not in written
    assert WEBHOOK_SECRET not in written
