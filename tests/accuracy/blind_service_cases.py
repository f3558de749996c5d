"""N02, N05 and N08, blind: a service behind other balancers, and an SDK that fails in other words.

Written from the catalogue, docs/api.md (the health answer), the Server-Timing specification of the
W3C, and RFC 9110.
"""

import json
import random
from collections.abc import Callable, Iterator
from unittest.mock import patch

from livekit import rtc

from preflight.checks.network.bench import NetworkBench
from preflight.probe import main, room_join, sampler
from tests.accuracy.asked_network import network_figures, on_made_line
from tests.accuracy.kinds import FAILED, FAULTY, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_service import Answered, MadeHealth, served
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.network_service_cases import MadeRoom
from tests.accuracy.tally import Case

SEED = 7_800_000
Answering = Callable[[random.Random, int, MadeHealth], Answered]


def _asked(code: str, health: MadeHealth) -> Found:
    async def look(bench: NetworkBench) -> None:
        if code != "net.health":
            await bench.look()

    async def work(loop: MadeTimeLoop) -> Found:
        with served(health, loop):
            return await network_figures(code, loop, before=look)

    return on_made_line(work, sampler)


def _body(health: MadeHealth, after_ms: float, **more: object) -> str:
    told = {
        "status": "ok",
        "server_now": health.server_now(after_ms),
        "version": "0.1.0",
        "min_client_version": "0.1.0",
        "allow_synthetic": False,
        "checks": {"database": "ok", "media": "ok"},
        **more,
    }
    return json.dumps(told)


# --- N02 ---------------------------------------------------------------------------------------


def _health(answer: Answering) -> Make:
    def make(rng: random.Random) -> Found:
        return _asked("net.health", MadeHealth(lambda number, made: answer(rng, number, made)))

    return make


def _well(rng: random.Random, _number: int, health: MadeHealth) -> Answered:
    """As a balancer passes it on: with headers of its own, in other cases."""
    headers = [
        ("content-type", rng.choice(("application/json", "application/json; charset=utf-8"))),
        ("VIA", "1.1 varnish, 1.1 google"),
        ("Cache-Control", "no-store"),
        ("Age", "0"),
        ("x-cache", "MISS"),
    ]
    way = rng.uniform(2, 150)
    return Answered(_body(health, way), out_ms=way, back_ms=way, headers=rng.sample(headers, 3))


def _failing(*statuses: int) -> Answering:
    """A service that is away, whatever its balancer calls that."""

    def answer(rng: random.Random, _number: int, _health: MadeHealth) -> Answered:
        status = rng.choice(statuses)
        body = rng.choice(
            (
                "<html><head><title>502 Bad Gateway</title></head></html>",
                '{"type": "about:blank", "code": "server.unavailable", "status": 503}',
                "upstream connect error or disconnect/reset before headers",
                "",
            )
        )
        return Answered(body, status=status, headers=[("Retry-After", "5")])

    return answer


def _unhealthy(rng: random.Random, _number: int, health: MadeHealth) -> Answered:
    word = rng.choice(("unhealthy", "error", "down", "failing"))
    return Answered(_body(health, 10, status=word, checks={"database": "error"}))


IN_REACH = 3
"""So many lost looks end a run: each takes 2 s of the 7, so they are among the first."""


def _losing(low: int, high: int) -> Make:
    def make(rng: random.Random) -> Found:
        count = rng.randint(low, high)
        gone = set(rng.sample(range(1, 12), count))
        if count >= IN_REACH and len([each for each in gone if each <= 2 * IN_REACH]) < IN_REACH:
            gone |= set(rng.sample(range(1, 2 * IN_REACH + 1), IN_REACH))

        def answer(number: int, health: MadeHealth) -> Answered:
            found = _well(rng, number, health)
            found.lost = number in gone
            return found

        return _asked("net.health", MadeHealth(answer))

    return make


# --- N08 ---------------------------------------------------------------------------------------


def _own(rng: random.Random, took_ms: float) -> str:
    """Write the service's own entry as the specification allows it."""
    figure = rng.choice((f"{took_ms:.1f}", f"{took_ms:.6f}"))
    return rng.choice(
        (
            f"app;dur={figure}",
            f'app;dur={figure};desc="GET, health; all"',
            f'app;desc="health";dur={figure}',
            f"app ; dur = {figure}",
            f'app;dur="{figure}"',
            f"app;DUR={figure}",
        )
    )


def _timing(rng: random.Random, took_ms: float, rtt_ms: float) -> list[tuple[str, str]]:
    """Return the headers: the own entry among those of whatever stands between."""
    foreign = (
        f"cdn-cache;desc=MISS, edge;dur={rtt_ms * 0.9:.0f}",
        f"origin;dur={rtt_ms:.0f}",
        f'cfL4;desc="?proto=TCP&rtt={rtt_ms:.0f},app;dur={rtt_ms:.0f}"',
        f"application;dur={rtt_ms:.0f}",
        f"total;dur={rtt_ms:.0f}",
        "miss, db;dur=0.1",
    )
    entries = [_own(rng, took_ms), *rng.sample(foreign, rng.randint(0, 2))]
    rng.shuffle(entries)
    name = rng.choice(("Server-Timing", "server-timing"))
    if rng.random() < 0.5:
        return [(name, ", ".join(entries))]
    return [(name, entry) for entry in entries]


def _shares(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        rtt = rng.uniform(30, 700)
        share = rng.uniform(low, high)

        def answer(_number: int, health: MadeHealth) -> Answered:
            took = rtt * share * rng.uniform(0.95, 1.05)
            way = (rtt - rtt * share) / 2 * rng.uniform(0.97, 1.03)
            return Answered(
                _body(health, way),
                out_ms=way,
                service_ms=took,
                back_ms=way,
                headers=_timing(rng, took, rtt),
            )

        return _asked("net.server_slow", MadeHealth(answer))

    return make


def _no_timing(rng: random.Random) -> Found:
    """None, or only those of others."""
    headers: list[tuple[str, str]] = rng.choice(
        (
            [],
            [("Server-Timing", "edge;dur=4, origin;dur=900")],
            [("Server-Timing", 'x;desc="app;dur=900"')],
            [("Server-Timing", "app;dur=soon")],
        )
    )
    return _asked(
        "net.server_slow",
        MadeHealth(lambda _number, health: Answered(_body(health, 10), headers=headers)),
    )


# --- N05 ---------------------------------------------------------------------------------------

_WORDS = (
    "engine: signal failure: ws failure: WebSocket protocol error: Handshake not finished",
    "engine: signal failure: ws failure: HTTP error: 403 Forbidden",
    "engine: signal failure: ws failure: TLS error: invalid peer certificate: UnknownIssuer",
    'engine: signal failure: client error: 429 "too many requests"',
    "engine: signal failure: failed to parse url",
    "room: already exists",
    "",
)


def _room(low_s: float, high_s: float | None, *, refuses: bool = False) -> Make:
    """A room that connects within so many seconds; None: never."""

    def make(rng: random.Random) -> Found:
        takes_s = 600.0 if high_s is None else rng.uniform(low_s, high_s)
        words = rng.choice(_WORDS) if refuses else None
        room = type("Room", (MadeRoom,), {"takes_s": takes_s, "refuses": words})

        async def work(loop: MadeTimeLoop) -> Found:
            with patch.object(rtc, "Room", room):
                return await network_figures("net.room", loop, room_url="wss://sfu.garage.test")

        with patch.object(main, "LIBRARY_REST_S", 0.0):
            return on_made_line(work, room_join)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies beside a limit is not made."""
    yield from blind_cases_of(
        "net.health",
        SEED,
        (("well", _health(_well)),),
        (
            ("some are lost", WARNED, _losing(1, 2)),
            ("many are lost", FAILED, _losing(3, 9)),
            ("away", FAILED, _health(_failing(500, 502, 503, 504, 521))),
            ("not there", FAULTY, _health(_failing(404, 403, 429, 204))),
            ("it says so itself", FAILED, _health(_unhealthy)),
        ),
    )
    yield from blind_cases_of(
        "net.server_slow",
        SEED + 20_000,
        (("quick", _shares(0.0, 0.44)),),
        (("slow", WARNED, _shares(0.56, 0.97)),),
        (("not told", UNTOLD, _no_timing),),
    )
    yield from blind_cases_of(
        "net.room",
        SEED + 40_000,
        (("quick", _room(0.05, 2.8)),),
        (
            ("slow", WARNED, _room(3.3, 9.2)),
            ("refused", FAILED, _room(0.1, 3, refuses=True)),
            ("never", FAILED, _room(0, None)),
        ),
    )
