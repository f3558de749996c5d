"""Asks the network's checks over a made network: bench, probe and protocol are the real ones."""

import asyncio
from collections.abc import Awaitable, Callable
from types import ModuleType

from client_api.clock import Clock, SystemClock
from client_api.secret import Secret
from client_api.wire import ProbeRoom
from preflight.analysis.round_trips import SAMPLES
from preflight.checks.network.bench import NetworkBench
from preflight.checks.network.group import network_group
from preflight.model import CheckState
from preflight.probe.network_probe import NetworkProbe
from preflight.system.network_ports import LocalNetwork, NetworkHints
from tests.accuracy.kinds import Found, asked
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.accuracy.probe_here import network_probe_here
from tests.fakes.local_network import FakeLocalNetwork
from tests.fakes.offload import at_once

SERVICE = "http://service.test"
Prepare = Callable[[NetworkBench], Awaitable[None]]


async def _nothing(_bench: NetworkBench) -> None:
    return


async def network_figures(
    code: str,
    clock: Clock,
    *,
    url: str = SERVICE,
    room_url: str | None = None,
    local: LocalNetwork | None = None,
    hints: NetworkHints | None = None,
    identity: Callable[[], str] = lambda: "eth0 192.168.1.20; -",
    before: Prepare = _nothing,
    live_after_s: float | None = None,
    probe: NetworkProbe | None = None,
) -> Found:
    """Return what a check of the network says.

    Args:
        before: what the gate has done before this check's turn.
        live_after_s: take the live figures so many seconds after the verdict.
    """

    async def room() -> ProbeRoom | None:
        tokens = {name: Secret(f"token-{name}") for name in ("a", "b", "join", "relay")}
        return ProbeRoom(url=room_url or "", room="probe-1", tokens=tokens)

    bench = NetworkBench(
        url,
        network_probe_here() if probe is None else probe,
        clock,
        identity,
        room if room_url is not None else None,
        at_once,
        samples=SAMPLES,
        local=local or FakeLocalNetwork(),
        hints=hints,
    )
    checks = {each.code: each for each in network_group(bench, 15.0, lambda: False).checks}
    try:
        await bench.begin()
        await before(bench)
        bench.advice.free_line()
        found = await asked(checks[code])
        live = checks[code].live
        if live_after_s is not None and live is not None:
            await clock.sleep(live_after_s)
            return live.now() or CheckState.UNKNOWN
        return found
    finally:
        await bench.close()


def on_made_line(work: Callable[[MadeTimeLoop], Awaitable[Found]], *modules: ModuleType) -> Found:
    """Run in made time, in which nothing may use a thread or a socket."""
    return in_made_time(work, *modules)


class HastyClock(SystemClock):
    """The machine's clock, but for the seconds in which others' traffic is counted (N17)."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 50)


def on_real_sockets(work: Callable[[Clock], Awaitable[Found]]) -> Found:
    """Run on an ordinary loop, for made servers on this machine."""

    async def whole() -> Found:
        return await work(HastyClock())

    return asyncio.run(whole())
