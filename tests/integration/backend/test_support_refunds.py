"""Support gives money back: some or all, with the mechanic's part of it, and every cent posted."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from liftbay_backend.db.models import PaymentRow, RefundRow, WebhookEventRow
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.durable.settling import Settling
from liftbay_backend.payments.port import PaymentFact
from liftbay_backend.services import due
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.contract import fixture, response
from tests.fakes.payments import FakePayments
from tests.fakes.transfers import ScriptedTransfers
from tests.integration.backend.test_every_fixture import kind
from tests.integration.backend.test_late_payments import paid_bench
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    """A completed session of 49.99 with an extension of 14.99."""
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.customer.http.post(f"{bench.path}/extensions", json={"extension": "extension-900"})
    await bench.end(bench.customer)
    return bench


async def refund(
    bench: CallBench, amount: int | None = None, key: str | None = None
) -> httpx.Response:
    support = await bench.service.support()
    body: dict[str, Any] = {"reason": "The picture froze.", "amount_cents": amount}
    headers = {} if key is None else {"Idempotency-Key": key}
    return await support.http.post(f"{bench.path}/refund", json=body, headers=headers)


async def tick(bench: CallBench, settling: Settling, **later: float) -> int:
    bench.service.clock.advance(**later)
    return await due.move_money_again(bench.live, settling.look_again)


async def earnings(bench: CallBench) -> tuple[int, int, list[tuple[int, str]]]:
    """Return what the mechanic is told: settled, owed, and each session's share and state."""
    told = (await bench.mechanic.http.get("/api/earnings")).json()
    rows = [(one["amount_cents"], one["state"]) for one in told["sessions"]]
    return told["settled_cents"], told["owed_cents"], rows


async def payments(bench: CallBench) -> dict[str, tuple[str, int]]:
    query = select(PaymentRow).where(PaymentRow.session_id == bench.session_id)
    async with bench.service.core.database.reading() as db:
        rows = (await db.execute(query)).scalars()
        return {row.kind.value: (row.status.value, row.refunded_cents) for row in rows}


async def test_a_partial_refund_takes_its_part_of_the_transfer_back(bench: CallBench) -> None:
    transfers = ScriptedTransfers()
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)

    told = await refund(bench, 2000)
    await tick(bench, settling)

    assert told.status_code == 200
    assert kind(told.json()) == kind(response("refund"))
    assert (told.json()["refund_cents"], told.json()["left_cents"]) == (2000, 4498)
    # The newest payment first: all of the extension, the rest from the plan.
    assert await payments(bench) == {"plan": ("paid", 501), "extension": ("refunded", 1499)}
    [reversal] = transfers.reversed.values()
    [transfer] = transfers.sent
    assert reversal.transfer_ref == f"tr-{transfer}"
    # 70 % of 64.98 is 45.49, of 44.98 it is 31.49.
    assert reversal.amount_cents == 4549 - 3149
    assert await mechanic_got(bench) == 3149
    session = await bench.session(bench.mechanic)
    assert (session["status"], session["payment_status"]) == ("completed", "paid")
    assert session["settlement"]["payout_cents"] == 3149
    summary = (await bench.customer.http.get(f"{bench.path}/summary")).json()
    assert (summary["paid_cents"], summary["refunded_cents"]) == (6498, 2000)


async def test_a_session_given_back_in_full_is_refunded(bench: CallBench) -> None:
    transfers = ScriptedTransfers()
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)

    ordered = await refund(bench)
    on_its_way = (await bench.session(bench.mechanic))["payment_status"]
    await tick(bench, settling)

    session = await bench.session(bench.mechanic)
    assert ordered.json()["refund_cents"] == 6498
    assert on_its_way == "refunding"
    assert (session["status"], session["payment_status"]) == ("refunded", "refunded")
    assert session["settlement"]["payout_state"] == "reversed"
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (0, 0)
    assert (await bench.events("status"))[-1]["status"] == "refunded"
    again = await refund(bench)
    assert (again.status_code, again.json()["code"]) == (409, "refund.too_much")


async def test_earnings_say_what_the_mechanic_has_while_a_refund_takes_its_part_back(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.refused")
    settling = Settling(bench.service.core, ScriptedTransfers(["ok", "declined"]))
    owed = await earnings(bench)
    await everything(settling, bench.session_id)
    paid = await earnings(bench)

    await refund(bench)
    await tick(bench, settling)
    refused = await earnings(bench)
    await tick(bench, settling, seconds=10)

    assert owed == (0, 4549, [(4549, "owed")])
    assert paid == (4549, 0, [(4549, "paid")])
    # The reversal did not come to pass yet: the money is still there, and goes back.
    assert refused == (4549, -4549, [(0, "reversed")])
    assert await earnings(bench) == (0, 0, [(0, "reversed")])


async def test_a_refund_before_the_payout_lessens_what_is_owed(bench: CallBench) -> None:
    transfers = ScriptedTransfers()
    settling = Settling(bench.service.core, transfers)

    await refund(bench, 1499)
    await tick(bench, settling)
    await everything(settling, bench.session_id)

    assert [one.amount_cents for one in transfers.sent.values()] == [3499]
    assert transfers.reversed == {}
    assert await mechanic_got(bench) == 3499
    assert (await bench.session(bench.mechanic))["settlement"]["payout_state"] == "paid"


async def test_a_refund_in_the_middle_of_a_payout_is_a_reversal_behind_it(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    """The first transfer's answer was lost, so nobody knew that it had moved."""
    expected_logs.allow("payout.unclear")
    transfers = ScriptedTransfers(["lost"])
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)

    await refund(bench, 1499)
    rounds = [await tick(bench, settling, seconds=10) for _ in range(3)]

    assert [one.amount_cents for one in transfers.sent.values()] == [4549]
    assert [one.amount_cents for one in transfers.reversed.values()] == [1050]
    assert await mechanic_got(bench) == 3499
    assert rounds[-1] == 0
    assert (await bench.session(bench.mechanic))["settlement"]["state"] == "done"


async def test_a_reversal_that_is_refused_is_tried_again(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.refused")
    transfers = ScriptedTransfers(["ok", "declined", "declined"])
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)
    await refund(bench, 1000)

    owed = []
    for seconds in (0, 10, 20):
        await tick(bench, settling, seconds=seconds)
        owed.append(await balance(bench, "owed"))

    assert owed == [-700, -700, 0]
    session = await bench.session(bench.mechanic)
    assert session["settlement"]["payout_state"] == "paid"
    assert session["settlement"]["payout_error"] is None


async def test_the_same_order_twice_gives_back_once(bench: CallBench) -> None:
    settling = Settling(bench.service.core, ScriptedTransfers())
    support = await bench.service.support()
    body = {"reason": "The picture froze.", "amount_cents": 500}
    headers = {"Idempotency-Key": str(uuid.uuid4())}

    told = [
        (await support.http.post(f"{bench.path}/refund", json=body, headers=headers)).json()
        for _ in range(2)
    ]
    await tick(bench, settling)

    assert told[0] == told[1]
    assert await payments(bench) == {"plan": ("paid", 0), "extension": ("paid", 500)}


async def test_what_cannot_be_given_back_is_refused(service: BackendService) -> None:
    bench = await call_bench(service)
    running = await refund(bench, 100)
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    too_much = await refund(bench, 5000)
    support = await service.support()
    bad = [
        await support.http.post(f"{bench.path}/refund", json=body)
        for body in ({}, {"reason": " "}, {"reason": "x", "amount_cents": 0}, {"reason": "x" * 201})
    ]
    mine = await bench.customer.http.post(f"{bench.path}/refund", json={"reason": "Mine"})

    assert (running.status_code, running.json()["code"]) == (409, "session.not_ended")
    assert (too_much.status_code, too_much.json()["code"]) == (409, "refund.too_much")
    assert too_much.json()["left_cents"] == 4999
    assert {one.status_code for one in bad} == {422}
    assert (mine.status_code, mine.json()["code"]) == (403, "auth.role_required")
    assert await payments(bench) == {"plan": ("paid", 0)}


async def test_orders_that_are_on_their_way_count_as_given(bench: CallBench) -> None:
    first, second = await refund(bench, 6000), await refund(bench, 499)

    assert first.json()["left_cents"] == 498
    assert (second.status_code, second.json()["left_cents"]) == (409, 498)


async def test_a_refund_the_provider_refuses_is_tried_again_with_a_new_key(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    for line in ("refund.refused", "refund.unclear"):
        expected_logs.allow(line)
    provider = FakePayments(["refuse", "down"])
    async with backend_service(make_settings(), payments=provider) as service:
        bench = await completed(service, provider)
        settling = Settling(service.core, ScriptedTransfers())
        await everything(settling, bench.session_id)
        await refund(bench, 1000)

        for seconds in (0, 10, 20):
            await tick(bench, settling, seconds=seconds)

        async with service.core.database.reading() as db:
            row = (await db.execute(select(RefundRow))).scalar_one()
        keys = [f"refund-{row.id}-{attempt}" for attempt in (1, 2, 2)]
        assert provider.refunded == keys
        assert (row.state.value, row.error) == ("done", None)
        assert await payments(bench) == {"plan": ("paid", 1000)}
        assert await mechanic_got(bench) == mechanic_share_cents(3999)


async def test_a_refund_that_fails_after_it_was_booked_is_taken_out_of_the_books_again(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    """Banks send money back days later; the mechanic's part of it comes back as well."""
    expected_logs.allow("refund.failed")
    provider = FakePayments()
    async with backend_service(make_settings(), payments=provider) as service:
        bench = await completed(service, provider)
        transfers = ScriptedTransfers()
        settling = Settling(service.core, transfers)
        await everything(settling, bench.session_id)
        await refund(bench, 1000)
        await tick(bench, settling)
        async with service.core.database.reading() as db:
            row = (await db.execute(select(RefundRow))).scalar_one()
            ref = (await db.execute(select(PaymentRow.provider_ref))).scalar_one()
        before = await mechanic_got(bench)
        failed = provider.of_refund(ref, row.id, 1000, "evt-9", PaymentFact.REFUND_FAILED)

        told = [await take_payment_event(service.core, failed) for _ in range(2)]
        undone = await payments(bench)
        owed = await balance(bench, "owed")
        earned = await earnings(bench)
        await tick(bench, settling)

        assert told == [True, False]
        assert undone == {"plan": ("paid", 0)}
        assert (before, owed) == (2799, 700)
        assert earned == (2799, 700, [(3499, "owed")])
        assert await earnings(bench) == (2799, 0, [(2799, "paid")])
        # The next attempt went through, so all is as it was before.
        assert await payments(bench) == {"plan": ("paid", 1000)}
        assert (await mechanic_got(bench), await balance(bench, "owed")) == (2799, 0)


async def test_a_refund_waits_for_the_provider_that_has_the_payment(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    """Another one gave it back in name only; its news fitted no payment, and nobody asked again."""
    expected_logs.allow("refund.other_provider")
    provider, another = FakePayments(), FakePayments(name="another")
    async with backend_service(make_settings(), payments=provider) as service:
        bench = await completed(service, provider)
        transfers = ScriptedTransfers()
        switched = Settling(replace(service.core, payments=another), transfers)
        await everything(switched, bench.session_id)
        await refund(bench, 1000)

        for seconds in (0, 10):
            await tick(bench, switched, seconds=seconds)
        meanwhile = (await bench.session(bench.mechanic))["settlement"]["state"]
        for seconds in (3600, 10):
            await tick(bench, Settling(service.core, transfers), seconds=seconds)

        assert (another.refunded, meanwhile) == ([], "failed")
        assert len(provider.refunded) == 1
        assert await payments(bench) == {"plan": ("paid", 1000)}
        assert (await bench.session(bench.mechanic))["settlement"]["state"] == "done"


async def test_a_refund_whose_news_the_books_could_not_take_is_asked_for_again(
    make_settings: Callable[..., Settings],
) -> None:
    """It was forgotten: nothing had failed, so nobody looked at it again."""
    provider = FakePayments()
    async with backend_service(make_settings(), payments=provider) as service:
        bench = await completed(service, provider)
        settling = Settling(service.core, ScriptedTransfers())
        await everything(settling, bench.session_id)
        await refund(bench, 1000)
        async with service.core.works.begin() as work:
            row = (await work.db.execute(select(RefundRow))).scalar_one()
            taken = WebhookEventRow(
                provider=provider.name, event_id=f"refund-{row.id}-1", received_at=work.now
            )
            work.db.add(taken)

        await tick(bench, settling)
        async with service.core.works.begin() as work:
            await work.db.delete(
                await work.db.get_one(WebhookEventRow, (provider.name, taken.event_id))
            )
        for seconds in (10, 20):
            await tick(bench, settling, seconds=seconds)

        assert provider.refunded == [f"refund-{row.id}-1"] * 2
        assert await payments(bench) == {"plan": ("paid", 1000)}


async def test_facts_about_refunds_that_are_not_ours_change_nothing(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    for line in ("refund.unknown", "refund.amount_differs"):
        expected_logs.allow(line)
    provider = FakePayments(["wait"])
    async with backend_service(make_settings(), payments=provider) as service:
        bench = await completed(service, provider)
        settling = Settling(service.core, ScriptedTransfers())
        await refund(bench, 1000)
        await tick(bench, settling)
        async with service.core.database.reading() as db:
            row = (await db.execute(select(RefundRow))).scalar_one()
            ref = (await db.execute(select(PaymentRow.provider_ref))).scalar_one()

        wrong = [
            await take_payment_event(service.core, provider.of_refund(ref, name, cents, event))
            for name, cents, event in ((str(uuid.uuid4()), 1000, "a"), (row.id, 999, "b"))
        ]
        waiting = await payments(bench)
        right = await take_payment_event(service.core, provider.of_refund(ref, row.id, 1000, "c"))

        assert wrong == [False, False]
        assert waiting == {"plan": ("paid", 0)}
        assert right
        assert await payments(bench) == {"plan": ("paid", 1000)}


@given(st.integers(1, 10_000_000), st.lists(st.integers(1, 1_000_000), max_size=8))
def test_many_reversals_take_what_one_would_have_taken(paid: int, refunds: list[int]) -> None:
    share, left, back = mechanic_share_cents(paid), paid, 0
    for cents in refunds:
        before, left = mechanic_share_cents(left), max(0, left - cents)
        back += before - mechanic_share_cents(left)

    assert share - back == mechanic_share_cents(left)


async def completed(service: BackendService, provider: FakePayments) -> CallBench:
    """Return a bench whose session was completed, its plan paid on the provider's page."""
    bench = await paid_bench(service, provider)
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    return bench


def test_the_contracts_example_adds_up() -> None:
    asked, told = fixture("refund")["request"], response("refund")

    assert told["refund_cents"] == asked["amount_cents"]
    assert told["left_cents"] == 4999 - asked["amount_cents"]
