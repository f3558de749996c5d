"""C05: an open camera sends pictures, three channels of at least 160x120."""

from preflight.check import Check
from preflight.checks.camera_bench import CameraBench
from preflight.devices.ports import SourceState
from preflight.model import Measured

CODE = "camera.no_frames"
PATIENCE_S = 4.9


def camera_no_frames(bench: CameraBench) -> Check:
    """Tell how long the first valid picture took after the open."""

    def known() -> bool:
        return bench.flowing or bench.status.state is SourceState.FAILED

    async def measure() -> Measured:
        await bench.until(known, within_s=PATIENCE_S)
        measured: dict[str, float | int] = {"invalid_frames": bench.window.invalid}
        if bench.flowing and bench.status.first_ms is not None:
            measured["first_frame_ms"] = bench.status.first_ms
        return measured

    return Check(CODE, measure, needs=("camera.open_failed",))
