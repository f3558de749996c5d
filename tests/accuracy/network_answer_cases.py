"""N04, N09 and N14: made servers on this machine that answer as networks and services do.

Truth. ``net.signal``: whether a call server validated and let join, and after how long, 0.15 s
clear of a limit (the seconds are made). ``net.captive_portal``: whether the service answered or a
login page in one of the styles portals have; who refuses or steps up to https shows neither.
``net.mtu``: whether 16 kB came back, once lost or twice (a stall's seconds are not waited for).
"""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from unittest.mock import patch

from livekit.protocol.models import ServerInfo
from livekit.protocol.rtc import (
    ICEServer,
    JoinResponse,
    LeaveRequest,
    SignalResponse,
)
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from client_api.clock import Clock
from preflight.probe import large_packets, plain_http, portal, signalling
from preflight.probe.portal import KNOWN_BODY
from tests.accuracy.asked_network import network_figures, on_real_sockets
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.network_secure_cases import ShiftedTime
from tests.accuracy.tally import Case
from tests.fakes.http_service import Received, Reply, http_service

SEED = 380_000
Answering = Callable[[Received], Reply]


# --- N09 ---------------------------------------------------------------------------------------


def _portal(answer: Callable[[random.Random], Reply], *, secure: bool = False) -> Make:
    """Ask for the known page; ``secure``: the service is at https, and its port 80 answers."""

    def make(rng: random.Random) -> Found:
        reply = answer(rng)

        async def work(clock: Clock) -> Found:
            async with http_service() as service:
                service.otherwise = lambda _asked: reply
                if not secure:
                    return await network_figures("net.captive_portal", clock, url=service.url)
                with patch.object(
                    portal, "plain_address", lambda _url: service.url + "/portal-check"
                ):
                    return await network_figures(
                        "net.captive_portal", clock, url="https://service.test"
                    )

        return on_real_sockets(work)

    return make


_PAGES = (
    b"<html><head><title>Hotel Wi-Fi</title></head><body>Accept</body></html>",
    b"<html><head><meta http-equiv='refresh' content='0;url=http://1.1.1.1/login'></head></html>",
    b"<script>location='http://portal.local/'</script>",
    b"Success",
    b"OK\n",
    b"\n",
    b"",
    "<html lang=de>Willkommen im Café, bitte anmelden</html>".encode(),
    b"<!DOCTYPE html>" + b" " * 40_000,
    KNOWN_BODY + b"<!-- ad -->",
    KNOWN_BODY[:-3],
    KNOWN_BODY.upper(),
    b'{"login": true}',
)
_AWAY = (
    "http://login.hotel.test/?back=x",
    "https://portal.provider.test/",
    "//1.1.1.1/",
    "/login.html",
    "http://192.168.1.1/cgi-bin/hotspot",
    "http://neverssl.test",
    "login",
    "",
)


def _redirect(rng: random.Random) -> Reply:
    where = rng.choice(_AWAY)
    headers = (("Location", where),) if where else ()
    return Reply(rng.choice((301, 302, 303, 307, 308)), b"", headers, media_type="text/html")


def _page(rng: random.Random) -> Reply:
    page = rng.choice(_PAGES)
    chunks = (page[:7], page[7:]) if rng.random() < 0.3 and len(page) > 8 else None
    return Reply(200, page, media_type="text/html", chunks=chunks)


def _login_required(_rng: random.Random) -> Reply:
    return Reply(511, b"<html>Network Authentication Required</html>", media_type="text/html")


def _exact(rng: random.Random) -> Reply:
    chunks = (KNOWN_BODY[:5], KNOWN_BODY[5:]) if rng.random() < 0.3 else None
    more = rng.sample((("X-Cache", "HIT"), ("Via", "1.1 proxy"), ("Set-Cookie", "a=b")), 2)
    return Reply(
        200,
        KNOWN_BODY,
        tuple(more),
        media_type=rng.choice(("text/plain", "text/html")),
        chunks=chunks,
    )


def _step_up(rng: random.Random) -> Reply:
    where = rng.choice(
        ("https://service.test/portal-check", "https://service.test:443/", "HTTPS://SERVICE.TEST/x")
    )
    return Reply(rng.choice((301, 308)), b"", (("Location", where),))


def _refusal(rng: random.Random) -> Reply:
    return Reply(
        rng.choice((403, 404, 429, 500, 502, 503)), b"<html>no</html>", media_type="text/html"
    )


def _cut(_rng: random.Random) -> Reply:
    return Reply(cut=True)


# --- N14 ---------------------------------------------------------------------------------------


def _echoing(
    large_lost: int,
    *,
    small_lost: bool = False,
    status: tuple[int, ...] = (200,),
    altered: bool = False,
) -> Make:
    """Echo, with so many of the large packets lost without a word."""

    def make(rng: random.Random) -> Found:
        left = {"large": large_lost, "small": 99 if small_lost else 0}
        real = plain_http.exchange

        def exchange(
            url: str, *, timeout_s: float, limit: int, body: bytes | None = None
        ) -> plain_http.Reply:
            size = "large" if body is not None and len(body) > 1000 else "small"
            if left[size]:
                left[size] -= 1
                raise TimeoutError
            return real(url, timeout_s=5.0, limit=limit, body=body)

        def answer(asked: Received) -> Reply:
            said = rng.choice(status)
            body = asked.body if said == 200 else b"no"
            if altered and len(body) > 1000:
                body = body[: rng.randint(0, 9000)] + b"<html>"
            return Reply(said, body, media_type="application/octet-stream")

        async def work(clock: Clock) -> Found:
            async with http_service() as service:
                service.otherwise = answer
                return await network_figures("net.mtu", clock, url=service.url)

        with patch.object(large_packets, "exchange", exchange):
            return on_real_sockets(work)

    return make


# --- N04 ---------------------------------------------------------------------------------------


def _join(rng: random.Random) -> SignalResponse:
    """Make the answer to a join, as newer and older servers write it."""
    info = ServerInfo(version="1.9.0", region="eu", node_id="ND_1", protocol=16)
    servers = [ICEServer(urls=["turn:turn.test:3478?transport=udp"])] if rng.random() < 0.5 else []
    answer = rng.choice(
        (
            JoinResponse(server_info=info, ice_servers=servers),
            JoinResponse(server_version="1.1.0", server_region="us", ice_servers=servers),
            JoinResponse(),
        )
    )
    return SignalResponse(join=answer)


_BESIDE: tuple[str | bytes, ...] = (
    SignalResponse(pong=7).SerializeToString(),
    "hello",
    "{}",
    SignalResponse().SerializeToString(),
)


def _call_server(
    low_s: float,
    high_s: float,
    *,
    validate: int = 200,
    joins: bool = True,
    upgrade: int | None = None,
) -> Make:
    """A call server that answers a join after a while; or refuses at one of the steps."""

    def make(rng: random.Random) -> Found:
        shifted = ShiftedTime()
        ahead_s = rng.uniform(low_s, high_s)
        beside = rng.sample(_BESIDE, rng.randint(0, 2))

        def before(_connection: ServerConnection, request: Request) -> Response | None:
            if "/validate" in request.path:
                return Response(validate, HTTPStatus(validate).phrase, Headers(), b"said")
            if upgrade is not None:
                return Response(upgrade, HTTPStatus(upgrade).phrase, Headers(), b"<html>")
            return None

        async def answer(socket: ServerConnection) -> None:
            for each in beside:
                await socket.send(each)
            shifted.ahead_s += ahead_s
            if joins:
                await socket.send(_join(rng).SerializeToString())
                await socket.wait_closed()
            elif rng.random() < 0.5:
                await socket.send(SignalResponse(leave=LeaveRequest()).SerializeToString())

        async def work(clock: Clock) -> Found:
            async with serve(answer, "127.0.0.1", 0, process_request=before) as server:
                port = next(iter(server.sockets)).getsockname()[1]
                return await network_figures("net.signal", clock, room_url=f"ws://127.0.0.1:{port}")

        with ExitStack() as stack:
            stack.enter_context(patch.object(signalling, "time", shifted))
            return on_real_sockets(work)

    return make


def _refuses(rng: random.Random) -> Found:
    how = rng.randrange(3)
    if how == 0:
        return _call_server(0, 1, validate=rng.choice((401, 403, 404, 502, 503)))(rng)
    if how == 1:
        return _call_server(0, 1, upgrade=rng.choice((200, 400, 403, 404, 502)))(rng)
    return _call_server(0, 1, joins=False)(rng)


def _nobody(_rng: random.Random) -> Found:
    async def work(clock: Clock) -> Found:
        async with http_service() as service:
            url = service.url
        return await network_figures("net.signal", clock, room_url=url.replace("http", "ws"))

    return on_real_sockets(work)


def cases() -> Iterator[Case]:
    """Yield the cases of the three checks."""
    yield from cases_of(
        "net.captive_portal",
        SEED,
        (("the service", _portal(_exact)), ("the service at https", _portal(_exact, secure=True))),
        (
            ("a redirect", FAILED, _portal(_redirect)),
            ("a page", FAILED, _portal(_page)),
            ("a login is required", FAILED, _portal(_login_required)),
            ("a redirect, service at https", FAILED, _portal(_redirect, secure=True)),
        ),
        (
            ("its own step up to https", UNTOLD, _portal(_step_up, secure=True)),
            ("a refusal", UNTOLD, _portal(_refusal)),
            ("no answer", UNTOLD, _portal(_cut)),
        ),
    )
    yield from cases_of(
        "net.mtu",
        SEED + 100_000,
        (("all comes", _echoing(0)), ("one is lost", _echoing(1))),
        (("a black hole", FAILED, _echoing(2)),),
        (
            ("nothing comes", UNTOLD, _echoing(0, small_lost=True)),
            ("refused", UNTOLD, _echoing(0, status=(404, 405, 413, 500, 302))),
            ("altered", UNTOLD, _echoing(0, altered=True)),
        ),
    )
    yield from cases_of(
        "net.signal",
        SEED + 200_000,
        (("at once", _call_server(0, 0.5)), ("soon", _call_server(0.5, 2.7))),
        (
            ("late", WARNED, _call_server(3.15, 7.3)),
            ("far too late", FAILED, _call_server(8.2, 30)),
            ("refused", FAILED, _refuses),
            ("nobody there", FAILED, _nobody),
        ),
    )
