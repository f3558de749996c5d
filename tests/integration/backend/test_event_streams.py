"""Streams over a real socket: nothing lost, nothing twice, nothing for strangers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx
import pytest
from httpx_sse import ServerSentEvent, aconnect_sse

from liftbay_backend.domain.ids import UserId
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.events import BATCH, parse_last_event_id
from liftbay_backend.problems import Problem
from liftbay_backend.repositories import events as rows_of
from liftbay_backend.services.transitions import move_session
from liftbay_backend.settings import Settings
from liftbay_backend.work import customer_audience
from tests.fakes.backend_service import BackendService, Caller, backend_service
from tests.fakes.contract import fixture
from tests.fakes.loopback import on_loopback


@asynccontextmanager
async def following(
    base: str, caller: Caller, path: str, last: int | None = None
) -> AsyncIterator[AsyncIterator[ServerSentEvent]]:
    """Follow a stream behind the number with which each begins."""
    async with opened(base, caller, path, last) as events:
        (first,) = await take(events, 1)
        assert (first.data, first.id.isdecimal()) == ("", True)
        yield events


@asynccontextmanager
async def opened(
    base: str, caller: Caller, path: str, last: int | None = None
) -> AsyncIterator[AsyncIterator[ServerSentEvent]]:
    headers = {
        name: value
        for name, value in caller.http.headers.items()
        if name in ("authorization", "x-liftbay-client")
    }
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    cookies = {cookie.name: cookie.value or "" for cookie in caller.http.cookies.jar}
    async with (
        httpx.AsyncClient(base_url=base, headers=headers, cookies=cookies, timeout=10) as http,
        aconnect_sse(http, "GET", path) as source,
    ):
        assert source.response.status_code == 200
        async with aclosing(source.aiter_sse()) as events:
            yield events


async def take(events: AsyncIterator[ServerSentEvent], count: int) -> list[ServerSentEvent]:
    taken = []
    async with asyncio.timeout(10):
        async for event in events:
            taken.append(event)
            if len(taken) == count:
                return taken
    raise AssertionError(f"the stream ended after {len(taken)}")


async def emit(service: BackendService, session_id: str, count: int) -> None:
    for number in range(count):
        async with service.core.works.begin() as work:
            session = await work.session(session_id)
            work.emit(session, "note", {"version": number})


async def test_a_stream_that_was_cut_twice_brings_every_event_once(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    await emit(service, session["id"], 6)
    path = f"/api/sessions/{session['id']}/events"

    async with on_loopback(service.app) as base:
        async with following(base, customer, path) as events:
            first = await take(events, 3)
        async with following(base, customer, path, last=int(first[-1].id)) as events:
            second = await take(events, 3)
        async with following(base, customer, path, last=int(second[-1].id)) as events:
            third = await take(events, 1)

    assert [int(event.id) for event in first + second + third] == list(range(1, 8))
    assert first[0].event == "status"
    assert json.loads(first[0].data) == {
        "at": "2026-11-22T12:00:00.000+00:00",
        "previous": "pending",
        "status": "waiting",
    }


@pytest.mark.parametrize("whose", ["session", "account"])
async def test_a_stream_in_which_nothing_happened_is_resumed_from_where_it_began(
    service: BackendService, whose: str
) -> None:
    """A quiet dashboard lost what happened while it was cut off: it had no number to come with."""
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    path = "/api/events" if whose == "account" else f"/api/sessions/{session['id']}/events"

    async with on_loopback(service.app) as base:
        async with opened(base, customer, path) as events:
            (began,) = await take(events, 1)
        async with opened(base, customer, path, last=int(began.id)) as events:
            (again,) = await take(events, 1)
        await emit(service, session["id"], 1)
        await customer.http.post(f"/api/sessions/{session['id']}/cancel", json={})
        async with following(base, customer, path, last=int(again.id)) as events:
            (missed,) = await take(events, 1)

    assert set(fixture(f"{whose}_events")["first"]) == {"id"}
    assert (began.event, began.data) == ("message", "")
    assert again.id == began.id
    assert missed.event == ("session.changed" if whose == "account" else "status")
    assert int(missed.id) > int(began.id)


async def test_a_change_reaches_an_open_stream_at_once(service: BackendService) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)

    async with (
        on_loopback(service.app) as base,
        following(base, mechanic, f"/api/sessions/{session['id']}/events") as events,
    ):
        await take(events, 1)
        async with service.core.works.begin() as work:
            row = await work.session(session["id"])
            move_session(work, row, SessionStatus.LIVE)
        began = asyncio.get_running_loop().time()
        (event,) = await take(events, 1)
        took = asyncio.get_running_loop().time() - began

    assert json.loads(event.data)["status"] == "live"
    # Far below the 5 s after which a stream looks by itself: the signal woke it.
    assert took < 2


async def test_the_dashboards_stream_carries_what_concerns_each(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    stranger = await service.customer("Ida Stranger")
    wanted = {one["event"]: set(one["data"]) for one in fixture("account_events")["events"]}

    async with (
        on_loopback(service.app) as base,
        following(base, customer, "/api/events") as mine,
        following(base, mechanic, "/api/events") as theirs,
        following(base, stranger, "/api/events") as nothing,
    ):
        session = await service.waiting_session(customer, mechanic)
        await service.pending_session(stranger)
        to_customer = await take(mine, 2)
        to_mechanic = await take(theirs, 3)
        (to_stranger,) = await take(nothing, 1)

    assert {event.event for event in to_customer} == {"session.changed"}
    assert [event.event for event in to_mechanic] == [
        "request.opened",
        "session.changed",
        "request.closed",
    ]
    for event in [*to_customer, *to_mechanic]:
        assert set(json.loads(event.data)) == wanted[event.event]
    shown: dict[str, Any] = json.loads(to_mechanic[1].data)["session"]
    assert (shown["id"], shown["my_role"]) == (session["id"], "mechanic")
    assert json.loads(to_stranger.data)["session"]["id"] != session["id"]


async def present(mechanic: Caller, available: bool) -> None:
    answer = await mechanic.http.put("/api/me/presence", json={"available": available})
    assert answer.json() == {"available": available}


async def test_a_mechanic_who_is_away_is_told_of_no_new_request(service: BackendService) -> None:
    customer, away = await service.customer(), await service.mechanic()
    there = await service.mechanic("Max Other")
    await present(away, available=False)

    async with (
        on_loopback(service.app) as base,
        following(base, away, "/api/events") as theirs,
        following(base, there, "/api/events") as others,
    ):
        session = await service.pending_session(customer)
        listed = (await away.http.get("/api/mechanics/requests")).json()["requests"]
        told = await take(others, 1)
        await customer.http.post(f"/api/sessions/{session['id']}/cancel", json={})
        (first,) = await take(theirs, 1)

    assert [event.event for event in told] == ["request.opened"]
    assert [one["id"] for one in listed] == [session["request_id"]]
    # Whoever saw it in the list is told that it is gone.
    assert first.event == "request.closed"


async def test_becoming_available_brings_the_requests_that_are_open(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    gone = await service.pending_session(customer)
    await present(mechanic, available=False)
    await customer.http.post(f"/api/sessions/{gone['id']}/cancel", json={})
    open_ones = []
    for _ in range(2):
        service.clock.advance(seconds=1)
        open_ones.append((await service.pending_session(customer))["request_id"])

    async with (
        on_loopback(service.app) as base,
        following(base, mechanic, "/api/events") as events,
    ):
        await present(mechanic, available=True)
        told = await take(events, 2)
        # Being available already announces nothing a second time.
        await present(mechanic, available=True)
        later = await service.pending_session(customer)
        (last,) = await take(events, 1)

    assert [json.loads(one.data)["request"]["id"] for one in told] == open_ones
    assert {one.event for one in [*told, last]} == {"request.opened"}
    assert json.loads(last.data)["request"]["id"] == later["request_id"]


async def test_nobody_is_told_of_a_request_of_their_own(service: BackendService) -> None:
    """Who may not accept it, and does not find it in the list, need not hear it ring."""
    asking, other = await service.mechanic(), await service.mechanic("Max Other")
    customer = await service.customer()

    async with (
        on_loopback(service.app) as base,
        following(base, asking, "/api/events") as theirs,
        following(base, other, "/api/events") as others,
    ):
        own = await service.pending_session(await service.as_customer(asking))
        await present(asking, available=False)
        await present(asking, available=True)
        another = await service.pending_session(customer)
        told_others = await take(others, 2)
        (first,) = await take(theirs, 1)

    opened = [json.loads(one.data)["request"]["id"] for one in told_others]
    assert opened == [own["request_id"], another["request_id"]]
    assert json.loads(first.data)["request"]["id"] == another["request_id"]


async def test_a_dashboard_resumes_where_it_was_cut(service: BackendService) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()

    async with on_loopback(service.app) as base:
        async with following(base, mechanic, "/api/events") as events:
            pending = await service.pending_session(customer)
            (first,) = await take(events, 1)
        await mechanic.http.post(f"/api/mechanics/requests/{pending['request_id']}/accept", json={})
        async with following(base, mechanic, "/api/events", last=int(first.id)) as events:
            missed = await take(events, 2)

    assert [event.event for event in missed] == ["session.changed", "request.closed"]


async def test_a_dashboard_reads_on_behind_rows_that_show_it_nothing(
    service: BackendService,
) -> None:
    """A full batch of them held the stream still for ever."""
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    stranger = await service.customer("Ida Stranger")
    audience = customer_audience(UserId(stranger.user_id))
    for _ in range(2):
        async with service.core.works.begin() as work:
            for _ in range(BATCH):
                work.emit_account(audience, "session.changed", None, session_id=session["id"])
    async with service.core.works.begin() as work:
        work.emit_account(audience, "request.closed", {"request_id": "r", "reason": "accepted"})

    async with (
        on_loopback(service.app) as base,
        following(base, stranger, "/api/events", last=0) as events,
    ):
        (event,) = await take(events, 1)

    assert event.event == "request.closed"


async def test_a_stream_ends_with_the_credentials(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings(access_token_seconds=60, stream_poll_seconds=0.05)
    async with backend_service(settings) as service:
        customer = await service.customer()

        async with (
            on_loopback(service.app) as base,
            following(base, customer, "/api/events") as events,
        ):
            service.clock.advance(seconds=61)
            async with asyncio.timeout(10):
                rest = [event async for event in events]

        assert rest == []
        assert (await customer.http.get("/api/events")).json()["code"] == "auth.expired"


async def test_who_hangs_up_in_the_middle_of_a_read_breaks_no_query_off(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query that is broken off costs its connection, and the next reader a new one."""
    customer = await service.customer()
    begun, whole = asyncio.Event(), asyncio.Event()
    real = rows_of.account_events_after

    async def slow(*args: Any, **more: Any) -> Any:
        begun.set()
        await asyncio.sleep(0.3)
        found = await real(*args, **more)
        whole.set()
        return found

    monkeypatch.setattr(rows_of, "account_events_after", slow)

    async with on_loopback(service.app) as base:
        async with following(base, customer, "/api/events"), asyncio.timeout(10):
            await begun.wait()
        async with asyncio.timeout(10):
            await whole.wait()


@pytest.mark.parametrize("who", ["customer", "mechanic"])
async def test_a_stream_ends_when_its_reader_signs_out(
    make_settings: Callable[..., Settings], who: str
) -> None:
    async with backend_service(make_settings(stream_poll_seconds=0.05)) as service:
        if who == "customer":
            reader, sign_out = await service.customer(), "/auth/v1/logout?scope=local"
        else:
            reader, sign_out = await service.mechanic(), "/api/mechanic/logout"

        async with (
            on_loopback(service.app) as base,
            following(base, reader, "/api/events") as events,
        ):
            assert (await reader.http.post(sign_out)).status_code == 204
            async with asyncio.timeout(10):
                rest = [event async for event in events]

        assert rest == []


async def test_a_stopping_service_lets_its_streams_end(service: BackendService) -> None:
    customer = await service.customer()

    async with on_loopback(service.app) as base:
        async with following(base, customer, "/api/events") as events:
            service.app.state.stopping.set()
            service.core.wakeup.wake_all()
            async with asyncio.timeout(4):
                rest = [event async for event in events]

    assert rest == []


async def test_one_account_cannot_hold_every_stream(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(streams_per_account=2)) as service:
        customer = await service.customer()

        async with (
            on_loopback(service.app) as base,
            following(base, customer, "/api/events"),
            following(base, customer, "/api/events"),
        ):
            await asyncio.sleep(0.2)
            answer = await customer.http.get("/api/events")

        assert (answer.status_code, answer.json()["code"]) == (429, "rate.limited")


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "9" * 30])
def test_a_resume_point_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        parse_last_event_id(text)


def test_a_client_without_a_resume_point_starts_anew() -> None:
    assert parse_last_event_id(None) is None
    assert parse_last_event_id("") is None
    assert parse_last_event_id("17") == 17
