"""C08: pictures come often enough, counting only those that differ."""

from preflight.analysis.picture import FULL_RATE_INTERVALS
from preflight.checks.camera_bench import CameraBench
from preflight.model import Measured
from preflight.runner import Check, Live

CODE = "camera.fps_low"
FULL_S = 2.5
QUICK_INTERVALS = 20


def camera_fps_low(bench: CameraBench) -> Check:
    """Tell the rate over 45 distinct frames, or over 2.5 s."""
    wanted = QUICK_INTERVALS if bench.quick else FULL_RATE_INTERVALS

    async def measure() -> Measured:
        await bench.until(lambda: bench.window.distinct_intervals() >= wanted, within_s=FULL_S)
        return {"fps": bench.window.fps()}

    def now() -> Measured | None:
        return {"fps": bench.window.fps()} if bench.present else None

    return Check(CODE, measure, needs=("camera.frozen",), live=Live(now))
