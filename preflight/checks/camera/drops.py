"""C20: pictures come evenly, none is missing."""

from preflight.analysis.cadence import FEW_INTERVALS, Cadence
from preflight.check import CannotTell, Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import settled_sight
from preflight.model import Measured

CODE = "camera.drops"
SETTLED_FRAMES = 5
FULL_INTERVALS = 75
LONGEST_S = 2.4


def camera_drops(bench: CameraBench) -> Check:
    """Tell the share of gaps, once the camera has found its exposure and with it its rate."""
    since_ns = 0

    async def measure() -> Measured:
        nonlocal since_ns
        await settled_sight(bench, frames=SETTLED_FRAMES)
        since_ns = bench.window.last_ns
        await bench.until(
            lambda: bench.window.cadence(since_ns).intervals >= FULL_INTERVALS, within_s=LONGEST_S
        )
        beat = bench.window.cadence(since_ns)
        if not beat.tells:
            raise CannotTell("few_frames", _figures(beat))
        return _figures(beat)

    def now() -> Measured | None:
        beat = bench.window.cadence(since_ns) if bench.present else None
        if beat is None or beat.intervals < FEW_INTERVALS:
            return None
        return _figures(beat)

    return Check(CODE, measure, needs=("camera.no_frames",), live=Live(now))


def _figures(beat: Cadence) -> Measured:
    return {"drop_share": beat.drop_share, "drops": beat.drops, "intervals": beat.intervals}
