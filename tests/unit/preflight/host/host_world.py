"""The machine's checks on a made machine and virtual time, without any device."""

from client_api.wire import ProbeRoom
from preflight.checks.host.bench import HostBench
from preflight.checks.host.group import host_group
from preflight.checks.media.bench import Line, MediaBench
from preflight.checks.network.bench import NetworkBench
from preflight.checks.scope import in_scope
from preflight.memory.machine_file import Machine
from preflight.model import CheckResult
from preflight.running.runner import PreflightRunner
from preflight.system.surroundings import Surroundings
from tests.fakes.offload import at_once
from tests.unit.preflight.conftest import Bench


class HostWorld:
    """One bench of the machine with all it stands on; ``signed_in`` decides on trial calls."""

    def __init__(
        self, bench: Bench, *, signed_in: bool = True, booked_minutes: int | None = None
    ) -> None:
        self.clock = bench.clock
        self.machine = bench.machine
        self.probe = bench.probe
        self.trial = bench.media
        self.room = ProbeRoom("ws://sfu.test", "probe-1", {})
        self.network = NetworkBench(
            "http://service.test",
            bench.probe,
            bench.clock,
            lambda: "eth0",
            None,
            at_once,
            samples=11,
            local=bench.local,
        )
        self.media = MediaBench(
            bench.media,
            bench.clock,
            self._get_room if signed_in else None,
            Line(lambda: "eth0", self._line_left),
        )
        self.memory = Machine(bench.folder, at_once)
        self.host = HostBench(bench.parts(), self.network, self.media, self.memory, booked_minutes)
        self.host.surroundings = Surroundings({"liftbay": "0.1.0"}, {"power": "mains"}, "", "")

    async def _line_left(self) -> None:
        await self.host.line_left()

    async def _get_room(self) -> ProbeRoom:
        return self.room

    async def result(self, code: str, *beside: str, seconds: float = 3.0) -> CheckResult:
        """Measure a check, with others beside it; return how it stands after so many seconds."""
        await self.memory.read()
        runner = PreflightRunner(
            in_scope((host_group(self.host),), (code, *beside)), self.clock, lambda _: None
        )
        runner.start()
        try:
            await self.clock.advance(seconds)
            return next(each for each in runner.progress.checks if each.code == code)
        finally:
            await runner.stop()
            await self.media.close()
            await self.network.close()
            await self.host.close()
