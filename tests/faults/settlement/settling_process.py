"""Processes that settle what a database holds, each told where or when to die of SIGKILL.

Usage: python -c "…settling_process import main; main()" FOLDER, settings in the environment.

This one imports everything once and then only forks, so that two hundred deaths take minutes. It
reads an `Order` a line from standard input and answers with the end of the process it forked for
it. What that process came past stands in FOLDER/crossed, what it logged in FOLDER/settling.log.
"""

import asyncio
import faulthandler
import functools
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import psutil
from dbos import DBOS
from sqlalchemy import or_, select

from liftbay_backend.app import create_app
from liftbay_backend.core import Core
from liftbay_backend.crm.webhook import CrmWebhook
from liftbay_backend.db.models import CrmRecordRow, SettlementRow
from liftbay_backend.domain.states import SettlementState, WorkState
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import DurableWork
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.stripe_transfers import StripeTransfers
from liftbay_backend.live import Live, build_live
from liftbay_backend.logs import configure_logging
from liftbay_backend.payments.stripe_payments import StripePayments
from liftbay_backend.services import crm_records, due
from liftbay_backend.settings_reading import load_settings
from liftbay_backend.work import Work, Works
from tests.fakes.backend_service import quick_passwords
from tests.fakes.rooms import FakeRooms

DONE_WITHIN_S = 600
HURRY = 30.0
"""Service time runs so much faster: a pause of ten seconds before the next try takes a third."""
CRM_PAUSES = (0.0,) * 40
STEPS = (
    *("begin", "pay_mechanic", "refund_customer", "record_in_crm", "offer_upsells", "finish"),
    "look_again",
)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """How one process lives and dies.

    Attributes:
        now: service time at its start, ISO 8601.
        kill_at: dies the `nth` time it comes past this crossing.
        kill_after_cpu_s: dies when it has had so much of the processor; a wait of no interest
            and a machine that is busy with other things do not count.
        version: of the application.
        instance: its id; one of its own by default.
    """

    now: str
    kill_at: str | None = None
    nth: int = 1
    kill_after_cpu_s: float | None = None
    version: str = "1"
    instance: str | None = None

    def line(self) -> str:
        """Write it for `main`."""
        return json.dumps(asdict(self)) + "\n"


@dataclass(slots=True)
class _Step:
    name: str
    writes: int = 0


@dataclass(slots=True)
class Crossings:
    """Notes where the process comes past, and ends it where the order says."""

    notes: int
    order: Order
    _left: int = 0
    _step: ContextVar[_Step] = field(default_factory=lambda: ContextVar("step"))

    def __post_init__(self) -> None:
        self._left = self.order.nth

    def reach(self, name: str) -> None:
        """Come past a crossing."""
        os.write(self.notes, f"{name}\n".encode())
        if name == self.order.kill_at:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def step(self, run: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """Make the ends of a step crossings; what it does inside bears its name."""
        name: str = run.__name__

        @functools.wraps(run)
        async def crossed(*args: P.args, **kwargs: P.kwargs) -> T:
            token = self._step.set(_Step(name))
            try:
                self.reach(f"before {name}")
                result = await run(*args, **kwargs)
                self.reach(f"after {name}")
                return result
            finally:
                self._step.reset(token)

        return crossed

    def call(self, run: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """Make the ends of a call to somebody outside crossings."""
        owner = type(run.__self__).__name__  # type: ignore[attr-defined]  # a method
        name = f"{owner}.{run.__name__}"

        @functools.wraps(run)
        async def crossed(*args: P.args, **kwargs: P.kwargs) -> T:
            self.reach(f"{self.where()}: before {name}")
            result = await run(*args, **kwargs)
            self.reach(f"{self.where()}: after {name}")
            return result

        return crossed

    def where(self) -> str:
        """Name the step that runs."""
        return self._step.get(_Step("engine")).name

    def write(self) -> str:
        """Name the next write transaction of the step that runs."""
        step = self._step.get(_Step("engine"))
        step.writes += 1
        return f"{step.name}: {{}} write {step.writes}"


class CrossingWorks(Works):
    """Both ends of every write transaction are crossings."""

    def __init__(self, core: Core, crossings: Crossings) -> None:
        super().__init__(core.database, core.clock, core.wakeup)
        self._crossings = crossings

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Open a unit of work."""
        name = self._crossings.write()
        self._crossings.reach(name.format("before"))
        async with super().begin() as work:
            yield work
        self._crossings.reach(name.format("after"))


class HurriedClock:
    """Service time that begins where the order says and runs ahead."""

    def __init__(self, now: datetime) -> None:
        self._base, self._began = now, time.monotonic()

    def now(self) -> datetime:
        """See `liftbay_backend.clock.Clock`."""
        return self._base + timedelta(seconds=HURRY * (time.monotonic() - self._began))

    def monotonic(self) -> float:
        """See `liftbay_backend.clock.Clock`."""
        return HURRY * time.monotonic()


async def settle(made: Core, order: Order, notes: int) -> None:
    """Recover, settle, pay back and tell whatever there is, until nothing is left to do.

    Args:
        made: before the fork; nothing of it is connected.
    """
    instance = f"process-{os.getpid()}" if order.instance is None else order.instance
    clock = HurriedClock(datetime.fromisoformat(order.now))
    crossings = Crossings(notes, order)
    rooms = FakeRooms(clock.now)
    settings = made.settings.model_copy(update={"instance_id": instance})
    core = replace(made, settings=settings, clock=clock)
    core = replace(core, works=CrossingWorks(core, crossings))
    payments, crm = core.payments, CrmWebhook.from_settings(core.settings)
    assert isinstance(payments, StripePayments)
    assert crm is not None
    transfers = StripeTransfers(payments.account)
    for outside, names in (
        (payments, ("refund", "close_checkout")),
        (transfers, ("moved", "send", "reverse")),
        (crm, ("send",)),
    ):
        for name in names:
            setattr(outside, name, crossings.call(getattr(outside, name)))
    settling = Settling(core, transfers)
    for name in STEPS:
        setattr(settling, name, crossings.step(getattr(settling, name)))
    delivery = CrmDelivery(core, crm, CRM_PAUSES)
    setattr(delivery, "attempt", crossings.step(delivery.attempt))  # noqa: B010  # a method
    durable = DurableWork(core, settling, delivery, version=order.version)
    await durable.launch()
    crossings.reach("launched")
    live = build_live(core, rooms)
    await due.start_settlements(live, durable.start)
    await due.sweep_settlements(live, durable.start)
    while not await _is_done(live):
        await due.start_settlements(live, durable.start)
        await crm_records.start_deliveries(live, durable.start_delivery)
        await due.move_money_again(live, durable.look_again)
        await durable.recover()
        await asyncio.sleep(0.03)
    crossings.reach("done")


async def _is_done(live: Live) -> bool:
    query = select(SettlementRow.session_id).where(
        or_(SettlementRow.state != SettlementState.DONE, SettlementRow.retry_at.is_not(None))
    )
    untold = select(CrmRecordRow.session_id).where(CrmRecordRow.state == WorkState.PENDING)
    async with live.core.database.reading() as db:
        for one in (query, untold):
            if (await db.execute(one.limit(1))).first() is not None:
                return False
    left = await DBOS.list_workflows_async(
        status=["PENDING", "ENQUEUED"], load_input=False, load_output=False
    )
    return not left


def _child(made: Core, order: Order, folder: Path) -> None:
    log = os.open(folder / "settling.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    notes = os.open(folder / "crossed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, name in ((0, nothing), (1, log), (2, log)):
        os.dup2(name, number)
    faulthandler.dump_traceback_later(DONE_WITHIN_S, exit=True)
    configure_logging("INFO")
    asyncio.run(_settle_and_leave(made, order, notes))


async def _settle_and_leave(made: Core, order: Order, notes: int) -> None:
    """Settle, and end without a farewell: one more death in the eyes of whoever comes next."""
    await settle(made, order, notes)
    os._exit(0)


def _end_of(process: int, kill_after_cpu_s: float | None) -> tuple[int, float]:
    """Wait for a process; return its exit status, negative for a signal, and its processor time."""
    running = psutil.Process(process)
    while True:
        ended, status, used = os.wait4(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
        if kill_after_cpu_s is not None:
            times = running.cpu_times()
            if times.user + times.system >= kill_after_cpu_s:
                # Not waited for yet, so the number is nobody else's.
                os.kill(process, signal.SIGKILL)
                kill_after_cpu_s = None
        time.sleep(0.004)


def main() -> None:
    """Fork a process for every order until there are no more."""
    folder = Path(sys.argv[1])
    core: Core = create_app(load_settings(), passwords=quick_passwords()).state.core
    for line in sys.stdin:
        order = Order(**json.loads(line))
        assert threading.active_count() == 1, "a fork would lose the other threads"
        process = os.fork()
        if process == 0:
            try:
                _child(core, order, folder)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        sys.stdout.write(json.dumps(_end_of(process, order.kill_after_cpu_s)) + "\n")
        sys.stdout.flush()
