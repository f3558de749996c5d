"""C06: the picture changes. Live noise never repeats a picture, so no scene is too still."""

from preflight.check import Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.model import Measured

CODE = "camera.frozen"
LIVING_MS = 1000.0
FROZEN_MS = 5000.0


def camera_frozen(bench: CameraBench) -> Check:
    """Tell for how long the very same picture has stood.

    A change within the last second passes at once; else it is watched for up to 5 s.
    """

    def unchanged_ms() -> float | None:
        return bench.window.unchanged_ms(bench.clock.monotonic_ns())

    def decided() -> bool:
        still_ms = unchanged_ms()
        if still_ms is None:
            return False
        # One change is only the first picture; a second shows that it lives.
        living = still_ms < LIVING_MS and bench.window.distinct_intervals() > 0
        return living or still_ms >= FROZEN_MS

    async def measure() -> Measured:
        await bench.until(decided, within_s=5.9)
        return {"unchanged_ms": unchanged_ms()}

    def now() -> Measured | None:
        return {"unchanged_ms": unchanged_ms()} if bench.present else None

    return Check(CODE, measure, needs=("camera.no_frames",), live=Live(now))
