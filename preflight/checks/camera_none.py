"""C01: a camera is there. Only devices that can capture pictures count."""

from preflight.check import Check
from preflight.checks.camera_bench import CameraBench
from preflight.model import Measured

CODE = "camera.none"
SEARCH_S = 1.9


def camera_none(bench: CameraBench) -> Check:
    """Count the cameras; a search that hangs is left to the deadline."""

    async def measure() -> Measured:
        await bench.until(lambda: bench.found is not None, within_s=SEARCH_S)
        return {} if bench.found is None else {"cameras": len(bench.found)}

    return Check(CODE, measure)
