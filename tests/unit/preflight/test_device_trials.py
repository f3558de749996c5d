"""A device that is plugged in while another one works is looked at for a moment, beside it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from preflight.checks.camera.bench import CameraBench
from preflight.checks.device_bench import Bench as AnyBench
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.devices.bluetooth import on_bluetooth
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault, SourceState
from preflight.model import CheckState, Group
from preflight.preflight import Preflight
from preflight.running.device_trials import DeviceTrials
from preflight.running.trial import DeviceTrial, LeftAlone
from tests.fakes.devices import (
    CAMERA,
    MICROPHONE,
    OTHER_CAMERA,
    FakeCamera,
    FakeMicrophone,
    black_picture,
)
from tests.unit.preflight.conftest import Bench, beside

OTHER_MICROPHONE = DeviceInfo(DeviceId("mic.jack"), "Jack", DeviceKind.REAL)
PATTERN = DeviceInfo(DeviceId("pattern"), "Pattern", DeviceKind.PATTERN)
GIVEN_UP_S = 12.0
"""More than a look may take in all."""


class Beside:
    """Looks beside a camera and a microphone in use, without the rest of a preflight."""

    def __init__(self, bench: Bench) -> None:
        self.clock = bench.clock
        parts = bench.parts()
        self.decided = True
        self.changes = 0
        self.in_use: dict[Group, AnyBench[Any]] = {
            Group.CAMERA: CameraBench(parts.catalogue, parts.clock, parts.system, parts.offload),
            Group.MICROPHONE: MicrophoneBench(
                parts.catalogue, parts.clock, parts.system, parts.offload
            ),
        }
        self.trials = DeviceTrials(parts, self.in_use, lambda: self.decided, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    async def begin(self) -> None:
        """Open the devices in use."""
        for used in self.in_use.values():
            await used.begin()
        await self.clock.advance(0.5)

    async def look(self, group: Group, device: DeviceInfo) -> DeviceTrial:
        """Look at a device, however long that may take, and return what came of it."""
        self.trials.try_out(group, device)
        assert self.trials.found[group, device.id].state is CheckState.RUNNING
        for _ in range(round(GIVEN_UP_S / 0.5)):
            await self.clock.advance(0.5)
            if self.trials.found[group, device.id].state.final:
                break
        return self.trials.found[group, device.id]

    async def close(self) -> None:
        await self.trials.close()
        for used in self.in_use.values():
            await used.close()


@pytest.fixture
async def world(bench: Bench) -> AsyncIterator[Beside]:
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    bench.catalogue.microphone_infos = (MICROPHONE, OTHER_MICROPHONE)
    made = Beside(bench)
    yield made
    await made.close()


async def with_both(bench: Bench, seconds: float = 3.5) -> Preflight:
    """A run whose gate passed, with a second camera and a second microphone there."""
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    bench.catalogue.microphone_infos = (MICROPHONE, OTHER_MICROPHONE)
    return await bench.run(seconds)


def spare_camera(spoil: Callable[[FakeCamera], None]) -> Callable[[FakeCamera], None]:
    """Spoil the second camera alone."""
    return lambda made: spoil(made) if made.info == OTHER_CAMERA else None


def spare_microphone(spoil: Callable[[FakeMicrophone], None]) -> Callable[[FakeMicrophone], None]:
    """Spoil the second microphone alone."""
    return lambda made: spoil(made) if made.info == OTHER_MICROPHONE else None


async def test_a_new_camera_is_looked_at_for_two_seconds_and_closed(bench: Bench) -> None:
    preflight = await with_both(bench)
    used = bench.catalogue.made_cameras[0]
    before = len(bench.seen)

    preflight.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(1)
    new = bench.catalogue.made_cameras[1]
    assert new.status.state is SourceState.RUNNING
    await bench.clock.advance(2)

    trial = preflight.trials[Group.CAMERA, OTHER_CAMERA.id]
    assert (trial.state, trial.told) == (CheckState.PASSED, None)
    assert trial.measured["fps"] == pytest.approx(30, abs=1)
    assert (trial.measured["width"], trial.measured["height"]) == (160, 120)
    assert (new.opened, new.closed) == (1, 1)
    assert (used.status.state, used.closed) == (SourceState.RUNNING, 0)
    assert preflight.devices.camera == CAMERA
    assert preflight.progress.gate.passed
    assert len(bench.seen) > before, "the page was told"


@pytest.mark.parametrize(
    ("spoil", "code", "state"),
    [
        (lambda c: setattr(c, "picture", black_picture), "camera.black", CheckState.FAILED),
        (lambda c: setattr(c, "fault", OpenFault.REFUSED), "camera.open_failed", CheckState.FAILED),
        (lambda c: setattr(c, "fault", OpenFault.BUSY), "camera.busy", CheckState.FAILED),
        (lambda c: setattr(c, "delivers", False), "camera.no_frames", CheckState.FAILED),
        (lambda c: setattr(c, "open_s", None), "camera.open_failed", CheckState.FAILED),
        (lambda c: setattr(c, "period_s", 1 / 12), "camera.fps_low", CheckState.WARNED),
        (lambda c: setattr(c, "period_s", 1 / 3), "camera.fps_low", CheckState.FAILED),
    ],
)
async def test_what_is_wrong_with_a_new_camera_is_told_by_the_check_that_says_so(
    bench: Bench, world: Beside, spoil: Callable[[FakeCamera], None], code: str, state: CheckState
) -> None:
    """Also of one whose driver hangs: it is given up and let go."""
    bench.catalogue.camera_mood = spare_camera(spoil)
    await world.begin()

    trial = await world.look(Group.CAMERA, OTHER_CAMERA)

    assert trial.told is not None
    assert (trial.state, trial.told.code) == (state, code)
    assert bench.catalogue.made_cameras[1].closed == 1
    assert bench.catalogue.made_cameras[0].closed == 0


async def test_a_new_microphone_is_listened_to_and_closed(bench: Bench, world: Beside) -> None:
    await world.begin()

    world.trials.try_out(Group.MICROPHONE, OTHER_MICROPHONE)
    await bench.clock.advance(2)

    trial = world.trials.found[Group.MICROPHONE, OTHER_MICROPHONE.id]
    used, new = bench.catalogue.made_microphones
    assert (trial.state, trial.told) == (CheckState.PASSED, None)
    assert (new.opened, new.closed, used.closed) == (1, 1, 0)


@pytest.mark.parametrize(
    ("spoil", "code", "state"),
    [
        (lambda m: setattr(m, "amplitude", 0), "mic.silent", CheckState.WARNED),
        (lambda m: setattr(m, "delivers", False), "mic.no_data", CheckState.FAILED),
        (lambda m: setattr(m, "fault", OpenFault.REFUSED), "mic.open_failed", CheckState.FAILED),
        (lambda m: setattr(m, "open_s", None), "mic.open_failed", CheckState.FAILED),
    ],
)
async def test_what_is_wrong_with_a_new_microphone_is_told_by_the_check_that_says_so(
    bench: Bench,
    world: Beside,
    spoil: Callable[[FakeMicrophone], None],
    code: str,
    state: CheckState,
) -> None:
    bench.catalogue.microphone_mood = spare_microphone(spoil)
    await world.begin()

    trial = await world.look(Group.MICROPHONE, OTHER_MICROPHONE)

    assert trial.told is not None
    assert (trial.state, trial.told.code) == (state, code)
    assert bench.catalogue.made_microphones[1].closed == 1


async def test_a_voice_that_comes_late_is_heard(bench: Bench, world: Beside) -> None:
    """A headset that cuts noise out sends zeros until somebody speaks."""
    bench.catalogue.microphone_mood = spare_microphone(lambda m: setattr(m, "amplitude", 0))
    await world.begin()

    world.trials.try_out(Group.MICROPHONE, OTHER_MICROPHONE)
    await bench.clock.advance(1.8)
    bench.catalogue.made_microphones[1].amplitude = 2000
    await bench.clock.advance(1.5)

    trial = world.trials.found[Group.MICROPHONE, OTHER_MICROPHONE.id]
    assert (trial.state, trial.told) == (CheckState.PASSED, None)


async def test_a_bluetooth_microphone_is_not_opened(bench: Bench, world: Beside) -> None:
    headset = DeviceInfo(DeviceId("bluez_input.00_11_22"), "Anna's headset", DeviceKind.REAL)
    await world.begin()

    world.trials.try_out(Group.MICROPHONE, headset)
    await bench.clock.advance(GIVEN_UP_S)

    trial = world.trials.found[Group.MICROPHONE, headset.id]
    assert (trial.state, trial.left_alone) == (CheckState.UNKNOWN, LeftAlone.BLUETOOTH)
    assert len(bench.catalogue.made_microphones) == 1


@pytest.mark.parametrize(
    ("device", "name", "is_bluetooth"),
    [
        ("bluez_input.00_11", "WH-1000XM4", True),
        ("bluez_source.00_11.handsfree_head_unit", "Anything", True),
        ("portaudio:Headset", "Headset (WH-1000XM4 Hands-Free AG Audio)", True),
        ("portaudio:AirPods", "Anna’s AirPods Pro", True),
        ("portaudio:Buds", "Galaxy Buds2 Pro", True),
        ("alsa_input.usb-Jabra", "Jabra Evolve 30 II", False),
        ("portaudio:Built-in", "MacBook Pro Microphone", False),
        ("portaudio:Mic", "Microphone (Realtek High Definition Audio)", False),
        ("portaudio:Headset", "Headset Microphone (Logitech H390)", False),
    ],
)
def test_bluetooth_is_known_by_id_or_name(device: str, name: str, is_bluetooth: bool) -> None:
    info = DeviceInfo(DeviceId(device), name, DeviceKind.REAL)

    assert on_bluetooth(info) is is_bluetooth


async def test_no_look_begins_before_the_gate_has_its_verdicts(bench: Bench, world: Beside) -> None:
    await world.begin()
    world.decided = False

    world.trials.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(1)
    early = len(bench.catalogue.made_cameras)
    world.decided = True
    await bench.clock.advance(3)

    assert early == 1
    assert world.trials.found[Group.CAMERA, OTHER_CAMERA.id].state is CheckState.PASSED


async def test_a_look_ends_where_the_device_in_use_pauses_and_the_gate_never_falls(
    bench: Bench,
) -> None:
    """Two cameras on one bus: the new one must be off it before the other counts as unplugged."""
    preflight = await with_both(bench)
    used = bench.catalogue.made_cameras[0]
    bench.catalogue.camera_mood = spare_camera(lambda _: setattr(used, "delivers", False))
    fell: list[bool] = []

    preflight.try_out(Group.CAMERA, OTHER_CAMERA)
    for _ in range(30):
        await bench.clock.advance(0.1)
        new = bench.catalogue.made_cameras[-1]
        if new.info == OTHER_CAMERA and new.closed:
            used.delivers = True
        fell.append(not preflight.progress.gate.passed)

    trial = preflight.trials[Group.CAMERA, OTHER_CAMERA.id]
    assert (trial.state, trial.left_alone) == (CheckState.UNKNOWN, LeftAlone.DISTURBED)
    assert not any(fell)


async def test_using_the_new_camera_closes_the_look_before_it_is_opened(bench: Bench) -> None:
    preflight = await with_both(bench)
    closed_first: list[bool] = []

    preflight.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(1)
    look = bench.catalogue.made_cameras[1]
    bench.catalogue.camera_mood = lambda _: closed_first.append(look.closed == 1)
    preflight.choose_camera(OTHER_CAMERA.id)
    await bench.clock.advance(6)

    assert closed_first == [True]
    assert preflight.devices.camera == OTHER_CAMERA
    assert preflight.progress.gate.passed
    assert (Group.CAMERA, OTHER_CAMERA.id) not in preflight.trials


async def test_join_closes_what_is_looked_at_and_gives_the_device_in_use_away(
    bench: Bench,
) -> None:
    preflight = await with_both(bench)
    preflight.try_out(Group.CAMERA, OTHER_CAMERA)
    preflight.try_out(Group.MICROPHONE, OTHER_MICROPHONE)
    await bench.clock.advance(0.5)

    proven = await beside(preflight.handover(), bench.clock.advance(0.2))
    await bench.clock.advance(0.5)

    assert proven.camera.status.state is SourceState.RUNNING
    assert proven.camera.info == CAMERA
    assert [camera.closed for camera in bench.catalogue.made_cameras] == [0, 1]
    assert [microphone.closed for microphone in bench.catalogue.made_microphones] == [0, 1]
    preflight.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(3)
    assert len(bench.catalogue.made_cameras) == 2, "nothing is looked at any more"


async def test_leaving_closes_what_is_looked_at(bench: Bench) -> None:
    preflight = await with_both(bench)
    preflight.try_out(Group.CAMERA, OTHER_CAMERA)
    await bench.clock.advance(0.5)

    await preflight.close()

    assert [camera.closed for camera in bench.catalogue.made_cameras] == [1, 1]


async def test_a_made_up_device_is_not_looked_at(bench: Bench, world: Beside) -> None:
    await world.begin()

    world.trials.try_out(Group.CAMERA, PATTERN)
    world.trials.try_out(Group.SPEAKER, CAMERA)

    assert world.trials.found == {}


async def test_one_that_is_gone_again_is_told_as_one_that_does_not_start(
    bench: Bench, world: Beside
) -> None:
    """And no other camera is opened in its place, least of all the one in use."""
    await world.begin()
    bench.catalogue.camera_infos = (CAMERA,)

    trial = await world.look(Group.CAMERA, OTHER_CAMERA)

    assert trial.told is not None
    assert (trial.state, trial.told.code) == (CheckState.FAILED, "camera.open_failed")
    assert len(bench.catalogue.made_cameras) == 1


async def test_the_device_in_use_is_not_opened_again_under_another_number(
    bench: Bench, world: Beside
) -> None:
    await world.begin()
    moved = replace(CAMERA, id=DeviceId("moved"))

    world.trials.try_out(Group.CAMERA, moved)
    await world.clock.advance(3)

    assert world.trials.found == {}
    assert [each.info for each in bench.catalogue.made_cameras] == [CAMERA]


async def test_a_camera_that_sends_late_is_not_called_mute(bench: Bench, world: Beside) -> None:
    """Opening took long and the light is bad: the looks at it end after the limit for silence."""

    def slow(made: FakeCamera) -> None:
        made.open_s = 7.0
        made.picture = black_picture

    bench.catalogue.camera_mood = spare_camera(slow)
    await world.begin()

    trial = await world.look(Group.CAMERA, OTHER_CAMERA)

    assert trial.told is not None
    assert trial.told.code == "camera.black"


async def test_a_look_that_is_called_off_before_its_first_step_leaves_nothing(
    world: Beside,
) -> None:
    await world.begin()

    world.trials.try_out(Group.CAMERA, OTHER_CAMERA)
    await world.trials.end(Group.CAMERA)
    await world.clock.advance(0)

    assert world.trials.found == {}
