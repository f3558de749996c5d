"""C15: dark is dark and bright is bright; a smeared lens spreads light over everything."""

from preflight.analysis.picture_window import Visibility
from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import sight_check
from preflight.model import Measured

CODE = "camera.hazy"


def camera_hazy(bench: CameraBench) -> Check:
    """Tell the contrast, and what else could be the reason for little of it."""
    return sight_check(bench, CODE, _figures)


def _figures(seen: Visibility) -> Measured:
    return {
        "contrast": seen.light.contrast,
        "luma_mean": seen.luma_mean,
        "structure": seen.structure,
    }
