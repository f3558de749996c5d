"""C09: the camera stays. Watched from the first picture until the handover."""

from preflight.check import Check, Live
from preflight.checks.camera.bench import CameraBench
from preflight.model import Measured

CODE = "camera.unplugged"


def camera_unplugged(bench: CameraBench) -> Check:
    """Tell whether pictures came within the last 2 s, or 0.5 s from a camera not listed any more.

    That is the patience; what is gone by then is told at once, with its name.
    """

    def now() -> Measured:
        name = None if bench.info is None else bench.info.name
        return {"present": bench.present, "device": name}

    async def measure() -> Measured:
        return now()

    live = Live(now, raise_after_ms=0, meanwhile=True)
    return Check(CODE, measure, needs=("camera.no_frames",), live=live)
