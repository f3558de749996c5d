"""The checks of the media path over a fake trial call, without a preflight around them."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from client_api.secret import Secret
from client_api.wire import ProbeRoom
from preflight.check import CannotTell, Check, NotMeasured
from preflight.checks.media.bench import Line, MediaBench
from preflight.checks.media.course import OwnDevices
from preflight.checks.media.group import media_group
from preflight.devices.ports import Detach, SourceState, SourceStatus
from preflight.model import CheckState
from preflight.verdicts.catalogue import BY_CODE, judge
from tests.fakes.clock import FakeClock
from tests.fakes.media_probe import FakeMediaProbe

ROOM = ProbeRoom(
    url="ws://sfu.test",
    room="probe-1",
    tokens={name: Secret(f"token-{name}") for name in ("a", "b", "join", "relay")},
)


@dataclass
class OpenDevice:
    """A device that runs and delivers nothing; counts who listens."""

    state: SourceState = SourceState.RUNNING
    taps: int = 0

    @property
    def status(self) -> SourceStatus:
        return SourceStatus(self.state)

    def attach(self, tap: object) -> Detach:
        self.taps += 1

        def detach() -> None:
            self.taps -= 1

        return detach


@dataclass
class MediaWorld:
    """A trial call on fakes; `verdict` measures one check as the runner would."""

    clock: FakeClock = field(default_factory=FakeClock)
    camera: OpenDevice | None = field(default_factory=OpenDevice)
    microphone: OpenDevice | None = field(default_factory=OpenDevice)
    metered: bool = False

    def __post_init__(self) -> None:
        self.probe = FakeMediaProbe(self.clock)
        self.bench = MediaBench(
            self.probe,
            self.clock,
            self._room,
            Line(lambda: "eth0", metered=self._metered),
            OwnDevices(
                cast(Any, lambda: self.camera),
                cast(Any, lambda: self.microphone),
            ),
        )
        self.checks = {check.code: check for check in media_group(self.bench).checks}

    async def _room(self) -> ProbeRoom | None:
        return ROOM

    async def _metered(self) -> bool:
        return self.metered

    def measure(self, *codes: str) -> "dict[str, asyncio.Task[tuple[CheckState, str | None]]]":
        """Begin to measure these together."""
        return {code: asyncio.ensure_future(self._one(self.checks[code])) for code in codes}

    async def verdict(self, code: str, *, within_s: float = 70) -> tuple[CheckState, str | None]:
        """Measure one check and return its state and reason."""
        return (await self.verdicts(code, within_s=within_s))[code]

    async def verdicts(
        self, *codes: str, within_s: float = 70
    ) -> dict[str, tuple[CheckState, str | None]]:
        """Measure these together, on virtual time."""
        running = self.measure(*codes)
        for _ in range(round(within_s)):
            if all(task.done() for task in running.values()):
                break
            await self.clock.advance(1)
        await self.bench.close()
        return {code: task.result() for code, task in running.items()}

    async def _one(self, check: Check) -> tuple[CheckState, str | None]:
        if check.before is not None:
            await check.before()
        try:
            async with asyncio.timeout(BY_CODE[check.code].deadline_ms):
                return judge(check.code, await check.measure()), None
        except CannotTell as told:
            return CheckState.UNKNOWN, told.reason
        except NotMeasured as told:
            return CheckState.SKIPPED, told.reason
