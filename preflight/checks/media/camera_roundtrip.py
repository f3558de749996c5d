"""P13: the person's own pictures reach the call and come back."""

from preflight.check import CannotTell, Check
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import judge

CODE = "media.camera_roundtrip"
_NEARLY_ALL = 0.8


def media_camera_roundtrip(bench: MediaBench) -> Check:
    """Count the pictures that came back with the brightness of what was sent.

    A camera that gives fewer than 10 pictures a second is no fault of the way: unknown then, as
    long as nearly all of them came back. Nor is it the camera's where the made picture does not
    get through either.
    """

    async def measure() -> Measured:
        told = await bench.outcome(Step.CAMERA)
        figures = {
            name: told.get(name) for name in ("camera_back_fps", "camera_sent_fps", "luma_off")
        }
        if (await bench.trial()).measured.get("decoded") is False:
            raise CannotTell("no_picture_at_all", figures)
        back, sent = told.get("camera_back_fps"), told.get("camera_sent_fps")
        if isinstance(back, float | int) and isinstance(sent, float | int):
            if sent <= 0:
                raise CannotTell("no_camera", figures)
            slow = judge(CODE, {"camera_back_fps": sent}) is not CheckState.PASSED
            if slow and back >= _NEARLY_ALL * sent:
                raise CannotTell("slow_camera", figures)
        return figures

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.CAMERA))
