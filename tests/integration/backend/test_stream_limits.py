"""What streams cost and when they end: heartbeats, readers that do not read, two instances."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psutil
import pytest

from liftbay_backend import events
from liftbay_backend.notify import listen_for_wakeups
from liftbay_backend.repositories import events as rows_of
from liftbay_backend.settings import Settings
from liftbay_backend.wakeup import Wakeup, session_topic
from tests.fakes.backend_service import BackendService, Caller, backend_service
from tests.fakes.loopback import on_loopback
from tests.integration.backend.conftest import ENGINES
from tests.integration.backend.test_event_streams import emit, following, take

WITHIN_S = 15
SMALL_BUFFER = 4096
MANY = 1200


def request_of(caller: Caller, path: str) -> bytes:
    """Return the bytes of a stream's request, for a socket that the test reads or does not."""
    head = [f"GET {path} HTTP/1.1", "Host: service.test"]
    head += [f"Authorization: {caller.http.headers['authorization']}", "", ""]
    return "\r\n".join(head).encode()


@asynccontextmanager
async def raw(base: str, caller: Caller, path: str) -> AsyncIterator[socket.socket]:
    """Open a stream over a socket with a small buffer, and read nothing by itself."""
    host, port = base.removeprefix("http://").split(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(connection, (host, int(port)))
        await loop.sock_sendall(connection, request_of(caller, path))
        yield connection


async def read_until(connection: socket.socket, wanted: bytes, times: int) -> bytes:
    loop, got = asyncio.get_running_loop(), b""
    async with asyncio.timeout(WITHIN_S):
        while got.count(wanted) < times:
            more = await loop.sock_recv(connection, 65536)
            assert more, "the stream ended"
            got += more
    return got


async def test_a_stream_that_has_nothing_to_say_gives_signs_of_life(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(stream_ping_seconds=1)) as service:
        customer = await service.customer()
        loop = asyncio.get_running_loop()

        async with (
            on_loopback(service.app) as base,
            raw(base, customer, "/api/events") as connection,
        ):
            began = loop.time()
            got = await read_until(connection, b": ping", 2)
            took = loop.time() - began

    assert got.startswith(b"HTTP/1.1 200")
    beginning, _, beats = got.partition(b"\r\nid: 0\r\n\r\n")
    assert b"ping" not in beginning
    assert b"id:" not in beats, "a heartbeat is no event and moves no resume point"
    assert 1.0 < took < 8


async def test_a_reader_that_does_not_read_is_dropped_and_not_buffered_for(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SEND_DEADLINE_SECONDS", 1)
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    path = f"/api/sessions/{session['id']}/events"
    reads: list[int] = []
    real = rows_of.session_events_after

    async def counted(*args: object) -> object:
        found = await real(*args)  # type: ignore[arg-type]  # passed on as it came
        reads.append(len(found))
        return found

    monkeypatch.setattr(rows_of, "session_events_after", counted)
    async with service.core.works.begin() as work:
        row = await work.session(session["id"])
        for number in range(MANY):
            work.emit(row, "note", {"version": number, "filler": "x" * 10_000})

    async with on_loopback(service.app) as base:
        async with raw(base, customer, path):
            async with asyncio.timeout(WITHIN_S):
                while not reads or service.app.state.streams._open:
                    await asyncio.sleep(0.05)
                # The socket too: what is buffered for somebody who never reads is never freed.
                while _accepted(base):
                    await asyncio.sleep(0.05)
            read_for_it = sum(reads)
        async with following(base, customer, path) as stream:
            rest = await take(stream, MANY)

    assert read_for_it < MANY / 2
    assert [int(one.id) for one in rest] == list(range(1, MANY + 1))


def _accepted(base: str) -> bool:
    """Tell whether this process still holds the server's end of a connection."""
    port = int(base.rpartition(":")[2])
    return any(
        one.laddr.port == port and one.status != psutil.CONN_LISTEN
        for one in psutil.Process().net_connections("tcp")
    )


@pytest.mark.parametrize(
    "new_database", [one for one in ENGINES if one == "postgresql"], indirect=True
)
async def test_an_event_reaches_a_stream_of_another_instance(
    make_settings: Callable[..., Settings],
) -> None:
    """No stream looks by itself within the test: only the other one's NOTIFY can wake it."""
    settings = make_settings(stream_poll_seconds=600.0)
    async with backend_service(settings) as first, backend_service(settings) as second:
        customer, mechanic = await first.customer(), await first.mechanic()
        session = await first.waiting_session(customer, mechanic)
        core = second.core
        listening = asyncio.create_task(listen_for_wakeups(settings, core.wakeup, core.database))
        try:
            async with (
                on_loopback(second.app) as base,
                following(base, mechanic, f"/api/sessions/{session['id']}/events") as of_session,
                following(base, mechanic, "/api/events") as of_account,
            ):
                await take(of_session, 1)
                await asyncio.sleep(0.5)
                await emit(first, session["id"], 1)
                (note,) = await take(of_session, 1)
                await first.pending_session(customer)
                (opened,) = await take(of_account, 1)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    assert (note.event, opened.event) == ("note", "request.opened")


@pytest.mark.parametrize(
    "new_database", [one for one in ENGINES if one == "postgresql"], indirect=True
)
async def test_an_instances_own_notify_wakes_nobody_a_second_time(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings()
    async with backend_service(settings) as own, backend_service(settings) as other:
        customer, mechanic = await own.customer(), await own.mechanic()
        sessions = [await own.waiting_session(customer, mechanic) for _ in range(2)]
        # A wake-up of its own: what the commits themselves wake is not what is looked at here.
        wakeup = Wakeup()
        listening = asyncio.create_task(listen_for_wakeups(settings, wakeup, own.core.database))
        try:
            with (
                wakeup.waiter(session_topic(sessions[0]["id"])) as of_own,
                wakeup.waiter(session_topic(sessions[1]["id"])) as of_other,
            ):
                async with asyncio.timeout(10):
                    # Everybody is woken once it listens.
                    await of_other.wait()
                of_own.clear()
                of_other.clear()
                await emit(own, sessions[0]["id"], 1)
                await emit(other, sessions[1]["id"], 1)
                async with asyncio.timeout(10):
                    # Notices come in the order of their commits.
                    await of_other.wait()
                woken = of_own.is_set()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    assert not woken


async def test_an_account_event_wakes_nobody_whom_it_does_not_concern(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    stranger = await service.customer("Ida Stranger")
    session = await service.waiting_session(customer, mechanic)
    read_by: list[tuple[str, ...]] = []
    real = rows_of.account_events_after

    async def noted(db: object, audiences: list[str], *rest: object, **more: object) -> object:
        read_by.append(tuple(audiences))
        return await real(db, audiences, *rest, **more)  # type: ignore[arg-type]  # as it came

    async with (
        on_loopback(service.app) as base,
        following(base, customer, "/api/events") as mine,
        following(base, stranger, "/api/events") as theirs,
    ):
        await asyncio.sleep(0.5)
        monkeypatch.setattr(rows_of, "account_events_after", noted)
        async with service.core.works.begin() as work:
            work.session_changed(await work.session(session["id"]))
        await take(mine, 1)
        await asyncio.sleep(0.2)
        woken = {audience for audiences in read_by for audience in audiences}
        await service.pending_session(stranger)
        await take(theirs, 1)

    assert woken == {f"customer:{customer.user_id}"}
