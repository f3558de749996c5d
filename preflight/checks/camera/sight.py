"""What the checks on light and structure have in common: a settled look over 16 frames."""

from collections.abc import Callable

from preflight.analysis.picture_window import WINDOW_FRAMES, Visibility
from preflight.check import CannotTell, Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.model import Measured

SETTLE_S = 2.0
"""Exposure that moves for longer is that of a moving scene, and is judged as it is."""
FEWEST_FRAMES = 4

Figures = Callable[[Visibility], Measured]


async def settled_sight(bench: CameraBench, *, frames: int = WINDOW_FRAMES) -> Visibility:
    """Wait until exposure has settled over so many analysed frames, 2 s at most.

    Raises:
        CannotTell: ``few_frames``; hardly any picture came.
    """

    def complete() -> bool:
        seen = bench.window.visibility()
        return seen is not None and seen.settled and seen.frames >= frames

    await bench.until(complete, within_s=SETTLE_S)
    seen = bench.window.visibility()
    if seen is None or seen.frames < FEWEST_FRAMES:
        raise CannotTell("few_frames", {"frames": 0 if seen is None else seen.frames})
    return seen


def sight_check(bench: CameraBench, code: str, figures: Figures) -> Check:
    """Make a check of one settled look, kept alive while the camera delivers."""

    async def measure() -> Measured:
        return figures(await settled_sight(bench))

    def now() -> Measured | None:
        seen = bench.window.visibility() if bench.present else None
        # While the camera adapts its exposure the picture is neither the old nor the new one.
        return figures(seen) if seen is not None and seen.settled else None

    return Check(code, measure, needs=("camera.no_frames",), live=Live(now))
