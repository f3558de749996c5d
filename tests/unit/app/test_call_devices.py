"""Changing a device in mid-call: the new one proves itself first, and a failure is told."""

import asyncio

import pytest

from desktop.app.call_devices import CallDevices
from desktop.call.setup import LocalMedia
from desktop.viewmodels.call_state import RefusedChoice
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.devices.frames import CameraFrame, DeviceId, Orientation
from preflight.devices.ports import (
    CameraSource,
    MicrophoneSource,
    OpenFault,
    ProvenDevices,
    SourceState,
    SpeakerSink,
)
from preflight.verdicts.recommendation import UNLIMITED
from tests.conftest import ExpectedLogs
from tests.fakes.device_shelf import (
    EagerCamera,
    EagerMicrophone,
    EagerSpeaker,
    Shelf,
    named,
)
from tests.fakes.played_devices import FakeCamera, FakeMicrophone, FakeSpeaker, FrameMaker

ROLES = list(DeviceRole)


def parts(media: LocalMedia) -> tuple[object, ...]:
    return media.camera, media.microphone, media.speaker


class Desk:
    """The devices of a call in use, and what the call was told of them."""

    def __init__(self, their_rung: int | None = None) -> None:
        self.shelf = Shelf()
        self.camera = EagerCamera(named("Camera"))
        self.microphone = EagerMicrophone(named("Microphone"))
        self.speaker = EagerSpeaker(named("Speaker"))
        self.camera.open()
        self.microphone.open()
        self.speaker.open(lambda: None)
        self.own = PictureMailbox()
        self.switched: list[LocalMedia] = []
        self.changes = 0
        self._changed = asyncio.Event()
        self.devices = CallDevices(
            ProvenDevices(
                self.camera,
                self.microphone,
                self.speaker,
                orientations={"Spare": Orientation(180)},
            ),
            self.shelf,
            self.own,
            on_switched=self.switched.append,
            on_changed=self._on_changed,
            their_rung=their_rung,
        )

    def _on_changed(self) -> None:
        self.changes += 1
        self._changed.set()

    def used(self, role: DeviceRole) -> CameraSource | MicrophoneSource | SpeakerSink:
        media = self.devices.media
        found = {
            DeviceRole.CAMERA: media.camera,
            DeviceRole.MICROPHONE: media.microphone,
            DeviceRole.SPEAKER: media.speaker,
        }[role]
        assert found is not None
        return found

    def refused(self) -> RefusedChoice | None:
        return self.devices.refused

    async def next_change(self) -> None:
        self._changed.clear()
        async with asyncio.timeout(5):
            await self._changed.wait()

    async def choose(self, role: DeviceRole, name: str) -> None:
        self.devices.choose(role, DeviceId(name))
        await self.next_change()


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    desk.devices.look()
    await desk.next_change()
    return desk


@pytest.mark.parametrize("role", ROLES)
async def test_another_device_takes_over_when_it_runs_and_the_old_one_is_closed(
    desk: Desk, role: DeviceRole
) -> None:
    old = desk.used(role)

    await desk.choose(role, "spare")

    assert desk.used(role).info.id == "spare"
    assert desk.used(role).status.state is SourceState.RUNNING
    assert old.status.state is SourceState.CLOSED
    assert [parts(each) for each in desk.switched] == [parts(desk.devices.media)]
    assert desk.refused() is None
    assert desk.devices.devices.of(role).chosen == "spare"
    await desk.devices.close()


async def test_another_camera_is_put_upright_as_it_was_remembered(desk: Desk) -> None:
    await desk.choose(DeviceRole.CAMERA, "spare")

    camera = desk.devices.media.camera
    assert camera is not None
    assert camera.orientation == Orientation(180)
    await desk.devices.close()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("fault", [OpenFault.BUSY, OpenFault.DENIED, OpenFault.REFUSED])
async def test_a_device_that_does_not_start_is_told_and_the_old_one_goes_on(
    desk: Desk, role: DeviceRole, fault: OpenFault, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("was not changed")
    old = desk.used(role)
    desk.shelf.fault = fault

    await desk.choose(role, "spare")

    assert desk.refused() == RefusedChoice(role, "Spare", old.info.name, fault)
    assert desk.used(role) is old
    assert old.status.state is SourceState.RUNNING
    assert desk.switched == []
    assert desk.shelf.made[-1].status.state is SourceState.CLOSED
    assert desk.devices.devices.of(role).chosen == old.info.id
    await desk.devices.close()


async def test_a_device_that_is_gone_is_told_as_not_there(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("was not changed")
    desk.shelf.is_empty = True

    await desk.choose(DeviceRole.CAMERA, "spare")

    refused = desk.refused()
    assert refused is not None
    assert refused.fault is OpenFault.NOT_FOUND
    await desk.devices.close()


async def test_a_device_that_never_delivers_is_given_up_at_the_deadline(
    desk: Desk, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs.allow("was not changed")
    monkeypatch.setattr("desktop.app.call_devices.OPEN_DEADLINE_S", 0.01)
    monkeypatch.setattr(EagerCamera, "deliver", lambda _camera, _frame: None)

    await desk.choose(DeviceRole.CAMERA, "spare")

    assert desk.refused() == RefusedChoice(DeviceRole.CAMERA, "Spare", "Camera", None)
    assert desk.shelf.made[-1].status.state is SourceState.CLOSED
    await desk.devices.close()


async def test_a_fault_of_ours_is_told_like_any_other_and_logged(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("changing the camera failed")
    expected_logs.allow("was not changed")
    desk.shelf.is_broken = True

    await desk.choose(DeviceRole.CAMERA, "spare")

    assert desk.refused() == RefusedChoice(DeviceRole.CAMERA, "Spare", "Camera", None)
    await desk.devices.close()


async def test_what_was_refused_is_forgotten_when_it_was_read_or_another_is_chosen(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("was not changed")
    desk.shelf.fault = OpenFault.BUSY
    await desk.choose(DeviceRole.SPEAKER, "spare")
    desk.devices.dismiss()
    assert desk.refused() is None

    await desk.choose(DeviceRole.SPEAKER, "spare")
    assert desk.refused() is not None
    desk.shelf.fault = None
    await desk.choose(DeviceRole.SPEAKER, "spare")

    assert desk.refused() is None
    await desk.devices.close()


@pytest.mark.parametrize("role", ROLES)
async def test_choosing_the_one_in_use_opens_nothing_and_hands_it_over_again(
    desk: Desk, role: DeviceRole
) -> None:
    before = desk.devices.media

    desk.devices.choose(role, desk.used(role).info.id)

    assert desk.shelf.made == []
    assert [parts(each) for each in desk.switched] == [parts(before)]
    await desk.devices.close()


@pytest.mark.parametrize("role", ROLES)
async def test_a_dead_device_is_opened_anew_when_it_is_chosen_again(
    desk: Desk, role: DeviceRole
) -> None:
    dead = desk.used(role)
    assert isinstance(dead, FakeCamera | FakeMicrophone | FakeSpeaker)
    dead.lose()

    await desk.choose(role, dead.info.id)

    assert desk.used(role) is not dead
    assert desk.used(role).status.state is SourceState.RUNNING
    await desk.devices.close()


async def test_beside_a_dead_device_no_other_is_promised_to_go_on(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("was not changed")
    desk.microphone.lose()
    desk.shelf.fault = OpenFault.BUSY

    await desk.choose(DeviceRole.MICROPHONE, "spare")

    assert desk.refused() == RefusedChoice(DeviceRole.MICROPHONE, "Spare", None, OpenFault.BUSY)
    await desk.devices.close()


async def test_the_self_view_follows_the_camera(desk: Desk) -> None:
    await desk.choose(DeviceRole.CAMERA, "spare")
    desk.own.take()
    new = desk.used(DeviceRole.CAMERA)
    assert isinstance(new, FakeCamera)

    frame: CameraFrame = FrameMaker().frame()
    desk.camera.deliver(frame)
    assert desk.own.take() is None
    new.deliver(frame)

    assert desk.own.take() is not None
    await desk.devices.close()


@pytest.mark.parametrize("begun_with", [None, 2])
async def test_the_other_sides_line_limits_what_is_sent_and_its_end_lifts_that(
    begun_with: int | None,
) -> None:
    desk = Desk(their_rung=begun_with)
    begun = desk.devices.media.limits

    desk.devices.limit_to(2)
    desk.devices.limit_to(2)
    narrow = desk.devices.media.limits
    desk.devices.limit_to(None)

    assert (narrow.rung, narrow.height, narrow.bitrate_kbps) == (2, 360, 450)
    assert begun == (UNLIMITED if begun_with is None else narrow)
    expected = [narrow, UNLIMITED] if begun_with is None else [UNLIMITED]
    assert [media.limits for media in desk.switched] == expected
    assert desk.camera.status.state is SourceState.RUNNING
    await desk.devices.close()
