"""C10: the picture shows more than an even surface, which is what a finger or a sticker leaves."""

from preflight.analysis.picture_window import Visibility
from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import sight_check
from preflight.model import Measured

CODE = "camera.covered"


def camera_covered(bench: CameraBench) -> Check:
    """Tell luma and lasting structure; without light it is `camera.black` that speaks."""
    return sight_check(bench, CODE, _figures)


def _figures(seen: Visibility) -> Measured:
    return {"luma_mean": seen.luma_mean, "structure": seen.structure}
