"""Money that comes when it is no longer wanted goes back by itself, and nothing else does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PaymentRow
from liftbay_backend.domain.ids import PaymentId, new_uuid
from liftbay_backend.domain.states import PaymentKind, PaymentStatus
from liftbay_backend.durable.settling import Settling
from liftbay_backend.live import Live
from liftbay_backend.payments.port import Charge
from liftbay_backend.repositories.due import DueRows
from liftbay_backend.services import due
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.services.refunds import carry_out
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, Caller, backend_service
from tests.fakes.payments import FakePayments
from tests.fakes.transfers import ScriptedTransfers


async def open_extension(bench: CallBench, payments: FakePayments) -> str:
    """Leave an extension that is due and not paid; returns the provider's name of it."""
    payment_id = PaymentId(new_uuid())
    async with bench.service.core.works.begin() as work:
        work.db.add(
            PaymentRow(
                id=payment_id,
                session_id=bench.session_id,
                kind=PaymentKind.EXTENSION,
                status=PaymentStatus.DUE,
                amount_cents=1499,
                currency="usd",
                seconds=900,
                provider=payments.name,
                provider_ref=payments.reference(payment_id),
                created_at=work.now,
            )
        )
    return payments.reference(payment_id)


async def statuses(service: BackendService) -> dict[str, str]:
    async with service.core.database.reading() as db:
        rows = (await db.execute(select(PaymentRow))).scalars()
        return {row.kind.value: row.status.value for row in rows}


async def pay(service: BackendService, payments: FakePayments, kind: PaymentKind) -> None:
    async with service.core.database.reading() as db:
        row = (await db.execute(select(PaymentRow).where(PaymentRow.kind == kind))).scalar_one()
    event = payments.paid(row.provider_ref, row.amount_cents, event_id=f"evt-{kind.value}")
    assert await take_payment_event(service.core, event)


@pytest.mark.parametrize("minutes", [10, 0])
async def test_an_end_leaves_no_payment_due(
    make_settings: Callable[..., Settings], minutes: int
) -> None:
    """At 10 minutes the session is completed and paid out, at none cancelled and given back."""
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        bench = await paid_bench(service, payments)
        await bench.start()
        await open_extension(bench, payments)
        service.clock.advance(minutes=minutes)

        await bench.end(bench.customer)

        wanted = {"plan": "paid" if minutes else "refunding", "extension": "expired"}
        assert await statuses(service) == wanted


async def test_only_the_payment_that_came_late_is_given_back(
    make_settings: Callable[..., Settings],
) -> None:
    """The mechanic stays paid for a completed session, so its plan stays paid as well."""
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        bench = await paid_bench(service, payments)
        await bench.start()
        await open_extension(bench, payments)
        service.clock.advance(minutes=10)
        await bench.end(bench.customer)

        await pay(service, payments, PaymentKind.EXTENSION)

        assert await statuses(service) == {"plan": "paid", "extension": "refunding"}
        assert (await bench.session(bench.mechanic))["payment_status"] == "paid"
        assert await carry_out(service.core, bench.session_id) == 1
        assert await statuses(service) == {"plan": "paid", "extension": "refunded"}
        session = await bench.session(bench.mechanic)
        summary = (await bench.customer.http.get(f"{bench.path}/summary")).json()
        assert session["payment_status"] == "paid"
        assert session["settlement"]["payout_cents"] == 3499
        assert (summary["paid_cents"], summary["refunded_cents"]) == (4999 + 1499, 1499)


async def test_an_extension_that_is_paid_behind_zero_brings_no_session_back(
    make_settings: Callable[..., Settings],
) -> None:
    """The tick has not come yet: a service that was away at 0:00 hears of the payment first."""
    payments = FakePayments()
    async with backend_service(
        make_settings(access_token_seconds=86_400), payments=payments
    ) as service:
        bench = await paid_bench(service, payments)
        await bench.start()
        await open_extension(bench, payments)
        service.clock.advance(minutes=59)
        for caller in (bench.customer, bench.mechanic):
            await bench.clock(caller)
        service.clock.advance(minutes=2)

        await pay(service, payments, PaymentKind.EXTENSION)

        session = await bench.session(bench.mechanic)
        assert (session["status"], session["end"]["reason"]) == ("completed", "time_up")
        assert session["end"]["duration_seconds"] == 3600
        assert await statuses(service) == {"plan": "paid", "extension": "refunding"}
        assert session["settlement"]["payout_cents"] == 3499


async def test_an_extension_that_is_paid_after_an_abandonment_is_given_back(
    make_settings: Callable[..., Settings],
) -> None:
    """The mechanic was gone for ten minutes, which nobody could book: the media server was away."""
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        bench = await paid_bench(service, payments)
        await bench.start()
        service.clock.advance(minutes=5)
        await bench.clock(bench.mechanic)
        bench.drop(bench.mechanic)
        await bench.look()
        await open_extension(bench, payments)
        service.clock.advance(minutes=11)
        await pay(service, payments, PaymentKind.EXTENSION)
        assert await statuses(service) == {"plan": "paid", "extension": "paid"}

        await bench.look()

        session = await bench.session(bench.mechanic)
        assert session["end"]["reason"] == "abandoned"
        assert await statuses(service) == {"plan": "paid", "extension": "refunding"}
        assert await carry_out(service.core, bench.session_id) == 1
        session = await bench.session(bench.mechanic)
        assert session["payment_status"] == "paid"
        assert session["mechanic_share_cents"] == session["settlement"]["payout_cents"] == 3499


async def test_the_time_to_accept_begins_with_the_payment(
    make_settings: Callable[..., Settings],
) -> None:
    """A customer who needs ten minutes to pay leaves mechanics their full quarter of an hour."""
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer, mechanic = await service.customer(), await service.mechanic()
        session = await service.pending_session(customer)
        service.clock.advance(minutes=10)
        await pay(service, payments, PaymentKind.PLAN)
        paid_at = service.clock.now()

        [shown] = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
        service.clock.advance(minutes=14, seconds=59)
        expired = await due.expire_requests(service.app.state.live)
        accepted = await accept(mechanic, session)

        assert shown["opened_at"] == paid_at.isoformat(timespec="milliseconds")
        assert expired == 0
        assert accepted == 200


async def test_a_payment_beats_the_tick_that_was_about_to_expire_its_request(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer, mechanic = await service.customer(), await service.mechanic()
        session = await service.pending_session(customer)
        service.clock.advance(minutes=15)

        async def paid_after_the_look(
            _live: Live, _rows: DueRows, book: Callable[[str], Awaitable[bool]]
        ) -> int:
            await pay(service, payments, PaymentKind.PLAN)
            return int(await book(session["id"]))

        monkeypatch.setattr(due, "each_row", paid_after_the_look)
        expired = await due.expire_requests(service.app.state.live)

        assert expired == 0
        assert await accept(mechanic, session) == 200


async def test_nobody_waits_for_a_payment_for_ever(
    make_settings: Callable[..., Settings],
) -> None:
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer = await service.customer()
        session = await service.pending_session(customer)
        service.clock.advance(minutes=15)

        assert await due.expire_requests(service.app.state.live) == 1

        assert await statuses(service) == {"plan": "expired"}
        shown = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
        assert shown["status"] == "unattended"


async def accept(mechanic: Caller, session: dict[str, str]) -> int:
    path = f"/api/mechanics/requests/{session['request_id']}/accept"
    return (await mechanic.http.post(path, json={})).status_code


async def paid_bench(service: BackendService, payments: FakePayments) -> CallBench:
    """Return a bench whose plan was paid on the provider's page."""
    return await call_bench(service, pay=lambda: pay(service, payments, PaymentKind.PLAN))


async def test_a_page_is_closed_when_its_session_ends(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    """A provider that does not answer is asked again; closing is not what a customer waits for."""
    expected_logs.allow("checkout.not_closed")
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer = await service.customer()
        session = await service.pending_session(customer)
        await customer.http.post(f"/api/sessions/{session['id']}/cancel", json={})
        settling = Settling(service.core, ScriptedTransfers())
        payments.script.append("down")

        rounds = []
        for seconds in (0, 9, 1, 60):
            service.clock.advance(seconds=seconds)
            live = service.app.state.live
            rounds.append(await due.move_money_again(live, settling.look_again))

        assert rounds == [1, 0, 1, 0]
        assert len(payments.closed) == 1


async def test_a_payment_that_is_found_when_its_page_is_closed_is_given_back(
    make_settings: Callable[..., Settings],
) -> None:
    """Its event was lost: without the look nobody would have known of the money."""
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer = await service.customer()
        session = await service.pending_session(customer)
        async with service.core.database.reading() as db:
            page = (await db.execute(select(PaymentRow.checkout_id))).scalar_one()
        assert page is not None
        payments.paid_behind.add(page)
        await customer.http.post(f"/api/sessions/{session['id']}/cancel", json={})
        settling = Settling(service.core, ScriptedTransfers())

        for _ in range(2):
            await due.move_money_again(service.app.state.live, settling.look_again)

        assert await statuses(service) == {"plan": "refunded"}
        shown = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
        assert (shown["status"], shown["payment_status"]) == ("cancelled", "refunded")


async def test_a_provider_that_hangs_holds_no_other_session_up(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money has a loop of its own: ends at 0:00 and requests' ends are not the provider's."""
    payments = FakePayments()
    asked = asyncio.Event()

    async def hang(_charge: Charge) -> None:
        asked.set()
        await asyncio.sleep(3600)

    monkeypatch.setattr(payments, "close_checkout", hang)
    async with backend_service(make_settings(tick_seconds=0.05), payments=payments) as service:
        customer = await service.customer()
        async with service.app.router.lifespan_context(service.app):
            first = await service.pending_session(customer)
            second = await service.pending_session(customer)
            await customer.http.post(f"/api/sessions/{first['id']}/cancel", json={})
            async with asyncio.timeout(5):
                await asked.wait()
                service.clock.advance(minutes=15)
                while (await shown(customer, second))["status"] == "pending":
                    await asyncio.sleep(0.05)

        assert (await shown(customer, second))["status"] == "unattended"


async def shown(customer: Caller, session: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    return found
