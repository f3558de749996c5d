"""C16: no lamp makes the picture flicker."""

from preflight.analysis.flicker_window import FEWEST
from preflight.check import CannotTell, Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import settled_sight
from preflight.model import Measured

CODE = "camera.flicker"
SETTLED_FRAMES = 5
ROWS_S = 2.4
DARK_BELOW = 20.0
"""A row this dark holds more noise than lamp."""


def camera_flicker(bench: CameraBench) -> Check:
    """Tell how much of what changes goes with a lamp's pulse, over 60 pictures.

    A rate that divides the pulse of one mains hides its bands; the other mains is judged then,
    and ``blind_hz`` names the hidden one. Where both are hidden there is no answer.
    """

    async def measure() -> Measured:
        await settled_sight(bench, frames=SETTLED_FRAMES)
        rows = bench.flicker
        rows.begin()
        try:
            await bench.until(lambda: rows.complete, within_s=ROWS_S)
        finally:
            rows.end()
        if rows.frames < FEWEST:
            raise CannotTell("few_frames", {"frames": rows.frames})
        luma = rows.luma_mean()
        if luma < DARK_BELOW:
            raise CannotTell("too_dark", {"luma_mean": luma})
        found = rows.flicker()
        if found is None:
            raise CannotTell("alias", {"fps": bench.window.fps()})
        return {
            "flicker_share": found.share,
            "flicker_depth": found.depth,
            "mains_hz": found.mains_hz,
            "blind_hz": found.blind_hz,
        }

    return Check(CODE, measure, needs=("camera.no_frames",))
