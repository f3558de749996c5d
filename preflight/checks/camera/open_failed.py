"""C04: the camera opens, and soon enough."""

from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.device_checks import device_open_failed

CODE = "camera.open_failed"


def camera_open_failed(bench: CameraBench) -> Check:
    """Tell how long the open took."""
    return device_open_failed(bench, CODE, "camera.busy")
