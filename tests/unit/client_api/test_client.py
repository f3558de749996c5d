"""Each call of the service: what goes over the wire, and what comes back."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import stamina

from client_api.client import LiftbayClient, new_key
from client_api.clock import SystemClock
from client_api.errors import BrokenAnswer, ErrorCode, Refused
from client_api.records import NotesDraft, Rating
from client_api.stream_events import RequestOpened
from client_api.transport import Transport
from client_api.wire import (
    AttemptId,
    ClientMessageId,
    IdempotencyKey,
    Intake,
    PreflightTrigger,
    ReadinessState,
    ReportId,
    RequestId,
    RunId,
    SessionEndReason,
    SessionId,
    SessionStatus,
)
from tests.fakes.calls import quality_sample
from tests.fakes.contract import fixture
from tests.fakes.http_service import HttpService, Reply, event, http_service, ok, stream

S = SessionId("s-1")
KEY = IdempotencyKey("k-1")
ATTEMPT = AttemptId("b1c2d3e4-f5a6-4b7c-8d9e-0f1a2b3c4d08")
PRESSED = datetime(2026, 11, 22, 13, 0, 41, 250000, tzinfo=UTC)


def body_of(name: str, shape: type[Any]) -> Any:
    return msgspec.json.decode(json.dumps(fixture(name)["request"]), type=shape)


@dataclass(frozen=True)
class Case:
    """One call: the fixture it speaks, and how it is made."""

    name: str
    target: str
    call: Callable[[LiftbayClient], Awaitable[object]]
    method: str = "GET"
    has_key: bool = False
    sends_fixture: bool = False


CASES = [
    Case("health", "/api/health", lambda c: c.health()),
    Case("me_customer", "/api/me", lambda c: c.me()),
    Case(
        "presence",
        "/api/me/presence",
        lambda c: c.set_available(True),
        "PUT",
        sends_fixture=True,
    ),
    Case("plans", "/api/plans", lambda c: c.plans()),
    Case(
        "intake_start",
        "/api/intake/start",
        lambda c: c.start_intake(body_of("intake_start", Intake)),
        "POST",
        True,
        True,
    ),
    Case("requests", "/api/mechanics/requests", lambda c: c.requests()),
    Case(
        "request_accept",
        "/api/mechanics/requests/r%2F1/accept",
        lambda c: c.accept_request(RequestId("r/1")),
        "POST",
        True,
        True,
    ),
    Case(
        "sessions",
        "/api/sessions?status=waiting%2Clive&q=squeal&before=x",
        lambda c: c.sessions(
            statuses=(SessionStatus.WAITING, SessionStatus.LIVE), query="squeal", before="x"
        ),
    ),
    Case("sessions", "/api/sessions", lambda c: c.sessions()),
    Case("session", "/api/sessions/s-1", lambda c: c.session(S)),
    Case("clock_running", "/api/sessions/s-1/clock", lambda c: c.clock(S)),
    Case(
        "session_start",
        "/api/sessions/s-1/start",
        lambda c: c.start_session(S, key=KEY),
        "POST",
        True,
        True,
    ),
    Case(
        "session_end",
        "/api/sessions/s-1/end",
        lambda c: c.end_session(
            S,
            SessionEndReason.ENDED_BY_CUSTOMER,
            pressed_at=PRESSED,
            attempt=ATTEMPT,
            key=KEY,
        ),
        "POST",
        True,
        True,
    ),
    Case(
        "session_cancel",
        "/api/sessions/s-1/cancel",
        lambda c: c.cancel_session(S, "changed_my_mind"),
        "POST",
        True,
        True,
    ),
    Case(
        "session_token",
        "/api/sessions/s-1/token",
        lambda c: c.session_token(
            S, report=ReportId("aa11bb22-cc33-4d44-8e55-ff6677889907"), attempt=ATTEMPT
        ),
        "POST",
        False,
        True,
    ),
    Case(
        "preflight_begin",
        "/api/preflight",
        lambda c: c.begin_preflight(
            session=SessionId("0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04"),
            trigger=PreflightTrigger.JOIN,
        ),
        "POST",
        False,
        True,
    ),
    Case(
        "preflight_report",
        "/api/preflight/run-1/report",
        lambda c: c.submit_report(RunId("run-1"), {"see": "report.json"}),
        "POST",
        True,
        True,
    ),
    Case("readiness", "/api/sessions/s-1/readiness", lambda c: c.readiness(S)),
    Case(
        "readiness",
        "/api/sessions/s-1/readiness",
        lambda c: c.put_readiness(S, ReadinessState.READY, rung=6),
        "PUT",
        False,
        True,
    ),
    Case("messages", "/api/sessions/s-1/messages?after=16", lambda c: c.messages(S, after=16)),
    Case(
        "message",
        "/api/sessions/s-1/messages",
        lambda c: c.send_message(
            S,
            "Can you hear the squeal?",
            client_id=ClientMessageId("d4c3b2a1-0f9e-4d8c-b7a6-5f4e3d2c1b09"),
        ),
        "POST",
        True,
        True,
    ),
    Case("notes", "/api/sessions/s-1/notes", lambda c: c.notes(S)),
    Case(
        "notes",
        "/api/sessions/s-1/notes",
        lambda c: c.put_notes(S, body_of("notes", NotesDraft), version=1),
        "PUT",
        True,
        True,
    ),
    Case(
        "rating",
        "/api/sessions/s-1/rating",
        lambda c: c.rate(S, Rating(4, "Clear and quick.")),
        "POST",
        True,
        True,
    ),
    Case("summary", "/api/sessions/s-1/summary", lambda c: c.summary(S)),
    Case("upsells", "/api/sessions/s-1/upsells", lambda c: c.upsells(S)),
    Case("earnings", "/api/earnings", lambda c: c.earnings()),
    Case(
        "quality",
        "/api/sessions/s-1/quality",
        lambda c: c.post_quality(S, ATTEMPT, (quality_sample(),)),
        "POST",
        True,
    ),
]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
async def service() -> AsyncGenerator[HttpService, None]:
    async with http_service() as service:
        yield service


@pytest.fixture
async def client(service: HttpService) -> AsyncGenerator[LiftbayClient, None]:
    transport = Transport(service.url, SystemClock())
    yield LiftbayClient(transport, SystemClock())
    await transport.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.target}")
async def test_a_call_speaks_its_fixture(
    service: HttpService, client: LiftbayClient, case: Case
) -> None:
    service.replies.append(ok(fixture(case.name)["response"]))

    answer = await case.call(client)

    request = service.received[0]
    assert answer is not None
    assert (request.method, request.target) == (case.method, case.target)
    assert ("idempotency-key" in request.headers) is case.has_key
    if case.sends_fixture:
        expected = fixture(case.name)["request"]
        assert _times_alike(json.loads(request.body)) == _times_alike(expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.target}")
async def test_an_answer_that_breaks_the_contract_is_told_as_such(
    service: HttpService, client: LiftbayClient, case: Case
) -> None:
    service.replies.append(Reply(200, b"<html>Sign in to the Wi-Fi</html>"))

    with pytest.raises(BrokenAnswer) as caught:
        await case.call(client)

    assert "Wi-Fi" not in caught.value.detail


async def test_a_repeated_change_keeps_one_key(service: HttpService, client: LiftbayClient) -> None:
    service.replies += [Reply(cut=True), ok(fixture("session_start")["response"])]

    await client.start_session(S)

    keys = {request.headers["idempotency-key"] for request in service.received}
    assert len(service.received) == 2
    assert len(keys) == 1


async def test_two_intents_have_two_keys() -> None:
    assert new_key() != new_key()


async def test_notes_name_the_version_they_build_on(
    service: HttpService, client: LiftbayClient
) -> None:
    service.replies.append(ok(fixture("notes")["response"]))

    await client.put_notes(S, NotesDraft((), ""), version=3)

    assert service.received[0].headers["if-match"] == '"3"'


@pytest.mark.parametrize(
    "paid_for",
    [
        lambda client: client.me(),
        lambda client: client.start_intake(body_of("intake_start", Intake)),
        lambda client: client.accept_request(RequestId("r-1")),
        lambda client: client.require_current(),
    ],
    ids=["sign-in", "intake", "accept", "entrance"],
)
async def test_a_program_that_is_too_old_asks_for_nothing_that_would_be_refused_later(
    service: HttpService, paid_for: Callable[[LiftbayClient], Awaitable[object]]
) -> None:
    service.otherwise = lambda _: ok(fixture("health")["response"] | {"min_client_version": "0.2"})
    transport = Transport(service.url, SystemClock())
    outdated = LiftbayClient(transport, SystemClock(), version="0.1.9")

    with pytest.raises(Refused) as caught:
        await paid_for(outdated)
    await transport.close()

    assert caught.value.code is ErrorCode.HOST_OUTDATED
    assert "0.1.9" in caught.value.detail
    assert "0.2" in caught.value.detail
    assert [request.path for request in service.received] == ["/api/health"]


async def test_a_program_that_is_new_enough_goes_on(service: HttpService) -> None:
    service.replies += [ok(fixture("health")["response"]), ok(fixture("me_customer")["response"])]
    transport = Transport(service.url, SystemClock())
    current = LiftbayClient(transport, SystemClock(), version="0.1.0")

    me = await current.me()
    await transport.close()

    assert me.name


async def test_a_pdf_is_a_pdf(service: HttpService, client: LiftbayClient) -> None:
    service.replies += [
        Reply(200, b"%PDF-1.7 ...", (), "application/pdf"),
        Reply(200, b"<html>", (), "text/html"),
    ]

    assert (await client.summary_pdf(S)).startswith(b"%PDF-")
    with pytest.raises(BrokenAnswer):
        await client.summary_pdf(S)

    assert service.received[0].headers["accept"] == "application/pdf"


async def test_the_sessions_events_resume_over_real_connections(
    service: HttpService, client: LiftbayClient
) -> None:
    events = [event(e["id"], e["event"], e["data"]) for e in fixture("session_events")["events"]]
    service.replies += [
        stream(*events[:3], cut=True),
        stream(": ping\n\n", *events[3:]),
        stream(hang=True),
    ]

    heard = []
    async with aclosing(client.session_events(S)) as happenings:
        async for happening in happenings:
            heard.append(happening.seq)
            if len(heard) == len(events):
                break

    assert heard == list(range(1, len(events) + 1))
    assert service.received[1].headers["last-event-id"] == "3"


async def test_the_accounts_events_begin_where_they_are_told(
    service: HttpService, client: LiftbayClient
) -> None:
    first = fixture("account_events")["events"][0]
    service.replies.append(stream(event(9, first["event"], first["data"]), hang=True))

    async with aclosing(client.account_events(last_event_id=8)) as happenings:
        happening = await anext(happenings)

    assert isinstance(happening, RequestOpened)
    assert service.received[0].path == "/api/events"
    assert service.received[0].headers["last-event-id"] == "8"


def _times_alike(value: Any) -> Any:
    text = json.dumps(value).replace(".250000Z", ".250+00:00")
    return json.loads(text)
