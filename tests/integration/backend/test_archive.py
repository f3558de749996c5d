"""The archive: a year after its end a session keeps its facts and loses what people wrote."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from liftbay_backend.db.models import (
    CrmRecordRow,
    LedgerEntryRow,
    MessageRow,
    NotesRow,
    PaymentRow,
    PreflightReportRow,
    QualitySampleRow,
    RatingRow,
    SessionEventRow,
    SessionRow,
    SettlementRow,
)
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import PaymentStatus, SettlementState, WorkState
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.payments.givebacks import give_back
from liftbay_backend.repositories.payments import payments_of
from liftbay_backend.services.archiving import archive_old_sessions
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.contract import fixture

A_YEAR_MINUTES = 365 * 24 * 60
WROTE = "planted by a person"


async def settled(service: BackendService) -> CallBench:
    """Return a session in which everything was written that can be, ended and settled."""
    bench = await call_bench(service, concern=WROTE)
    await bench.start()
    message = {"client_id": str(uuid.uuid4()), "text": WROTE}
    await bench.customer.http.post(f"{bench.path}/messages", json=message)
    findings = fixture("notes")["request"]["findings"]
    notes = {"findings": findings, "text": WROTE}
    await bench.mechanic.http.put(f"{bench.path}/notes", json=notes, headers={"If-Match": '"0"'})
    quality = await bench.customer.http.post(
        f"{bench.path}/quality", json=fixture("quality")["request"]
    )
    assert quality.status_code < 300, quality.text
    service.clock.advance(minutes=10)
    await bench.end(bench.customer)
    rated = await bench.customer.http.post(
        f"{bench.path}/rating", json={"stars": 4, "comment": WROTE}
    )
    assert rated.status_code < 300, rated.text
    core = service.core
    settling = Settling(core, BookTransfers(core.database, core.clock))
    for step in (settling.begin, settling.pay_mechanic, settling.record_in_crm, settling.finish):
        await step(bench.session_id)
    return bench


async def count(bench: CallBench, table: type) -> int:
    async with bench.service.core.database.reading() as db:
        return (await db.execute(select(func.count()).select_from(table))).scalar_one()


async def test_a_year_later_the_facts_are_left_and_the_words_are_gone(
    service: BackendService,
) -> None:
    bench = await settled(service)
    ledger = await count(bench, LedgerEntryRow)
    service.clock.advance(minutes=A_YEAR_MINUTES - 60)
    early = await archive_old_sessions(bench.live)
    written = await count(bench, MessageRow)
    service.clock.advance(minutes=120)

    archived = await archive_old_sessions(bench.live)
    again = await archive_old_sessions(bench.live)

    assert (early, written, archived, again) == (0, 1, 1, 0)
    async with service.core.database.reading() as db:
        session = await db.get_one(SessionRow, bench.session_id)
        notes = await db.get_one(NotesRow, bench.session_id)
        rating = await db.get_one(RatingRow, bench.session_id)
        record = await db.get_one(CrmRecordRow, bench.session_id)
    assert session.status is SessionStatus.ARCHIVED
    assert (session.concern, session.vehicle["vin"], session.vehicle["plate"]) == ("", None, None)
    assert (session.vehicle["make"], session.duration_seconds) == ("Honda", 600.0)
    assert (notes.text, len(notes.findings)) == ("", 1)
    assert (rating.stars, rating.comment, record.payload) == (4, "", {})
    assert await count(bench, LedgerEntryRow) == ledger > 0
    assert await count(bench, PaymentRow) == 1
    for table in (MessageRow, QualitySampleRow, PreflightReportRow):
        assert await count(bench, table) == 0
    # The one that says that it is archived.
    assert await count(bench, SessionEventRow) == 1


async def test_an_archived_session_is_still_in_the_history_and_has_its_summary(
    service: BackendService,
) -> None:
    bench = await settled(service)
    service.clock.advance(minutes=A_YEAR_MINUTES + 1)
    await archive_old_sessions(bench.live)
    again = await call_bench(service)
    async with service.core.works.begin() as work:
        session = await work.session(bench.session_id)
        session.customer_id = again.customer.user_id
        session.mechanic_id = again.mechanic.mechanic_id

    shown = (await again.customer.http.get(bench.path)).json()
    summary = await again.customer.http.get(f"{bench.path}/summary")
    token = await again.customer.http.post(f"{bench.path}/token", json={"report_id": None})
    stars = {"stars": 1, "comment": WROTE}
    rated = await again.customer.http.post(f"{bench.path}/rating", json=stars)
    noted = await again.mechanic.http.put(
        f"{bench.path}/notes", json={"findings": [], "text": WROTE}, headers={"If-Match": '"1"'}
    )

    assert shown["status"] == "archived"
    assert (summary.status_code, summary.json()["paid_cents"]) == (200, 4999)
    for refused in (token, rated, noted):
        assert (refused.status_code, refused.json()["code"]) == (409, "session.ended")


async def owes_a_refund(work: Work, session_id: str) -> None:
    (await payments_of(work.db, session_id))[0].status = PaymentStatus.REFUNDING


async def owes_the_mechanic(work: Work, session_id: str) -> None:
    settlement = await work.db.get_one(SettlementRow, session_id)
    settlement.state, settlement.payout_state = SettlementState.FAILED, "failed"


async def owes_a_part_back(work: Work, session_id: str) -> None:
    payment = (await payments_of(work.db, session_id))[0]
    await give_back(work, payment, "The picture froze.", 500)


async def owes_a_reversal(work: Work, session_id: str) -> None:
    settlement = await work.db.get_one(SettlementRow, session_id)
    settlement.retry_at = work.now + timedelta(days=9999)


async def owes_the_crm(work: Work, session_id: str) -> None:
    (await work.db.get_one(CrmRecordRow, session_id)).state = WorkState.PENDING


@pytest.mark.parametrize(
    "owes", [owes_a_refund, owes_a_part_back, owes_the_mechanic, owes_a_reversal, owes_the_crm]
)
async def test_what_is_still_owed_is_not_archived_however_old(
    service: BackendService, owes: Callable[..., object]
) -> None:
    bench = await settled(service)
    async with service.core.works.begin() as work:
        await owes(work, bench.session_id)  # type: ignore[misc]  # each is a coroutine function
    service.clock.advance(minutes=3 * A_YEAR_MINUTES)

    archived = await archive_old_sessions(bench.live)

    assert archived == 0
    assert await count(bench, MessageRow) == 1


async def test_the_operator_says_when(make_settings: Callable[..., Settings]) -> None:
    async with backend_service(make_settings(archive_after_days=1)) as service:
        bench = await settled(service)
        service.clock.advance(minutes=25 * 60)

        assert await archive_old_sessions(bench.live) == 1
