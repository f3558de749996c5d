"""The disk of the database is full: every change is refused with its code, and nothing is lost.

A real disk, a small one, filled to its last byte. On PostgreSQL it holds the tablespace of the
service's database; a log without room is in test_log_disk_full.
"""

import asyncio
import sqlite3
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import select

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from liftbay_backend.db.models import MessageRow, PayoutRow, SettlementRow
from liftbay_backend.domain.states import SettlementState
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import INTAKE, BackendService, backend_service
from tests.fakes.postgres import PostgresServer
from tests.fakes.service_process import ServiceProcess, new_customer_with_session
from tests.fakes.small_disk import MIB, SmallDisk, missing_for_small_disk
from tests.integration.backend.conftest import ENGINES, POSTGRES

WITHIN_S = 180
DISK_BYTES = 48 * MIB
AT_MOST = 3000
"""Messages; by then whatever free space was left inside the database's files is used up."""
_NO_DISK = missing_for_small_disk()

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(_NO_DISK is not None, reason=str(_NO_DISK)),
]


@dataclass
class Place:
    """A small disk, and the settings of a service whose database lies on it."""

    disk: SmallDisk
    settings: Settings


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    # Not below pytest's own folder: PostgreSQL's user may not pass through that.
    folder = Path(tempfile.mkdtemp(prefix="liftbay-disk-"))
    with SmallDisk(folder, DISK_BYTES) as mounted:
        yield mounted
    folder.rmdir()


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path, disk: SmallDisk) -> Iterator[Place]:
    if request.param == "sqlite":
        yield Place(disk, Settings(data_dir=disk.folder / "data", tick_seconds=0.2))
        return
    assert POSTGRES is not None
    server = PostgresServer(POSTGRES)
    server.start()
    try:
        server.give(disk.folder)
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            where = str(disk.folder).encode()
            connection.execute(b"CREATE TABLESPACE small LOCATION '%b'" % where)
            connection.execute(b"CREATE DATABASE ours TABLESPACE small")
        url = server.url("ours")
        yield Place(disk, Settings(data_dir=tmp_path, database_url=url, tick_seconds=0.2))  # type: ignore[arg-type]  # pydantic makes a secret
    finally:
        server.stop()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[BackendService]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.sqlalchemy_url)
    await migrate(database)
    await database.close()
    async with backend_service(settings) as service:
        async with service.app.router.lifespan_context(service.app):
            yield service


async def say(bench: CallBench, client_id: str) -> httpx.Response:
    body = {"client_id": client_id, "text": "Does it squeal? " * 200}
    return await bench.customer.http.post(f"{bench.path}/messages", json=body)


async def said_until_refused(bench: CallBench) -> tuple[list[str], str, httpx.Response]:
    """Say something again and again; return what was confirmed, what was not, and the refusal."""
    confirmed: list[str] = []
    for _ in range(AT_MOST):
        client_id = str(uuid.uuid4())
        answer = await say(bench, client_id)
        if answer.status_code != 201:
            return confirmed, client_id, answer
        confirmed.append(client_id)
    raise AssertionError("the disk does not fill")


async def stored(bench: CallBench) -> list[str]:
    query = select(MessageRow.client_id).where(MessageRow.session_id == bench.session_id)
    async with bench.service.core.database.reading() as db:
        return list((await db.execute(query.order_by(MessageRow.id))).scalars())


async def settled(bench: CallBench) -> SettlementRow:
    async with asyncio.timeout(WITHIN_S):
        while True:
            async with bench.service.core.database.reading() as db:
                row = await db.get(SettlementRow, bench.session_id)
            if row is not None and row.state is SettlementState.DONE:
                return row
            await asyncio.sleep(0.1)


async def test_a_full_disk_refuses_each_change_and_loses_none(
    place: Place, expected_logs: ExpectedLogs
) -> None:
    """In mid-call: it goes on when there is room again, and is ended and settled once."""
    expected_logs.allow("database.unavailable")
    for part in ("background.database_away", "Exception", "Database connection failed", "disk"):
        expected_logs.allow(part, may_stay_away=True)
    async with running(place.settings) as service:
        bench = await call_bench(service)
        await bench.start()
        place.disk.fill()
        confirmed, refused, answer = await said_until_refused(bench)
        again = await say(bench, refused)
        service.clock.advance(minutes=5)
        key = {"Idempotency-Key": str(uuid.uuid4())}
        press = {
            "reason": "ended_by_customer",
            "pressed_at": service.clock.now().isoformat(),
            "attempt": None,
        }
        end = f"{bench.path}/end"
        ends = [await bench.mechanic.http.post(end, json=press, headers=key) for _ in range(2)]
        shown = await bench.customer.http.get(bench.path)
        while_full = await stored(bench)

        place.disk.make_room()
        repeated = await say(bench, refused)
        ends += [await bench.mechanic.http.post(end, json=press, headers=key) for _ in range(2)]
        settlement = await settled(bench)
        async with service.core.database.reading() as db:
            payouts = (await db.execute(select(PayoutRow.amount_cents))).scalars().all()

        for one in (answer, again):
            assert (one.status_code, one.json()["code"]) == (503, "server.unavailable")
            assert one.headers["Retry-After"] == "1"
        assert while_full == confirmed
        assert shown.status_code == 200
        if ends[0].status_code != 200:
            # PostgreSQL may have had room in pages of its own for it.
            assert ends[0].json()["code"] == "server.unavailable"
            assert shown.json()["status"] == "live"
        assert repeated.status_code == 201
        assert await stored(bench) == [*confirmed, refused]
        assert [one.status_code for one in ends[2:]] == [200, 200]
        assert ends[2].json()["end"] == ends[3].json()["end"]
        assert (settlement.payout_cents, list(payouts)) == (3499, [3499])


async def test_a_service_that_is_killed_on_a_full_disk_comes_back_with_all_it_confirmed(
    disk: SmallDisk, tmp_path: Path
) -> None:
    folder = disk.folder / "data"
    service = ServiceProcess(folder)
    service.log = tmp_path / "service.log"
    with service:
        headers, session = await new_customer_with_session(service.url)
        async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=30) as http:
            disk.fill()
            confirmed, refused = await submitted_until_refused(http)
            health = await http.get("/api/health")
        service.kill()
        disk.make_room()
        service.start()
        async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=30) as http:
            listed = (await http.get("/api/sessions")).json()["sessions"]
            repeated = await http.post(f"{session}/cancel", json={})
    with closing(sqlite3.connect(folder / "liftbay.sqlite3")) as db:
        sound = db.execute("PRAGMA integrity_check").fetchall()

    assert refused["code"] == "server.unavailable"
    assert health.status_code == 200
    assert {one["id"] for one in listed} == {session.rpartition("/")[2], *confirmed}
    assert repeated.json()["status"] == "cancelled"
    assert sound == [("ok",)]


async def submitted_until_refused(http: httpx.AsyncClient) -> tuple[list[str], dict[str, str]]:
    """Submit intakes until there is no room for one; return those that were confirmed."""
    confirmed: list[str] = []
    for _ in range(AT_MOST):
        answer = await http.post("/api/intake/start", json=INTAKE)
        if answer.status_code != 201:
            assert answer.status_code == 503, answer.text
            refusal: dict[str, str] = answer.json()
            return confirmed, refusal
        confirmed.append(answer.json()["session"]["id"])
    raise AssertionError("the disk does not fill")
