"""Two devices of one kind that are plugged in at once are looked at one after the other."""

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import SourceState
from preflight.model import CheckState, Group
from tests.fakes.devices import CAMERA, OTHER_CAMERA, black_picture
from tests.unit.preflight.conftest import Bench
from tests.unit.preflight.test_device_trials import (
    GIVEN_UP_S,
    Beside,
    spare_camera,
    with_both,
    world,
)

__all__ = ["world"]  # a fixture of the neighbour

THIRD_CAMERA = DeviceInfo(DeviceId("/dev/video4"), "Third camera", DeviceKind.REAL)


@pytest.mark.parametrize("apart_s", [0.0, 0.5])
async def test_two_that_come_at_once_are_looked_at_one_after_the_other(
    bench: Bench, world: Beside, apart_s: float
) -> None:
    await world.begin()
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA, THIRD_CAMERA)
    bench.catalogue.camera_mood = spare_camera(lambda c: setattr(c, "picture", black_picture))
    open_at_once: list[int] = []

    world.trials.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(apart_s)
    world.trials.try_out(Group.CAMERA, THIRD_CAMERA)
    for _ in range(80):
        await bench.clock.advance(0.1)
        open_at_once.append(sum(not each.closed for each in bench.catalogue.made_cameras))

    first = world.trials.found[Group.CAMERA, OTHER_CAMERA.id]
    second = world.trials.found[Group.CAMERA, THIRD_CAMERA.id]
    assert (first.state, second.state) == (CheckState.FAILED, CheckState.PASSED)
    assert max(open_at_once) == 2, "the one in use and one new one"
    used, *looked_at = bench.catalogue.made_cameras
    assert (used.status.state, used.closed) == (SourceState.RUNNING, 0)
    assert [(each.info, each.closed) for each in looked_at] == [
        (OTHER_CAMERA, 1),
        (THIRD_CAMERA, 1),
    ]


async def test_one_that_hangs_holds_the_next_one_up_no_longer_than_its_deadline(
    bench: Bench, world: Beside
) -> None:
    await world.begin()
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA, THIRD_CAMERA)
    bench.catalogue.camera_mood = spare_camera(lambda c: setattr(c, "open_s", None))

    world.trials.try_out(Group.CAMERA, OTHER_CAMERA)
    world.trials.try_out(Group.CAMERA, THIRD_CAMERA)
    await bench.clock.advance(GIVEN_UP_S + 3)

    assert world.trials.found[Group.CAMERA, OTHER_CAMERA.id].state is CheckState.FAILED
    assert world.trials.found[Group.CAMERA, THIRD_CAMERA.id].state is CheckState.PASSED


async def test_the_same_one_again_ends_its_look_and_begins_anew(
    bench: Bench, world: Beside
) -> None:
    await world.begin()

    world.trials.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(0.5)
    world.trials.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(4)

    assert world.trials.found[Group.CAMERA, OTHER_CAMERA.id].state is CheckState.PASSED
    assert [camera.closed for camera in bench.catalogue.made_cameras] == [0, 1, 1]


async def test_using_one_of_two_leaves_the_other_unlooked_at(bench: Bench) -> None:
    preflight = await with_both(bench)
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA, THIRD_CAMERA)
    preflight.try_out(Group.CAMERA, OTHER_CAMERA)
    preflight.try_out(Group.CAMERA, THIRD_CAMERA)
    await bench.clock.advance(0.5)

    preflight.choose_camera(OTHER_CAMERA.id)
    await bench.clock.advance(6)

    assert preflight.devices.camera == OTHER_CAMERA
    assert preflight.progress.gate.passed
    assert preflight.trials == {}
    assert THIRD_CAMERA not in [each.info for each in bench.catalogue.made_cameras]
