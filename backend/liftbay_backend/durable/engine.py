"""DBOS Transact as the engine of durable work, with the guards that our trials asked for.

- `application_version` is a constant of ours: left to DBOS it is a hash of the source, and any
  change would be another version. It is raised with the steps of a workflow or their order; what
  the earlier version left unfinished is then begun anew (`recovery`).
- DBOS recovers only its own executor's work. Every instance has an id of its own and keeps a lease;
  the work of an executor whose lease has expired is resumed by whoever notices. With the embedded
  database one process owns the data folder (`sole_owner`), so all earlier executors are dead.
- It is launched on the event loop, so recovered coroutines run on the loop of our connections, and
  destroyed in a thread, because that blocks.
- Workflow ids are `settle-<session id>`, `refund-<session id>` and
  `crm-<session id>-<round>-<attempt>`: starting twice starts nothing.
- However often a workflow's process dies, it is recovered: DBOS would give up at the hundredth.
- Without its database DBOS tries again for ever, in threads that nobody can end. A stop waits for
  it for a while only; `serving` ends the process.
- Inputs and results are pickled by DBOS: only ids and counts go in, nothing comes out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeAlias

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from liftbay_backend.core import Core
from liftbay_backend.db.old_sqlite import SubsecondClock
from liftbay_backend.db.storage_faults import StorageFault, storage_reason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.settlement import SettlementKind
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.lease import Lease
from liftbay_backend.durable.recovery import Recovery
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.sole_owner import SoleOwner

APPLICATION_VERSION: Final = "1"
"""Raised with a workflow's steps, their order, its name or its arguments; a test holds it to it."""
LOCK_FILE: Final = "durable.lock"
ENGINE_FILE: Final = "durable.sqlite3"
STEP_TIMEOUT_SECONDS: Final = 60.0
END_WITHIN_S: Final = 2
"""How long a stop waits for workflows that are about to end; cut off, DBOS logs an error."""
STOP_WITHIN_S: Final = 10.0
"""How long a stop waits for the engine in all; with a database it takes END_WITHIN_S and some."""
# With the doubling pause between attempts this goes on for days; a payout is never given up by us.
STEP_ATTEMPTS: Final = 18
_SETTLE: Final = "settle"
_REFUND: Final = "refund"
_DELIVER: Final = "deliver-to-crm"
_log = structlog.get_logger(__name__)
_Workflow: TypeAlias = Callable[[str], Coroutine[Any, Any, None]]
_Delivery: TypeAlias = Callable[[str, int, int], Coroutine[Any, Any, None]]
_P = ParamSpec("_P")


class DurableWork:
    """Runs settlements and what they leave to deliver. One per process: DBOS is global.

    Args:
        version: of the application; another one in tests alone.
    """

    def __init__(
        self,
        core: Core,
        settling: Settling,
        delivery: CrmDelivery,
        *,
        version: str = APPLICATION_VERSION,
    ) -> None:
        self._core = core
        self._settling = settling
        self._delivery = delivery
        self._version = version
        self._recovery = Recovery(version, core.settings.instance_id, {})
        self._lease = Lease(core)
        self._owner: SoleOwner | None = None
        self._subsecond_clock: SubsecondClock | None = None
        self._workflows: dict[SettlementKind, _Workflow] = {}
        self._deliver: _Delivery | None = None
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
            "application_version": self._version,
            "executor_id": settings.instance_id,
            "log_level": "WARNING",
        }
        DBOS(config=config)
        self._is_made = True
        self._workflows = self._register()
        self._deliver = self._register_delivery()
        self._recovery = Recovery(
            self._version,
            settings.instance_id,
            {
                _SETTLE: self._workflows[SettlementKind.PAYOUT],
                _REFUND: self._workflows[SettlementKind.REFUND],
                _DELIVER: self._deliver,
            },
        )
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
            await self._destroy()
        await self._delivery.close()
        if self._is_launched:
            self._is_launched = False
            await self._lease.drop()
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

    async def look_again(self, session_id: SessionId) -> bool:
        """Move what money of one session waits for its next try; tells whether any did."""
        return await self._settling.look_again(session_id)

    async def start_delivery(self, session_id: SessionId, round_number: int, number: int) -> None:
        """Start one attempt to deliver a CRM record; each attempt runs once."""
        assert self._deliver is not None, "launched first"
        with SetWorkflowID(f"crm-{session_id}-{round_number}-{number}"):
            await DBOS.start_workflow_async(self._deliver, session_id, round_number, number)

    async def renew_lease(self) -> None:
        """Say that this executor lives."""
        await self._lease.renew()

    async def compare_instances(self) -> None:
        """Tell the operator what this instance does not share with another and must."""
        await self._lease.compare()

    async def recover(self) -> int:
        """Take up pending work whose executor is dead; returns how much."""
        return await self._recovery.take_up(await self.living_executors())

    async def living_executors(self) -> frozenset[str]:
        """Return the instances that live, this one among them."""
        if self._owner is not None:
            return frozenset({self._core.settings.instance_id})
        return await self._lease.living()

    async def _destroy(self) -> None:
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await asyncio.to_thread(
                    DBOS.destroy,
                    destroy_registry=True,
                    workflow_completion_timeout_sec=END_WITHIN_S,
                )
        except TimeoutError:
            _log.warning("durable.stop_cut_off", seconds=STOP_WITHIN_S)

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
            SettlementKind.PAYOUT: _workflow(_SETTLE)(settle),
            SettlementKind.REFUND: _workflow(_REFUND)(refund_all),
        }

    def _register_delivery(self) -> _Delivery:
        attempt = _step(self._delivery.attempt)

        async def deliver(session_id: str, round_number: int, number: int) -> None:
            await attempt(SessionId(session_id), round_number, number)

        return _workflow(_DELIVER)(deliver)

    def _system_database_url(self) -> str:
        settings = self._core.settings
        if self._core.database.is_sqlite:
            return f"sqlite:///{settings.data_dir / ENGINE_FILE}"
        return settings.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://")


def _workflow(
    name: str,
) -> Callable[[Callable[_P, Coroutine[Any, Any, None]]], Callable[_P, Coroutine[Any, Any, None]]]:
    return DBOS.workflow(name=name, max_recovery_attempts=None)


def _step(run: Callable[_P, Awaitable[None]]) -> Callable[_P, Awaitable[None]]:
    async def step(*args: _P.args, **kwargs: _P.kwargs) -> None:
        await run(*args, **kwargs)

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
