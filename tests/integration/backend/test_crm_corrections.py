"""Money that goes back after the CRM was told: a correction for each change, once, in order."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import CrmRecordRow, PaymentRow, RefundRow
from liftbay_backend.domain.ids import SessionId, crm_record_id
from liftbay_backend.domain.states import PaymentKind, WorkState
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.settling import Settling
from liftbay_backend.payments.port import PaymentFact
from liftbay_backend.repositories import due as questions
from liftbay_backend.services import crm_records
from liftbay_backend.services.archiving import archive_old_sessions
from liftbay_backend.services.crm_records import Resend, send_again
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.crm_receiver import SECRET
from tests.fakes.outside_money import OutsideCrm
from tests.fakes.payments import FakePayments
from tests.fakes.transfers import ScriptedTransfers
from tests.integration.backend.test_late_payments import open_extension, paid_bench, pay
from tests.integration.backend.test_settling_steps import everything
from tests.integration.backend.test_support_refunds import refund, tick

CRM = {"crm_webhook_url": "https://crm.example.test/hook", "crm_webhook_secret": SECRET}
LASTING = {"access_token_seconds": 2 * 366 * 86400, "mechanic_cookie_seconds": 2 * 366 * 86400}
A_YEAR_MINUTES = 366 * 24 * 60


@dataclass(slots=True)
class Told:
    """A settled session of 49.99, and the CRM that hears of it."""

    bench: CallBench
    settling: Settling
    crm: OutsideCrm = field(default_factory=OutsideCrm)

    async def deliver(self) -> int:
        """Make every attempt that is due now."""

        async def attempt(session_id: SessionId, round_number: int, number: int) -> None:
            delivery = CrmDelivery(self.bench.service.core, self.crm, (60.0,))
            await delivery.attempt(session_id, round_number, number)

        return await crm_records.start_deliveries(self.bench.live, attempt)

    async def give_back(self, cents: int | None = None) -> None:
        """Refund as support does, and let it move."""
        assert (await refund(self.bench, cents)).status_code == 200
        await tick(self.bench, self.settling, seconds=1)

    async def row(self) -> CrmRecordRow:
        async with self.bench.service.core.database.reading() as db:
            return await db.get_one(CrmRecordRow, self.bench.session_id)

    def heard(self) -> list[dict[str, Any]]:
        """Return what the CRM keeps, in the order in which it came."""
        return [json.loads(body) for body in self.crm.records.values()]

    def money(self) -> list[tuple[Any, ...]]:
        """Return status, what stays paid and the mechanic's share of all that."""
        names = ("status", "paid_cents", "mechanic_share_cents")
        return [tuple(one["data"][name] for name in names) for one in self.heard()]


@pytest.fixture
async def told(make_settings: Callable[..., Settings]) -> AsyncIterator[Told]:
    async with backend_service(make_settings(**CRM, **LASTING)) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(minutes=5)
        await bench.end(bench.customer)
        settling = Settling(service.core, ScriptedTransfers())
        await everything(settling, bench.session_id)
        yield Told(bench, settling)


async def test_a_refund_after_the_record_is_told_by_one_correction(told: Told) -> None:
    await told.deliver()

    await told.give_back()
    for _ in range(3):
        await told.deliver()
        await tick(told.bench, told.settling, minutes=1)

    assert told.money() == [("completed", 4999, 3499), ("refunded", 0, 0)]
    first, second = told.crm.records
    settled, corrected = told.heard()
    assert (settled["type"], corrected["type"]) == ("session.settled", "session.corrected")
    assert (first, corrected["data"].pop("supersedes")) == (
        crm_record_id(told.bench.session_id),
    ) * 2
    assert second != first
    # All of the record again, so that a receiver may put it in the other's place.
    assert set(corrected["data"]) == set(settled["data"])
    assert corrected["data"]["customer"] == settled["data"]["customer"]
    session = await told.bench.session(told.bench.mechanic)
    assert session["settlement"]["crm_state"] == "delivered"


async def test_every_further_refund_supersedes_what_was_told_before_it(told: Told) -> None:
    await told.deliver()
    for cents in (1000, 1, None):
        await told.give_back(cents)
        await told.deliver()

    # 70 % of 39.99 and of 39.98 is the same share.
    assert told.money() == [
        ("completed", 4999, 3499),
        ("completed", 3999, 2799),
        ("completed", 3998, 2799),
        ("refunded", 0, 0),
    ]
    ids = list(told.crm.records)
    assert [one["data"].get("supersedes") for one in told.heard()] == [None, *ids[:-1]]


async def test_what_goes_back_while_the_record_is_under_way_is_told_behind_it(told: Told) -> None:
    """The body of an id that may have arrived never changes."""
    told.crm.script += ["lost"]
    await told.deliver()
    await told.give_back(1000)
    in_between = await told.row()
    told.bench.service.clock.advance(minutes=1)

    await told.deliver()
    await told.deliver()

    assert (in_between.state, in_between.attempts) == (WorkState.PENDING, 1)
    assert in_between.payload["data"]["paid_cents"] == 4999
    assert told.money() == [("completed", 4999, 3499), ("completed", 3999, 2799)]
    assert (await told.row()).state is WorkState.DONE


async def test_a_refund_before_the_record_needs_no_correction(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(**CRM, **LASTING)) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(minutes=5)
        await bench.end(bench.customer)
        told = Told(bench, Settling(service.core, ScriptedTransfers()))
        await told.give_back(1000)
        await everything(told.settling, bench.session_id)
        await told.deliver()
        await tick(bench, told.settling, minutes=1)
        await told.deliver()

    assert told.money() == [("completed", 3999, 2799)]


async def test_nothing_is_told_while_a_refund_is_still_on_its_way(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    """Two payments go back one after the other, and the CRM hears of both at once.

    One that comes to nothing, and goes through later, is no news.
    """
    for line in ("refund.refused", "refund.failed"):
        expected_logs.allow(line)
    provider = FakePayments()
    async with backend_service(make_settings(**CRM, **LASTING), payments=provider) as service:
        bench = await paid_bench(service, provider)
        await bench.start()
        await open_extension(bench, provider)
        await pay(service, provider, PaymentKind.EXTENSION)
        service.clock.advance(minutes=5)
        await bench.end(bench.customer)
        told = Told(bench, Settling(service.core, ScriptedTransfers()))
        await everything(told.settling, bench.session_id)
        await told.deliver()
        provider.script += ["ok", "refuse"]
        await told.give_back()
        halfway = (await told.deliver(), (await told.row()).payload["type"])

        await tick(bench, told.settling, seconds=10)
        await told.deliver()
        async with service.core.database.reading() as db:
            query = select(RefundRow, PaymentRow).join(PaymentRow)
            refund_row, payment = (await db.execute(query)).all()[0]
        failed = provider.of_refund(
            payment.provider_ref,
            refund_row.id,
            refund_row.amount_cents,
            "evt-9",
            PaymentFact.REFUND_FAILED,
        )
        assert await take_payment_event(service.core, failed)
        await told.deliver()
        await tick(bench, told.settling, seconds=10)
        await told.deliver()

    assert halfway == (0, "session.settled")
    assert told.money() == [("completed", 6498, 4549), ("refunded", 0, 0)]


async def give_up(told: Told, expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("crm.given_up")
    told.crm.script += ["down", "down"]
    for _ in range(2):
        await told.deliver()
        told.bench.service.clock.advance(minutes=1)
    assert (await told.row()).state is WorkState.REFUSED


async def test_a_record_that_was_given_up_is_sent_again_as_what_is_true_now(
    told: Told, expected_logs: ExpectedLogs
) -> None:
    await give_up(told, expected_logs)
    await told.give_back(1000)
    by_itself = await told.deliver()
    works = told.bench.service.core.works

    asked = [await send_again(works, told.bench.session_id) for _ in range(2)]
    await told.deliver()
    asked.append(await send_again(works, told.bench.session_id))

    assert by_itself == 0
    assert asked == [Resend.CORRECTION, Resend.UNDER_WAY, Resend.DELIVERED]
    assert told.money() == [("completed", 3999, 2799)]
    (corrected,) = told.heard()
    assert corrected["data"]["supersedes"] == crm_record_id(told.bench.session_id)


async def test_a_record_that_is_still_true_is_sent_again_as_it_was(
    told: Told, expected_logs: ExpectedLogs
) -> None:
    before = await told.row()
    await give_up(told, expected_logs)

    asked = await send_again(told.bench.service.core.works, told.bench.session_id)
    await told.deliver()

    assert asked is Resend.SAME_AGAIN
    assert told.heard() == [before.payload]
    assert list(told.crm.records) == [before.id]


async def test_a_delivered_record_of_before_corrections_can_be_corrected_by_hand(
    told: Told,
) -> None:
    """Earlier versions told of no refund; money that no longer moves wakes nobody up."""
    await told.deliver()
    await told.give_back(1000)
    works = told.bench.service.core.works
    async with works.begin() as work:
        row = await work.db.get_one(CrmRecordRow, told.bench.session_id)
        row.id, row.payload = crm_record_id(told.bench.session_id), told.heard()[0]
        row.state, row.next_attempt_at = WorkState.DONE, None

    asked = await send_again(works, told.bench.session_id)
    await told.deliver()

    assert asked is Resend.CORRECTION
    assert told.money() == [("completed", 4999, 3499), ("completed", 3999, 2799)]


async def test_a_record_that_nobody_was_told_is_brought_up_to_date(
    make_settings: Callable[..., Settings],
) -> None:
    """Written before there was a CRM: nobody has its id, so there is nothing to correct."""
    async with backend_service(make_settings(**LASTING)) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(minutes=5)
        await bench.end(bench.customer)
        told = Told(bench, Settling(service.core, ScriptedTransfers()))
        await everything(told.settling, bench.session_id)
        await told.give_back()
        kept = await told.row()
        asked = await send_again(service.core.works, bench.session_id)
        await told.deliver()

    assert kept.state is WorkState.NOT_DUE
    assert asked is Resend.SAME_AGAIN
    assert told.money() == [("refunded", 0, 0)]
    assert list(told.crm.records) == [crm_record_id(bench.session_id)]
    assert told.heard()[0]["type"] == "session.settled"


async def test_of_an_archived_session_nothing_is_told_again(told: Told) -> None:
    """Its record is erased; a resend sent an empty one, signed."""
    await told.deliver()
    told.bench.service.clock.advance(minutes=A_YEAR_MINUTES)
    assert await archive_old_sessions(told.bench.live) == 1

    asked = await send_again(told.bench.service.core.works, told.bench.session_id)
    await told.give_back()
    await told.deliver()

    assert asked is Resend.ERASED
    assert len(told.crm.records) == 1
    row = await told.row()
    assert (row.state, row.payload) == (WorkState.DONE, {})


async def test_a_record_that_is_asked_for_in_the_last_moment_is_not_erased_under_way(
    told: Told, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive has found the session, and then somebody has its record sent again."""
    await give_up(told, expected_logs)
    told.bench.service.clock.advance(minutes=A_YEAR_MINUTES)
    find = questions.sessions_to_archive
    monkeypatch.setattr(
        questions,
        "sessions_to_archive",
        lambda before: replace(find(before), where=find(before).where[:-1]),
    )
    await send_again(told.bench.service.core.works, told.bench.session_id)

    too_early = await archive_old_sessions(told.bench.live)
    await told.deliver()

    assert too_early == 0
    assert told.money() == [("completed", 4999, 3499)]
    assert await archive_old_sessions(told.bench.live) == 1


async def test_without_a_record_nothing_is_sent(told: Told) -> None:
    stranger = SessionId("00000000-0000-4000-8000-000000000000")

    asked = await send_again(told.bench.service.core.works, stranger)

    assert asked is Resend.NO_RECORD
    assert [one for one in Resend if one.begins] == [Resend.SAME_AGAIN, Resend.CORRECTION]
