"""Recording needs both: each speaks for itself, may take it back, and the other hears of it."""

import uuid
from typing import Any

import httpx
import pytest

from client_api.client import LiftbayClient
from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.transport import Credential, Transport
from client_api.wire import SessionId
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, Caller
from tests.fakes.contract import fixture, response
from tests.fakes.loopback import on_loopback


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


async def say(bench: CallBench, caller: Caller, body: dict[str, Any]) -> httpx.Response:
    return await caller.http.put(f"{bench.path}/recording-consent", json=body)


async def test_both_must_consent_and_either_may_take_it_back(bench: CallBench) -> None:
    wanted, body = response("recording_consent"), fixture("recording_consent")["request"]

    first = (await say(bench, bench.customer, body)).json()
    again = (await say(bench, bench.customer, body)).json()
    both = (await say(bench, bench.mechanic, body)).json()
    less = (await say(bench, bench.customer, {"consents": False})).json()

    assert first == wanted
    assert again == first
    assert (both["may_record"], less["may_record"]) == (True, False)
    assert less["mechanic"]["consents"]
    seen = (await bench.mechanic.http.get(f"{bench.path}/recording-consent")).json()
    assert seen == less
    # Who says the same again tells nobody anything.
    told = [
        (one["role"], one["consents"], one["may_record"]) for one in await bench.events("recording")
    ]
    assert told == [
        ("customer", True, False),
        ("mechanic", True, True),
        ("customer", False, False),
    ]


async def test_nobody_consents_for_the_other_or_after_the_end(bench: CallBench) -> None:
    body = {"consents": True}
    support = await bench.service.support()
    others = {"consents": True, "role": "mechanic"}

    stranger = await say(bench, await bench.service.customer("Ida Stranger"), body)
    wrong = [await say(bench, bench.customer, one) for one in (others, {}, {"consents": "yes"})]
    by_support = await say(bench, support, body)
    await bench.customer.http.post(f"{bench.path}/cancel", json={})
    late = await say(bench, bench.customer, body)

    assert (stranger.status_code, by_support.status_code) == (403, 403)
    assert {one.status_code for one in wrong} == {422}
    assert (late.status_code, late.json()["code"]) == (409, "session.ended")
    seen = (await support.http.get(f"{bench.path}/recording-consent")).json()
    assert seen == {
        "customer": {"consents": False, "at": None},
        "mechanic": {"consents": False, "at": None},
        "may_record": False,
    }


async def test_the_real_client_says_and_reads_it(bench: CallBench) -> None:
    token = Secret(bench.customer.http.headers["Authorization"].removeprefix("Bearer "))
    async with on_loopback(bench.service.app) as base:
        transport = Transport(base, SystemClock(), authority=_Holder(token))
        client = LiftbayClient(transport, SystemClock())
        try:
            said = await client.say_recording_consent(SessionId(bench.session_id), consents=True)
            read = await client.recording_consents(SessionId(bench.session_id))
        finally:
            await transport.close()

    assert said == read
    assert (read.customer.consents, read.may_record) == (True, False)


@pytest.mark.parametrize("what", ["messages", "readiness", "recording-consent"])
async def test_one_side_is_slowed_down_and_the_other_is_not(
    bench: CallBench, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A limit counts arrivals: also those that are refused, repeated or change nothing."""
    limit = {"messages": "MESSAGES", "readiness": "READINESS", "recording-consent": "CONSENTS"}
    for module in ("records", "calls", "recording"):
        monkeypatch.setattr(
            f"liftbay_backend.routers.{module}.{limit[what]}", "3/minute", raising=False
        )

    def asked(caller: Caller) -> tuple[str, str, dict[str, Any]]:
        bodies: dict[str, dict[str, Any]] = {
            "messages": {"client_id": str(uuid.uuid4()), "text": "Hello"},
            "readiness": {"state": "checking", "rung": None},
            "recording-consent": {"consents": True},
        }
        return ("POST" if what == "messages" else "PUT", f"{bench.path}/{what}", bodies[what])

    async def send(caller: Caller) -> httpx.Response:
        method, address, body = asked(caller)
        return await caller.http.request(method, address, json=body)

    mine = [await send(bench.customer) for _ in range(4)]
    theirs = await send(bench.mechanic)

    assert [one.is_success for one in mine] == [True, True, True, False]
    refused = mine[-1].json()
    assert (refused["status"], refused["code"], refused["reason"]) == (429, "rate.limited", "pace")
    assert int(mine[-1].headers["Retry-After"]) > 0
    assert theirs.is_success


class _Holder:
    def __init__(self, token: Secret) -> None:
        self._credential = Credential(1, token)

    async def credential(self) -> Credential:
        return self._credential

    async def renew(self, used: Credential) -> bool:
        return False
