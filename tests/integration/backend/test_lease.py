"""Whose work is taken over: that of an instance whose lease has run out, and nobody else's.

One instance begins a settlement in a process of its own and dies of SIGKILL in the middle. Another
lives in the test, with a clock that stands still until the test moves it.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from dbos import DBOS
from sqlalchemy import func, select

from liftbay_backend.core import Core
from liftbay_backend.db.models import CrmRecordRow, ExecutorLeaseRow, PayoutRow, SettlementRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import SettlementState, WorkState
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import APPLICATION_VERSION, DurableWork
from liftbay_backend.durable.lease import LEASE_SECONDS
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import call_bench
from tests.fakes.backend_service import BackendService, backend_service
from tests.integration.backend.conftest import ENGINES

ROOT = Path(__file__).resolve().parents[3]
PROCESS_DEADLINE_S = 90
SETTLED_WITHIN_S = 60
IN_THE_MIDDLE = "+3"
"""After the third write transaction of the settlement's steps."""

pytestmark = pytest.mark.timeout(400)
# The embedded database is one process's, by a lock on its folder: there no lease decides.
by_lease = pytest.mark.parametrize(
    "new_database", [one for one in ENGINES if one == "postgresql"], indirect=True
)


def instance(core: Core, name: str, version: str = APPLICATION_VERSION) -> DurableWork:
    """Return one instance's durable work, not launched: DBOS is one per process."""
    settings = core.settings.model_copy(update={"instance_id": name})
    own = replace(core, settings=settings)
    settling = Settling(own, BookTransfers(own.database, own.clock))
    return DurableWork(own, settling, CrmDelivery(own, None), version=version)


@asynccontextmanager
async def launched(
    core: Core, name: str, version: str = APPLICATION_VERSION
) -> AsyncIterator[DurableWork]:
    durable = instance(core, name, version)
    await durable.launch()
    try:
        yield durable
    finally:
        await durable.stop()


async def interrupted_settlement(service: BackendService, instance_id: str) -> SessionId:
    """Leave a settlement behind whose instance was killed in the middle of it."""
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=10)
    await bench.end(bench.customer)
    settings = service.core.settings
    environment = {**os.environ, "LIFTBAY_INSTANCE_ID": instance_id}
    if settings.database_url is not None:
        environment["DATABASE_URL"] = settings.database_url.get_secret_value()
    code = (
        "import sys; sys.path[:0] = sys.argv.pop(1).split('|');"
        "from tests.integration.backend.settlement_process import main; main()"
    )
    words = [f"{ROOT}|{ROOT / 'backend'}", str(settings.data_dir), "settle", IN_THE_MIDDLE]
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code, *words],
        cwd=settings.data_dir,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PROCESS_DEADLINE_S,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return bench.session_id


async def assert_settled_once(core: Core, session_id: SessionId, suffix: str = "") -> None:
    async with asyncio.timeout(SETTLED_WITHIN_S):
        await (await DBOS.retrieve_workflow_async(f"settle-{session_id}{suffix}")).get_result()
    async with core.database.reading() as db:
        states = (await db.execute(select(SettlementRow.state))).scalars().all()
        payouts = (await db.execute(select(PayoutRow.state))).scalars().all()
        records = (await db.execute(select(func.count()).select_from(CrmRecordRow))).scalar_one()
    assert (states, payouts, records) == ([SettlementState.DONE], [WorkState.DONE], 1)


async def leases(core: Core) -> set[str]:
    async with core.database.reading() as db:
        return set((await db.execute(select(ExecutorLeaseRow.executor_id))).scalars())


@by_lease
async def test_work_is_taken_over_once_and_only_when_the_lease_has_run_out(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings()) as service:
        core, clock = service.core, service.clock
        session_id = await interrupted_settlement(service, "first")
        first, third = instance(core, "first"), instance(core, "third")
        await first.renew_lease()

        async with launched(core, "second") as second:
            fresh = await second.recover()
            clock.advance(seconds=LEASE_SECONDS - 1)
            await first.renew_lease()
            clock.advance(seconds=LEASE_SECONDS - 1)
            await second.renew_lease()
            renewed = await second.recover()
            clock.advance(seconds=1)
            run_out = await second.recover()
            again = [await second.recover(), await third.recover()]
            await assert_settled_once(core, session_id)
            again += [await second.recover(), await third.recover()]
            held = await leases(core)

        assert (fresh, renewed, run_out) == (0, 0, 1)
        assert again == [0, 0, 0, 0]
        assert held == {"first", "second"}
        # Who stops gives its lease back; who was killed cannot.
        assert await leases(core) == {"first"}


async def test_a_new_version_goes_on_with_what_its_instance_began_before(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    """An id may be a setting, and so be the same after an upgrade: nobody else would do it."""
    # DBOS goes by which version it saw last.
    expected_logs.allow("is not the latest version", may_stay_away=True)
    async with backend_service(make_settings()) as service:
        session_id = await interrupted_settlement(service, "first")

        async with launched(service.core, "first", "next"):
            await assert_settled_once(service.core, session_id, "@next")
