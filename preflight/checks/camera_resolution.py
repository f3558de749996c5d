"""C17: the camera gives a picture of 1280x720 or more; upright and turned alike."""

from preflight.check import Check
from preflight.checks.camera_bench import CameraBench
from preflight.model import Measured

CODE = "camera.resolution"


def camera_resolution(bench: CameraBench) -> Check:
    """Tell the size of the pictures that really come."""

    async def measure() -> Measured:
        size = bench.window.size
        return {} if size is None else {"long_side_px": max(size), "short_side_px": min(size)}

    return Check(CODE, measure, needs=("camera.no_frames",))
