"""A preflight on fakes and virtual time."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from client_api.wire import SessionId
from preflight.model import CheckState, RunProgress
from preflight.preflight import Preflight, PreflightParts
from preflight.surroundings import Surroundings
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeCatalogue, FakeNetworkProbe, FakeSystem
from tests.fakes.local_network import FakeHints, FakeLocalNetwork
from tests.fakes.media_probe import FakeMediaProbe
from tests.fakes.offload import at_once
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


def verdict(preflight: Preflight, code: str) -> tuple[CheckState, str | None]:
    """State and reason of one check as it stands."""
    found = next(check for check in preflight.progress.checks if check.code == code)
    return found.state, found.reason


MakeBench = Callable[[], Bench]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without a proxy, whatever the machine has."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A healthy machine; the test spoils it."""
    clock = FakeClock()
    made = Bench(
        clock,
        FakeCatalogue(clock),
        FakeSystem(),
        FakeNetworkProbe(clock),
        FakePreflightService(clock),
        FakeMediaProbe(clock),
        tmp_path,
    )
    yield made
    for preflight in made.made:
        await preflight.close()
    for source in (*made.catalogue.made_cameras, *made.catalogue.made_microphones):
        source.close()
    await clock.advance()
