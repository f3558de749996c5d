"""The code is upgraded while settlements are pending: the new version finishes what the old began.

DBOS itself goes on with a workflow only under the application version that began it.
"""

import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing

import psycopg
import pytest
import pytest_asyncio

from liftbay_backend.durable.engine import ENGINE_FILE
from liftbay_backend.settings import Settings
from tests.faults.settlement.stage import Kind, Stage, settlement_stage

QUERY = "SELECT workflow_uuid, application_version, status FROM {} ORDER BY created_at"
EARLY, LATE = "after begin", "attempt: after CrmWebhook.send"
STEPS = (
    *("before begin", "pay_mechanic: after StripeTransfers.send", "after pay_mechanic"),
    *("after refund_customer", "record_in_crm: after write 1", "after offer_upsells"),
    *("before finish", "after finish"),
)

pytestmark = pytest.mark.timeout(600)


@pytest_asyncio.fixture
async def stage(make_settings: Callable[..., Settings]) -> AsyncIterator[Stage]:
    async with settlement_stage(make_settings) as opened:
        yield opened


def engine_rows(stage: Stage) -> list[tuple[str, str, str]]:
    """Return id, version and status of every workflow."""
    settings = stage.saved.core.settings
    if settings.database_url is None:
        with closing(sqlite3.connect(settings.data_dir / ENGINE_FILE)) as db:
            return db.execute(QUERY.format("workflow_status")).fetchall()
    with psycopg.connect(settings.database_url.get_secret_value()) as postgres:
        query = QUERY.format("dbos.workflow_status")
        return postgres.execute(query.encode()).fetchall()


async def killed(stage: Stage, at: str, version: str) -> None:
    end = await stage.settlers.settle(stage.order(kill_at=at, version=version))
    assert end.status == -signal.SIGKILL, stage.settlers.logged()


async def finished(stage: Stage, version: str) -> None:
    end = await stage.settlers.settle(stage.order(version=version))
    assert end.status == 0, stage.settlers.logged()
    await stage.all_is_settled_once()


@pytest.mark.slow
async def test_another_version_finishes_what_one_began(stage: Stage) -> None:
    """In its steps, in the queue after a recovery, and with the CRM; then the way back."""
    await stage.prepare([Kind.PLAIN])
    [case] = stage.cases
    settle = f"settle-{case.bench.session_id}"

    await killed(stage, EARLY, "1")
    # Recovered into the queue, and dead before it was taken from there.
    await killed(stage, "launched", "1")
    [queued] = engine_rows(stage)
    await killed(stage, LATE, "2")
    await finished(stage, "1")

    rows = {name: (version, status) for name, version, status in engine_rows(stage)}
    assert queued == (settle, "1", "ENQUEUED")
    assert rows[settle] == ("1", "CANCELLED")
    assert rows[f"{settle}@2"][0] == "2"
    assert [name for name in rows if name.endswith("@1")]
    assert {status for _, status in rows.values()} == {"SUCCESS", "CANCELLED"}


@pytest.mark.slow
async def test_another_version_finishes_whatever_step_it_was(stage: Stage) -> None:
    await stage.prepare([Kind.PLAIN, Kind.CANCELLED])
    for at in STEPS:
        await stage.again()
        await killed(stage, at, "1")
        await finished(stage, "2")
        versions = {version for _, version, status in engine_rows(stage) if status == "SUCCESS"}
        assert versions <= {"1", "2"}
        assert "2" in versions
