"""Extensions: the service's price, time by the payment alone, and once."""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from liftbay_backend.db.models import LedgerEntryRow, PaymentRow
from liftbay_backend.domain.plans import DEFAULT_PLANS
from liftbay_backend.domain.states import PaymentKind
from liftbay_backend.payments.port import PaymentEvent
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.contract import fixture, response
from tests.fakes.payments import FakePayments
from tests.integration.backend.test_every_fixture import kind
from tests.integration.backend.test_late_payments import paid_bench

QUARTER = {"extension": "extension-900"}


@pytest.fixture
async def service(make_settings: Callable[..., Settings]) -> AsyncIterator[BackendService]:
    """The service, with sign-ins that outlast an extended session."""
    async with backend_service(make_settings(access_token_seconds=3 * 3600)) as running:
        yield running


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    """A session that has run for ten of its sixty minutes."""
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=10)
    return bench


async def buy(
    bench: CallBench, body: dict[str, Any] = QUARTER, key: str | None = None
) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await bench.customer.http.post(f"{bench.path}/extensions", json=body, headers=headers)


async def test_offers_are_the_services_own(bench: CallBench) -> None:
    told = await bench.customer.http.get(f"{bench.path}/extensions/offers")

    assert told.status_code == 200
    assert told.json() == response("extension_offers")


async def test_a_bought_extension_grows_the_clock_at_once_on_both_sides(bench: CallBench) -> None:
    told = await buy(bench)

    assert told.status_code == 201
    assert kind(told.json()) == kind(response("extension"))
    assert told.json()["extension"] == response("extension")["extension"]
    clocks = [await bench.clock(one) for one in (bench.customer, bench.mechanic)]
    for clock in (told.json()["clock"], *clocks):
        assert (clock["total_seconds"], clock["remaining_seconds"]) == (75 * 60, 65 * 60.0)
    assert await bench.events("extension") == [
        {"at": clocks[0]["server_now"], "minutes": 15, "amount_cents": 1499}
    ]
    assert (await bench.events("clock"))[-1]["clock"] == clocks[0]


async def test_the_mechanics_share_is_of_everything_paid_rounded_once(bench: CallBench) -> None:
    await buy(bench)
    bench.service.clock.advance(minutes=60)
    await bench.end(bench.customer)

    summary = (await bench.mechanic.http.get(f"{bench.path}/summary")).json()

    # 70 % of 64.98 is 45.486; of the two lines alone it would be 34.99 + 10.49.
    assert summary["mechanic_share_cents"] == 4549
    assert [line["minutes"] for line in summary["lines"]] == [60, 15]
    assert (await bench.session(bench.mechanic))["mechanic_share_cents"] == 4549
    assert await posted(bench, "customer:") == -6498


async def test_a_paused_clock_grows_without_running(bench: CallBench) -> None:
    bench.drop(bench.mechanic)
    bench.service.clock.advance(seconds=30)
    await bench.look()
    before = await bench.clock()

    await buy(bench)

    after = await bench.clock()
    assert (before["state"], after["state"]) == ("paused", "paused")
    assert after["remaining_seconds"] == before["remaining_seconds"] + 900


async def test_an_extended_session_ends_by_itself_at_its_new_zero(bench: CallBench) -> None:
    await buy(bench)

    bench.service.clock.advance(minutes=55)
    for caller in (bench.customer, bench.mechanic):
        await bench.clock(caller)
    await bench.look()
    running = await bench.session(bench.mechanic)
    bench.service.clock.advance(minutes=10)
    for caller in (bench.customer, bench.mechanic):
        await bench.clock(caller)
    await bench.look()

    ended = await bench.session(bench.mechanic)
    assert (running["status"], ended["status"]) == ("live", "completed")
    assert ended["end"]["duration_seconds"] == 75 * 60.0


async def test_the_same_intent_twice_is_one_extension(bench: CallBench) -> None:
    key = str(uuid.uuid4())

    answers = [await buy(bench, key=key) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert (await bench.clock())["total_seconds"] == 75 * 60
    assert await posted(bench, "customer:") == -6498


@pytest.mark.parametrize(
    "extra",
    [{"price_cents": 1}, {"amount_cents": 1}, {"minutes": 600}, {"status": "paid"}],
)
async def test_a_client_that_names_a_price_changes_nothing(
    bench: CallBench, extra: dict[str, Any]
) -> None:
    refused = await buy(bench, {**QUARTER, **extra})

    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")
    assert (await bench.clock())["total_seconds"] == 60 * 60
    assert await posted(bench, "customer:") == -4999


async def test_only_a_live_session_is_extended(service: BackendService) -> None:
    bench = await call_bench(service)
    waiting = await buy(bench)
    await bench.start()
    unknown = await buy(bench, {"extension": "extension-1"})
    service.clock.advance(minutes=60)
    at_zero = await buy(bench)
    await bench.end(bench.customer)
    ended = await buy(bench)
    offers = await bench.customer.http.get(f"{bench.path}/extensions/offers")

    told = [(one.status_code, one.json()["code"]) for one in (waiting, unknown, at_zero, ended)]
    assert told == [
        (409, "session.not_live"),
        (404, "extension.not_found"),
        (409, "session.ended"),
        (409, "session.ended"),
    ]
    assert offers.json()["code"] == "session.ended"


async def test_with_a_checkout_only_the_verified_payment_credits_the_time(
    make_settings: Callable[..., Settings],
) -> None:
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        bench = await paid_bench(service, payments)
        await bench.start()

        first, again = [await buy(bench) for _ in range(2)]
        [page] = {one.json()["payment"]["checkout_url"] for one in (first, again)}
        unpaid = (await bench.clock())["total_seconds"]
        event = await paid_extension(service, payments)
        changes = [await take_payment_event(service.core, event) for _ in range(3)]

        assert first.json()["payment"]["status"] == "due"
        assert page.startswith("https://pay.example.test/")
        assert (unpaid, changes) == (60 * 60, [True, False, False])
        assert (await bench.clock())["total_seconds"] == 75 * 60
        assert await posted(bench, "customer:") == -6498


async def test_an_offer_that_is_gone_since_is_refused_and_no_fault_of_the_service(
    make_settings: Callable[..., Settings],
) -> None:
    """The kept answer of a repeated intent names an offer of the old price list."""
    payments, key = FakePayments(), str(uuid.uuid4())
    async with backend_service(make_settings(), payments=payments) as service:
        bench = await paid_bench(service, payments)
        await bench.start()
        first = await buy(bench, key=key)
        plan = replace(DEFAULT_PLANS["diagnostic"], extension_seconds=600)
        service.app.state.core = replace(service.core, plans={plan.code: plan})
        again = await buy(bench, key=key)

    assert first.status_code == 201
    assert (again.status_code, again.json()["code"]) == (404, "extension.not_found")


async def test_a_price_of_another_currency_is_not_asked_for(bench: CallBench) -> None:
    """The price list speaks of the new one, and the session keeps the one it was sold in."""
    core = bench.service.core
    settings = core.settings.model_copy(update={"currency": "mxn"})
    bench.service.app.state.core = replace(core, settings=settings)

    offers = await bench.customer.http.get(f"{bench.path}/extensions/offers")
    bought = await buy(bench)
    bench.service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    earned = (await bench.mechanic.http.get("/api/earnings")).json()
    bench.service.app.state.core = core
    before = (await bench.mechanic.http.get("/api/earnings")).json()

    assert offers.json() == {"offers": []}
    assert (bought.status_code, bought.json()["code"]) == (404, "extension.not_found")
    assert (earned["currency"], earned["owed_cents"], earned["sessions"]) == ("mxn", 0, [])
    assert (before["currency"], before["owed_cents"]) == ("usd", 3499)


async def test_the_bill_counts_minutes_as_the_offer_did(
    make_settings: Callable[..., Settings],
) -> None:
    """90 seconds were sold as 2 minutes and stood as 1 on the summary."""
    short = {"code": "diagnostic", "type": "video", "total_seconds": 90, "price_cents": 100}
    plans = json.dumps([short | {"extension_seconds": 90, "extension_price_cents": 100}])
    async with backend_service(make_settings(plans_json=plans)) as service:
        bench = await call_bench(service)
        await bench.start()
        bought = await buy(bench, {"extension": "extension-90"})
        await bench.end(bench.customer)
        summary = (await bench.customer.http.get(f"{bench.path}/summary")).json()

    assert bought.json()["extension"]["minutes"] == 2
    assert [one["minutes"] for one in summary["lines"]] == [2, 2]


async def test_an_extension_paid_after_the_end_is_given_back_by_itself_alone(
    make_settings: Callable[..., Settings],
) -> None:
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        bench = await paid_bench(service, payments)
        await bench.start()
        await buy(bench)
        service.clock.advance(minutes=50)
        await bench.end(bench.mechanic)

        await take_payment_event(service.core, await paid_extension(service, payments))

        assert (await bench.clock())["total_seconds"] == 60 * 60
        assert await bench.events("extension") == []
        async with service.core.database.reading() as db:
            rows = (await db.execute(select(PaymentRow))).scalars()
            assert {row.kind.value: row.status.value for row in rows} == {
                "plan": "paid",
                "extension": "refunding",
            }


async def paid_extension(service: BackendService, payments: FakePayments) -> PaymentEvent:
    query = select(PaymentRow).where(PaymentRow.kind == PaymentKind.EXTENSION)
    async with service.core.database.reading() as db:
        row = (await db.execute(query)).scalar_one()
    return payments.paid(row.provider_ref, row.amount_cents, event_id="evt-extension")


async def posted(bench: CallBench, account: str) -> int:
    query = select(LedgerEntryRow.amount_cents).where(LedgerEntryRow.account.startswith(account))
    async with bench.service.core.database.reading() as db:
        return sum((await db.execute(query)).scalars())


def test_the_contracts_offer_is_one_of_the_price_list() -> None:
    offers = response("extension_offers")["offers"]

    assert fixture("extension")["request"]["extension"] in [one["extension"] for one in offers]
