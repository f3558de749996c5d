"""C12: little of the picture is burnt out."""

from preflight.analysis.picture_window import Visibility
from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import sight_check
from preflight.model import Measured

CODE = "camera.overexposed"


def camera_overexposed(bench: CameraBench) -> Check:
    """Tell which share of the picture is burnt out."""
    return sight_check(bench, CODE, _figures)


def _figures(seen: Visibility) -> Measured:
    return {"bright_share": seen.light.bright_share}
