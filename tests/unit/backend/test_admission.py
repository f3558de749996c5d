"""A service that is asked too much says so early, and first to what can wait."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from liftbay_backend.admission import Admission
from liftbay_backend.middleware import RequestScope
from liftbay_backend.problems import Problem, install_problem_handlers

WITHIN_S = 10


class House:
    """An app whose slow answers wait for a word, behind an admission of four at once."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.admission = Admission(at_once=4)
        app = FastAPI()
        install_problem_handlers(app)
        app.add_middleware(RequestScope, admission=self.admission)

        @app.get("/slow")
        async def slow() -> None:
            await self.go_on.wait()

        @app.post("/api/sessions/{session_id}/quality")
        async def quality(session_id: str, request: Request) -> None:
            await request.body()

        @app.get("/api/health")
        async def health() -> None:
            return None

        transport = httpx.ASGITransport(app)
        self.app = app
        self.http = httpx.AsyncClient(transport=transport, base_url="http://service.test")

    async def in_hand(self, number: int) -> None:
        """Wait until so many requests are in hand."""
        async with asyncio.timeout(WITHIN_S):
            while self.admission.in_hand != number:
                await asyncio.sleep(0)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    async with made.http:
        yield made


async def test_what_is_too_much_is_refused_at_once_and_the_rest_is_answered(house: House) -> None:
    async with asyncio.TaskGroup() as group:
        slow = [group.create_task(house.http.get("/slow")) for _ in range(4)]
        await house.in_hand(4)
        refused = await house.http.get("/slow")
        health = await house.http.get("/api/health")
        house.go_on.set()

    assert (refused.status_code, refused.json()["code"]) == (503, "server.unavailable")
    assert (refused.json()["reason"], refused.headers["Retry-After"]) == ("busy", "1")
    assert health.status_code == 200
    assert [one.result().status_code for one in slow] == [200] * 4
    assert (await house.http.get("/slow")).status_code == 200
    assert house.admission.in_hand == 0


def test_the_more_are_refused_the_longer_they_stay_away_and_not_all_for_the_same_time() -> None:
    """All coming back after a second, refusals alone kept the service busy."""
    now = 100.0
    admission = Admission(at_once=0, now=lambda: now)

    def refused(times: int) -> Counter[str]:
        told: Counter[str] = Counter()
        for _ in range(times):
            with pytest.raises(Problem) as problem:
                admission.let_in({"path": "/api/x", "method": "GET"}, admission.ticket())
            told[problem.value.headers["Retry-After"]] += 1
        return told

    few = refused(99)
    many = refused(901)
    now = 101.0
    next_second = refused(30)
    now = 103.5
    calm = refused(30)

    assert few == {"1": 99}
    assert set(many) == {"1", "2", "3", "4", "5"}
    assert next_second == {"3": 10, "4": 10, "5": 10}
    assert calm == {"1": 30}


async def test_what_can_wait_is_refused_first(house: House) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(house.http.get("/slow"))
        await house.in_hand(1)
        taken = await house.http.post("/api/sessions/1/quality")
        group.create_task(house.http.get("/slow"))
        await house.in_hand(2)
        refused = await house.http.post("/api/sessions/1/quality")
        last = group.create_task(house.http.get("/slow"))
        await house.in_hand(3)
        house.go_on.set()

    assert taken.status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert last.result().status_code == 200


async def test_a_sender_who_is_slow_holds_no_place(house: House) -> None:
    arrived, send_rest = asyncio.Event(), asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"some"
        arrived.set()
        await send_rest.wait()
        yield b"more"

    async with asyncio.TaskGroup() as group:
        slow = group.create_task(house.http.post("/api/sessions/1/quality", content=body()))
        await arrived.wait()
        await house.in_hand(0)
        send_rest.set()

    assert slow.result().status_code == 200
    assert house.admission.in_hand == 0


async def test_a_stream_holds_a_place_only_until_it_begins(house: House) -> None:
    calls = [house.admission.ticket() for _ in range(2)]
    scope = {"type": "http", "method": "GET", "path": "/stream"}
    for ticket in calls:
        house.admission.let_in(scope, ticket)
    with calls[0].waiting():
        assert house.admission.in_hand == 1
        calls[0].hand_back()
        assert house.admission.in_hand == 1
    assert house.admission.in_hand == 1
    calls[1].hand_back()
    calls[1].hand_back()

    assert house.admission.in_hand == 0


async def test_what_breaks_gives_its_place_back(house: House) -> None:
    @house.app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("broken")

    transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
        answers = [await http.get("/nothing-here"), await http.get("/broken")]

    assert [one.status_code for one in answers] == [404, 500]
    assert house.admission.in_hand == 0
