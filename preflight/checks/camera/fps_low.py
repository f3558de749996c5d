"""C08: pictures come often enough, counting only those that differ."""

from preflight.analysis.picture import FULL_RATE_INTERVALS
from preflight.check import Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import judge

CODE = "camera.fps_low"
FULL_S = 2.5
QUICK_INTERVALS = 20


def camera_fps_low(bench: CameraBench) -> Check:
    """Tell the rate over 45 distinct frames, or over 2.5 s."""

    def complete() -> bool:
        # A suspicious short look is extended to the full one.
        short = bench.quick and judge(CODE, {"fps": bench.window.fps()}) is CheckState.PASSED
        wanted = QUICK_INTERVALS if short else FULL_RATE_INTERVALS
        return bench.window.distinct_intervals() >= wanted

    async def measure() -> Measured:
        await bench.until(complete, within_s=FULL_S)
        return {"fps": bench.window.fps()}

    def now() -> Measured | None:
        return {"fps": bench.window.fps()} if bench.present else None

    return Check(CODE, measure, needs=("camera.frozen",), live=Live(now))
