"""C13: what is in the middle has light of its own, not a window behind it."""

from preflight.analysis.picture_window import Visibility
from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import sight_check
from preflight.model import Measured

CODE = "camera.backlit"


def camera_backlit(bench: CameraBench) -> Check:
    """Tell the luma of the middle and of the border."""
    return sight_check(bench, CODE, _figures)


def _figures(seen: Visibility) -> Measured:
    return {"centre_luma": seen.light.centre_luma, "border_luma": seen.light.border_luma}
