"""A camera that hangs upside down: turned once, for everybody, and remembered (C18)."""

import numpy as np

from preflight.checks.camera.orientation import ANSWER_VALID
from preflight.devices.frames import CameraFrame, CameraMode, Orientation
from preflight.memory.machine_file import load_memory
from preflight.model import CheckState, Measured
from preflight.preflight import Preflight
from tests.check_cases import clears, just_misses, raises
from tests.fakes.devices import CAMERA, OTHER_CAMERA
from tests.unit.preflight.conftest import Bench, verdict

CODE = "camera.orientation"
PASSED, WARNED, UNKNOWN = CheckState.PASSED, CheckState.WARNED, CheckState.UNKNOWN


def figures(preflight: Preflight) -> Measured:
    return next(check.measured for check in preflight.progress.checks if check.code == CODE)


async def test_a_person_is_asked_until_they_say_that_it_is_right(bench: Bench) -> None:
    preflight = await bench.run(3)
    asked = verdict(preflight, CODE)

    preflight.confirm_orientation()

    assert asked == (UNKNOWN, "not_asked")
    assert verdict(preflight, CODE) == (PASSED, None)


@raises(CODE)
async def test_a_turned_picture_is_turned_for_every_tap_and_is_still_to_be_confirmed(
    bench: Bench,
) -> None:
    seen: list[CameraFrame] = []
    preflight = bench.start()
    preflight.preview(seen.append)
    await bench.clock.advance(4)
    upright = seen[-1]

    preflight.turn_camera()
    await bench.clock.advance(0.5)
    turned = seen[-1]

    assert verdict(preflight, CODE) == (WARNED, None)
    assert figures(preflight) == {"turn": 90, "mirrored": False, "upright": False}
    assert upright.pixels.shape == (120, 160, 3)
    assert turned.pixels.shape == (160, 120, 3)
    assert np.abs(np.rot90(upright.pixels, -1).astype(int) - turned.pixels).max() < 8
    assert preflight.devices.camera_mode == CameraMode(120, 160, 30.0, "MJPG")
    assert len(bench.catalogue.made_cameras) == 1


async def test_the_other_checks_go_on_with_a_turned_picture(bench: Bench) -> None:
    preflight = await bench.run(2.5)

    preflight.turn_camera()
    preflight.mirror_camera()
    await bench.clock.advance(12)

    internal = [check.code for check in preflight.progress.checks if check.reason]
    assert preflight.progress.gate.passed
    assert "camera.flicker" not in internal
    assert figures(preflight) == {"turn": 90, "mirrored": True, "upright": False}


@clears(CODE)
async def test_the_same_camera_is_put_upright_next_time_without_asking(bench: Bench) -> None:
    first = await bench.run(3)
    first.turn_camera()
    first.turn_camera()
    first.confirm_orientation()
    await bench.clock.advance(0.1)
    await first.close()

    second = await bench.run(3)

    assert bench.catalogue.made_cameras[-1].orientation == Orientation(180)
    assert verdict(second, CODE) == (PASSED, None)
    assert figures(second) == {"turn": 180, "mirrored": False, "upright": True, "days_ago": 0}


@just_misses(CODE)
async def test_an_answer_is_valid_for_thirty_days_and_the_turn_for_longer(bench: Bench) -> None:
    first = await bench.run(3)
    first.turn_camera()
    first.confirm_orientation()
    await bench.clock.advance(0.1)
    await first.close()
    confirmed_at = bench.clock.now()

    bench.clock.set_wall_clock(confirmed_at + ANSWER_VALID * 0.999)
    within = await bench.run(3)
    still_passed = verdict(within, CODE)
    await within.close()
    bench.clock.set_wall_clock(confirmed_at + ANSWER_VALID)
    after = await bench.run(3)

    assert still_passed == (PASSED, None)
    assert verdict(after, CODE) == (UNKNOWN, "not_asked")
    assert bench.catalogue.made_cameras[-1].orientation == Orientation(90)


async def test_another_camera_is_asked_about_anew(bench: Bench) -> None:
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    preflight = await bench.run(3)
    preflight.turn_camera()
    preflight.confirm_orientation()

    preflight.choose_camera(OTHER_CAMERA.id)
    await bench.clock.advance(3)
    other = verdict(preflight, CODE), bench.catalogue.made_cameras[-1].orientation
    preflight.choose_camera(CAMERA.id)
    await bench.clock.advance(3)

    assert other == ((UNKNOWN, "not_asked"), Orientation())
    assert verdict(preflight, CODE) == (PASSED, None)
    assert bench.catalogue.made_cameras[-1].orientation == Orientation(90)


async def test_the_call_takes_the_camera_over_as_it_is_turned(bench: Bench) -> None:
    preflight = await bench.run(5)
    preflight.turn_camera()
    await bench.clock.advance(1)

    proven = await preflight.handover()

    assert proven.camera.orientation == Orientation(90)
    assert proven.orientations == {CAMERA.name: Orientation(90)}
    assert bench.catalogue.made_cameras[0].opened == 1


async def test_the_turn_is_in_the_machines_file_and_survives_a_broken_value(bench: Bench) -> None:
    preflight = await bench.run(3)
    preflight.mirror_camera()
    await bench.clock.advance(0.1)

    kept = load_memory(bench.folder).orientations[CAMERA.name]

    assert kept.orientation == Orientation(0, mirrored=True)
    assert kept.confirmed_at is None


async def test_without_a_camera_there_is_nothing_to_turn(bench: Bench) -> None:
    bench.catalogue.camera_infos = ()
    preflight = await bench.run(3)

    preflight.turn_camera()
    preflight.mirror_camera()
    preflight.confirm_orientation()

    assert verdict(preflight, CODE)[0] is CheckState.SKIPPED
    assert load_memory(bench.folder).orientations == {}
