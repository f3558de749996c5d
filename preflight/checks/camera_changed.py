"""C23: the camera of last time is the one in use, or was left by choice."""

from preflight.check import Check
from preflight.checks.camera_bench import CameraBench
from preflight.model import Measured

CODE = "camera.changed"


def camera_changed(bench: CameraBench) -> Check:
    """Tell whether last time's camera is missing, so that another one had to be taken.

    It is looked for by name: on Linux the id is a path, which the next camera inherits.
    """

    async def measure() -> Measured:
        known, info = bench.known, bench.info
        if info is None:
            return {}
        if known is None or known.kind.synthetic or info.kind.synthetic:
            return {"changed": False}
        there = any(each.name == known.name for each in bench.found or ())
        return {"changed": not there and info.name != known.name}

    return Check(CODE, measure, needs=("camera.no_frames",))
