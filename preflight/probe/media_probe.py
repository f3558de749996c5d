"""What the checks of the media path ask for, and the adapter that asks a process of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from client_api.wire import ProbeRoom
from preflight.model import Measured
from preflight.probe.network_probe import asked, make_process
from preflight.probe.process import ProbeProcess, next_number
from preflight.probe.protocol import Trial


@dataclass(frozen=True, slots=True)
class TrialLook:
    """What one trial call brought.

    Attributes:
        measured: figures by name, units in the names.
        series: columns over time, all of one length.
    """

    measured: Measured
    series: Mapping[str, Sequence[float | None]] = field(default_factory=dict)


class MediaProbe(Protocol):
    """Makes trial calls apart from this process. Cancelling a wait abandons the call."""

    async def ready(self) -> None:
        """Start afresh and wait until everything has loaded."""
        ...

    async def trial(self, room: ProbeRoom, *, max_s: float) -> TrialLook: ...

    async def end(self, *, at_once: bool = False) -> None:
        """Leave the room and end the process; ``at_once`` without taking leave."""
        ...


class ProcessMediaProbe:
    """One process for each trial call."""

    def __init__(self, make: Callable[[str], ProbeProcess] = make_process) -> None:
        self._make = make
        self._process: ProbeProcess | None = None

    async def ready(self) -> None:
        await self.end(at_once=True)
        self._process = self._make("media")
        self._process.start()
        await self._process.ready()

    async def trial(self, room: ProbeRoom, *, max_s: float) -> TrialLook:
        if self._process is None or not self._process.alive:
            await self.ready()
        assert self._process is not None
        process = self._process
        tokens = (room.tokens["a"].reveal(), room.tokens["b"].reveal())
        command = Trial(next_number(), room.url, *tokens, max_s)
        try:
            answer = await asked(process, command)
        except BaseException:
            # A connect cannot be called off, so whoever stops waiting ends its process.
            process.kill()
            raise
        return TrialLook(answer.measured, answer.series)

    async def end(self, *, at_once: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if at_once:
            process.kill()
        await process.stop()
