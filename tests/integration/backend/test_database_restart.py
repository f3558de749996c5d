"""PostgreSQL stops and comes back in the middle of traffic: nothing is lost, nothing is twice."""

import asyncio
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from liftbay_backend.db.models import MessageRow
from liftbay_backend.services.session_report import session_report
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, Caller, backend_service
from tests.fakes.ledger_audit import faults_on_server
from tests.fakes.loopback import on_loopback
from tests.fakes.postgres import PostgresServer
from tests.integration.backend.conftest import POSTGRES
from tests.integration.backend.test_event_streams import following

WITHIN_S = 90
AWAY_S = 2.0
WRITERS = 4
OURS_SAY = ("database.unavailable", "background.database_away", "notify.lost")
DBOS_SAYS = (
    *("stream.database_away", "Notification listener error", "Exception listing queues"),
    *("Exception taking the background_jobs lock", "Exception polling schedules"),
    *("Exception encountered in queue thread", "Database connection failed"),
)

pytestmark = pytest.mark.timeout(300)
on_postgres = pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT] if POSTGRES else [])


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """Run a server of the test's own, which keeps what it committed through a crash."""
    assert POSTGRES is not None
    server = PostgresServer(POSTGRES, durable=True)
    server.start()
    yield server
    server.stop()


@asynccontextmanager
async def running(server: PostgresServer, folder: Path) -> AsyncIterator[BackendService]:
    settings = Settings(
        data_dir=folder,
        database_url=server.url("postgres"),  # type: ignore[arg-type]  # pydantic makes a secret
        tick_seconds=0.2,
    )
    database = Database(settings.sqlalchemy_url)
    await migrate(database)
    await database.close()
    async with backend_service(settings) as service:
        async with service.app.router.lifespan_context(service.app):
            yield service


@dataclass
class Traffic:
    """Messages from several writers, each sent until it was confirmed, and what was answered."""

    base: str
    path: str
    confirmed: list[str] = field(default_factory=list)
    refused: set[tuple[int, str]] = field(default_factory=set)
    is_over: bool = False

    async def write(self, caller: Caller) -> None:
        headers = {"authorization": caller.http.headers["authorization"]}
        async with httpx.AsyncClient(base_url=self.base, headers=headers, timeout=30) as http:
            while not self.is_over:
                await self._send(http, str(uuid.uuid4()))
                await asyncio.sleep(0.01)

    async def _send(self, http: httpx.AsyncClient, client_id: str) -> None:
        body = {"client_id": client_id, "text": "Does it squeal?"}
        while True:
            answer = await http.post(f"{self.path}/messages", json=body)
            if answer.status_code < 300:
                self.confirmed.append(client_id)
                return
            self.refused.add((answer.status_code, answer.json()["code"]))
            assert answer.headers["Retry-After"] == "1"
            await asyncio.sleep(0.1)


class Follower:
    """A client's stream: comes back with the last id it applied, as the real one does."""

    def __init__(self, base: str, caller: Caller, path: str) -> None:
        self._base, self._caller, self._path = base, caller, path
        self.ids: list[int] = []

    async def follow(self) -> None:
        while True:
            last = self.ids[-1] if self.ids else None
            try:
                async with following(self._base, self._caller, self._path, last) as events:
                    async for event in events:
                        # A sign of life has no data; this parser shows it under the last id.
                        if event.data:
                            self.ids.append(int(event.id))
            except (AssertionError, httpx.HTTPError):
                await asyncio.sleep(0.1)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not is_so():
            await asyncio.sleep(0.05)


@on_postgres
async def test_a_database_that_restarts_loses_nothing_and_doubles_nothing(
    server: PostgresServer, tmp_path: Path, expected_logs: ExpectedLogs, how: signal.Signals
) -> None:
    for part in OURS_SAY:
        expected_logs.allow(part)
    for part in DBOS_SAYS:
        expected_logs.allow(part, may_stay_away=True)
    async with running(server, tmp_path) as service, on_loopback(service.app) as base:
        ending = await call_bench(service)
        await ending.start()
        talking = await call_bench(service)
        traffic = Traffic(base, talking.path)
        follower = Follower(base, talking.mechanic, f"{talking.path}/events")
        async with asyncio.TaskGroup() as group:
            writers = [group.create_task(traffic.write(talking.customer)) for _ in range(WRITERS)]
            reader = group.create_task(follower.follow())
            await until(lambda: len(traffic.confirmed) > 20)
            service.clock.advance(minutes=5)
            await ending.end(ending.customer)

            await asyncio.to_thread(server.halt, how)
            await asyncio.sleep(AWAY_S)
            ready = await (await service.client()).get("/api/ready")
            health = await (await service.client()).get("/api/health")
            before = len(traffic.confirmed)
            await asyncio.to_thread(server.resume)
            await until(lambda: len(traffic.confirmed) > before + 20)

            traffic.is_over = True
            await asyncio.gather(*writers)
            stored = await messages(service, talking)
            await until(lambda: len(follower.ids) > len(stored))
            reader.cancel()
        report = await settled(ending)
        async with asyncio.timeout(WITHIN_S):
            while (again := await (await service.client()).get("/api/ready")).status_code != 200:
                await asyncio.sleep(0.1)
        await until(lambda: not dbos_waits())
        faults = await asyncio.to_thread(faults_on_server, server.url("postgres"))

    assert (ready.status_code, ready.json()["reason"]) == (503, "database")
    assert (health.status_code, again.status_code) == (200, 200)
    assert traffic.refused == {(503, "server.unavailable")}
    assert sorted(stored) == sorted(traffic.confirmed)
    assert follower.ids == list(range(1, len(follower.ids) + 1))
    assert [one["state"] for one in report["payouts"]] == ["done"]
    assert len(report["crm_records"]) == 1
    assert faults == []


def dbos_waits() -> bool:
    """Tell whether a thread of DBOS's sleeps before its next try to reach the database.

    It would go on for ever once the test has stopped the server, and the process with it.
    """
    return any(
        frame.f_code.co_name == "wrapper" and frame.f_code.co_filename.endswith("_sys_db.py")
        for frame in sys._current_frames().values()
    )


async def messages(service: BackendService, bench: CallBench) -> list[str]:
    query = select(MessageRow.client_id).where(MessageRow.session_id == bench.session_id)
    async with service.core.database.reading() as db:
        return list((await db.execute(query)).scalars())


async def settled(bench: CallBench) -> dict[str, list[dict[str, object]]]:
    async with asyncio.timeout(WITHIN_S):
        while True:
            report = await session_report(bench.service.core.database, bench.session_id)
            assert report is not None
            if report["settlement"]["state"] == "done":
                return report
            await asyncio.sleep(0.1)
