"""C07: something can be seen. Black is dark *and* without structure over 16 frames."""

from preflight.analysis.picture_window import WINDOW_FRAMES, Visibility
from preflight.checks.camera_bench import CameraBench
from preflight.model import Measured
from preflight.runner import Check, Live

CODE = "camera.black"
FULL_S = 1.9
QUICK_FRAMES = 8
FEWEST_FRAMES = 4


def camera_black(bench: CameraBench) -> Check:
    """Tell mean luma and structure, once exposure has settled or the time is over."""
    wanted = QUICK_FRAMES if bench.quick else WINDOW_FRAMES

    def complete() -> bool:
        seen = bench.window.visibility()
        return seen is not None and seen.settled and seen.frames >= wanted

    async def measure() -> Measured:
        await bench.until(complete, within_s=FULL_S)
        seen = bench.window.visibility()
        if seen is None or seen.frames < FEWEST_FRAMES:
            return {}
        return _figures(seen)

    def now() -> Measured | None:
        seen = bench.window.visibility() if bench.present else None
        return None if seen is None else _figures(seen)

    return Check(CODE, measure, needs=("camera.no_frames",), live=Live(now))


def _figures(seen: Visibility) -> Measured:
    return {"luma_mean": seen.luma_mean, "structure": seen.structure, "frames": seen.frames}
