"""C04: the camera opens, and soon enough."""

from preflight.check import Check
from preflight.checks.camera_bench import CameraBench
from preflight.devices.ports import SourceState
from preflight.model import Measured

CODE = "camera.open_failed"
PATIENCE_S = 9.9


def camera_open_failed(bench: CameraBench) -> Check:
    """Tell how long the open took; a driver that hangs is judged, never asked twice."""

    def settled() -> bool:
        status = bench.status
        return status.open_ms is not None or status.state is SourceState.FAILED

    async def measure() -> Measured:
        await bench.prepared()
        await bench.until(settled, within_s=PATIENCE_S)
        status = bench.status
        if status.open_ms is None:
            fault = None if status.fault is None else status.fault.value
            return {"opened": False, "fault": fault}
        return {"opened": True, "open_ms": status.open_ms}

    return Check(CODE, measure, needs=("camera.busy",))
