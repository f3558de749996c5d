"""A process of its own that settles one session and can be told where to die.

Usage: python -m tests.integration.backend.settlement_process DATA_DIR COMMAND [KILL_AT]

    prepare    makes a session that has ended and wants its settlement; prints its id
    settle     launches the durable work, settles, and waits until it is done and the CRM, if the
               environment names one, is told; with KILL_AT the process kills itself with SIGKILL
               right before (``-N``) or after (``+N``) the Nth write transaction of the settlement
    upgraded   as settle, in a version of the code that has one more workflow
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from dbos import DBOS
from sqlalchemy import select

from liftbay_backend.app import create_app
from liftbay_backend.core import Core
from liftbay_backend.crm.webhook import CrmWebhook
from liftbay_backend.db.migrate import migrate
from liftbay_backend.db.models import CrmRecordRow, SettlementRow
from liftbay_backend.domain.end_rules import EndedBy, EndReason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import WorkState
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import DurableWork
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.live import build_live
from liftbay_backend.services.crm_records import start_deliveries
from liftbay_backend.services.due import start_settlements, sweep_settlements
from liftbay_backend.services.ending import EndRules, end_live_session
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work, Works
from tests.fakes.backend_calls import call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.rooms import FakeRooms

DONE_WITHIN_S = 60.0


class DyingWorks(Works):
    """Counts the write transactions of the settlement and kills the process at one of them."""

    def __init__(self, core: Core, kill_at: str | None) -> None:
        super().__init__(core.database, core.clock, core.wakeup)
        self._kill_before = kill_at is not None and kill_at.startswith("-")
        self._kill_at = 0 if kill_at is None else int(kill_at[1:])
        self._count = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Open a unit of work, unless this is where the process dies."""
        self._count += 1
        dies_here = self._count == self._kill_at
        if dies_here and self._kill_before:
            os.kill(os.getpid(), signal.SIGKILL)
        async with super().begin() as work:
            yield work
        if dies_here:
            os.kill(os.getpid(), signal.SIGKILL)


async def prepare(data_dir: Path) -> None:
    """Leave a completed session behind whose settlement nobody has started."""
    async with backend_service(Settings(data_dir=data_dir)) as service:
        await migrate(service.core.database)
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(minutes=10)
        async with service.core.works.begin() as work:
            session = await work.session(bench.session_id)
            await end_live_session(
                work,
                session,
                EndRules.from_settings(service.core.settings),
                reason=EndReason.ENDED_BY_CUSTOMER,
                ended_by=EndedBy.CUSTOMER,
            )
        sys.stdout.write(json.dumps({"session_id": bench.session_id}))


async def settle(data_dir: Path, kill_at: str | None, *, upgraded: bool) -> None:
    """Recover and settle whatever there is, and wait until it is done."""
    app = create_app(Settings(data_dir=data_dir))
    core: Core = app.state.core
    settling_core = replace(core, works=DyingWorks(core, kill_at))
    settling = Settling(settling_core, BookTransfers(core.database, core.clock))
    if upgraded:
        DBOS.workflow(name="added-by-the-upgrade")(_added)
    crm = CrmWebhook.from_settings(core.settings)
    durable = DurableWork(core, settling, CrmDelivery(settling_core, crm, (0.0,) * 20))
    await durable.launch()
    live = build_live(core, FakeRooms(core.clock.now))
    await start_settlements(live, durable.start)
    await sweep_settlements(live, durable.start)
    async with asyncio.timeout(DONE_WITHIN_S):
        while not await _is_done(core):
            await start_deliveries(live, durable.start_delivery)
            await asyncio.sleep(0.05)
    await durable.stop()
    await core.database.close()


async def _added(session_id: SessionId) -> None:
    """A workflow the earlier version of the code did not have."""


async def _is_done(core: Core) -> bool:
    async with core.database.reading() as db:
        rows = (await db.execute(select(SettlementRow.finished_at))).scalars().all()
        crm = (await db.execute(select(CrmRecordRow.state))).scalars().all()
    is_told = WorkState.PENDING not in crm
    return bool(rows) and all(row is not None for row in rows) and is_told


def main() -> None:
    """Do as the command line says."""
    data_dir, command, *rest = sys.argv[1:]
    kill_at = rest[0] if rest else None
    if command == "prepare":
        asyncio.run(prepare(Path(data_dir)))
    else:
        asyncio.run(settle(Path(data_dir), kill_at, upgraded=command == "upgraded"))


if __name__ == "__main__":
    main()
