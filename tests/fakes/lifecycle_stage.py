"""One service, its outside world and its people, for walks through the lifecycle at random.

The service may die at any commit and is opened again on its database; the media server, the
payment provider, the CRM and the durable engine's notes outlive it, as they do outside of tests.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import httpx
from sqlalchemy import QueuePool

from liftbay_backend.app import create_app
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.settlement import SettlementKind
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.settling import Settling
from liftbay_backend.live import Live
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services import crm_records, due
from liftbay_backend.services.archiving import archive_old_sessions
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.services.payment_events import take_payment_event
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench
from tests.fakes.backend_service import BackendService, Caller, quick_passwords
from tests.fakes.outside_money import OutsideCrm, OutsidePayments, OutsideTransfers
from tests.fakes.rooms import FakeRooms
from tests.fakes.service_clock import FakeServiceClock
from tests.fakes.sudden_death import Death, DyingDatabase

LAST_REQUESTS_S: Final = 30
TEN_YEARS_S: Final = 10 * 366 * 86400
ROOMY: Final = {
    "access_token_seconds": TEN_YEARS_S,
    "mechanic_cookie_seconds": TEN_YEARS_S,
    "crm_webhook_url": "https://crm.example.test/hook",
    "crm_webhook_secret": "a-secret-of-at-least-32-characters-here",
}
"""Settings in which nobody is signed out on the way and a CRM wants records."""
_MAY_DIFFER: Final = frozenset({"idempotency.running", "rate.limited", "sfu.unavailable"})


@dataclass(frozen=True, slots=True)
class Sent:
    """An HTTP request that was answered, to be sent again."""

    caller: Caller
    method: str
    path: str
    body: Any
    headers: dict[str, str]
    status: int
    answer: Any

    @property
    def key(self) -> str | None:
        """Its idempotency key."""
        return self.headers.get("Idempotency-Key")


@dataclass
class LifecycleStage:
    """Everything at once.

    Attributes:
        sessions: ids of all sessions, oldest first.
        reports: each person's newest preflight report for a session.
        attempts: each person's call attempts in a session, oldest first.
        sent: every request that was answered.
        workflows: the steps of settlements that the durable engine has still to run.
        deaths: how often the service died.
    """

    settings: Settings
    service: BackendService
    payments: OutsidePayments
    transfers: OutsideTransfers = field(default_factory=OutsideTransfers)
    crm: OutsideCrm = field(default_factory=OutsideCrm)
    customer: Caller = field(init=False)
    mechanics: tuple[Caller, Caller] = field(init=False)
    support: Caller = field(init=False)
    nobody: Caller = field(init=False)
    dying: DyingDatabase = field(init=False)
    sessions: list[SessionId] = field(default_factory=list)
    reports: dict[tuple[SessionId, str], str] = field(default_factory=dict)
    attempts: dict[tuple[SessionId, str], list[str]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    workflows: dict[SessionId, tuple[SettlementKind, int]] = field(default_factory=dict)
    started: set[SessionId] = field(default_factory=set)
    deaths: int = 0

    async def open(self) -> None:
        """Let everybody sign in."""
        self._take_over()
        self.customer = await self.service.customer()
        self.mechanics = (await self.service.mechanic("Dana"), await self.service.mechanic("Ray"))
        self.support = await self.service.support()
        self.nobody = Caller(await self.service.client(), "")

    @property
    def live(self) -> Live:
        """The live parts of the service that runs now."""
        found = self.service.app.state.live
        assert isinstance(found, Live)
        return found

    @property
    def settling(self) -> Settling:
        """The steps of settlements, in the service that runs now."""
        return Settling(self.service.core, self.transfers)

    def bench(self, session_id: SessionId, mechanic: Caller | None = None) -> CallBench:
        """Return the bench of a session, for what is done to it in a call."""
        return CallBench(self.service, self.customer, mechanic or self.mechanics[0], session_id)

    async def ask(
        self,
        caller: Caller,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        key: bool = True,
    ) -> Sent | None:
        """Send a request and judge its answer; None if the service died under it."""
        all_headers = dict(headers or {})
        # Both answers hold secrets, which are stored nowhere: asked again, they are others.
        is_secret = path.endswith("/token") or path == "/api/preflight"
        if key and method != "GET" and not is_secret:
            all_headers["Idempotency-Key"] = str(uuid.uuid4())
        return await self._send(Sent(caller, method, path, body, all_headers, 0, None))

    async def again(self, sent: Sent, *, key: str) -> Sent | None:
        """Send a request again: with its key as it was, with none, or with a new one.

        Raises:
            AssertionError: with its own key another answer came than the first time.
        """
        headers = {name: one for name, one in sent.headers.items() if name != "Idempotency-Key"}
        if key == "same" and sent.key is not None:
            headers["Idempotency-Key"] = sent.key
        elif key == "new" and sent.key is not None:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        found = await self._send(replace(sent, headers=headers))
        if found is not None and key == "same" and sent.key is not None and sent.status < 300:
            same = (found.status, _lasting(found.answer)) == (sent.status, _lasting(sent.answer))
            assert same or found.answer.get("code") in _MAY_DIFFER, (sent, found)
        return found

    async def inside(self, work: Callable[[], Awaitable[object]]) -> object:
        """Let the service work by itself; None if it died of it, or the media server was away."""
        try:
            return await work()
        except RoomsUnavailable:
            return None
        except Death:
            await self.reopen()
            return None

    async def tick(self) -> None:
        """Do what the loops of a running service do."""
        for session_id in tuple(self.sessions):
            await self.inside(partial(self.live.watch.look, session_id))
        for work in (
            due.end_sessions_at_zero,
            due.expire_requests,
            due.open_scheduled,
            due.expire_no_shows,
            due.lapse_readiness,
            due.close_rooms,
            archive_old_sessions,
        ):
            await self.inside(partial(work, self.live))
        await self.inside(lambda: due.start_settlements(self.live, self._start))
        await self.inside(lambda: due.sweep_settlements(self.live, self._start))
        await self.inside(lambda: crm_records.start_deliveries(self.live, self._deliver))
        await self.inside(lambda: due.move_money_again(self.live, self.settling.look_again))
        await self.inside(lambda: forget_old_proofs(self.service.core))

    async def settle(self, steps: int, *, twice: bool = False) -> None:
        """Let the durable engine run some steps; one whose process dies under it runs again.

        Args:
            twice: two instances run each at the same time.
        """
        for session_id in tuple(self.workflows):
            for _ in range(steps):
                if session_id not in self.workflows:
                    break
                kind, number = self.workflows[session_id]
                step = self._steps(kind)[number]
                before = self.deaths
                await self.inside(partial(_at_once, step, session_id, 1 + twice))
                if self.deaths > before:
                    break
                if number + 1 == len(self._steps(kind)):
                    del self.workflows[session_id]
                else:
                    self.workflows[session_id] = (kind, number + 1)

    async def deliver(self, number: int) -> None:
        """Deliver one of the payment provider's events, however often it came before."""
        if self.payments.told:
            event = self.payments.told[number % len(self.payments.told)]
            await self.inside(lambda: take_payment_event(self.service.core, event))

    async def reopen(self) -> None:
        """Open the service again on its database, after its death or without any."""
        self.deaths += self.dying.is_dead
        await self._close_database()
        self.service.app = _app(self.settings, self.service, self.payments)
        self._take_over()

    async def close(self) -> None:
        """Close the service that runs now."""
        await self._close_database()

    async def _close_database(self) -> None:
        """Close every connection, as the end of a process does: those of others on the way too."""
        database = self.service.core.database
        pools = (database.writer.pool, database.reader.pool)
        async with asyncio.timeout(LAST_REQUESTS_S):
            while any(one.checkedout() for one in pools if isinstance(one, QueuePool)):
                await asyncio.sleep(0.001)
        await database.close()

    def _take_over(self) -> None:
        state = self.service.app.state
        state.live = replace(state.live, start_patience_seconds=0.0)
        self.dying = DyingDatabase(self.service.core.database)

    async def _send(self, sent: Sent) -> Sent | None:
        try:
            # A text is sent as it is: a webhook's bytes are what was signed.
            body = {"content" if isinstance(sent.body, str) else "json": sent.body}
            answer = await sent.caller.http.request(
                sent.method, sent.path, headers=sent.headers, **body
            )
        except Death:
            await self.reopen()
            return None
        found = replace(sent, status=answer.status_code, answer=_body(answer))
        if answer.status_code >= 500:
            is_away = found.answer["code"] == "sfu.unavailable" and self.service.rooms.is_down
            assert is_away, found
        self.sent.append(found)
        return found

    def _steps(self, kind: SettlementKind) -> tuple[Callable[[SessionId], Awaitable[None]], ...]:
        one = self.settling
        if kind is SettlementKind.PAYOUT:
            return (one.begin, one.pay_mechanic, one.record_in_crm, one.offer_upsells, one.finish)
        return (one.begin, one.refund_customer, one.record_in_crm, one.finish)

    async def _start(self, session_id: SessionId, kind: SettlementKind) -> None:
        """Start a workflow, once for each session, as the engine's ids make sure."""
        if session_id not in self.started:
            self.started.add(session_id)
            self.workflows[session_id] = (kind, 0)

    async def _deliver(self, session_id: SessionId, round_number: int, number: int) -> None:
        delivery = CrmDelivery(self.service.core, self.crm)
        await delivery.attempt(session_id, round_number, number)


@asynccontextmanager
async def lifecycle_stage(settings: Settings) -> AsyncIterator[LifecycleStage]:
    """Open the stage on a database that is migrated already."""
    clock = FakeServiceClock()
    rooms = FakeRooms(clock.now)
    payments = OutsidePayments()
    async with AsyncExitStack() as stack:
        app = create_app(
            settings, clock=clock, rooms=rooms, payments=payments, passwords=quick_passwords()
        )
        stage = LifecycleStage(settings, BackendService(app, clock, rooms, stack), payments)
        stack.push_async_callback(stage.close)
        await stage.open()
        yield stage


def _app(settings: Settings, service: BackendService, payments: OutsidePayments) -> Any:
    return create_app(
        settings,
        clock=service.clock,
        rooms=service.rooms,
        payments=payments,
        passwords=quick_passwords(),
    )


async def _at_once(
    step: Callable[[SessionId], Awaitable[None]], session_id: SessionId, times: int
) -> None:
    results = await asyncio.gather(
        *(step(session_id) for _ in range(times)), return_exceptions=True
    )
    for one in results:
        if isinstance(one, BaseException):
            raise one


def _body(answer: httpx.Response) -> Any:
    return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text


def _lasting(answer: Any) -> Any:
    """Leave out a page's address: it is asked for anew at every answer, and closes."""
    if not isinstance(answer, dict) or "payment" not in answer:
        return answer
    return {**answer, "payment": {"status": answer["payment"]["status"]}}
