"""C17: the camera gives a picture of 1280x720 or more; upright and turned alike."""

from preflight.check import Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.model import Measured

CODE = "camera.resolution"


def camera_resolution(bench: CameraBench) -> Check:
    """Tell the size of the pictures that really come."""

    def now() -> Measured | None:
        size = bench.window.size
        return None if size is None else {"long_side_px": max(size), "short_side_px": min(size)}

    async def measure() -> Measured:
        return now() or {}

    return Check(CODE, measure, needs=("camera.no_frames",), live=Live(now))
