"""HTTP as it really goes wrong, against a real server on a loopback port."""

from __future__ import annotations

import asyncio

import pytest

from client_api.clock import SystemClock
from client_api.errors import (
    BrokenAnswer,
    ErrorCode,
    Refused,
    Unreachable,
    UnreachableReason,
)
from client_api.secret import Secret
from client_api.tasks import spawn
from client_api.transport import Call, Credential, Transport
from client_api.wire import IdempotencyKey
from tests.fakes.http_service import Reply, http_service, ok, problem
from tests.fakes.transports import Renewing, connected

GET = Call("GET", "/api/thing")
POST = Call("POST", "/api/thing", body=b"{}")
KEYED = Call("POST", "/api/thing", body=b"{}", key=IdempotencyKey("k-1"))


pytestmark = pytest.mark.usefixtures("no_waiting")


async def test_an_answer_comes_with_the_times_around_it() -> None:
    async with connected(ok({"a": 1})) as (service, transport):
        answer = await transport.send(GET)

    assert answer.body == b'{"a": 1}'
    assert answer.sent_ns < answer.received_ns
    assert service.received[0].headers["x-liftbay-client"] == "desktop"


async def test_a_broken_connection_is_tried_again_with_the_same_key() -> None:
    async with connected(Reply(cut=True), ok({})) as (service, transport):
        await transport.send(KEYED)

    assert [request.headers["idempotency-key"] for request in service.received] == ["k-1", "k-1"]


async def test_a_change_without_a_key_is_sent_once_only() -> None:
    async with connected(Reply(cut=True), ok({})) as (service, transport):
        with pytest.raises(Unreachable) as caught:
            await transport.send(POST)

    assert caught.value.reason is UnreachableReason.CONNECTION_LOST
    assert len(service.received) == 1


async def test_trying_again_ends() -> None:
    async with connected(*[Reply(cut=True)] * 9) as (service, transport):
        with pytest.raises(Unreachable):
            await transport.send(GET)

    assert len(service.received) == 4


async def test_nobody_there_is_unreachable() -> None:
    async with http_service() as service:
        url = service.url
    transport = Transport(url, SystemClock())

    with pytest.raises(Unreachable) as caught:
        await transport.send(GET)

    assert caught.value.reason is UnreachableReason.NO_CONNECTION
    await transport.close()


async def test_silence_ends_at_the_deadline() -> None:
    async with connected(Reply(hang=True)) as (_, transport):
        call = Call("POST", "/api/thing", timeout_s=0.05)

        with pytest.raises(Unreachable) as caught:
            await transport.send(call)

    assert caught.value.reason is UnreachableReason.TIMED_OUT


async def test_a_refusal_carries_its_code_and_is_not_repeated() -> None:
    refusal = problem("preflight.required", 428, reason="stale", blocking=["mic.silent"])
    async with connected(refusal) as (service, transport):
        with pytest.raises(Refused) as caught:
            await transport.send(GET)

    assert caught.value.code is ErrorCode.PREFLIGHT_REQUIRED
    assert caught.value.problem.reason == "stale"
    assert caught.value.problem.blocking == ("mic.silent",)
    assert len(service.received) == 1


async def test_a_code_of_a_newer_service_is_a_refusal_too() -> None:
    async with connected(problem("coffee.cold", 418)) as (_, transport):
        with pytest.raises(Refused) as caught:
            await transport.send(GET)

    assert caught.value.code is ErrorCode.UNKNOWN


async def test_a_busy_service_is_asked_again_when_it_says() -> None:
    busy = problem("rate.limited", 429, ("Retry-After", "0"))
    async with connected(busy, ok({})) as (service, transport):
        await transport.send(GET)

    assert len(service.received) == 2


async def test_whoever_is_told_to_wait_a_minute_hears_of_it_at_once() -> None:
    busy = problem("rate.limited", 429, ("Retry-After", "60"))
    async with connected(busy) as (service, transport):
        with pytest.raises(Refused) as caught:
            await transport.send(GET)

    assert caught.value.retry_after_s == 60
    assert len(service.received) == 1


async def test_a_gateways_page_means_the_service_is_away() -> None:
    page = Reply(502, b"<html>", (("Retry-After", "tomorrow"),), "text/html")
    async with connected(page) as (_, transport):
        with pytest.raises(Unreachable) as caught:
            await transport.send(POST)

    assert caught.value.reason is UnreachableReason.GATEWAY
    assert caught.value.retry_after_s is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(302, b"", (("Location", "http://portal.test/"),), "text/html"),
        Reply(404, b"<html>", (), "text/html"),
        Reply(409, b"not JSON", (), "application/problem+json"),
    ],
)
async def test_an_answer_of_somebody_else_is_broken(reply: Reply) -> None:
    async with connected(reply) as (_, transport):
        with pytest.raises(BrokenAnswer):
            await transport.send(POST)


async def test_an_answer_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client_api.bounds.MAX_ANSWER_BYTES", 1000)
    async with connected(Reply(200, b"x" * 2000)) as (_, transport):
        with pytest.raises(BrokenAnswer):
            await transport.send(POST)


async def test_a_closed_transport_says_so_in_our_words() -> None:
    async with connected() as (_, transport):
        await transport.close()

        with pytest.raises(Unreachable):
            await transport.send(POST)


async def test_an_expired_token_is_renewed_once_for_all_who_wait() -> None:
    async with connected() as (service, transport):
        authority = Renewing()
        transport.sign_with(authority)
        expired = {"authorization": "Bearer token-1"}
        service.otherwise = lambda request: (
            problem("auth.expired", 401)
            if request.headers["authorization"] == expired["authorization"]
            else ok({})
        )

        await asyncio.gather(*(spawn(transport.send(POST), name=f"{i}") for i in range(3)))

    assert authority.generation == 2


async def test_a_sign_in_that_cannot_be_renewed_is_told() -> None:
    async with connected(problem("auth.expired", 401)) as (_, transport):
        transport.sign_with(Renewing(renewals=0))

        with pytest.raises(Refused) as caught:
            await transport.send(POST)

    assert caught.value.code is ErrorCode.AUTH_EXPIRED


async def test_nobody_signs_nothing() -> None:
    async with connected(problem("auth.required", 401)) as (service, transport):
        with pytest.raises(Refused):
            await transport.send(GET)

    assert "authorization" not in service.received[0].headers


async def test_no_secret_is_printed() -> None:
    secret = "eyJ-very-secret"
    call = Call("POST", "/x", body=secret.encode(), headers={"A": secret})
    async with connected(Reply(200, secret.encode())) as (_, transport):
        answer = await transport.send(call)

    for shown in (repr(call), repr(answer), repr(Credential(1, Secret(secret)))):
        assert secret not in shown


async def test_cookies_are_kept_loaded_and_forgotten() -> None:
    cookie = ("Set-Cookie", "aad_mech_refresh=new; Path=/api/mechanic; HttpOnly")
    async with connected(ok({}, cookie), ok({})) as (service, transport):
        transport.load_cookie("aad_mech_refresh", Secret("old"), path="/api/mechanic")
        await transport.send(Call("POST", "/api/mechanic/refresh"))
        transport.drop_loaded_cookies()
        kept = transport.cookie("aad_mech_refresh")
        await transport.send(Call("POST", "/api/mechanic/refresh"))
        transport.forget_cookies()
        forgotten = transport.cookie("aad_mech_refresh")

    assert [request.headers["cookie"] for request in service.received] == [
        "aad_mech_refresh=old",
        "aad_mech_refresh=new",
    ]
    assert kept == Secret("new")
    assert forgotten is None


async def test_a_service_elsewhere_is_trusted_by_the_systems_store() -> None:
    for url in ("https://liftbay.example", "http://192.0.2.7:8000", "http://localhost:8000"):
        transport = Transport(url + "/", SystemClock())

        assert transport.base_url == url
        await transport.close()


async def test_an_error_of_httpx_that_is_no_network_fault_is_a_broken_answer() -> None:
    broken_encoding = Reply(200, b"not gzip", (("Content-Encoding", "gzip"),))
    async with connected(broken_encoding) as (_, transport):
        with pytest.raises(BrokenAnswer):
            await transport.send(POST)


async def test_a_bug_is_not_taken_for_a_network_fault() -> None:
    class BuggyClock(SystemClock):
        def monotonic_ns(self) -> int:
            raise RuntimeError("a bug")

    async with http_service() as service:
        transport = Transport(service.url, BuggyClock())

        with pytest.raises(RuntimeError, match="a bug"):
            await transport.send(POST)
        await transport.close()
