"""The real client meets the real service over real HTTP; only the media server is a fake.

What the fixtures promise on paper is walked here once, from sign-up to the end.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
import structlog
import uvicorn

from client_api.client import LiftbayClient, new_key
from client_api.clock import SystemClock
from client_api.errors import ErrorCode, Refused
from client_api.records import Finding, NotesDraft
from client_api.secret import Secret
from client_api.sign_in import SignIn
from client_api.stream_events import (
    AccountSessionChanged,
    MessageArrived,
    RequestOpened,
    SessionEnded,
    StatusChanged,
    StreamBegan,
)
from client_api.tasks import spawn
from client_api.transport import Transport
from client_api.version import installed_version, is_older
from client_api.wire import (
    AttemptId,
    ClientMessageId,
    ClockState,
    Intake,
    Plan,
    PreflightTrigger,
    ReadinessState,
    ReportId,
    Role,
    Session,
    SessionEndReason,
    SessionStatus,
    Severity,
    Urgency,
    Vehicle,
)
from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from liftbay_backend.logs import route_to_logging
from liftbay_backend.metrics import REGISTRY
from liftbay_backend.services.accounts import create_account
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import passing_report
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.stores import MemorySecretStore

PASSWORD = Secret("correct horse battery")
INTAKE = Intake(
    Plan.DIAGNOSTIC, Vehicle(2016, "Honda", "Civic"), "Squeal on cold start", Urgency.SOON
)

E = TypeVar("E")


@dataclass
class Person:
    """Somebody with a client of their own."""

    transport: Transport
    sign_in: SignIn
    store: MemorySecretStore
    api: LiftbayClient


@dataclass
class Place:
    """The service with its address, and how to come in."""

    service: BackendService
    url: str

    @asynccontextmanager
    async def person(self, store: MemorySecretStore | None = None) -> AsyncGenerator[Person, None]:
        clock = SystemClock()
        store = store or MemorySecretStore()
        transport = Transport(self.url, clock)
        sign_in = SignIn(transport, store, clock)
        try:
            yield Person(transport, sign_in, store, LiftbayClient(transport, clock))
        finally:
            await transport.close()

    async def preflight(self, person: Person, session: Session) -> ReportId:
        """Pass a preflight; the fake media server sees the probe join."""
        run = await person.api.begin_preflight(session=session.id, trigger=PreflightTrigger.JOIN)
        assert run.run_id is not None
        assert run.nonce is not None
        self.service.rooms.join_with(run.probe.tokens["join"].reveal())
        verdict = await person.api.submit_report(run.run_id, passing_report(run.nonce))
        assert verdict.passed, verdict
        return verdict.report_id


@pytest.fixture
async def place(tmp_path: Path) -> AsyncGenerator[Place, None]:
    route_to_logging("WARNING")
    settings = Settings(data_dir=tmp_path)
    database = Database(settings.sqlalchemy_url)
    await migrate(database)
    await database.close()
    async with backend_service(settings) as service:
        live = service.app.state.live
        service.app.state.live = replace(live, start_patience_seconds=0.0)
        config = uvicorn.Config(
            service.app, port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        serving = spawn(server.serve(), name="service")
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Place(service, f"http://127.0.0.1:{port}")
        server.should_exit = True
        await serving
        await end_stream_watcher()
    structlog.reset_defaults()


async def end_stream_watcher() -> None:
    """End the task that sse-starlette starts with its first stream and lets run for good."""
    tasks = [task for task in asyncio.all_tasks() if "_shutdown_watcher" in repr(task.get_coro())]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def customer(place: Place) -> AsyncGenerator[Person, None]:
    async with place.person() as person:
        await person.sign_in.sign_up("Sam Okafor", "sam@example.test", PASSWORD)
        yield person


@asynccontextmanager
async def mechanic(place: Place) -> AsyncGenerator[Person, None]:
    core = place.service.core
    await create_account(
        core.works,
        core.passwords,
        email="dana@example.test",
        password=PASSWORD.reveal(),
        name="Dana Roy",
        mechanic=True,
    )
    async with place.person() as person:
        await person.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)
        yield person


async def wait_for(stream: AsyncGenerator[object, None], kind: type[E]) -> E:
    """Read a stream until an event of this kind comes."""
    async with asyncio.timeout(10):
        async for event in stream:
            if isinstance(event, kind):
                return event
    raise AssertionError("the stream ended")


async def test_a_quiet_dashboard_loses_nothing_to_a_drain(place: Place) -> None:
    """Cut off by an instance that stops, it came back without a number, and began at the newest."""
    state = place.service.app.state
    async with customer(place) as sam, aclosing(sam.api.account_events()) as news:
        await wait_for(news, StreamBegan)
        changed = spawn(wait_for(news, AccountSessionChanged), name="changed")
        state.stopping.set()
        place.service.core.wakeup.wake_all()
        while REGISTRY.get_sample_value("liftbay_open_streams", {"stream": "account"}):
            await asyncio.sleep(0.01)
        session = (await sam.api.start_intake(INTAKE)).session
        state.stopping.clear()

        assert (await changed).session.id == session.id


async def test_a_session_from_sign_up_to_its_end(place: Place) -> None:
    async with customer(place) as sam, mechanic(place) as dana:
        assert (await sam.api.me()).roles == (Role.CUSTOMER,)
        assert (await dana.api.me()).mechanic_id is not None
        assert await dana.api.set_available(True)
        assert {offer.plan for offer in await sam.api.plans()} >= {Plan.DIAGNOSTIC}

        # The request comes to the mechanic by itself, and is accepted.
        async with aclosing(dana.api.account_events()) as news:
            opened = spawn(wait_for(news, RequestOpened), name="request")
            await asyncio.sleep(0.1)
            started = await sam.api.start_intake(INTAKE)
            request = (await opened).request
        assert request.session_id == started.session.id
        session = await dana.api.accept_request(request.id)
        assert session.status is SessionStatus.WAITING
        page = await sam.api.sessions(statuses=(SessionStatus.WAITING,))
        assert [row.id for row in page.sessions] == [session.id]

        # Nobody comes in without a preflight; with one, both do.
        attempts: dict[Role, AttemptId] = {}
        with pytest.raises(Refused) as caught:
            await sam.api.session_token(
                session.id, report=None, attempt=AttemptId(str(uuid.uuid4()))
            )
        assert caught.value.code is ErrorCode.PREFLIGHT_REQUIRED
        for person, role in ((sam, Role.CUSTOMER), (dana, Role.MECHANIC)):
            report = await place.preflight(person, session)
            both = await person.api.put_readiness(session.id, ReadinessState.READY, rung=6)
            # Who was seen in the room needs to say nothing more.
            is_in = role is Role.MECHANIC
            expected = ReadinessState.IN_CALL if is_in else ReadinessState.READY
            assert both.customer.state is expected
            attempts[role] = AttemptId(str(uuid.uuid4()))
            ticket = await person.api.session_token(
                session.id, report=report, attempt=attempts[role]
            )
            assert ticket.identity.startswith(role.value)
            if role is Role.CUSTOMER:
                place.service.rooms.join_with(ticket.token.reveal())
                with pytest.raises(Refused) as caught:
                    await sam.api.start_session(session.id)
                assert caught.value.code is ErrorCode.SESSION_NOT_BOTH_PRESENT
            else:
                place.service.rooms.join_with(ticket.token.reveal())

        # The clock runs the same for both.
        running = await sam.api.start_session(session.id)
        again = await dana.api.start_session(session.id)
        assert running.clock.state is again.clock.state is ClockState.RUNNING
        reading = await dana.api.clock(session.id)
        assert reading.clock.revision == running.clock.revision
        assert 0 <= reading.offset.error_ns < 4_000_000_000

        # Chat, notes, and the end, seen by the other side through the stream.
        async with aclosing(dana.api.session_events(session.id)) as happenings:
            assert (await wait_for(happenings, StatusChanged)).seq >= 1
            client_id = ClientMessageId(str(uuid.uuid4()))
            message = await sam.api.send_message(session.id, "squeal?", client_id=client_id)
            twice = await sam.api.send_message(session.id, "squeal?", client_id=client_id)
            assert message == twice
            arrived = await wait_for(happenings, MessageArrived)
            assert arrived.message == message
            finding = Finding("Belt worn", "Cracks", Severity.SOON, 12000, 18000)
            notes = await dana.api.put_notes(session.id, NotesDraft((finding,), "Quote"), version=0)
            with pytest.raises(Refused) as caught:
                await dana.api.put_notes(session.id, NotesDraft((), ""), version=0)
            assert caught.value.code is ErrorCode.NOTES_VERSION_CONFLICT
            assert (await dana.api.notes(session.id)) == notes

            key = new_key()
            pressed_at = place.service.clock.now()
            ends = [
                await sam.api.end_session(
                    session.id,
                    SessionEndReason.ENDED_BY_CUSTOMER,
                    pressed_at=pressed_at,
                    attempt=attempts[Role.CUSTOMER],
                    key=key,
                )
                for _ in range(2)
            ]
            assert ends[0] == ends[1]
            assert ends[0].end is not None
            ended = await wait_for(happenings, SessionEnded)
            assert ended.end == ends[0].end

        # Over is over.
        with pytest.raises(Refused) as caught:
            await dana.api.session_token(
                session.id, report=None, attempt=AttemptId(str(uuid.uuid4()))
            )
        assert caught.value.code is ErrorCode.SESSION_ENDED
        assert (await sam.api.session(session.id)).clock.state is ClockState.ENDED


async def test_a_sign_in_outlives_the_program(place: Place) -> None:
    async with customer(place) as sam:
        store = sam.store
    async with place.person(store) as sam_again:
        restored = await sam_again.sign_in.restore()
        assert restored is not None
        assert (await sam_again.api.me()).name == "Sam Okafor"
        await sam_again.sign_in.sign_out()
    async with place.person(store) as sam_later:
        assert await sam_later.sign_in.restore() is None

    async with mechanic(place) as dana:
        store = dana.store
    async with place.person(store) as dana_again:
        restored = await dana_again.sign_in.restore()
        assert restored is not None
        assert restored.role is Role.MECHANIC
        assert (await dana_again.api.me()).name == "Dana Roy"


async def test_refused_sign_ins_say_why(place: Place) -> None:
    async with customer(place), place.person() as other:
        for attempt, code in (
            (
                other.sign_in.sign_in_customer("sam@example.test", Secret("wrong")),
                ErrorCode.AUTH_INVALID_CREDENTIALS,
            ),
            (
                other.sign_in.sign_in_mechanic("sam@example.test", Secret("wrong")),
                ErrorCode.AUTH_INVALID_CREDENTIALS,
            ),
            (
                other.sign_in.sign_up("Sam", "sam@example.test", PASSWORD),
                ErrorCode.AUTH_ACCOUNT_EXISTS,
            ),
            (
                other.sign_in.sign_up("Eve", "eve@example.test", Secret("1")),
                ErrorCode.AUTH_WEAK_PASSWORD,
            ),
        ):
            with pytest.raises(Refused) as caught:
                await attempt
            assert caught.value.code is code

        with pytest.raises(Refused) as caught:
            await other.api.me()
        assert caught.value.code is ErrorCode.AUTH_REQUIRED


async def test_a_stranger_has_no_part_in_a_session(place: Place) -> None:
    async with customer(place) as sam, place.person() as eve:
        session = (await sam.api.start_intake(INTAKE)).session.id
        await eve.sign_in.sign_up("Eve", "eve@example.test", PASSWORD)

        with pytest.raises(Refused) as caught:
            await eve.api.session(session)
        assert caught.value.code is ErrorCode.SESSION_NOT_PARTICIPANT
        with pytest.raises(Refused) as caught:
            async with aclosing(eve.api.session_events(session)) as events:
                await anext(events)

    assert caught.value.code is ErrorCode.SESSION_NOT_PARTICIPANT


async def test_the_health_is_told_without_a_sign_in(place: Place) -> None:
    async with place.person() as anybody:
        health = await anybody.api.health()

    assert health.version
    assert not is_older(installed_version() or "0", health.min_client_version)
