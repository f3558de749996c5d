"""N02, N05, N06 and N08: a made service's health, a made room, made interfaces, all in made time.

Truth. ``net.health``: how many of the warm looks got lost, and whether the service says it is well
(a page of somebody else is not its word). ``net.room``: how long the connect took, 0.15 s clear of
a limit, or how it was refused. ``net.changed``: whether the way out of the machine is another one;
what comes and goes beside it is not. ``net.server_slow``: the service's share of the round trip,
healthy to 40 %, ill from 62 %, told in every order in which others' timings may stand beside it.
"""

import itertools
import random
import socket
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from livekit import rtc

from preflight.checks.network.bench import NetworkBench
from preflight.memory import network_identity as identity_module
from preflight.memory.network_identity import network_identity
from preflight.probe import room_join, sampler
from tests.accuracy.asked_network import network_figures, on_made_line
from tests.accuracy.kinds import FAILED, FAULTY, UNKNOWN, WARNED, Found, Make, cases_of
from tests.accuracy.made_service import Answered, MadeHealth, served, well
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.tally import Case

SEED = 340_000


# --- N02 ---------------------------------------------------------------------------------------


def _health(answer: Callable[[random.Random, int, MadeHealth], Answered]) -> Make:
    def make(rng: random.Random) -> Found:
        health = MadeHealth(lambda number, health: answer(rng, number, health))

        async def work(loop: MadeTimeLoop) -> Found:
            with served(health, loop):
                return await network_figures("net.health", loop)

        return on_made_line(work, sampler)

    return make


def _fine(rng: random.Random, _number: int, health: MadeHealth) -> Answered:
    return well(rng, health, out_ms=rng.uniform(2, 140), back_ms=rng.uniform(2, 140), service_ms=1)


def _losing(low: int, high: int) -> Make:
    """A line that loses so many of the eleven looks, whichever they are."""

    def make(rng: random.Random) -> Found:
        gone = set(rng.sample(range(1, 12), rng.randint(low, high)))

        def answer(rng: random.Random, number: int, health: MadeHealth) -> Answered:
            if number in gone:
                return Answered("", lost=True)
            trip = rng.uniform(2, 60)
            return well(rng, health, out_ms=trip, back_ms=trip, service_ms=1)

        return _health(answer)(rng)

    return make


_UNWELL = (
    (200, '{"status": "degraded", "server_now": "2026-11-22T12:00:00+00:00"}'),
    (200, '{"status": "unhealthy", "checks": {"database": "down"}}'),
    (503, '{"status": "ok"}'),
    (503, '{"type": "about:blank", "code": "server.unavailable", "status": 503}'),
    (502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    (500, "Internal Server Error"),
    (429, '{"code": "rate.limited"}'),
    (404, "<html>not here</html>"),
    (200, "<html><title>Welcome to our Wi-Fi</title></html>"),
    (200, "[]"),
    (200, ""),
    (200, '{"status": null}'),
    (302, ""),
)


def _unwell(*, always: bool) -> Make:
    def make(rng: random.Random) -> Found:
        status, body = rng.choice(_UNWELL)
        ill = range(1, 12) if always else set(rng.sample(range(1, 12), rng.randint(1, 10)))

        def answer(rng: random.Random, number: int, health: MadeHealth) -> Answered:
            trip = rng.uniform(5, 90)
            if number not in ill:
                return well(rng, health, out_ms=trip, back_ms=trip, service_ms=1)
            return Answered(body, status, trip, 1, trip)

        return _health(answer)(rng)

    return make


# --- N08 ---------------------------------------------------------------------------------------


_FOREIGN_TIMINGS = (
    "cdn-cache;desc=MISS",
    'cfL4;desc="?proto=TCP&rtt=12000&sent=4"',
    "edge;dur={other:.0f}",
    "cdn-upstream-fbl;dur={other:.0f}",
    'cdn-pop;desc="FRA60-P3, dur=900"',
    "db;dur={part:.1f}",
)


def _shares(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        rtt = rng.uniform(20, 600)
        part = rtt * rng.uniform(low, high)
        foreign = rng.sample(_FOREIGN_TIMINGS, rng.randint(0, 2))
        foreign = [each.format(other=rtt * rng.uniform(0, 1.2), part=part / 2) for each in foreign]
        own = rng.choice(("app;dur={:.3f}", 'app;desc="all";dur={:.1f}', "app; dur={:.2f}"))
        listed = [each.replace("{", "{{").replace("}", "}}") for each in foreign] + [own]
        rng.shuffle(listed)
        timing = ", ".join(listed)

        def answer(_number: int, health: MadeHealth) -> Answered:
            queue = rtt * 0.04 * rng.lognormvariate(0, 0.7)
            took = part * rng.uniform(0.93, 1.07)
            way = (rtt - part + queue) / 2
            return well(rng, health, out_ms=way, back_ms=way, service_ms=took, timing=timing)

        return _server_share(MadeHealth(answer))

    return make


def _server_share(health: MadeHealth) -> Found:
    async def look(bench: NetworkBench) -> None:
        await bench.look()

    async def work(loop: MadeTimeLoop) -> Found:
        with served(health, loop):
            return await network_figures("net.server_slow", loop, before=look)

    return on_made_line(work, sampler)


def _tells_no_time(rng: random.Random) -> Found:
    timing = rng.choice((None, "cdn-cache;desc=HIT", "app;dur=", "app", "app;dur=quick", ""))
    return _server_share(
        MadeHealth(
            lambda _number, health: well(
                rng, health, out_ms=30, back_ms=30, service_ms=1, timing=timing
            )
        )
    )


# --- N05 ---------------------------------------------------------------------------------------


class MadeRoom:
    """Stands for the SDK's room, which connects after a while, refuses, or hangs."""

    takes_s = 0.0
    refuses: str | None = None

    async def connect(self, url: str, token: str, options: object) -> None:
        import asyncio

        await asyncio.sleep(self.takes_s)
        if self.refuses is not None:
            raise rtc.ConnectError(self.refuses)

    async def disconnect(self) -> None:
        """Nothing to leave."""

    async def get_rtc_stats(self) -> rtc.RtcStats:
        raise RuntimeError("no statistics yet")


_REFUSALS = (
    'engine: signal failure: failed to retrieve server info: 401 "invalid token"',
    "engine: signal failure: ws failure: HTTP error: 404 Not Found",
    "engine: connection error: wait_pc_connection timed out",
    "engine: signal failure: ws failure: IO error: Connection refused (os error 111)",
    "engine: internal error: data channel closed",
)


def _room(low_s: float, high_s: float, *, refuses: bool = False) -> Make:
    def make(rng: random.Random) -> Found:
        room = type(
            "Room",
            (MadeRoom,),
            {
                "takes_s": rng.uniform(low_s, high_s),
                "refuses": rng.choice(_REFUSALS) if refuses else None,
            },
        )

        async def work(loop: MadeTimeLoop) -> Found:
            with patch.object(rtc, "Room", room):
                return await network_figures("net.room", loop, room_url="ws://sfu.test")

        from preflight.probe import main

        with patch.object(main, "LIBRARY_REST_S", 0.0):
            return on_made_line(work, room_join)

    return make


# --- N06 ---------------------------------------------------------------------------------------


_Address = namedtuple("_Address", "family address netmask broadcast ptp")


class MadeWays:
    """Interfaces with their addresses, and the ones that packets to the outside leave from."""

    def __init__(self, rng: random.Random) -> None:
        self.interface = rng.choice(
            ("eth0", "wlan0", "enp3s0", "wlp2s0", "Ethernet 2", "WLAN", "en0")
        )
        self.four: str | None = f"192.168.{rng.randint(0, 250)}.{rng.randint(2, 250)}"
        self.prefix: str | None = f"2a02:{rng.randint(1, 999):x}:{rng.randint(1, 999):x}:1"
        if rng.random() < 0.4:
            self.prefix = None
        self.ending = rng.randint(1, 65_000)
        self.beside: dict[str, str] = {"lo": "127.0.0.1"}

    @property
    def six(self) -> str | None:
        return None if self.prefix is None else f"{self.prefix}:1:2:3:{self.ending:x}"

    def addresses(self) -> dict[str, list[_Address]]:
        found = {name: [_Address(2, each, None, None, None)] for name, each in self.beside.items()}
        own = [each for each in (self.four, self.six) if each is not None]
        found[self.interface] = [
            _Address(2, each + ("%" + self.interface if ":" in each else ""), None, None, None)
            for each in own
        ]
        return found

    def socket(self, family: socket.AddressFamily, _kind: object) -> "MadeSocket":
        return MadeSocket(self.six if family is socket.AF_INET6 else self.four)


class MadeSocket:
    """A datagram socket, of which only the local address matters."""

    def __init__(self, local: str | None) -> None:
        self._local = local

    def __enter__(self) -> "MadeSocket":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def connect(self, _target: object) -> None:
        if self._local is None:
            raise OSError(101, "Network is unreachable")

    def getsockname(self) -> tuple[Any, ...]:
        return (self._local, 40_000)


Change = Callable[[random.Random, MadeWays, MadeTimeLoop], None]


def _container_comes(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.beside[rng.choice(("docker0", "veth12ab", "virbr0", "vEthernet (WSL)"))] = "172.17.0.1"


def _temporary_address(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.ending = rng.randint(1, 65_000)


def _nothing_happens(_rng: random.Random, _ways: MadeWays, _loop: MadeTimeLoop) -> None:
    return


def _clock_is_set_a_little(rng: random.Random, _ways: MadeWays, loop: MadeTimeLoop) -> None:
    loop.wall_off_s += rng.uniform(-30, 8)


def _other_interface(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.interface = rng.choice(("usb0", "wwan0", "eth7", "Mobilfunk"))
    ways.four = f"10.{rng.randint(0, 250)}.1.{rng.randint(2, 250)}"


def _other_address(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.four = f"172.20.{rng.randint(0, 250)}.{rng.randint(2, 250)}"


def _vpn_comes(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.beside[ways.interface] = ways.four or "192.168.0.9"
    ways.interface, ways.four = (
        rng.choice(("tun0", "wg0", "utun4")),
        f"10.8.0.{rng.randint(2, 250)}",
    )


def _network_goes(_rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.four = ways.prefix = None


def _other_prefix(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.prefix = f"2001:{rng.randint(1, 999):x}:7:{rng.randint(2, 999):x}"


def _machine_slept(rng: random.Random, _ways: MadeWays, loop: MadeTimeLoop) -> None:
    if rng.random() < 0.5:
        # The monotonic clock of Linux and macOS stands meanwhile.
        loop.wall_off_s += rng.uniform(30, 30_000)
    else:
        loop.pass_s(rng.uniform(30, 30_000))


def changed_by(*changes: Change) -> Make:
    def make(rng: random.Random) -> Found:
        ways = MadeWays(rng)
        change = rng.choice(changes)
        at_s = rng.uniform(1.5, 4)
        fails = itertools.count()

        def identity() -> str:
            if next(fails) == 1 and rng.random() < 0.3:
                raise OSError("the list of interfaces cannot be read just now")
            return network_identity()

        async def meanwhile(bench: NetworkBench) -> None:
            loop = bench_loop[0]
            await loop.sleep(at_s)
            change(rng, ways, loop)
            await loop.sleep(2.5)

        bench_loop: list[MadeTimeLoop] = []

        async def work(loop: MadeTimeLoop) -> Found:
            bench_loop.append(loop)
            return await network_figures("net.changed", loop, identity=identity, before=meanwhile)

        made_sockets = SimpleNamespace(
            socket=ways.socket,
            AF_INET6=socket.AF_INET6,
            AF_INET=socket.AF_INET,
            SOCK_DGRAM=socket.SOCK_DGRAM,
        )
        with ExitStack() as stack:
            stack.enter_context(patch.object(identity_module, "socket", made_sockets))
            interfaces = SimpleNamespace(net_if_addrs=ways.addresses)
            stack.enter_context(patch.object(identity_module, "psutil", interfaces))
            return on_made_line(work)

    return make


def cases() -> Iterator[Case]:
    """Yield the cases of the four checks."""
    yield from cases_of(
        "net.health",
        SEED,
        (("well", _health(_fine)),),
        (
            ("one or two looks lost", WARNED, _losing(1, 2)),
            ("three and more lost", FAILED, _losing(3, 11)),
            ("unwell", FAILED, _unwell(always=True)),
            ("unwell now and then", FAILED, _unwell(always=False)),
        ),
    )
    yield from cases_of(
        "net.server_slow",
        SEED + 100_000,
        (("the way takes the time", _shares(0.0, 0.40)),),
        (("the service takes it", FAULTY, _shares(0.62, 0.97)),),
        (("no time told", UNKNOWN, _tells_no_time),),
    )
    yield from cases_of(
        "net.room",
        SEED + 200_000,
        (("at once", _room(0.05, 0.8)), ("soon", _room(0.8, 2.85))),
        (
            ("late", WARNED, _room(3.15, 9.8)),
            ("never", FAILED, _room(10.2, 60)),
            ("refused", FAILED, _room(0.05, 9, refuses=True)),
        ),
    )
    yield from cases_of(
        "net.changed",
        SEED + 300_000,
        (
            ("nothing", changed_by(_nothing_happens)),
            ("beside the way", changed_by(_container_comes, _temporary_address)),
            ("the clock alone", changed_by(_clock_is_set_a_little)),
        ),
        (
            ("another interface", FAILED, changed_by(_other_interface)),
            ("another address", FAILED, changed_by(_other_address, _other_prefix)),
            ("a VPN", FAILED, changed_by(_vpn_comes)),
            ("no network", FAILED, changed_by(_network_goes)),
            ("sleep", FAILED, changed_by(_machine_slept)),
        ),
    )
