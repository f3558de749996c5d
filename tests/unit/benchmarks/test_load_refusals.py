"""What a load run does with a refusal: asks again as the desktop client does, and tells of it."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from benchmarks.load import beyond, call
from benchmarks.load.beyond import ends_under_load, fall_back
from benchmarks.load.call import Customer, LiveSession, NotBegun, Side
from benchmarks.load.ledger import Ledger
from benchmarks.load.tables import faults_of, scale_table
from benchmarks.load.wire import Wire
from benchmarks.service import Mechanic
from client_api.transport import TRIES
from tests.unit.benchmarks.test_load_figures import stage

CUSTOMER = Customer("c", "token")
MECHANIC = Mechanic("m", "dana@example.test", "cookie")
BODIES = {
    "/api/intake/start": b'{"session": {"id": "s", "request_id": "r"}}',
    "/api/sessions/s/start": b'{"status": "live"}',
    "/api/sessions/s/notes": b'{"version": 1}',
    "/api/sessions/s/end": b'{"settlement": {"state": "done"}}',
}


class Busy:
    """A service that is busy so many times for each intent, then answers.

    Attributes:
        came: how often each route was asked.
        keys: how often each idempotency key came.
    """

    def __init__(self, refusals: int) -> None:
        self.base = ""
        self.came: Counter[str] = Counter()
        self.keys: Counter[str] = Counter()
        self.rooms = Wire("http://127.0.0.1:9", "")
        self._refusals = refusals
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"Content-Length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                method, path, rest = head.split(" ", 2)
                writer.write(self._answer(method, path, rest))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def close(self) -> None:
        self.rooms.close()
        for writer in self._writers:
            writer.close()
            await writer.wait_closed()

    def _answer(self, method: str, path: str, head: str) -> bytes:
        found = re.search(r"Idempotency-Key: (\S+)", head)
        intent = found[1] if found else f"{method} {path}"
        self.came[f"{method} {path}"] += 1
        self.keys[intent] += 1
        if self.keys[intent] <= self._refusals:
            return b"HTTP/1.1 503 busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
        if path.endswith("/events"):
            return b'HTTP/1.1 200 OK\r\n\r\ndata: {"message":{"client_id":"m"}}\n\n'
        body = BODIES.get(path, b"{}")
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def busy(refusals: int) -> AsyncIterator[Busy]:
    service = Busy(refusals)
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    service.rooms = Wire(service.base, "")
    async with server:
        yield service
        await service.close()
        # The other ends hear of it in a turn of the loop.
        await asyncio.sleep(0)


def session_of(service: Busy, ledger: Ledger) -> LiveSession:
    return LiveSession(service.base, service.rooms, CUSTOMER, MECHANIC, ledger)


def close(session: LiveSession) -> None:
    for side in session.sides:
        side.wire.close()


async def test_a_change_comes_again_with_its_key_until_it_is_done() -> None:
    ledger = Ledger()
    ledger.open()
    async with busy(3) as service:
        side = Side(service.base, CUSTOMER, ledger)
        await side.chat("/api/sessions/s", time.perf_counter())
        side.wire.close()

    told = ledger.summary()
    assert [*service.keys.values()] == [4]
    assert (told["refused"], told["faults"]) == ({"POST /messages": 3}, {})
    assert (told["requests"], told["under_way"]) == (1, 0)


async def test_a_change_outlasts_the_tries_of_one_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "wait_s", lambda failures, rng: 0.0)
    ledger = Ledger()
    ledger.open()
    async with busy(2 * TRIES + 1) as service:
        side = Side(service.base, CUSTOMER, ledger)
        await side.chat("/api/sessions/s", time.perf_counter())
        side.wire.close()

    assert ledger.summary()["requests"] == 1


async def test_a_question_is_given_up_after_the_clients_tries() -> None:
    ledger = Ledger()
    ledger.open()
    async with busy(99) as service:
        side = Side(service.base, CUSTOMER, ledger)
        await side.poll("/api/sessions/s", time.perf_counter())
        side.wire.close()

    told = ledger.summary()
    assert told["refused"] == {"GET /clock": TRIES}
    assert (told["given_up"], told["requests"]) == ({"GET /clock": 1}, 0)


async def test_a_stream_comes_again_and_brings_what_was_said_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call, "wait_s", lambda failures, rng: 0.0)
    ledger = Ledger()
    ledger.open()
    ledger.said("m")
    async with busy(2) as service, asyncio.TaskGroup() as group:
        side = Side(service.base, CUSTOMER, ledger)
        follows = group.create_task(side.follow("/api/sessions/s"))
        async with asyncio.timeout(5):
            while not ledger.summary()["events"]["arrived"]:
                await asyncio.sleep(0.01)
        follows.cancel()
        side.wire.close()

    assert service.came["GET /api/sessions/s/events"] == 3
    told = ledger.summary()
    assert (told["refused"], told["faults"]) == ({"GET /events": 2}, {})


async def test_a_session_begins_although_every_step_is_refused_first() -> None:
    ledger = Ledger()
    ledger.open()
    async with busy(1) as service:
        session = session_of(service, ledger)
        await session.begin()
        close(session)

    assert service.came["POST /api/intake/start"] == 2
    assert service.came["POST /api/livekit/webhook"] >= 3
    assert ledger.summary()["routes"]["POST /start"]["count"] == 2


async def test_a_session_that_stays_refused_has_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "BEGIN_PATIENCE_S", 0.05)
    async with busy(10**9) as service:
        session = session_of(service, Ledger())
        with pytest.raises(NotBegun, match="in time"):
            await session.begin()
        close(session)


async def test_a_session_at_rest_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "CLOCK_POLL_S", 0.01)
    polls = "GET /api/sessions/s/clock"
    async with busy(0) as service, asyncio.TaskGroup() as group:
        session = session_of(service, Ledger())
        await session.begin()
        session.live(group)
        await asyncio.sleep(0.05)
        assert service.came[polls] == 0
        session.wake()
        await asyncio.sleep(0.1)
        assert service.came[polls] > 2
        session.rest()
        await asyncio.sleep(0.05)
        polled = service.came[polls]
        await asyncio.sleep(0.05)
        assert service.came[polls] == polled
        session.leave()
        close(session)


def test_a_fault_is_told_once_and_a_refusal_only_of_its_own_time() -> None:
    ledger = Ledger()
    ledger.failed("GET /clock", "TimeoutError")
    ledger.open()
    ledger.refused("GET /clock")
    assert ledger.summary()["faults"] == {"GET /clock: TimeoutError": 1}
    ledger.open()

    assert (ledger.summary()["faults"], ledger.summary()["refused"]) == ({}, {})


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ARRIVES_WITHIN_S", "SETTLE_S", "CALM_S", "LAST_WORDS_S", "SETTLED_WITHIN_S"):
        monkeypatch.setattr(beyond, name, 0.05)


@pytest.mark.usefixtures("at_once")
async def test_a_change_that_never_arrives_is_told() -> None:
    ledger = Ledger()

    with ledger.change():
        after = await fall_back(ledger, [])
    assert after["undelivered"] == 1

    after = await fall_back(ledger, [])
    assert (after["undelivered"], after["refused"], after["faults"]) == (0, {}, {})


@pytest.mark.usefixtures("at_once")
async def test_ends_under_load_are_repeated_and_their_settlements_counted() -> None:
    ledger = Ledger()
    async with busy(2) as service:
        sessions = [session_of(service, ledger) for _ in range(3)]
        for session in sessions:
            await session.begin()
        told = await ends_under_load(ledger, sessions)
        for session in sessions:
            close(session)

    assert (told["sessions"], told["refused"]) == (3, 6)
    assert told["settlements"] == {"done": 3}


def beyond_the_limit(**changes: Any) -> dict[str, Any]:
    return (
        stage(
            sessions=1000,
            refused={"POST /quality": 91},
            given_up={"GET /clock": 2},
            under_way=7,
            after={
                **{"sessions": 200, "arrived_seconds": 4.2, "undelivered": 0, "events_lost": 0},
                **{"refused": {}, "faults": {}, "slowest_p95": 31.0},
            },
            ends={
                **{"sessions": 20, "refused": 3, "p95": 1100.0, "settlements": {"done": 20}},
            },
        )
        | changes
    )


def test_a_size_beyond_the_limit_is_a_row_with_what_was_refused() -> None:
    machine = {"machine": {"load_1_min": 0.3}}
    told = scale_table(
        {"database": "sqlite", "instances": 1, **machine, "stages": [stage(), beyond_the_limit()]}
    )

    assert "| 1000 | 0 of 9 (0%) | 91 of 91 (100%) | 0 of 0 (0%) | 0 of 0 (0%) | 2 | 7 |" in told
    assert "1000 sessions, then 200: everything wished before arrived after 4.2 s" in told
    assert "20 ends among 1000 sessions: refused 3 times" in told
    assert "settlements: 20 done" in told


def test_a_refusal_is_no_kept_budget() -> None:
    assert faults_of(stage(refused={"POST /quality": 2})) == ["POST /quality refused (2x)"]
    assert faults_of(stage(refused_before={"GET /clock": 1})) == ["GET /clock refused (1x)"]
