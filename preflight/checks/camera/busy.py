"""C03: no other program holds the camera. Names the holder where the system tells."""

from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.device_checks import device_busy

CODE = "camera.busy"


def camera_busy(bench: CameraBench) -> Check:
    """Look at how the open went, once it is known."""
    return device_busy(bench, CODE, "camera.permission")
