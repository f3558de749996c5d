"""C03: no other program holds the camera. Names the holder where the system tells."""

from preflight.check import Check
from preflight.checks.camera_bench import CameraBench
from preflight.model import Measured

CODE = "camera.busy"


def camera_busy(bench: CameraBench) -> Check:
    """Look at how the open went, once it is known; the deadline counts from then on."""

    async def measure() -> Measured:
        busy = bench.busy
        return {"busy": busy, "holder": await bench.holder() if busy else None}

    return Check(CODE, measure, needs=("camera.permission",), before=bench.open_settled)
