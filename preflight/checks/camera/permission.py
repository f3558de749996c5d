"""C02: this program may use the camera. Opening decides, the system's answer explains."""

from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.model import Measured

CODE = "camera.permission"


def camera_permission(bench: CameraBench) -> Check:
    """Ask the system, which asks the person first; a picture overrules a refusal."""

    async def measure() -> Measured:
        told = await bench.permission()
        return {"permission": told.value, "picture": bench.flowing}

    return Check(CODE, measure, needs=("camera.none",), before=bench.permission_asked)
