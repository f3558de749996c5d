"""What the network checks share: one probe, one look at the service, one probe room."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from client_api.clock import Clock
from client_api.tasks import Tasks, within
from client_api.wire import ProbeRoom
from preflight.checks.network.advice_bench import NetworkAdvice
from preflight.model import CheckState, Measured
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.probe.network_probe import HealthLook, NetworkProbe
from preflight.system.network_ports import LocalNetwork, NetworkHints
from preflight.verdicts.catalogue import judge

_log = logging.getLogger(__name__)

HEALTH_BUDGET_S = 7.0
"""Below the deadline of 8 s, so that a slow line is judged by the samples it managed."""
IDENTITY_EVERY_S = 1.0
ASLEEP_S = 10.0
"""So far ahead ran the wall clock of the monotonic one, which stands while Linux and macOS sleep:
the machine slept (or its clock was set, for which looking again does no harm). On Windows both
clocks go on, but nobody wakes: a wait of a second takes that long."""
START_PATIENCE_S = 20.0
"""A busy or cold machine may need seconds to start a process; that is no fault of the network."""

GetRoom = Callable[[], Awaitable[ProbeRoom | None]]


class NetworkBench:
    """Keeps the probe, the last look at the service, and the way out of this machine.

    Args:
        url: address of the service.
        get_room: brings the probe room of a begun run; None when nobody is signed in.
        identity: names the way out of this machine (see `preflight.memory.network_identity`).
        local, hints: tell the advisory checks of this machine's network.
    """

    def __init__(
        self,
        url: str,
        probe: NetworkProbe,
        clock: Clock,
        identity: Callable[[], str],
        get_room: GetRoom | None,
        offload: Offload,
        *,
        samples: int,
        local: LocalNetwork,
        hints: NetworkHints | None = None,
    ) -> None:
        self.advice = NetworkAdvice(url, probe, local, clock, offload, hints)
        self.url = url
        self.probe = probe
        self.samples = samples
        self.rtts_ms: tuple[float, ...] = ()
        self.changed = False
        self.identity: str | None = None
        self._look: HealthLook | None = None
        self._clock = clock
        self._read_identity = identity
        self._get_room = get_room
        self._offload = offload
        self._tasks = Tasks()
        self._watch: asyncio.Task[None] | None = None

    @property
    def signed_in(self) -> bool:
        """Whether there is somebody to ask the service for a probe room."""
        return self._get_room is not None

    @property
    def begun(self) -> bool:
        """Whether the network is checked in this run at all."""
        return self._watch is not None

    async def begin(self) -> None:
        """Start the probe afresh and watch the way out from now on."""
        self.changed = False
        self._look = None
        self.advice.begin()
        if self._watch is not None:
            self._watch.cancel()
        self._watch = self._tasks.spawn(self._watch_identity(), name="watch the network")
        self.probe.begin(with_room=self.signed_in)

    async def look(self) -> HealthLook:
        """Look at the service's health now and remember it for N03."""
        self._look = None
        began_ns = self._clock.monotonic_ns()
        try:
            with self.advice.uses_line():
                look = await self.probe.look_at_health(
                    self.url, samples=self.samples, budget_s=HEALTH_BUDGET_S
                )
        finally:
            self.advice.free_line()
        look = replace(look, measured=self._dated(look.measured, began_ns))
        self._look = look
        self.rtts_ms = look.rtts_ms
        return look

    async def reach(self) -> Measured:
        """Reach for the service; where that fails no round trips follow."""
        found: Measured = {}
        began_ns = self._clock.monotonic_ns()
        try:
            with self.advice.uses_line():
                found = self._dated(await self.probe.reach(self.url), began_ns)
        finally:
            if judge("net.unreachable", found) is CheckState.FAILED:
                self.advice.free_line()
        return found

    async def signal(self, room: ProbeRoom) -> Measured:
        """Join over a WebSocket, and note for N10 whether the call server answered."""
        found: Measured = {}
        began_ns = self._clock.monotonic_ns()
        try:
            with self.advice.uses_line():
                found = self._dated(await self.probe.signal(room), began_ns)
        finally:
            self.advice.signal_blocked = found.get("joined") is not True
        return found

    async def join(self, room: ProbeRoom) -> Measured:
        """Connect the probe participant with the call's own SDK."""
        began_ns = self._clock.monotonic_ns()
        with self.advice.uses_line():
            return self._dated(await self.probe.join(room), began_ns)

    def _dated(self, measured: Measured, began_ns: int) -> Measured:
        """Add how long ago the measurement began, for the plot of the stages."""
        return {**measured, "began_ago_ms": (self._clock.monotonic_ns() - began_ns) / 1e6}

    @property
    def last_look(self) -> HealthLook | None:
        """The look that N02 of this run took."""
        return self._look

    async def net_ready(self) -> None:
        """Wait until the probe of N01 to N03 has loaded."""
        await self._within_patience(self.probe.ready(for_room=False))

    async def room_ready(self) -> None:
        """Wait until the probe of N04 and N05 has loaded; at once without an account."""
        if self.signed_in:
            await self._within_patience(self.probe.ready(for_room=True))

    async def _within_patience(self, loading: Coroutine[Any, Any, None]) -> None:
        work = self._tasks.spawn(loading, name="wait for a probe")
        await within(work, START_PATIENCE_S, self._clock)

    async def room(self) -> ProbeRoom | None:
        """Bring the probe room; None when nobody is signed in."""
        room = None if self._get_room is None else await self._get_room()
        self.advice.call_server_url = None if room is None else room.url
        return room

    async def _watch_identity(self) -> None:
        first: str | None = None
        ahead_s = self._wall_ahead_s()
        while True:
            if self._wall_ahead_s() - ahead_s > ASLEEP_S:
                # Whatever was measured before the machine slept is of another time.
                self.changed = True
                return
            now = await self._identity_now()
            if first is None:
                first = self.identity = now
            elif now is not None and now != first:
                self.changed = True
                return
            waited_s = await self._wait()
            if waited_s - IDENTITY_EVERY_S > ASLEEP_S:
                self.changed = True
                return

    async def _wait(self) -> float:
        """Wait for the next turn; return the seconds that it took by the monotonic clock."""
        began_ns = self._clock.monotonic_ns()
        await self._clock.sleep(IDENTITY_EVERY_S)
        return (self._clock.monotonic_ns() - began_ns) / 1e9

    def _wall_ahead_s(self) -> float:
        """How far the wall clock is ahead of the monotonic one."""
        return self._clock.now().timestamp() - self._clock.monotonic_ns() / 1e9

    async def _identity_now(self) -> str | None:
        """Return the way out; None where the system did not tell, which is no change."""
        try:
            return await self._offload(self._read_identity)
        except Exception as error:
            # A watch that ended here would never see the network change (N06).
            _log.info("the way out could not be read: %s", type(error).__name__)
            return None

    async def close(self) -> None:
        """Stop watching; the probe leaves its room."""
        await self.advice.close()
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        await self.probe.end()
