"""C18: the picture is upright. Only a person can say so; their answer is kept for 30 days."""

from datetime import timedelta

from preflight.check import NOT_ASKED, CannotTell, Check
from preflight.checks.camera.bench import CameraBench
from preflight.measuring import say_age
from preflight.model import Measured

CODE = "camera.orientation"
ANSWER_VALID = timedelta(days=30)


def camera_orientation(bench: CameraBench) -> Check:
    """Tell what a person said of this very camera lately; without an answer they are asked."""

    async def measure() -> Measured:
        known, now = bench.orientation(), bench.clock.now()
        if known.confirmed_at is None or not known.confirmed_at <= now < (
            known.confirmed_at + ANSWER_VALID
        ):
            raise CannotTell(NOT_ASKED, orientation_figures(bench))
        say_age((now - known.confirmed_at).total_seconds())
        return {
            **orientation_figures(bench),
            "upright": True,
            "days_ago": (now - known.confirmed_at).days,
        }

    return Check(CODE, measure, needs=("camera.no_frames",))


def orientation_figures(bench: CameraBench) -> Measured:
    """Return how the camera in use is put upright: ``turn`` in degrees and ``mirrored``."""
    orientation = bench.orientation().orientation
    return {"turn": orientation.turn, "mirrored": orientation.mirrored}
