"""What raises, clears and just misses the camera's checks: on devices, on films, and at limits."""

import numpy as np
import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault
from preflight.model import CheckState, Measured
from preflight.system.ports import Holder, Permission
from preflight.verdicts.catalogue import judge
from tests.accuracy.camera_cases import cases
from tests.accuracy.tally import FAULTY, HEALTHY, Case
from tests.check_cases import clears, just_misses, raises
from tests.fakes.devices import FakeCamera, live_picture, same_picture
from tests.unit.preflight.conftest import Bench, verdict

PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED

ON_FILMS = (
    "camera.black",
    "camera.covered",
    "camera.low_light",
    "camera.overexposed",
    "camera.backlit",
    "camera.blurred",
    "camera.hazy",
    "camera.flicker",
    "camera.resolution",
    "camera.drops",
    "camera.infrared",
)


def first_case(code: str, truth: frozenset[CheckState]) -> Case:
    """The first made case of a check that is faulty, or healthy, for certain."""
    return next(
        case
        for case in cases()
        if case.code == code and (case.truth <= truth if truth is FAULTY else case.truth == truth)
    )


@pytest.mark.parametrize("code", [pytest.param(code, marks=raises(code)) for code in ON_FILMS])
def test_a_film_with_the_fault_raises_its_check(code: str) -> None:
    case = first_case(code, FAULTY)

    assert case.verdict() in case.truth


@pytest.mark.parametrize("code", [pytest.param(code, marks=clears(code)) for code in ON_FILMS])
def test_a_film_without_the_fault_clears_its_check(code: str) -> None:
    case = first_case(code, HEALTHY)

    assert case.verdict() is PASSED


DIM_SCENE: Measured = {"luma_mean": 39.9, "structure": 0.5, "colour_spread": 3}
HAZE: Measured = {"contrast": 70, "luma_mean": 100, "structure": 2}
LAMP: Measured = {"flicker_share": 0.9, "flicker_depth": 0.0099}


@pytest.mark.parametrize(
    ("code", "measured", "expected"),
    [
        pytest.param(code, measured, expected, marks=just_misses(code))
        for code, measured, expected in (
            ("camera.none", {"cameras": 1}, PASSED),
            ("camera.open_failed", {"opened": True, "open_ms": 3999.9}, PASSED),
            ("camera.open_failed", {"opened": True, "open_ms": 9999.9}, WARNED),
            ("camera.no_frames", {"first_frame_ms": 1999.9}, PASSED),
            ("camera.no_frames", {"first_frame_ms": 4999.9}, WARNED),
            ("camera.frozen", {"unchanged_ms": 4999.9}, PASSED),
            ("camera.black", DIM_SCENE, PASSED),
            ("camera.fps_low", {"fps": 24.0}, PASSED),
            ("camera.fps_low", {"fps": 5.0}, WARNED),
            ("camera.covered", {"luma_mean": 40, "structure": 0.5}, PASSED),
            ("camera.low_light", {"luma_mean": 45, "structure": 2}, PASSED),
            ("camera.overexposed", {"bright_share": 0.149}, PASSED),
            ("camera.backlit", {"centre_luma": 60, "border_luma": 200}, PASSED),
            ("camera.blurred", {"sharpness": 0.20}, PASSED),
            ("camera.hazy", HAZE, PASSED),
            ("camera.flicker", LAMP, PASSED),
            ("camera.resolution", {"long_side_px": 1280, "short_side_px": 720}, PASSED),
            ("camera.drops", {"drop_share": 0.0199}, PASSED),
        )
    ],
)
def test_just_beside_its_limit_a_check_does_not_speak(
    code: str, measured: Measured, expected: CheckState
) -> None:
    assert judge(code, measured) is expected


# --- on devices ------------------------------------------------------------------------------


@just_misses("camera.permission")
async def test_a_refusal_that_a_picture_disproves_is_none(bench: Bench) -> None:
    bench.system.camera = Permission.DENIED

    preflight = await bench.run(5)

    assert verdict(preflight, "camera.permission") == (PASSED, None)
    assert preflight.progress.gate.passed


@just_misses("camera.busy")
async def test_a_camera_that_another_program_has_open_and_that_works_is_free(bench: Bench) -> None:
    bench.system.camera_held_by = Holder("OtherCall", 42)

    preflight = await bench.run(5)

    assert verdict(preflight, "camera.busy") == (PASSED, None)


@clears("camera.busy")
async def test_a_camera_is_free_once_the_other_program_is_closed(bench: Bench) -> None:
    def held(camera: FakeCamera) -> None:
        camera.fault, camera.holder = OpenFault.BUSY, "OtherCall"

    bench.catalogue.camera_mood = held
    preflight = await bench.run(3)
    before = verdict(preflight, "camera.busy")

    bench.catalogue.camera_mood = lambda _: None
    await bench.clock.advance(6)

    assert before == (FAILED, None)
    assert verdict(preflight, "camera.busy") == (PASSED, None)


@clears("camera.no_frames")
@clears("camera.frozen")
async def test_pictures_that_come_and_move_again_are_seen_without_a_restart(bench: Bench) -> None:
    def mute(camera: FakeCamera) -> None:
        camera.delivers, camera.picture = False, same_picture

    bench.catalogue.camera_mood = mute
    preflight = await bench.run(8)
    no_frames = verdict(preflight, "camera.no_frames")
    bench.catalogue.camera_mood = lambda camera: setattr(camera, "picture", same_picture)
    await bench.clock.advance(10)
    frozen = verdict(preflight, "camera.no_frames"), verdict(preflight, "camera.frozen")
    bench.catalogue.made_cameras[-1].picture = live_picture
    await bench.clock.advance(4)

    assert no_frames == (FAILED, None)
    assert frozen == ((PASSED, None), (FAILED, None))
    assert verdict(preflight, "camera.frozen") == (PASSED, None)


@raises("camera.fps_low")
@clears("camera.fps_low")
async def test_a_slow_camera_warns_until_it_is_quicker(bench: Bench) -> None:
    bench.catalogue.camera_mood = lambda camera: setattr(camera, "period_s", 1 / 10)
    preflight = await bench.run(6)
    slow = verdict(preflight, "camera.fps_low")

    bench.catalogue.made_cameras[0].period_s = 1 / 30
    await bench.clock.advance(7)

    assert slow == (WARNED, None)
    assert verdict(preflight, "camera.fps_low") == (PASSED, None)


@pytest.mark.parametrize(
    ("name", "driver", "expected"),
    [
        pytest.param("OBS Virtual Camera", None, WARNED, marks=raises("camera.virtual")),
        pytest.param("Dummy", "v4l2 loopback", WARNED, marks=raises("camera.virtual")),
        pytest.param("Integrated Camera", "uvcvideo", PASSED, marks=clears("camera.virtual")),
        pytest.param("Jobs HD Camera", None, PASSED, marks=just_misses("camera.virtual")),
    ],
)
async def test_a_program_that_gives_itself_out_for_a_camera_is_told(
    bench: Bench, name: str, driver: str | None, expected: CheckState
) -> None:
    bench.catalogue.camera_infos = (DeviceInfo(DeviceId("/dev/video9"), name, DeviceKind.REAL),)
    bench.system.driver = driver

    preflight = await bench.run(4)

    assert verdict(preflight, "camera.virtual") == (expected, None)


def grey_picture() -> np.ndarray:
    """A lit scene without any colour."""
    return np.repeat(live_picture()[:, :, :1], 3, axis=2)


@just_misses("camera.infrared")
async def test_a_grey_picture_in_the_dark_is_no_infrared_camera(bench: Bench) -> None:
    def dark() -> np.ndarray:
        return np.asarray(grey_picture() // 3, np.uint8)

    bench.catalogue.camera_mood = lambda camera: setattr(camera, "picture", dark)

    preflight = await bench.run(5)

    assert verdict(preflight, "camera.infrared") == (CheckState.UNKNOWN, "too_dark")


@raises("camera.infrared")
async def test_a_camera_that_calls_itself_infrared_is_told(bench: Bench) -> None:
    name = "Integrated IR Camera"
    bench.catalogue.camera_infos = (DeviceInfo(DeviceId("/dev/video9"), name, DeviceKind.REAL),)

    preflight = await bench.run(5)

    assert verdict(preflight, "camera.infrared") == (WARNED, None)
