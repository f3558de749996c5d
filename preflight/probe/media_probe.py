"""What the checks of the media path ask for, and the adapter that asks processes of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from client_api.wire import ProbeRoom
from preflight.devices.ports import CameraSource, Detach, MicrophoneSource
from preflight.model import Measured
from preflight.probe.feed import DeviceFeed
from preflight.probe.network_probe import ProbeFailed, asked, make_process
from preflight.probe.process import ProbeProcess, next_number
from preflight.probe.protocol import (
    Answer,
    Command,
    Drill,
    DrillName,
    Offer,
    Relay,
    RoundTrip,
    Trial,
)


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
    """Makes trial calls apart from this process. Cancelling a wait abandons the call.

    Everything but `offer` and `relay` needs a running `trial`.
    """

    async def ready(self) -> None:
        """Start afresh and wait until everything has loaded."""
        ...

    async def trial(self, room: ProbeRoom, *, max_s: float, cap_kbps: int) -> TrialLook:
        """Make the call; both participants stay for what follows."""
        ...

    async def microphone(self, source: MicrophoneSource, *, max_s: float) -> Measured:
        """Send the person's sound in the running call, and compare what comes back."""
        ...

    async def camera(self, source: CameraSource, *, max_s: float) -> Measured:
        """Send the person's pictures in the running call, and compare what comes back."""
        ...

    async def drill(self, drill: DrillName, *, max_s: float) -> Measured: ...
    async def offer(self, room: ProbeRoom) -> Measured:
        """Return what ways the call server offers; keeps its process for `relay`."""
        ...

    async def relay(self, room: ProbeRoom, *, tls: bool) -> Measured:
        """Join by a relay alone, in a process of its own that ends with the answer."""
        ...

    async def end(self, *, at_once: bool = False) -> None:
        """Leave the room and end the processes; ``at_once`` without taking leave."""
        ...


class ProcessMediaProbe:
    """One process for each trial call, and one for each relay."""

    def __init__(self, make: Callable[[str], ProbeProcess] = make_process) -> None:
        self._make = make
        self._process: ProbeProcess | None = None
        self._relay: ProbeProcess | None = None
        # An end that is cut off leaves them here for the next one.
        self._ending: set[ProbeProcess] = set()

    async def ready(self) -> None:
        await self.end(at_once=True)
        self._process = self._make("media")
        self._process.start()
        await self._process.ready()

    async def trial(self, room: ProbeRoom, *, max_s: float, cap_kbps: int) -> TrialLook:
        if self._process is None or not self._process.alive:
            await self.ready()
        tokens = (room.tokens["a"].reveal(), room.tokens["b"].reveal())
        answer = await self._ask(Trial(next_number(), room.url, *tokens, max_s, cap_kbps))
        return TrialLook(answer.measured, answer.series)

    async def microphone(self, source: MicrophoneSource, *, max_s: float) -> Measured:
        feed = DeviceFeed()
        return await self._round_trip("microphone", feed, source.attach(feed.take_block), max_s)

    async def camera(self, source: CameraSource, *, max_s: float) -> Measured:
        feed = DeviceFeed()
        return await self._round_trip("camera", feed, source.attach(feed.take_picture), max_s)

    async def _round_trip(
        self, of: Literal["microphone", "camera"], feed: DeviceFeed, detach: Detach, max_s: float
    ) -> Measured:
        try:
            command = RoundTrip(next_number(), of, feed.port, feed.key, max_s)
            return (await self._ask(command)).measured
        finally:
            detach()
            feed.close()

    async def drill(self, drill: DrillName, *, max_s: float) -> Measured:
        return (await self._ask(Drill(next_number(), drill, max_s))).measured

    async def offer(self, room: ProbeRoom) -> Measured:
        process = await self._relay_process()
        command = Offer(next_number(), room.url, room.tokens["relay"].reveal())
        return (await self._ask_relay(process, command)).measured

    async def relay(self, room: ProbeRoom, *, tls: bool) -> Measured:
        process = await self._relay_process()
        command = Relay(next_number(), room.url, room.tokens["relay"].reveal(), tls)
        answer = await self._ask_relay(process, command)
        # Each relay has a process of its own, and the next must not find us in the room.
        self._relay = None
        self._ending.add(process)
        if answer.measured.get("connected") is False:
            # It goes on connecting for up to a minute, and cannot be called off.
            process.kill()
        await self._stop(process)
        return answer.measured

    async def end(self, *, at_once: bool = False) -> None:
        self._ending |= {each for each in (self._process, self._relay) if each is not None}
        self._process = self._relay = None
        running = tuple(self._ending)
        if at_once:
            for process in running:
                process.kill()
        for process in running:
            await self._stop(process)

    async def _stop(self, process: ProbeProcess) -> None:
        await process.stop()
        self._ending.discard(process)

    async def _ask(self, command: Command) -> Answer:
        process = self._process
        if process is None or not process.alive:
            raise ProbeFailed("there is no trial call")
        try:
            return await asked(process, command)
        except BaseException:
            # A connect cannot be called off, so whoever stops waiting ends its process.
            process.kill()
            raise

    async def _ask_relay(self, process: ProbeProcess, command: Command) -> Answer:
        try:
            return await asked(process, command)
        except BaseException:
            process.kill()
            raise

    async def _relay_process(self) -> ProbeProcess:
        if self._relay is None or not self._relay.alive:
            self._relay = self._make("relay")
            self._relay.start()
        process = self._relay
        await process.ready()
        return process
