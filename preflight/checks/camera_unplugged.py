"""C09: the camera stays. Watched from the first picture until the handover."""

from preflight.check import Check, Live
from preflight.checks.camera_bench import CameraBench
from preflight.model import Measured

CODE = "camera.unplugged"


def camera_unplugged(bench: CameraBench) -> Check:
    """Tell whether pictures came within the last 2 s."""

    def now() -> Measured:
        return {"present": bench.present}

    async def measure() -> Measured:
        return now()

    return Check(CODE, measure, needs=("camera.no_frames",), live=Live(now))
