"""A preflight on fakes and virtual time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client_api.wire import SessionId
from preflight.model import RunProgress
from preflight.parts import PreflightParts
from preflight.preflight import Preflight
from preflight.system.network_place import NetworkPlace
from preflight.system.surroundings import Surroundings
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeCatalogue, FakeSystem
from tests.fakes.hotplug import FakeHotplug
from tests.fakes.local_machine import FakeMachine
from tests.fakes.local_network import FakeHints, FakeLocalNetwork
from tests.fakes.media_probe import FakeMediaProbe
from tests.fakes.network_probe import FakeNetworkProbe
from tests.fakes.offload import at_once
from tests.fakes.outputs import FakeOutputs, FakeScreen
from tests.fakes.preflight_service import FakePreflightService


@dataclass
class Bench:
    """One preflight with everything it stands on."""

    clock: FakeClock
    catalogue: FakeCatalogue
    system: FakeSystem
    probe: FakeNetworkProbe
    service: FakePreflightService
    media: FakeMediaProbe
    folder: Path
    seen: list[RunProgress] = field(default_factory=list)
    way_out: str = "eth0 10.0.0.2"
    surroundings: Surroundings = field(
        default_factory=lambda: Surroundings({"liftbay": "0.1.0"}, {"os": "Test"}, "", "")
    )
    made: list[Preflight] = field(default_factory=list)
    local: FakeLocalNetwork = field(default_factory=FakeLocalNetwork)
    hints: FakeHints = field(default_factory=FakeHints)
    machine: FakeMachine = field(default_factory=FakeMachine)
    place: NetworkPlace = field(
        default_factory=lambda: NetworkPlace("192.168.1.1 02:fc:00:00:00:05", "Garage")
    )
    outputs: FakeOutputs = field(default_factory=FakeOutputs)
    screen: FakeScreen = field(default_factory=FakeScreen)
    hotplug: FakeHotplug = field(default_factory=FakeHotplug)

    def parts(self) -> PreflightParts:
        return PreflightParts(
            catalogue=self.catalogue,
            system=self.system,
            clock=self.clock,
            service_url="http://service.test",
            folder=self.folder,
            make_probe=lambda: self.probe,
            make_media_probe=lambda: self.media,
            identity=lambda: self.way_out,
            surroundings=lambda: self.surroundings,
            local_network=self.local,
            network_hints=self.hints,
            machine=self.machine,
            network_place=lambda: self.place,
            outputs=self.outputs,
            screen=self.screen,
            screen_eye=self.screen,
            hotplug=self.hotplug,
            offload=at_once,
        )

    def start(self, *, signed_in: bool = True, **wishes: Any) -> Preflight:
        preflight = Preflight(
            self.parts(),
            api=self.service if signed_in else None,
            session=SessionId("s-1"),
            **wishes,
        )
        self.made.append(preflight)
        preflight.start(self.seen.append)
        return preflight

    async def run(self, seconds: float, **wishes: Any) -> Preflight:
        preflight = self.start(**wishes)
        await self.clock.advance(seconds)
        return preflight

    async def grow_old(self, seconds: float) -> None:
        """Let time pass, and no picture be taken of most of it.

        In steps: a wait that takes ten seconds longer than it should is a machine that slept.
        """
        for _ in range(round(seconds / 10)):
            self.clock.move(9)
            await self.clock.advance(1)


@asynccontextmanager
async def preflight_bench(folder: Path) -> AsyncIterator[Bench]:
    """A healthy machine; the test spoils it."""
    clock = FakeClock()
    made = Bench(
        clock,
        FakeCatalogue(clock),
        FakeSystem(),
        FakeNetworkProbe(clock),
        FakePreflightService(clock),
        FakeMediaProbe(clock),
        folder,
    )
    yield made
    for preflight in made.made:
        await preflight.close()
    for source in (*made.catalogue.made_cameras, *made.catalogue.made_microphones):
        source.close()
    for speaker in made.catalogue.made_speakers:
        speaker.close()
    await clock.advance()
