"""Streams over a real connection: what brings events, and what ends them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_api.errors import (
    BrokenAnswer,
    ErrorCode,
    Refused,
    Unreachable,
    UnreachableReason,
)
from tests.fakes.http_service import Reply, problem, stream
from tests.fakes.transports import Renewing, connected

pytestmark = pytest.mark.usefixtures("no_waiting")


async def test_a_stream_brings_events_and_ends_with_the_connection() -> None:
    events = stream(": ping\n\n", "id: 1\nevent: status\ndata: {}\n\n")
    async with connected(events) as (service, transport):
        heard = [event async for event in transport.stream("/api/events", 7)]

    assert [(event.kind, event.id) for event in heard] == [("status", "1")]
    assert service.received[0].headers["last-event-id"] == "7"


@pytest.mark.parametrize("line", ["data: " + "x" * 4000 + "\n", "x" * 4000])
async def test_an_event_without_end_is_broken_before_it_fills_the_memory(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client_api.bounds.MAX_EVENT_BYTES", 10_000)
    async with connected(stream("id: 1\ndata: {}\n\n", *[line] * 50)) as (_, transport):
        events = transport.stream("/api/events", None)
        first = await anext(events)
        with pytest.raises(BrokenAnswer, match="longer than 10000 bytes"):
            await anext(events)

    assert first.id == "1"


@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n", "\r\r"])
async def test_a_stream_of_any_length_whose_events_are_short_goes_on(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client_api.bounds.MAX_EVENT_BYTES", 400)
    line = end[: len(end) // 2]
    # The second half of each empty line comes with the next event.
    chunks = [f"{line if n > 1 else ''}id: {n}{line}data: {'x' * 80}{line}" for n in range(1, 31)]
    async with connected(stream(*chunks, line)) as (_, transport):
        heard = [event.id async for event in transport.stream("/api/events", None)]

    assert heard == [str(n) for n in range(1, 31)]


async def test_a_stream_that_breaks_is_unreachable() -> None:
    async with connected(stream("id: 1\ndata: {}\n\n", cut=True)) as (_, transport):
        with pytest.raises(Unreachable):
            async for _event in transport.stream("/api/events", None):
                pass


async def test_a_stream_in_silence_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client_api.transport.STREAM_SILENCE_S", 0.05)
    async with connected(stream(": ping\n\n", hang=True)) as (_, transport):
        with pytest.raises(Unreachable) as caught:
            async for _event in transport.stream("/api/events", None):
                pass

    assert caught.value.reason is UnreachableReason.TIMED_OUT


async def test_a_stream_of_something_else_is_broken() -> None:
    async with connected(Reply(200, b"<html>", (), "text/html")) as (_, transport):
        with pytest.raises(BrokenAnswer):
            async for _event in transport.stream("/api/events", None):
                pass


async def test_a_refused_stream_says_why() -> None:
    async with connected(problem("session.not_found", 404)) as (_, transport):
        with pytest.raises(Refused) as caught:
            async for _event in transport.stream("/api/events", None):
                pass

    assert caught.value.code is ErrorCode.SESSION_NOT_FOUND


REFUSAL = problem("session.not_found", 404)


@pytest.mark.parametrize(
    "dribbled",
    [
        replace(REFUSAL, pace_s=0.02),
        replace(REFUSAL, chunks=tuple(bytes((each,)) for each in REFUSAL.body), pace_s=0.02),
    ],
    ids=["head", "body"],
)
async def test_a_stream_whose_refusal_dribbles_in_is_given_up(
    monkeypatch: pytest.MonkeyPatch, dribbled: Reply
) -> None:
    """Each byte comes in time for the silence, all of them together never would."""
    monkeypatch.setattr("client_api.transport.REQUEST_TIMEOUT_S", 0.2)
    async with connected(dribbled) as (_, transport):
        with pytest.raises(Unreachable) as caught:
            async for _event in transport.stream("/api/events", None):
                pass

    assert caught.value.reason is UnreachableReason.TIMED_OUT


async def test_a_stream_may_take_longer_than_any_request(monkeypatch: pytest.MonkeyPatch) -> None:
    # A connection and its first bytes come within this on a busy machine too.
    monkeypatch.setattr("client_api.transport.REQUEST_TIMEOUT_S", 1.5)
    paced = replace(stream(*(f"id: {n}\ndata: {{}}\n\n" for n in range(1, 9))), pace_s=0.25)
    async with connected(paced) as (_, transport):
        heard = [event async for event in transport.stream("/api/events", None)]

    assert len(heard) == 8


async def test_a_stream_with_an_expired_token_is_opened_again() -> None:
    replies = (problem("auth.expired", 401), stream("id: 1\ndata: {}\n\n"))
    async with connected(*replies) as (service, transport):
        transport.sign_with(Renewing())

        heard = [event async for event in transport.stream("/api/events", None)]

    assert len(heard) == 1
    assert service.received[1].headers["authorization"] == "Bearer token-2"


async def test_a_stream_whose_sign_in_is_over_says_so() -> None:
    async with connected(problem("auth.expired", 401)) as (_, transport):
        with pytest.raises(Refused):
            async for _event in transport.stream("/api/events", None):
                pass
