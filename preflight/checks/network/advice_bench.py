"""What the advisory network checks share: when the line is theirs, and what this machine tells.

They may neither delay a gating check nor colour its figures: what uses the network waits until
the round trips have been sampled, and answers come from a probe process of their own.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from client_api.clock import Clock
from client_api.tasks import Tasks, within
from preflight.check import CannotTell, NotMeasured
from preflight.model import Measured
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.probe.network_probe import NetworkProbe, ProbeFailed
from preflight.probe.protocol import Question
from preflight.proxies import ProxyUse, as_http, proxies_in_use
from preflight.system.network_ports import (
    LocalNetwork,
    Medium,
    NetworkHint,
    NetworkHints,
    Traffic,
    Way,
    WifiSignal,
)

_log = logging.getLogger(__name__)

PATIENCE_S = 30.0
"""The gate's own deadlines are shorter; only a fault of ours could keep the line this long."""
LEFT_WITHIN_S = 10.0
"""N14 needs 8 s at worst."""
COUNTED_S = 1.0
WINDOWS = 3
"""How often the counting begins again because something of ours used the line meanwhile."""
_LOOK_S = 0.1
PORTAL_AGAIN_S = 5.0
"""Behind a login page it is looked again this often, so that the person sees it go."""


class NetworkAdvice:
    """Asks about the way to the service, once the gate has no more use of the line.

    Args:
        hints: a desktop's network service; None where there is none.
    """

    def __init__(
        self,
        url: str,
        probe: NetworkProbe,
        local: LocalNetwork,
        clock: Clock,
        offload: Offload,
        hints: NetworkHints | None = None,
    ) -> None:
        self.url = url
        self.local = local
        self.call_server_url: str | None = None
        self.signal_blocked = False
        self.up_mbps: float | None = None
        self.down_mbps: float | None = None
        self.vpn: bool | None = None
        self.proxy_figures: Measured | None = None
        self.portal_now: Measured | None = None
        self._probe = probe
        self._clock = clock
        self._offload = offload
        self._hints = hints
        self._tasks = Tasks()
        self._free = asyncio.Event()
        self._counting: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._using = 0
        self._uses = 0

    def begin(self) -> None:
        """Forget what was found in another network; the line is the gate's again."""
        for task in (self._counting, self._looking):
            if task is not None:
                task.cancel()
        self._free = asyncio.Event()
        self._counting = self._looking = None
        self.signal_blocked = False
        self.up_mbps = self.down_mbps = None
        self.vpn = None
        self.portal_now = self.proxy_figures = None
        # Asked early: some of Qt's back ends learn the answer only after they were loaded.
        self.hint()

    @contextmanager
    def uses_line(self) -> Iterator[None]:
        """Note that something of ours uses the network meanwhile (N17 leaves that out)."""
        self._using += 1
        self._uses += 1
        try:
            yield
        finally:
            self._using -= 1

    def free_line(self) -> None:
        """Say that the round trips were sampled, or that there is nothing to sample."""
        self._free.set()

    async def line_free(self) -> None:
        """Wait until the gate has its samples."""
        free = self._tasks.spawn(_wait_for(self._free), name="wait for the line")
        await within(free, PATIENCE_S, self._clock)

    async def ready_to_ask(self) -> None:
        """Wait for the line, then for the process that asks."""
        await self.line_free()
        # Noted from here on, so that no second is counted in vain while the process loads.
        with self.uses_line():
            await self._load()

    async def quiet_second(self) -> None:
        """Wait for the line and count what others send over it for a second, once for all."""
        await self.line_free()
        if self._counting is None:
            self._counting = self._tasks.spawn(self._count(), name="count others' traffic")
        await asyncio.wait([self._counting])

    async def line_left(self) -> None:
        """Wait until others' traffic is counted and nothing is asked any more, 10 s at most.

        What fills the line next would be counted as another program's (N17) and would hold up
        what is asked (N14).
        """
        waited_s = 0.0
        while waited_s < LEFT_WITHIN_S and (self._using or self._is_counting):
            await self._clock.sleep(_LOOK_S)
            waited_s += _LOOK_S

    @property
    def _is_counting(self) -> bool:
        return self._counting is not None and not self._counting.done()

    async def ready_to_load(self) -> None:
        """Wait until others' traffic was counted, then for the process that asks."""
        await self.quiet_second()
        with self.uses_line():
            await self._load()

    async def ask(self, question: Question) -> Measured:
        """Ask the probe.

        Raises:
            NotMeasured, CannotTell: what it says or that it could not say; never a fault.
        """
        try:
            with self.uses_line():
                found = await self._probe.advise(question, self.url)
        except ProbeFailed as failed:
            raise CannotTell("probe") from failed
        fault = found.get("fault")
        if fault == "not_offered":
            raise NotMeasured("not_offered")
        if isinstance(fault, str):
            raise CannotTell(fault, found)
        return found

    async def way(self) -> Way | None:
        """Return the way to the call server, or to the service while no other is known."""
        host = urlsplit(self.call_server_url or self.url).hostname or ""
        return await self._offload(lambda: self.local.way_to(host))

    async def outward_way(self) -> Way:
        """Return the way out of this machine.

        Raises:
            NotMeasured: the service runs on this machine, so there is nothing to say of a line.
            CannotTell: there is no way, or the system does not name it.
        """
        way = await self.way()
        if way is None:
            raise CannotTell("no_way")
        if way.medium is Medium.LOOPBACK:
            raise NotMeasured("not_offered")
        return way

    async def metered(self, interface: str) -> bool | None:
        """Say whether data is counted there; None where the system does not tell."""
        return await self._offload(lambda: self.local.metered(interface))

    async def wifi(self, interface: str) -> WifiSignal | None:
        """Return the signal; None where there is none to tell."""
        return await self._offload(lambda: self.local.wifi(interface))

    def hint(self) -> NetworkHint:
        """Return what the desktop says; nothing where it fails, for it is a hint alone."""
        if self._hints is None:
            return NetworkHint()
        try:
            return self._hints.now()
        except Exception as error:
            _log.info("the desktop's network service failed: %s", type(error).__name__)
            return NetworkHint()

    async def proxies(self) -> ProxyUse:
        """Return whether proxies are in use, by the environment, the system or its PAC file."""
        return await self._offload(self._proxies)

    def _proxies(self) -> ProxyUse:
        found = proxies_in_use(self.url, self.call_server_url)
        if self._hints is None:
            return found
        calls = self.call_server_url
        service = found.service or self._hints.proxied(self.url)
        call_server = found.call_server or (
            calls is not None and self._hints.proxied(as_http(calls))
        )
        source = found.source or ("system" if service or call_server else None)
        return ProxyUse(service, call_server, source)

    async def portal(self) -> Measured:
        """Look for a login page.

        Raises:
            NotMeasured, CannotTell: as `ask`; the desktop's word counts then, if it has one.
        """
        try:
            found = await self.ask("portal")
        except (NotMeasured, CannotTell):
            if self.hint().portal is not True:
                raise
            found = {"portal": True, "answer": "system"}
        self.portal_now = found
        return found

    def portal_figures(self) -> Measured | None:
        """Return the newest figures; behind a login page a new look is taken now and then."""
        behind = self.portal_now is not None and self.portal_now.get("portal") is True
        if behind and (self._looking is None or self._looking.done()):
            self._looking = self._tasks.spawn(self._look_again(), name="look for the portal")
        return self.portal_now

    async def _look_again(self) -> None:
        await self._clock.sleep(PORTAL_AGAIN_S)
        try:
            await self.portal()
        except (NotMeasured, CannotTell):
            # Told nothing: what was seen stands.
            return

    @property
    def vpn_part(self) -> str | None:
        """The fingerprint's part of it; None before N12 was looked at."""
        return None if self.vpn is None else ("yes" if self.vpn else "no")

    @property
    def proxy_part(self) -> str | None:
        """The fingerprint's part of it; None before N10 was looked at."""
        found = self.proxy_figures
        return None if found is None else ("yes" if found.get("proxy") is True else "no")

    async def close(self) -> None:
        """Stop looking and counting; the probe belongs to the network's bench."""
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _load(self) -> None:
        try:
            await self._probe.advice_ready()
        except Exception as error:
            # The question itself then says that it could not be asked.
            _log.info("the probe did not start: %s", type(error).__name__)

    async def _count(self) -> None:
        try:
            await self._count_windows()
        except (NotMeasured, CannotTell):
            return
        except Exception as error:
            # N17 is unknown then; the others only waited for the second to be over.
            _log.info("the traffic could not be counted: %s", type(error).__name__)

    async def _count_windows(self) -> None:
        way = await self.outward_way()
        for _ in range(WINDOWS):
            await self._until_unused()
            before, uses = await self._traffic(way.interface), self._uses
            began_ns = self._clock.monotonic_ns()
            await self._clock.sleep(COUNTED_S)
            took_s = (self._clock.monotonic_ns() - began_ns) / 1e9
            after = await self._traffic(way.interface)
            if before is None or after is None or took_s <= 0:
                return
            if uses == self._uses:
                self.up_mbps = (after.sent - before.sent) * 8e-6 / took_s
                self.down_mbps = (after.received - before.received) * 8e-6 / took_s
                return

    async def _until_unused(self) -> None:
        """Wait until nothing of ours is measured; not for ever, for N05 may take its time."""
        waited_s = 0.0
        while self._using and waited_s < PATIENCE_S:
            await self._clock.sleep(_LOOK_S)
            waited_s += _LOOK_S

    async def _traffic(self, interface: str) -> Traffic | None:
        return await self._offload(lambda: self.local.traffic(interface))


async def _wait_for(event: asyncio.Event) -> None:
    await event.wait()
