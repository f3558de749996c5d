"""A request and its payment: unpaid, paid, paid twice, wrongly or too late."""

import asyncio
from collections.abc import Callable

from sqlalchemy import func, select

from liftbay_backend.db.models import LedgerEntryRow, PaymentRow
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.services.refunds import carry_out
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.payments import FakePayments


async def test_a_request_is_invisible_until_it_is_paid(
    make_settings: Callable[..., Settings],
) -> None:
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer, mechanic = await service.customer(), await service.mechanic()
        session = await service.pending_session(customer)
        before = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
        early = await mechanic.http.post(
            f"/api/mechanics/requests/{session['request_id']}/accept", json={}
        )

        event = payments.paid(await _reference(service), 4999)
        changes = [await take_payment_event(service.core, event) for _ in range(2)]

        after = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
        assert session["payment_status"] == "due"
        assert (before, early.status_code) == ([], 404)
        assert changes == [True, False]
        assert [one["id"] for one in after] == [session["request_id"]]


async def test_a_payment_of_another_amount_is_not_a_payment(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payment.amount_differs")
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer = await service.customer()
        await service.pending_session(customer)
        reference = await _reference(service)

        for event in (
            payments.paid(reference, 1),
            payments.paid(reference, 4999, event_id="evt-2", currency="jpy"),
        ):
            assert not await take_payment_event(service.core, event)

        async with service.core.database.reading() as db:
            assert (await db.execute(select(PaymentRow.status))).scalar_one().value == "due"


async def test_a_payment_that_arrives_after_the_end_is_given_back(
    make_settings: Callable[..., Settings],
) -> None:
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer = await service.customer()
        session = await service.pending_session(customer)
        await customer.http.post(f"/api/sessions/{session['id']}/cancel", json={})

        await take_payment_event(service.core, payments.paid(await _reference(service), 4999))
        booked = [await carry_out(service.core, session["id"]) for _ in range(2)]

        shown = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
        assert booked == [1, 0]
        assert shown["payment_status"] == "refunded"
        async with service.core.database.reading() as db:
            total = (await db.execute(select(func.sum(LedgerEntryRow.amount_cents)))).scalar_one()
            lines = (await db.execute(select(func.count(LedgerEntryRow.id)))).scalar_one()
        assert (total, lines) == (0, 4)


async def test_a_payment_told_five_times_at_once_is_booked_once(
    make_settings: Callable[..., Settings],
) -> None:
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer = await service.customer()
        session = await service.pending_session(customer)
        event = payments.paid(await _reference(service), 4999)

        async def deliver() -> bool:
            return await take_payment_event(service.core, event)

        path = f"/api/sessions/{session['id']}/cancel"
        changed = await asyncio.gather(*(deliver() for _ in range(5)))
        cancelled, again = await asyncio.gather(
            customer.http.post(path, json={}), asyncio.gather(*(deliver() for _ in range(5)))
        )

        after = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    assert sorted(changed) == [False, False, False, False, True]
    assert again == [False] * 5
    assert cancelled.status_code == 200
    assert after["payment_status"] == "refunding"


async def _reference(service: BackendService) -> str:
    async with service.core.database.reading() as db:
        return (await db.execute(select(PaymentRow.provider_ref))).scalar_one()
