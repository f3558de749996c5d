"""C05: an open camera sends pictures, three channels of at least 160x120."""

from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.device_checks import first_ago, sends_or_failed
from preflight.model import Measured

CODE = "camera.no_frames"
PATIENCE_S = 4.9


def camera_no_frames(bench: CameraBench) -> Check:
    """Tell how long the first valid picture took after the open."""

    async def measure() -> Measured:
        await bench.until(sends_or_failed(bench), within_s=PATIENCE_S)
        measured: Measured = {"invalid_frames": bench.window.invalid}
        if not bench.flowing or bench.status.first_ms is None:
            return measured
        return {**measured, "first_frame_ms": bench.status.first_ms, **first_ago(bench)}

    return Check(CODE, measure, needs=("camera.open_failed",))
