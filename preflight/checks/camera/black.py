"""C07: something can be seen. Black is dark *and* without structure over 16 frames.

A single colour counts as black however bright it is: an open camera that gives no picture often
gives green or grey.
"""

from preflight.analysis.picture_window import WINDOW_FRAMES, Visibility
from preflight.check import Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import judge

CODE = "camera.black"
FULL_S = 1.9
QUICK_FRAMES = 8
FEWEST_FRAMES = 4


def camera_black(bench: CameraBench) -> Check:
    """Tell luma, structure and colour, once exposure has settled or the time is over."""

    def complete() -> bool:
        seen = bench.window.visibility()
        if seen is None or not seen.settled:
            return False
        # A suspicious short look is extended to the full one.
        short = bench.quick and judge(CODE, _figures(seen)) is CheckState.PASSED
        return seen.frames >= (QUICK_FRAMES if short else WINDOW_FRAMES)

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
    return {
        "luma_mean": seen.luma_mean,
        "structure": seen.structure,
        "colour_spread": seen.colour_spread,
        "frames": seen.frames,
    }
