"""SIGTERM for a real process with open event streams: they end in order, nothing is lost."""

import asyncio
import socket
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from httpx_sse import aconnect_sse

from client_api.client import LiftbayClient
from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.sign_in import SignIn
from client_api.stream_events import MessageArrived, SessionEvent
from client_api.tasks import spawn
from client_api.transport import Transport
from client_api.wire import ClientMessageId, Intake, Plan, SessionId, Urgency, Vehicle
from liftbay_backend.serving import GRACE_SECONDS
from tests.fakes.service_process import ServiceProcess
from tests.fakes.stores import MemorySecretStore

PASSWORD = Secret("correct horse battery")
INTAKE = Intake(
    Plan.DIAGNOSTIC, Vehicle(2016, "Honda", "Civic"), "Squeal on cold start", Urgency.SOON
)
SLOW_MACHINE_SECONDS = 10
"""Beside the drain and the grace: imports, a database that closes, two cores that others use."""

pytestmark = pytest.mark.timeout(300)


@asynccontextmanager
async def customer(url: str) -> AsyncGenerator[tuple[LiftbayClient, SignIn], None]:
    """Sign somebody up with the desktop's own client."""
    clock = SystemClock()
    transport = Transport(url, clock)
    sign_in = SignIn(transport, MemorySecretStore(), clock)
    try:
        await sign_in.sign_up("Sam Okafor", "sam@example.test", PASSWORD)
        yield LiftbayClient(transport, clock), sign_in
    finally:
        await transport.close()


async def say(api: LiftbayClient, session: SessionId, text: str) -> None:
    await api.send_message(session, text, client_id=ClientMessageId(str(uuid.uuid4())))


async def hear(events: AsyncGenerator[SessionEvent, None], count: int) -> list[tuple[int, str]]:
    """Take messages as they come, with the numbers of their events."""
    heard: list[tuple[int, str]] = []
    async with asyncio.timeout(60):
        async for event in events:
            if isinstance(event, MessageArrived):
                heard.append((event.seq, event.message.text))
                if len(heard) == count:
                    return heard
    raise AssertionError("the client's stream never ends by itself")


async def read_to_the_end(url: str, path: str, token: str, last: int) -> list[int]:
    """Follow a stream without resuming; returns the ids. A line that breaks raises."""
    headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": str(last)}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http,
        aconnect_sse(http, "GET", path) as source,
    ):
        assert source.response.status_code == 200
        return [int(event.id) async for event in source.aiter_sse() if event.data]


@pytest.mark.parametrize("drain_seconds", [0, 2])
async def test_streams_end_in_order_and_go_on_at_the_next_process(
    tmp_path: Path, drain_seconds: int
) -> None:
    service = ServiceProcess(
        tmp_path / "data", {"drain_seconds": str(drain_seconds)}, port=_free_port()
    )
    await asyncio.to_thread(service.start)
    try:
        async with customer(service.url) as (api, sign_in):
            session = (await api.start_intake(INTAKE)).session.id
            path = f"/api/sessions/{session}/events"
            credential = await sign_in.credential()
            assert credential.bearer is not None
            token = credential.bearer.reveal()
            async with aclosing(api.session_events(session)) as events:
                await say(api, session, "one")
                first = await hear(events, 1)
                raw = spawn(read_to_the_end(service.url, path, token, 0), name="raw")
                while not await _is_followed(service.url, 2):
                    await asyncio.sleep(0.05)

                asked_at = time.monotonic()
                service.ask_to_stop()
                if drain_seconds:
                    # Who is here is served to the end.
                    await say(api, session, "while it drains")
                    first += await hear(events, 1)
                told = await raw
                status = await asyncio.to_thread(service.wait)
                took = time.monotonic() - asked_at
                await asyncio.to_thread(service.start)
                await say(api, session, "two")
                await say(api, session, "three")
                after = await hear(events, 2)

            seqs = [seq for seq, _ in first + after]
            rest = await _ids_after(service.url, path, token, seqs[0], len(seqs) - 1)
    finally:
        stopped = await asyncio.to_thread(service.stop)

    drained = ["while it drains"] if drain_seconds else []
    assert [text for _, text in first + after] == ["one", *drained, "two", "three"]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    # Its end came as an end and not as a line that broke, with all that was said until then.
    assert told == list(range(1, first[-1][0] + 1))
    assert rest == seqs[1:]
    assert (status, stopped) == (0, 0)
    assert drain_seconds <= took < drain_seconds + GRACE_SECONDS + SLOW_MACHINE_SECONDS
    stops = [line for line in service.logged() if line.get("event") == "serve.stop_cut_off"]
    assert stops == []


async def _is_followed(url: str, streams: int) -> bool:
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        text = (await http.get("/metrics")).text
    line = 'liftbay_open_streams{stream="session"} '
    return float(text.partition(line)[2].partition("\n")[0] or 0) == streams


async def _ids_after(url: str, path: str, token: str, last: int, count: int) -> list[int]:
    """Resume by hand, and take so many."""
    headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": str(last)}
    ids: list[int] = []
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http,
        aconnect_sse(http, "GET", path) as source,
        aclosing(source.aiter_sse()) as events,
    ):
        async for event in events:
            if event.data:
                ids.append(int(event.id))
            if len(ids) == count:
                break
    return ids


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
