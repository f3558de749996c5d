"""C21: this is not the grey camera that a laptop recognises faces with."""

import re

from preflight.check import CannotTell, Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.sight import settled_sight
from preflight.model import Measured

CODE = "camera.infrared"
GREY_BELOW = 1.0
LIT_FROM = 60.0
SEEN_FROM = 0.5
"""An even surface has no colour of its own in any camera."""
_NAMED = re.compile(r"\bIR\b|\binfrared\b", re.IGNORECASE)


def camera_infrared(bench: CameraBench) -> Check:
    """Tell whether the camera calls itself infrared, or a lit scene has no colour at all."""

    async def measure() -> Measured:
        name = "" if bench.info is None else bench.info.name
        if _NAMED.search(name):
            return {"infrared": True, "by_name": True}
        seen = await settled_sight(bench)
        deviation = seen.light.chroma_deviation
        found: Measured = {
            "infrared": deviation < GREY_BELOW,
            "by_name": False,
            "chroma_deviation": deviation,
            "luma_mean": seen.luma_mean,
        }
        if deviation < GREY_BELOW and seen.luma_mean < LIT_FROM:
            raise CannotTell("too_dark", found)
        if deviation < GREY_BELOW and seen.structure < SEEN_FROM:
            raise CannotTell("no_detail", found)
        return found

    return Check(CODE, measure, needs=("camera.no_frames",))
