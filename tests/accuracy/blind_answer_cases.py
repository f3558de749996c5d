"""N04 and N09, blind: login pages of other makers, and call servers behind other balancers.

Written from the catalogue, docs/api.md (``/portal-check``), RFC 9110, RFC 6585 (511), what
gateways are documented to answer, and LiveKit's protocol.
"""

import random
from collections.abc import Callable, Iterator
from http import HTTPStatus
from unittest.mock import patch

from livekit.protocol.models import ParticipantInfo, Room, ServerInfo
from livekit.protocol.rtc import (
    ICEServer,
    JoinResponse,
    Pong,
    RoomUpdate,
    SignalResponse,
    SpeakersChanged,
)
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from client_api.clock import Clock
from preflight.probe import portal, signalling
from tests.accuracy.asked_network import network_figures, on_real_sockets
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.network_secure_cases import ShiftedTime
from tests.accuracy.tally import Case
from tests.fakes.http_service import Reply, http_service

SEED = 7_900_000
KNOWN = b"liftbay-portal-check\n"

# --- N09 ---------------------------------------------------------------------------------------


def _portal(answer: Callable[[random.Random], Reply], *, secure: bool) -> Make:
    """Ask for the known page; ``secure``: of a service at https, whose port 80 answers this."""

    def make(rng: random.Random) -> Found:
        reply = answer(rng)

        async def work(clock: Clock) -> Found:
            async with http_service() as service:
                service.otherwise = lambda _asked: reply
                if not secure:
                    return await network_figures("net.captive_portal", clock, url=service.url)
                there = service.url + "/portal-check"
                with patch.object(portal, "plain_address", lambda _url: there):
                    return await network_figures(
                        "net.captive_portal", clock, url="https://api.garage.test"
                    )

        return on_real_sockets(work)

    return make


_LOGINS = (
    "http://192.168.182.1:3990/prelogin",
    "https://wifi.hotel.test/guest/s/default/?id=aa:bb&url=http://api.garage.test%2F",
    "http://1.1.1.1/login.html?redirect=api.garage.test/portal-check",
    "https://api.garage.test.login.portal.test/portal-check",
    "//captive.apple.test/hotspot",
    "/cgi-bin/login?cmd=login&mac=02:00:00:00:00:01",
    "http://unifi.test:8880/guest/s/site/",
    "https://fortigate.test:1003/fgtauth?0a0b",
)
_PAGES = (
    b'<html><head><meta http-equiv="refresh" content="1;url=http://login.test"></head></html>',
    b"<!DOCTYPE html><title>RouterOS hotspot > login</title><form name='login'></form>",
    b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>",
    b"Microsoft NCSI",
    b"\xef\xbb\xbf<html lang='ja'>\xe3\x83\xad\xe3\x82\xb0\xe3\x82\xa4\xe3\x83\xb3</html>",
    b'{"captive": true, "user-portal-url": "https://example.test/portal"}',
    b"<script>top.location.href='http://10.0.0.1/'</script>" * 400,
)


def _redirected(rng: random.Random) -> Reply:
    status = rng.choice((301, 302, 303, 307))
    named = (rng.choice(("Location", "location")), rng.choice(_LOGINS))
    return Reply(status, b"<html>moved</html>", (named,), media_type="text/html")


def _paged(rng: random.Random) -> Reply:
    status = rng.choice((200, 200, 200, 511))
    return Reply(status, rng.choice(_PAGES), media_type="text/html; charset=utf-8")


def _known(rng: random.Random) -> Reply:
    """The page itself, as a cache or a balancer passes it on."""
    headers = (("Via", "1.1 squid (squid/5.7)"), ("Age", "12"), ("X-Cache", "HIT from gate"))
    kind = rng.choice(("text/plain", "text/plain; charset=utf-8", "TEXT/PLAIN;charset=UTF-8"))
    chunks = (KNOWN[:7], KNOWN[7:]) if rng.random() < 0.4 else None
    return Reply(200, b"" if chunks else KNOWN, headers, media_type=kind, chunks=chunks)


def _own_step(rng: random.Random) -> Reply:
    to = rng.choice(
        (
            "https://api.garage.test/portal-check",
            "https://api.garage.test:443/portal-check",
            "HTTPS://API.GARAGE.TEST/portal-check",
            "https://api.garage.test/",
        )
    )
    return Reply(rng.choice((301, 302, 307, 308)), b"", (("Location", to),), media_type="text/html")


def _not_there(rng: random.Random) -> Reply:
    body = rng.choice((b"404 page not found\n", b"<html><h1>404 Not Found</h1>nginx</html>", b""))
    return Reply(404, body, media_type="text/plain")


# --- N04 ---------------------------------------------------------------------------------------


def _join(rng: random.Random) -> bytes:
    """Return a join answer of servers from 1.3 to 1.13; newer ones say more."""
    version = rng.choice(("1.3.1", "1.5.2", "1.8.4", "1.11.0", "1.13.2"))
    join = JoinResponse(
        room=Room(sid="RM_1", name="probe-9", empty_timeout=30),
        participant=ParticipantInfo(sid="PA_1", identity="s"),
        server_version=version,
        server_region=rng.choice(("", "fra1", "São Paulo")),
        subscriber_primary=True,
        ping_timeout=15,
        ping_interval=5,
    )
    if rng.random() < 0.7:
        join.server_info.CopyFrom(ServerInfo(version=version, node_id="ND_a", protocol=15))
    urls = rng.choice(([], ["turns:turn.test:443?transport=tcp"], ["stun:stun.test:19302"]))
    if urls:
        join.ice_servers.append(ICEServer(urls=urls, username="u", credential="c"))
    # A field that this version of the protocol does not know (number 2000, a short text).
    unknown = bytes([0x82, 0x7D, 3]) + b"new"
    told: bytes = SignalResponse(join=join).SerializeToString()
    return told + (unknown if rng.random() < 0.4 else b"")


def _beside(rng: random.Random) -> list[bytes]:
    every: list[bytes] = [
        SignalResponse(pong_resp=Pong(timestamp=7)).SerializeToString(),
        SignalResponse(room_update=RoomUpdate(room=Room(sid="RM_1"))).SerializeToString(),
        SignalResponse(speakers_changed=SpeakersChanged()).SerializeToString(),
    ]
    return rng.sample(every, rng.randint(0, 2))


def _call_server(
    low_s: float,
    high_s: float,
    *,
    validate: tuple[int, ...] = (200,),
    upgrade: tuple[int, ...] = (),
    closes: tuple[int, ...] = (),
    says: tuple[bytes, ...] = (),
) -> Make:
    """A call server, or something in its place.

    Args:
        upgrade: answers to the WebSocket's first request, in place of one.
        closes: codes with which it ends without a word.
        says: what it says in place of a join answer.
    """

    def make(rng: random.Random) -> Found:
        shifted = ShiftedTime()
        wait_s = rng.uniform(low_s, high_s)

        def before(_connection: ServerConnection, request: Request) -> Response | None:
            if "/validate" in request.path:
                status = rng.choice(validate)
                return Response(status, HTTPStatus(status).phrase, Headers(), b"success")
            if upgrade:
                status = rng.choice(upgrade)
                return Response(status, HTTPStatus(status).phrase, Headers(), b"<html>")
            return None

        async def answer(socket: ServerConnection) -> None:
            shifted.ahead_s += wait_s
            if closes:
                await socket.close(rng.choice(closes), "later")
                return
            for each in _beside(rng):
                await socket.send(each)
            if says:
                await socket.send(rng.choice(says))
                await socket.close(1000)
                return
            await socket.send(_join(rng))
            await socket.wait_closed()

        async def work(clock: Clock) -> Found:
            async with serve(answer, "127.0.0.1", 0, process_request=before) as server:
                port = next(iter(server.sockets)).getsockname()[1]
                slash = rng.choice(("", "/"))
                there = f"ws://127.0.0.1:{port}{slash}"
                return await network_figures("net.signal", clock, room_url=there)

        with patch.object(signalling, "time", shifted):
            return on_real_sockets(work)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies beside a limit is not made."""
    yield from blind_cases_of(
        "net.captive_portal",
        SEED,
        (("the page", _portal(_known, secure=False)), ("at port 80", _portal(_known, secure=True))),
        (
            ("sent elsewhere", FAILED, _portal(_redirected, secure=False)),
            ("another page", FAILED, _portal(_paged, secure=False)),
            ("sent elsewhere from port 80", FAILED, _portal(_redirected, secure=True)),
            ("another page at port 80", FAILED, _portal(_paged, secure=True)),
        ),
        (
            ("its own step to https", UNTOLD, _portal(_own_step, secure=True)),
            ("nothing at port 80", UNTOLD, _portal(_not_there, secure=True)),
        ),
    )
    yield from blind_cases_of(
        "net.signal",
        SEED + 20_000,
        (("quick", _call_server(0, 2.7)),),
        (
            ("slow", WARNED, _call_server(3.3, 7.4)),
            ("not valid", FAILED, _call_server(0, 1, validate=(401, 403, 407, 429, 500, 504))),
            ("no WebSocket", FAILED, _call_server(0, 1, upgrade=(200, 302, 403, 426, 502))),
            ("it hangs up", FAILED, _call_server(0, 1, closes=(1000, 1008, 1011, 1012, 4000))),
            ("another one", FAILED, _call_server(0, 1, says=(b"", b"\xff\xfe", b"{}", b"hello"))),
        ),
    )
