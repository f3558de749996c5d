"""C22: a real camera is used, not a program that gives itself out for one."""

import re

from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.frozen import LIVING_MS
from preflight.model import Measured

CODE = "camera.virtual"
_DRIVERS = ("v4l2 loopback", "v4l2loopback", "akvcam", "vivid")
"""As the kernel's drivers call themselves (VIDIOC_QUERYCAP)."""
_NAMES = re.compile(
    r"\b(?:OBS|ManyCam|Snap ?Camera|NDI|XSplit|SplitCam|YouCam|mmhmm|Camo|iVCam|DroidCam|EpocCam"
    r"|AlterCam|akvcam|v4l2loopback|e2eSoft|NVIDIA Broadcast|Unity Video Capture"
    r"|Iriun|vMix|ChromaCam|SparkoCam|FaceRig|Ecamm|Logi Capture"
    r"|Dummy video device|virtual[ -]?(?:web[ -]?)?cam(?:era)?|vcam)\b",
    re.IGNORECASE,
)
"""As their makers call what a program shows in place of a camera."""


def camera_virtual(bench: CameraBench) -> Check:
    """Tell by the driver's name, where the system knows it, or by the camera's own.

    Both are asked: the drivers that programs bring have names of their own, more than we know.

    A clip or pattern that was asked for by name is what it says, and is not called virtual.
    """

    async def measure() -> Measured:
        info = bench.info
        if info is None:
            return {}
        if info.kind.synthetic:
            return {"virtual": False}
        driver = await bench.driver()
        by_driver = driver is not None and driver.lower() in _DRIVERS
        still_ms = bench.window.unchanged_ms(bench.clock.monotonic_ns()) or 0.0
        return {
            "virtual": by_driver or _NAMES.search(info.name) is not None,
            "by_driver": by_driver,
            "still": still_ms >= LIVING_MS,
        }

    return Check(CODE, measure, needs=("camera.no_frames",))
