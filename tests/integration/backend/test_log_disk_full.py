"""The disk of PostgreSQL's own log (WAL) is full: the server gives up, and no commit is in doubt.

A commit is in the log before anybody hears of it, so without room there the server stops for all
(PANIC) and tries to start again, until somebody makes room. The database itself lies elsewhere.
"""

import asyncio
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PayoutRow
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.ledger_audit import faults_on_server
from tests.fakes.postgres import PostgresServer
from tests.fakes.small_disk import MIB, SmallDisk, missing_for_small_disk
from tests.integration.backend.conftest import POSTGRES
from tests.integration.backend.test_database_restart import (
    DBOS_SAYS,
    OURS_SAY,
    dbos_waits,
    until,
)
from tests.integration.backend.test_disk_full import (
    running,
    said_until_refused,
    say,
    settled,
    stored,
)

DISK_BYTES = 32 * MIB
_NO_DISK = missing_for_small_disk()

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(_NO_DISK is not None, reason=str(_NO_DISK)),
    pytest.mark.skipif(POSTGRES is None, reason="no PostgreSQL here"),
]


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    folder = Path(tempfile.mkdtemp(prefix="liftbay-wal-"))
    with SmallDisk(folder, DISK_BYTES) as mounted:
        yield mounted
    folder.rmdir()


@pytest.fixture
def server(disk: SmallDisk) -> Iterator[PostgresServer]:
    assert POSTGRES is not None
    log = disk.folder / "log"
    log.mkdir()
    started = PostgresServer(POSTGRES, durable=True, log_folder=log)
    # PostgreSQL's user passes through the disk's own folder.
    started.give(disk.folder)
    started.start()
    with psycopg.connect(started.url("postgres"), autocommit=True) as connection:
        connection.execute(b"CREATE DATABASE ours")
    yield started
    started.stop()


async def test_a_log_without_room_refuses_everything_and_confirms_nothing_it_has_not(
    server: PostgresServer, disk: SmallDisk, tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    for part in (*OURS_SAY, *DBOS_SAYS, "Exception", "Database connection failed"):
        expected_logs.allow(part, may_stay_away=True)
    settings = Settings(data_dir=tmp_path, database_url=server.url("ours"), tick_seconds=0.2)  # type: ignore[arg-type]  # pydantic makes a secret
    async with running(settings) as service:
        bench = await call_bench(service)
        await bench.start()
        disk.fill()
        await asyncio.to_thread(use_up, server)
        confirmed, refused, answer = await said_until_refused(bench)
        again = await say(bench, refused)
        service.clock.advance(minutes=5)
        early = await end(bench, key := str(uuid.uuid4()))
        health = await (await service.client()).get("/api/health")

        disk.make_room()
        if not server.is_running:
            await asyncio.to_thread(server.resume)
        repeated = await confirmed_at_last(bench, refused)
        ends = [await end(bench, key) for _ in range(2)]
        settlement = await settled(bench)
        async with service.core.database.reading() as db:
            payouts = (await db.execute(select(PayoutRow.amount_cents))).scalars().all()
        kept = await stored(bench)
        await until(lambda: not dbos_waits())
        faults = await asyncio.to_thread(faults_on_server, server.url("ours"))

    for one in (answer, again, early):
        assert (one.status_code, one.json()["code"]) == (503, "server.unavailable")
        assert one.headers["Retry-After"] == "1"
    assert health.status_code == 200
    assert repeated.status_code == 201
    # What was confirmed is there, in order and once, and so is what was refused and said again.
    assert kept == [*confirmed, refused]
    assert [one.status_code for one in ends] == [200, 200]
    assert ends[0].json()["end"] == ends[1].json()["end"]
    assert (settlement.payout_cents, list(payouts), faults) == (3499, [3499], [])


def use_up(server: PostgresServer) -> None:
    """Fill the files of the log that are there already, but for the last 100 kB."""
    ahead = (
        "SELECT (SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' "
        "AND name > file_name), file_offset FROM pg_walfile_name_offset(pg_current_wal_lsn())"
    )
    with psycopg.connect(server.url("ours"), autocommit=True) as connection:
        while True:
            row = connection.execute(ahead).fetchone()
            assert row is not None
            if row[0] == 0 and row[1] > MIB - 100_000:
                return
            connection.execute("SELECT pg_logical_emit_message(false, 'test', repeat('x', 50000))")


async def end(bench: CallBench, key: str) -> httpx.Response:
    press = {
        "reason": "ended_by_mechanic",
        "pressed_at": bench.service.clock.now().isoformat(),
        "attempt": None,
    }
    headers = {"Idempotency-Key": key}
    return await bench.mechanic.http.post(f"{bench.path}/end", json=press, headers=headers)


async def confirmed_at_last(bench: CallBench, client_id: str) -> httpx.Response:
    """Say the same again until it is taken, as a client does."""
    async with asyncio.timeout(120):
        while (answer := await say(bench, client_id)).status_code == 503:
            await asyncio.sleep(0.2)
    return answer
