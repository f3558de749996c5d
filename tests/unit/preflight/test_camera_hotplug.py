"""A camera pulled out or plugged in while the page is open: noticed within 2 s, named, tested."""

from collections.abc import Callable

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.model import CheckResult, CheckState, Measured
from preflight.preflight import Preflight
from preflight.verdicts.remedies import WORDS, placeholders
from tests.check_cases import clears, just_misses, raises
from tests.fakes.devices import CAMERA, OTHER_CAMERA, FakeCamera
from tests.unit.preflight.conftest import Bench, verdict

PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED
HINT_AFTER_S = 0.3
"""How long the system's hint waits for further changes (`qt_hotplug.DEBOUNCE_MS`)."""
NOTICED_WITHIN_S = 2.0
C920_A = DeviceInfo(DeviceId("/dev/video2"), "C920", CAMERA.kind, "by-id/usb-C920_A-video-index0")
C920_B = DeviceInfo(DeviceId("/dev/video4"), "C920", CAMERA.kind, "by-id/usb-C920_B-video-index0")


def result(preflight: Preflight, code: str) -> CheckResult:
    return next(check for check in preflight.progress.checks if check.code == code)


def told(preflight: Preflight, code: str) -> str:
    """What people read when the check does not pass."""
    return WORDS[code].failed.format(**placeholders(result(preflight, code).measured))


async def plug(bench: Bench, *cameras: DeviceInfo) -> None:
    """Have these cameras from now on; the system hints a little later."""
    bench.catalogue.camera_infos = cameras
    await bench.clock.advance(HINT_AFTER_S)
    bench.hotplug.hint()
    await bench.clock.advance()


def pull(bench: Bench) -> FakeCamera:
    """Pull the camera in use: its driver says so at once."""
    camera = bench.catalogue.made_cameras[-1]
    camera.unplug()
    return camera


def silence(bench: Bench) -> FakeCamera:
    """Pull the camera in use; its driver says nothing and only sends no more."""
    camera = bench.catalogue.made_cameras[-1]
    camera.delivers = False
    return camera


@raises("camera.unplugged")
@pytest.mark.parametrize("how", [pull, silence])
async def test_a_pulled_camera_is_named_within_two_seconds(bench: Bench, how: object) -> None:
    preflight = await bench.run(6)

    assert callable(how)
    how(bench)
    await plug(bench)
    await bench.clock.advance(NOTICED_WITHIN_S - HINT_AFTER_S - 0.5)

    assert verdict(preflight, "camera.unplugged") == (FAILED, None)
    assert told(preflight, "camera.unplugged") == "Garage camera was unplugged."
    assert not preflight.progress.gate.passed


@raises("camera.unplugged")
@pytest.mark.parametrize("after_s", [0.6, 1.2, 1.8])
@pytest.mark.parametrize("how", [pull, silence])
async def test_a_camera_that_is_pulled_while_it_is_being_measured_is_noticed_as_soon(
    bench: Bench, how: Callable[[Bench], FakeCamera], after_s: float
) -> None:
    preflight = await bench.run(after_s)
    assert verdict(preflight, "camera.unplugged") == (PASSED, None)

    how(bench)
    await plug(bench)
    await bench.clock.advance(NOTICED_WITHIN_S - HINT_AFTER_S)

    assert verdict(preflight, "camera.unplugged") == (FAILED, None)


@just_misses("camera.unplugged")
async def test_a_camera_that_only_pauses_is_not_unplugged(bench: Bench) -> None:
    preflight = await bench.run(6)
    camera = silence(bench)

    await bench.clock.advance(1.7)
    paused = verdict(preflight, "camera.unplugged")
    camera.delivers = True
    await bench.clock.advance(1)

    assert paused == (PASSED, None)
    assert verdict(preflight, "camera.unplugged") == (PASSED, None)
    assert bench.catalogue.made_cameras == [camera]


async def test_a_missing_entry_of_the_list_alone_takes_no_camera_away(bench: Bench) -> None:
    preflight = await bench.run(6)

    await plug(bench)
    await bench.clock.advance(5)

    assert preflight.progress.gate.passed
    assert preflight.devices.cameras == (CAMERA,)


async def test_what_was_unplugged_stands_long_enough_to_be_read(bench: Bench) -> None:
    preflight = await bench.run(6)
    pull(bench)
    await plug(bench)
    await bench.clock.advance(1.5)

    assert verdict(preflight, "camera.unplugged") == (FAILED, None)
    await bench.clock.advance(2)
    assert preflight.progress.gate.blocking == ("camera.none",)


@clears("camera.unplugged")
@clears("camera.none")
@raises("camera.none")
async def test_a_camera_that_is_plugged_in_is_noticed_and_tested_at_once(bench: Bench) -> None:
    bench.catalogue.camera_infos = ()
    preflight = await bench.run(5)
    nothing = verdict(preflight, "camera.none")

    await plug(bench, CAMERA)
    await bench.clock.advance(NOTICED_WITHIN_S - HINT_AFTER_S - 0.5)
    noticed = verdict(preflight, "camera.none")
    listed = preflight.devices.cameras
    await bench.clock.advance(5)

    assert nothing == (FAILED, None)
    assert noticed == (PASSED, None)
    assert listed == (CAMERA,)
    assert verdict(preflight, "camera.none") == (PASSED, None)
    assert verdict(preflight, "camera.unplugged") == (PASSED, None)
    assert preflight.progress.gate.passed


async def test_a_second_camera_is_listed_and_the_first_goes_on(bench: Bench) -> None:
    preflight = await bench.run(6)

    await plug(bench, CAMERA, OTHER_CAMERA)

    assert preflight.devices.cameras == (CAMERA, OTHER_CAMERA)
    assert preflight.devices.camera == CAMERA
    assert len(bench.catalogue.made_cameras) == 1


async def test_a_camera_that_came_back_under_another_number_is_the_chosen_one(
    bench: Bench,
) -> None:
    bench.catalogue.camera_infos = (CAMERA, C920_A)
    preflight = await bench.run(6)
    preflight.choose_camera(C920_A.id)
    await bench.clock.advance(5)

    pull(bench)
    await plug(bench, CAMERA)
    moved = DeviceInfo(DeviceId("/dev/video6"), C920_A.name, C920_A.kind, C920_A.stable)
    await plug(bench, CAMERA, moved)
    await bench.clock.advance(6)

    assert preflight.devices.camera == moved
    assert preflight.progress.gate.passed


@raises("camera.changed")
async def test_while_the_chosen_camera_is_away_the_first_one_stands_in_and_says_so(
    bench: Bench,
) -> None:
    bench.catalogue.camera_infos = (CAMERA, C920_A)
    preflight = await bench.run(6)
    preflight.choose_camera(C920_A.id)
    await bench.clock.advance(5)

    pull(bench)
    await plug(bench, CAMERA)
    await bench.clock.advance(8)
    stands_in = preflight.devices.camera
    measured: Measured = result(preflight, "camera.changed").measured
    changed = verdict(preflight, "camera.changed")
    passed = preflight.progress.gate.passed
    await plug(bench, CAMERA, C920_A)
    await bench.clock.advance(6)

    assert stands_in == CAMERA
    assert passed
    assert changed == (WARNED, None)
    assert measured == {"changed": True, "device": "Garage camera", "missing": "C920"}
    assert preflight.devices.camera == C920_A
    assert verdict(preflight, "camera.changed") == (PASSED, None)


async def test_a_camera_that_nobody_chose_is_missed_too(bench: Bench) -> None:
    bench.catalogue.camera_infos = (C920_A, CAMERA)
    preflight = await bench.run(6)

    pull(bench)
    await plug(bench, CAMERA)
    await bench.clock.advance(8)
    stands_in, changed = preflight.devices.camera, verdict(preflight, "camera.changed")
    await plug(bench, CAMERA, C920_A)
    await bench.clock.advance(6)

    assert (stands_in, changed) == (CAMERA, (WARNED, None))
    assert preflight.devices.camera == C920_A
    assert preflight.progress.gate.passed


async def passed_with(bench: Bench, *cameras: DeviceInfo) -> None:
    """Let a first run pass and remember its camera."""
    bench.catalogue.camera_infos = cameras
    first = await bench.run(6)
    await first.passed_report()
    await bench.clock.advance(0.1)
    await first.close()


@clears("camera.changed")
@just_misses("camera.changed")
async def test_the_camera_of_last_time_comes_first_whatever_its_number(bench: Bench) -> None:
    await passed_with(bench, C920_A)
    moved = DeviceInfo(DeviceId("/dev/video8"), C920_A.name, C920_A.kind, C920_A.stable)
    bench.catalogue.camera_infos = (CAMERA, C920_B, moved)

    second = await bench.run(2.2)

    assert second.devices.camera == moved
    assert verdict(second, "camera.changed") == (PASSED, None)
    assert second.progress.gate.passed


@raises("camera.changed")
async def test_another_camera_of_the_same_model_is_another_one(bench: Bench) -> None:
    await passed_with(bench, C920_A)
    bench.catalogue.camera_infos = (C920_B,)

    second = await bench.run(6)

    assert verdict(second, "camera.changed") == (WARNED, None)
    assert result(second, "camera.changed").measured["device"] == "C920"


async def test_a_camera_that_is_set_is_not_overruled_by_last_times(bench: Bench) -> None:
    await passed_with(bench, C920_A)
    bench.catalogue.camera_infos = (CAMERA, C920_A)
    bench.catalogue.camera_is_set = True

    second = await bench.run(6)

    assert second.devices.camera == CAMERA
    assert verdict(second, "camera.changed") == (PASSED, None)


@clears("camera.changed")
async def test_who_chose_another_camera_does_not_miss_last_times(bench: Bench) -> None:
    """It was told as missing for as long as the run went on, whatever the person chose."""
    await passed_with(bench, C920_A)
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    second = await bench.run(6)
    missed = verdict(second, "camera.changed")

    second.choose_camera(OTHER_CAMERA.id)
    await bench.clock.advance(6)

    assert missed == (WARNED, None)
    assert verdict(second, "camera.changed") == (PASSED, None)


async def test_a_camera_set_in_the_settings_leaves_last_times_out(bench: Bench) -> None:
    await passed_with(bench, C920_A)
    bench.catalogue.camera_infos = (CAMERA,)
    bench.catalogue.camera_is_set = True

    second = await bench.run(6)

    assert verdict(second, "camera.changed") == (PASSED, None)


@just_misses("camera.unplugged")
async def test_a_camera_that_is_numbered_anew_is_the_same_and_is_listed_once(bench: Bench) -> None:
    """Windows numbers the others anew when one goes, and its ids begin with the number."""
    kind = CAMERA.kind
    first = DeviceInfo(DeviceId("0@usb-a"), "Lamp camera", kind, "usb-a")
    mine = DeviceInfo(DeviceId("1@usb-b"), "Garage camera", kind, "usb-b")
    bench.catalogue.camera_infos = (first, mine)
    preflight = await bench.run(6, camera=mine.id)
    camera = silence(bench)

    await plug(bench, DeviceInfo(DeviceId("0@usb-b"), mine.name, kind, mine.stable))
    await bench.clock.advance(1.2)
    paused = verdict(preflight, "camera.unplugged")
    camera.delivers = True
    await bench.clock.advance(1)

    assert paused == (PASSED, None)
    assert preflight.devices.cameras == (mine,)
    assert preflight.devices.camera == mine
    assert bench.catalogue.made_cameras == [camera]
