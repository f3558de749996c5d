"""C11: there is light enough to see by."""

from preflight.analysis.picture_window import Visibility
from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import sight_check
from preflight.model import Measured

CODE = "camera.low_light"


def camera_low_light(bench: CameraBench) -> Check:
    """Tell luma and lasting structure: dark without structure is black, not dim."""
    return sight_check(bench, CODE, _figures)


def _figures(seen: Visibility) -> Measured:
    return {"luma_mean": seen.luma_mean, "structure": seen.structure}
