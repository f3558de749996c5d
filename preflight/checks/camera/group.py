"""The camera's checks in the order of the catalogue; the advisory ones never hold Join back."""

from preflight.checks.camera.backlit import camera_backlit
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.black import camera_black
from preflight.checks.camera.blurred import camera_blurred
from preflight.checks.camera.busy import camera_busy
from preflight.checks.camera.changed import camera_changed
from preflight.checks.camera.covered import camera_covered
from preflight.checks.camera.drops import camera_drops
from preflight.checks.camera.flicker import camera_flicker
from preflight.checks.camera.fps_low import camera_fps_low
from preflight.checks.camera.frozen import camera_frozen
from preflight.checks.camera.hazy import camera_hazy
from preflight.checks.camera.infrared import camera_infrared
from preflight.checks.camera.low_light import camera_low_light
from preflight.checks.camera.no_frames import camera_no_frames
from preflight.checks.camera.none import camera_none
from preflight.checks.camera.open_failed import camera_open_failed
from preflight.checks.camera.orientation import camera_orientation
from preflight.checks.camera.overexposed import camera_overexposed
from preflight.checks.camera.permission import camera_permission
from preflight.checks.camera.resolution import camera_resolution
from preflight.checks.camera.unplugged import camera_unplugged
from preflight.checks.camera.usb_slow import camera_usb_slow
from preflight.checks.camera.virtual import camera_virtual
from preflight.checks.check_group import CheckGroup
from preflight.checks.device_group import device_group
from preflight.model import Group

_GATING = (
    camera_none,
    camera_permission,
    camera_busy,
    camera_open_failed,
    camera_no_frames,
    camera_frozen,
    camera_black,
    camera_fps_low,
    camera_unplugged,
)
_ADVICE = (
    camera_covered,
    camera_low_light,
    camera_overexposed,
    camera_backlit,
    camera_blurred,
    camera_hazy,
    camera_flicker,
    camera_resolution,
    camera_orientation,
    camera_usb_slow,
    camera_drops,
    camera_infrared,
    camera_virtual,
    camera_changed,
)


def camera_group(bench: CameraBench) -> CheckGroup:
    """Return the camera's group."""
    return device_group(Group.CAMERA, bench, tuple(make(bench) for make in (*_GATING, *_ADVICE)))
