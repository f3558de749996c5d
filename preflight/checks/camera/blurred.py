"""C14: the picture is sharp: lens clean, focus found."""

from preflight.check import CannotTell, Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import settled_sight
from preflight.model import Measured

CODE = "camera.blurred"
SETTLED_FRAMES = 5
PAIRS_S = 1.8


def camera_blurred(bench: CameraBench) -> Check:
    """Tell the best sharpness of up to eight pairs of pictures.

    A camera that is still focusing counts by its best moment, so does one that is moved.
    """

    async def measure() -> Measured:
        seen = await settled_sight(bench, frames=SETTLED_FRAMES)
        pairs = bench.sharpness
        pairs.begin()
        await bench.until(lambda: pairs.complete, within_s=PAIRS_S)
        pairs.ease()
        best = pairs.best()
        if best is None:
            raise CannotTell(pairs.why_not(), {"luma_mean": seen.luma_mean})
        return {"sharpness": best}

    def now() -> Measured | None:
        best = bench.sharpness.best() if bench.present else None
        return None if best is None else {"sharpness": best}

    return Check(CODE, measure, needs=("camera.no_frames",), live=Live(now))
