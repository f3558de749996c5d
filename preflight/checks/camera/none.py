"""C01: a camera is there. Only devices that can capture pictures count."""

from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.device_checks import device_none

CODE = "camera.none"


def camera_none(bench: CameraBench) -> Check:
    """Count the cameras."""
    return device_none(bench, CODE, "cameras")
