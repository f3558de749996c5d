"""What the network checks ask for, and the adapter that asks the probe processes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from client_api.wire import ProbeRoom
from preflight.model import Measured
from preflight.probe.process import ProbeDied, ProbeProcess, next_number, probe_command
from preflight.probe.protocol import (
    Advise,
    Answer,
    Command,
    Join,
    Question,
    Reach,
    RoundTripsWanted,
    Signal,
)

_log = logging.getLogger(__name__)

MakeProcess = Callable[[str], ProbeProcess]


@dataclass(frozen=True, slots=True)
class HealthLook:
    """What some looks at the service's health brought.

    Attributes:
        measured: the figures of N02 and N03 together.
        rtts_ms: the single round trips in order.
    """

    measured: Measured
    rtts_ms: tuple[float, ...]


class ProbeFailed(Exception):
    """The probe could not measure; its words hold no secret."""


class NetworkProbe(Protocol):
    """Measures the network apart from this process. Cancelling a wait abandons the probe."""

    def begin(self, *, with_room: bool) -> None:
        """Start afresh: earlier probes leave, new ones load beside."""
        ...

    async def ready(self, *, for_room: bool) -> None:
        """Wait until a probe has loaded, so that its own start counts in no measurement."""
        ...

    async def reach(self, url: str) -> Measured: ...
    async def look_at_health(self, url: str, *, samples: int, budget_s: float) -> HealthLook: ...
    async def signal(self, room: ProbeRoom) -> Measured: ...
    async def join(self, room: ProbeRoom) -> Measured: ...
    async def advice_ready(self) -> None:
        """Start what answers `advise`, unless it runs, and wait until it has loaded."""
        ...

    async def advise(self, question: Question, url: str) -> Measured:
        """Answer an advisory check; whoever stops waiting ends the answers of the others too."""
        ...

    async def end(self) -> None:
        """Leave the room and end the processes."""
        ...


def make_process(kind: str) -> ProbeProcess:
    """Make the process that the running interpreter can start."""
    return ProbeProcess(probe_command(kind))


class ProcessProbe:
    """Asks one process for the sampling, one for the room, and a third for advice."""

    def __init__(self, make: MakeProcess = make_process) -> None:
        self._make = make
        self._net: ProbeProcess | None = None
        self._room: ProbeProcess | None = None
        self._advice: ProbeProcess | None = None
        self._joins = 0
        self._old: list[ProbeProcess] = []

    def begin(self, *, with_room: bool) -> None:
        self._running_net()
        if with_room and (self._joins or self._room is None or not self._room.alive):
            self._renew_room()

    async def ready(self, *, for_room: bool) -> None:
        await (self._running_room() if for_room else self._running_net()).ready()

    async def reach(self, url: str) -> Measured:
        return (await self._ask_net(Reach(next_number(), url))).measured

    async def look_at_health(self, url: str, *, samples: int, budget_s: float) -> HealthLook:
        answer = await self._ask_net(RoundTripsWanted(next_number(), url, samples, budget_s))
        return HealthLook(answer.measured, tuple(answer.rtts_ms))

    async def signal(self, room: ProbeRoom) -> Measured:
        # Participant `a`: the join probe's own identity would be put out by this one.
        command = Signal(next_number(), room.url, room.tokens["a"].reveal())
        return (await asked(self._running_room(), command)).measured

    async def join(self, room: ProbeRoom) -> Measured:
        if self._joins:
            self._renew_room()
        process = self._running_room()
        self._joins += 1
        command = Join(next_number(), room.url, room.tokens["join"].reveal())
        try:
            return (await asked(process, command)).measured
        except BaseException:
            # A connect cannot be called off, so whoever stops waiting ends its process.
            process.kill()
            raise

    async def advice_ready(self) -> None:
        await self._running_advice().ready()

    async def advise(self, question: Question, url: str) -> Measured:
        process = self._running_advice()
        try:
            return (await asked(process, Advise(next_number(), question, url))).measured
        except BaseException:
            process.kill()
            raise

    async def end(self) -> None:
        running = (self._net, self._room, self._advice, *self._old)
        left = [process for process in running if process is not None]
        self._net = self._room = self._advice = None
        self._old = []
        for process in left:
            await process.stop()

    def _running_net(self) -> ProbeProcess:
        if self._net is None or not self._net.alive:
            self._net = self._make("net")
            self._net.start()
        return self._net

    def _running_advice(self) -> ProbeProcess:
        if self._advice is None or not self._advice.alive:
            self._advice = self._make("advice")
            self._advice.start()
        return self._advice

    def _running_room(self) -> ProbeProcess:
        if self._room is None or not self._room.alive:
            self._renew_room()
        assert self._room is not None
        return self._room

    def _renew_room(self) -> None:
        if self._room is not None:
            self._room.kill()
            self._old.append(self._room)
        self._old = [process for process in self._old if process.alive]
        self._joins = 0
        self._room = self._make("room")
        self._room.start()

    async def _ask_net(self, command: Command) -> Answer:
        process = self._running_net()
        try:
            return await asked(process, command)
        except BaseException:
            process.kill()
            raise


async def asked(process: ProbeProcess, command: Command) -> Answer:
    """Ask a process and return its answer.

    Raises:
        ProbeFailed: it could not measure, or ended first.
    """
    try:
        answer = await process.ask(command)
    except ProbeDied as died:
        _log.info("the probe process ended with %s", process.returned)
        raise ProbeFailed("the probe process ended") from died
    if answer.error is not None:
        _log.info("the probe could not measure: %s", answer.error)
        raise ProbeFailed(answer.error)
    return answer
