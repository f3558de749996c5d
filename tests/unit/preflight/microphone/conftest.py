"""A running microphone group on fakes and virtual time, without camera and network."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.group import microphone_group
from preflight.model import CheckResult, CheckState
from preflight.running.runner import PreflightRunner
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeCatalogue, FakeMicrophone, FakeSystem
from tests.fakes.offload import at_once


@dataclass
class Desk:
    """One microphone's checks with everything they stand on; the test spoils it."""

    clock: FakeClock
    catalogue: FakeCatalogue
    system: FakeSystem
    bench: MicrophoneBench
    runner: PreflightRunner

    async def run(self, seconds: float) -> None:
        """Start, and let this time pass."""
        self.runner.start()
        await self.clock.advance(seconds)

    @property
    def microphone(self) -> FakeMicrophone:
        return self.catalogue.made_microphones[-1]

    def result(self, code: str) -> CheckResult:
        """One check as it stands."""
        return next(check for check in self.runner.progress.checks if check.code == code)

    def state(self, code: str) -> CheckState:
        return self.result(code).state


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A good microphone that somebody speaks into."""
    clock = FakeClock()
    catalogue, system = FakeCatalogue(clock), FakeSystem()
    bench = MicrophoneBench(catalogue, clock, system, at_once)
    runner = PreflightRunner([microphone_group(bench)], clock, lambda _: None)
    made = Desk(clock, catalogue, system, bench, runner)
    yield made
    await runner.stop()
    await bench.close()
    for source in catalogue.made_microphones:
        source.close()
    await clock.advance()
