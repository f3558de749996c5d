"""A provider on whose page the customer pays."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PaymentRow
from liftbay_backend.payments.port import Charge, Checkout
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_service import INTAKE, backend_service
from tests.fakes.payments import FakePayments


async def test_a_provider_with_a_checkout_brings_its_page_every_time(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(), payments=FakePayments()) as service:
        customer = await service.customer()
        key = {"Idempotency-Key": str(uuid.uuid4())}

        answers = [
            await customer.http.post("/api/intake/start", json=INTAKE, headers=key)
            for _ in range(2)
        ]

        async with service.core.database.reading() as db:
            payment = (await db.execute(select(PaymentRow))).scalar_one()
        page = f"https://pay.example.test/{payment.id}"
        assert payment.checkout_url == page
        for answer in answers:
            assert answer.status_code == 201
            assert answer.json()["payment"] == {"status": "due", "checkout_url": page}
        assert answers[0].json()["session"]["id"] == answers[1].json()["session"]["id"]


async def test_a_checkout_that_cannot_be_opened_is_opened_by_the_next_try(
    make_settings: Callable[..., Settings],
    expected_logs: ExpectedLogs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_logs.allow("checkout.unavailable")
    payments = FakePayments()
    async with backend_service(make_settings(), payments=payments) as service:
        customer = await service.customer()
        key = {"Idempotency-Key": str(uuid.uuid4())}

        async def gone(_charge: Charge) -> Checkout | None:
            raise ConnectionError

        with monkeypatch.context() as patch:
            patch.setattr(payments, "open_checkout", gone)
            failed = await customer.http.post("/api/intake/start", json=INTAKE, headers=key)
        again = await customer.http.post("/api/intake/start", json=INTAKE, headers=key)

        sessions = (await customer.http.get("/api/sessions")).json()["sessions"]
        assert (failed.status_code, failed.json()["code"]) == (503, "server.unavailable")
        assert again.json()["payment"]["checkout_url"].startswith("https://pay.example.test/")
        assert [one["id"] for one in sessions] == [again.json()["session"]["id"]]
