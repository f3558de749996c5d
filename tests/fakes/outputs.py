"""What the system says of loudspeakers and of the screen, as a test wants it."""

from preflight.system.ports import Holder
from preflight.system.screen_ports import ScreenAccess
from preflight.system.sound_ports import OutputState


class FakeOutputs:
    """An `OutputFacts` that says what the test wants of every loudspeaker."""

    def __init__(self) -> None:
        self.every_s = 0.0
        self.state: OutputState | None = OutputState("Loudspeakers", False, 60, 48_000)
        self.held_by: Holder | None = None
        self.error: Exception | None = None

    def output(self, device: str) -> OutputState | None:
        if self.error is not None:
            raise self.error
        return self.state

    def holder(self, device: str) -> Holder | None:
        return self.held_by


class FakeScreen:
    """A `ScreenRights` and a `ScreenEye` in one."""

    def __init__(self) -> None:
        self.access = ScreenAccess(True, "always")
        self.spread: float | None = 41.0

    def now(self) -> ScreenAccess:
        return self.access

    async def luma_spread(self) -> float | None:
        return self.spread
