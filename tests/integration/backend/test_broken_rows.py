"""One broken row is that row's matter: the rows behind it have their turn in the same round."""

import logging
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from dbos import DBOS
from sqlalchemy import select, update

from liftbay_backend.db.models import AccountEventRow, RequestRow, SessionRow, SettlementRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.settlement import SettlementKind
from liftbay_backend.domain.states import SettlementState
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import APPLICATION_VERSION, DurableWork
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services import due, row_by_row
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service

CONCERN = "A squeal nobody else may read about"


async def break_row(service: BackendService, session_id: str) -> None:
    """Leave a settlement behind that must not be there yet: the end then cannot be written."""
    async with service.core.works.begin() as work:
        work.db.add(
            SettlementRow(
                session_id=session_id,
                state=SettlementState.DONE,
                payout_cents=0,
                payout_state="not_due",
                crm_state="pending",
                upsell_count=0,
                requested_at=work.now,
                finished_at=work.now,
            )
        )


async def three_requests(service: BackendService) -> list[str]:
    """Return three sessions, the one whose request falls due first in front.

    They were made in the opposite order.
    """
    customer = await service.customer()
    made = [(await service.pending_session(customer, concern=CONCERN))["id"] for _ in range(3)]
    oldest_first = made[::-1]
    async with service.core.database.writing() as db:
        for late, session_id in enumerate(oldest_first):
            await db.execute(
                update(RequestRow)
                .where(RequestRow.session_id == session_id)
                .values(expires_at=service.clock.now() + timedelta(minutes=1 + late))
            )
    service.clock.advance(minutes=15)
    return oldest_first


async def status_of(service: BackendService, session_id: str) -> str:
    async with service.core.database.reading() as db:
        row = await db.get(SessionRow, session_id)
    assert row is not None
    return row.status.value


async def closed_order(service: BackendService) -> list[str | None]:
    """Return the sessions whose requests were taken back, in the order of the commits."""
    query = (
        select(AccountEventRow.session_id)
        .where(AccountEventRow.kind == "request.closed")
        .order_by(AccountEventRow.seq)
    )
    async with service.core.database.reading() as db:
        return list((await db.execute(query)).scalars())


async def test_due_rows_are_taken_oldest_first_through_every_page(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_by_row, "PAGE", 2)
    sessions = await three_requests(service)

    assert await due.expire_requests(service.app.state.live) == 3

    assert await closed_order(service) == sessions


@pytest.mark.parametrize("page", [1, 100])
async def test_a_request_that_cannot_expire_holds_up_none_behind_it(
    service: BackendService,
    expected_logs: ExpectedLogs,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    page: int,
) -> None:
    expected_logs.allow("due.row_failed")
    monkeypatch.setattr(row_by_row, "PAGE", page)
    broken, *others = await three_requests(service)
    await break_row(service, broken)

    assert await due.expire_requests(service.app.state.live) == 2

    assert await status_of(service, broken) == "pending"
    assert [await status_of(service, one) for one in others] == ["unattended"] * 2
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "due.row_failed" in record.getMessage()
    assert broken in record.getMessage()


async def test_a_broken_row_is_tried_again_later_and_not_with_every_tick(
    service: BackendService, expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("due.row_failed")
    live = service.app.state.live
    broken, *_ = await three_requests(service)
    await break_row(service, broken)
    for _ in range(20):
        await due.expire_requests(live)
        service.clock.advance(seconds=1)
    failures = [one for one in caplog.records if one.levelno >= logging.ERROR]
    async with service.core.works.begin() as work:
        await work.db.delete(await work.db.get_one(SettlementRow, broken))
    service.clock.advance(minutes=1)

    assert await due.expire_requests(live) == 1

    # At 0, 1, 3, 7 and 15 s.
    assert len(failures) == 5
    assert await status_of(service, broken) == "unattended"


async def two_live(service: BackendService) -> list[CallBench]:
    """Return two running sessions; the first comes to 0:00 first."""
    benches = []
    for _ in range(2):
        bench = await call_bench(service)
        await bench.start()
        benches.append(bench)
        service.clock.advance(seconds=30)
    return benches


async def test_a_session_that_cannot_end_holds_up_no_other_end(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("due.row_failed")
    async with backend_service(make_settings(access_token_seconds=86_400)) as service:
        broken, sound = await two_live(service)
        await break_row(service, broken.session_id)
        service.clock.advance(minutes=60)

        assert await due.end_sessions_at_zero(broken.live) == 1

        assert (await broken.session())["status"] == "live"
        ended = await sound.session()
    assert (ended["status"], ended["end"]["reason"]) == ("completed", "time_up")


async def test_a_no_show_that_cannot_expire_holds_up_no_other(
    service: BackendService, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("due.row_failed")
    broken = await call_bench(service)
    service.clock.advance(seconds=1)
    sound = await call_bench(service)
    await break_row(service, broken.session_id)
    service.clock.advance(minutes=16)

    assert await due.expire_no_shows(broken.live) == 1

    assert await status_of(service, broken.session_id) == "waiting"
    assert await status_of(service, sound.session_id) == "expired"


async def test_a_settlement_that_cannot_start_holds_up_no_other(
    service: BackendService, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("due.row_failed")
    broken, sound = await two_live(service)
    for bench in (broken, sound):
        await bench.end(bench.customer)
        service.clock.advance(seconds=1)
    started: list[SessionId] = []

    async def start(session_id: SessionId, _kind: SettlementKind) -> None:
        if session_id == broken.session_id:
            raise ZeroDivisionError
        started.append(session_id)

    await due.start_settlements(broken.live, start)

    assert started == [sound.session_id]


async def test_a_room_the_server_never_deletes_holds_up_no_other_room(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = await two_live(service)
    for bench in (broken, sound):
        await bench.end(bench.customer)
        # The broken one falls due first; at one instant the ids, which are random, would decide.
        service.clock.advance(seconds=1)
    service.clock.advance(seconds=10)
    delete_room = service.rooms.delete_room
    asked: list[str] = []

    async def stubborn(room: str) -> None:
        asked.append(room)
        if room.endswith(broken.session_id):
            raise RoomsUnavailable("internal (500)")
        await delete_room(room)

    monkeypatch.setattr(service.rooms, "delete_room", stubborn)
    closed = [await due.close_rooms(broken.live)]
    service.clock.advance(seconds=0.5)
    closed.append(await due.close_rooms(broken.live))

    assert closed == [0, 1]
    assert asked == [f"session-{broken.session_id}", f"session-{sound.session_id}"]


async def test_a_workflow_that_cannot_be_resumed_holds_up_no_other(
    service: BackendService, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs.allow("durable.resume_failed")
    resumed: list[str] = []

    async def pending(**_filters: object) -> list[SimpleNamespace]:
        names = ("settle-broken", "settle-sound")
        pending = {"executor_id": "dead", "app_version": APPLICATION_VERSION, "status": "PENDING"}
        return [SimpleNamespace(workflow_id=one, **pending) for one in names]

    async def resume(workflow_id: str) -> None:
        if workflow_id == "settle-broken":
            raise ZeroDivisionError
        resumed.append(workflow_id)

    monkeypatch.setattr(DBOS, "list_workflows_async", pending)
    monkeypatch.setattr(DBOS, "resume_workflow_async", resume)
    core = service.core
    durable = DurableWork(
        core, Settling(core, BookTransfers(core.database, core.clock)), CrmDelivery(core, None)
    )

    assert await durable.recover() == 1

    assert resumed == ["settle-sound"]
