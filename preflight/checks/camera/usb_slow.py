"""C19: the camera's cable carries the picture. An uncompressed one needs more than some do.

1280x720 uncompressed at 30 pictures a second is 55 MB/s; a USB 2 socket carries about 40. What is
slow for that reason is cured here: compressed pictures are asked for, else smaller ones.
"""

from preflight.analysis.picture_window import Rate
from preflight.check import CannotTell, Check
from preflight.checks.camera.bench import CameraBench
from preflight.devices.frames import CameraMode, ModeWish
from preflight.model import Measured

CODE = "camera.usb_slow"
SLOW_BELOW = 15.0
UNCOMPRESSED = frozenset(
    {
        *("YUYV", "YUY2", "UYVY", "YVYU", "VYUY"),
        *("NV12", "NV21", "NV16", "YU12", "YV12", "I420", "IYUV", "422P"),
        *("NV61", "NV24", "NV42", "YU16", "411P", "Y41P", "M420", "AYUV", "Y444"),
        *("RGB3", "BGR3", "RGB4", "BGR4", "RGBP", "RGBR", "RGBO", "RGBQ"),
        *("AR24", "XR24", "AB24", "XB24", "RA24", "RX24", "BA24", "BX24"),
        *("GREY", "Y800", "Y8", "Y10", "Y12", "Y16"),
    }
)
"""As Video4Linux, Media Foundation and AVFoundation call them; 1 to 4 bytes a pixel."""
LONG_SIDE, SHORT_SIDE = 1280, 720
COMPRESSED = ModeWish(1280, 720, 30, "MJPG")
SMALLER = ModeWish(640, 480, 30, "YUYV")

FIRST_LOOK_S, LOOK_S, SWITCH_S = 1.1, 0.7, 0.6
ENOUGH_INTERVALS = 15


def camera_usb_slow(bench: CameraBench) -> Check:
    """Tell whether an uncompressed picture comes too slowly and could not be made quicker.

    What helped is kept, also for the call. Where nothing helps the large picture is asked for
    again: the reason is another one, such as little light.
    """

    async def measure() -> Measured:
        mode, info = _mode(bench), bench.info
        if mode is None or info is None or info.kind.synthetic:
            return {"usb_slow": False}
        before = await _rate(bench, 0, FIRST_LOOK_S)
        found: Measured = {"fourcc": mode.fourcc, "fps": before.fps}
        if before.fps >= SLOW_BELOW:
            return {**found, "usb_slow": False}
        if not mode.fourcc:
            raise CannotTell("no_format", found)
        if mode.fourcc not in UNCOMPRESSED or not _is_large(mode):
            return {**found, "usb_slow": False}
        for wish, name in ((COMPRESSED, "compressed"), (SMALLER, "smaller")):
            after = await _with(bench, wish)
            if after is not None and after.fps >= SLOW_BELOW:
                return {**found, "usb_slow": False, "cured": name, "fps_after": after.fps}
        bench.ask_mode(COMPRESSED)
        return {**found, "usb_slow": True}

    return Check(CODE, measure, needs=("camera.no_frames",))


async def _with(bench: CameraBench, wish: ModeWish) -> Rate | None:
    """Return the rate in another mode; None where the camera stays in the one it has."""
    before = _mode(bench)
    bench.ask_mode(wish)
    changed = await bench.until(lambda: _mode(bench) != before, within_s=SWITCH_S)
    if not changed:
        return None
    return await _rate(bench, bench.clock.monotonic_ns(), LOOK_S)


async def _rate(bench: CameraBench, since_ns: int, within_s: float) -> Rate:
    await bench.until(
        lambda: bench.window.rate(since_ns).intervals >= ENOUGH_INTERVALS, within_s=within_s
    )
    return bench.window.rate(since_ns)


def _mode(bench: CameraBench) -> CameraMode | None:
    return None if bench.source is None else bench.source.mode


def _is_large(mode: CameraMode) -> bool:
    long_side, short_side = max(mode.width, mode.height), min(mode.width, mode.height)
    return long_side >= LONG_SIDE and short_side >= SHORT_SIDE
