"""DBOS Transact as the engine of durable work, with the guards that our trials asked for.

- `application_version` is a constant of ours: left to DBOS it is a hash of the source, and after
  any change pending workflows would never be recovered. A changed order of steps therefore means
  a new workflow function beside the old one until that one has drained.
- DBOS recovers only its own executor's work. Every instance has an id of its own and keeps a lease;
  the work of an executor whose lease has expired is resumed by whoever notices. With the embedded
  database one process owns the data folder (`sole_owner`), so all earlier executors are dead.
- It is launched on the event loop, so recovered coroutines run on the loop of our connections, and
  destroyed in a thread, because that blocks.
- Workflow ids are `settle-<session id>` and `refund-<session id>`: starting twice starts nothing.
- Inputs and results are pickled by DBOS: only ids go in, nothing comes out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, Final, TypeAlias

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from liftbay_backend.core import Core
from liftbay_backend.db.models import ExecutorLeaseRow
from liftbay_backend.db.old_sqlite import SubsecondClock
from liftbay_backend.db.storage_faults import StorageFault, storage_reason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.settlement import SettlementKind
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.sole_owner import SoleOwner
from liftbay_backend.repositories.upkeep import living_executors

APPLICATION_VERSION: Final = "1"
LOCK_FILE: Final = "durable.lock"
ENGINE_FILE: Final = "durable.sqlite3"
LEASE_SECONDS: Final = 20.0
STEP_TIMEOUT_SECONDS: Final = 60.0
END_WITHIN_S: Final = 2
"""How long a stop waits for workflows that are about to end; cut off, DBOS logs an error."""
# With the doubling pause between attempts this goes on for days; a payout is never given up by us.
STEP_ATTEMPTS: Final = 18
_log = structlog.get_logger(__name__)
_Workflow: TypeAlias = Callable[[str], Coroutine[Any, Any, None]]
_Step: TypeAlias = Callable[[SessionId], Awaitable[None]]


class DurableWork:
    """Runs settlements. One per process: DBOS is global."""

    def __init__(self, core: Core, settling: Settling) -> None:
        self._core = core
        self._settling = settling
        self._owner: SoleOwner | None = None
        self._subsecond_clock: SubsecondClock | None = None
        self._workflows: dict[SettlementKind, _Workflow] = {}
        self._is_made = False
        self._is_launched = False

    async def launch(self) -> None:
        """Register the workflows, launch the engine on this loop and recover dead executors' work.

        Raises:
            OwnedElsewhere: another process works on the embedded data folder.
            StorageFault: a database of the engine cannot be used.
        """
        settings = self._core.settings
        if self._core.database.is_sqlite:
            self._owner = SoleOwner(settings.data_dir / LOCK_FILE)
            self._subsecond_clock = SubsecondClock()
        _quiet_dbos_logging()
        config: DBOSConfig = {
            "name": "liftbay",
            "system_database_url": self._system_database_url(),
            "application_version": APPLICATION_VERSION,
            "executor_id": settings.instance_id,
            "log_level": "WARNING",
        }
        DBOS(config=config)
        self._is_made = True
        self._workflows = self._register()
        _quiet_dbos_logging()
        await self.renew_lease()
        try:
            DBOS.launch()
        except SQLAlchemyError as error:
            place = ENGINE_FILE if self._core.database.is_sqlite else "the database"
            raise StorageFault(f"{place}: {storage_reason(error)}") from error
        self._is_launched = True
        await self.recover()

    async def stop(self) -> None:
        """Let what is about to end do so; the next start recovers the rest."""
        if self._is_made:
            self._is_made = False
            await asyncio.to_thread(
                DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=END_WITHIN_S
            )
        if self._is_launched:
            self._is_launched = False
            await self._drop_lease()
        if self._subsecond_clock is not None:
            self._subsecond_clock.close()
            self._subsecond_clock = None
        if self._owner is not None:
            self._owner.release()
            self._owner = None

    async def start(self, session_id: SessionId, kind: SettlementKind) -> None:
        """Start one session's settlement; one that runs or has run is not started again."""
        prefix = "settle" if kind is SettlementKind.PAYOUT else "refund"
        with SetWorkflowID(f"{prefix}-{session_id}"):
            await DBOS.start_workflow_async(self._workflows[kind], session_id)

    async def renew_lease(self) -> None:
        """Say that this executor lives."""
        async with self._core.works.begin() as work:
            executor_id = self._core.settings.instance_id
            row = await work.db.get(ExecutorLeaseRow, executor_id)
            expires_at = work.now + timedelta(seconds=LEASE_SECONDS)
            if row is None:
                work.db.add(
                    ExecutorLeaseRow(
                        executor_id=executor_id, started_at=work.now, expires_at=expires_at
                    )
                )
            else:
                row.expires_at = expires_at

    async def recover(self) -> int:
        """Resume pending work whose executor is dead; returns how much.

        One that cannot be resumed holds up no other; the next look tries it again.
        """
        pending = await DBOS.list_workflows_async(
            status="PENDING",
            app_version=APPLICATION_VERSION,
            load_input=False,
            load_output=False,
        )
        alive = await self._living_executors()
        orphans = [one.workflow_id for one in pending if one.executor_id not in alive]
        resumed = 0
        for workflow_id in orphans:
            try:
                await DBOS.resume_workflow_async(workflow_id)
            except Exception as error:
                _log.error("durable.resume_failed", workflow_id=workflow_id, exc_info=error)
            else:
                _log.info("durable.resumed", workflow_id=workflow_id)
                resumed += 1
        return resumed

    async def _living_executors(self) -> set[str]:
        own = self._core.settings.instance_id
        if self._owner is not None:
            return {own}
        async with self._core.database.reading() as db:
            return {own, *await living_executors(db, self._core.clock.now())}

    async def _drop_lease(self) -> None:
        async with self._core.works.begin() as work:
            row = await work.db.get(ExecutorLeaseRow, self._core.settings.instance_id)
            if row is not None:
                await work.db.delete(row)

    def _register(self) -> dict[SettlementKind, _Workflow]:
        settling = self._settling
        begin, finish = _step(settling.begin), _step(settling.finish)
        pay, refund = _step(settling.pay_mechanic), _step(settling.refund_customer)
        crm, upsells = _step(settling.record_in_crm), _step(settling.offer_upsells)

        async def settle(session_id: str) -> None:
            for step in (begin, pay, crm, upsells, finish):
                await step(SessionId(session_id))

        async def refund_all(session_id: str) -> None:
            for step in (begin, refund, crm, finish):
                await step(SessionId(session_id))

        return {
            SettlementKind.PAYOUT: DBOS.workflow(name="settle")(settle),
            SettlementKind.REFUND: DBOS.workflow(name="refund")(refund_all),
        }

    def _system_database_url(self) -> str:
        settings = self._core.settings
        if self._core.database.is_sqlite:
            return f"sqlite:///{settings.data_dir / ENGINE_FILE}"
        return settings.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://")


def _step(run: _Step) -> _Step:
    async def step(session_id: SessionId) -> None:
        await run(session_id)

    return DBOS.step(
        name=getattr(run, "__name__", "step"),
        retries_allowed=True,
        interval_seconds=1.0,
        backoff_rate=2.0,
        max_attempts=STEP_ATTEMPTS,
        timeout_seconds=STEP_TIMEOUT_SECONDS,
    )(step)


def _quiet_dbos_logging() -> None:
    """Send DBOS's lines through our own logging: it brings a console handler of its own."""
    logger = logging.getLogger("dbos")
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
    logger.addHandler(logging.NullHandler())
    logger.propagate = True
