"""One band at a time, and the one that matters most."""

from dataclasses import replace

import pytest

from desktop.call.events import OwnFault
from desktop.call.setup import MediaWishes
from desktop.call.states import EndProgress, MediaHealth, OwnMedia
from desktop.viewmodels.call_state import (
    DeviceRefused,
    EndRefused,
    OwnDeviceStopped,
    OwnNetworkWeak,
    OwnTrackNotSent,
    PeerLost,
    PeerStalled,
    RefusedChoice,
)
from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.devices.frames import DeviceId
from preflight.devices.ports import OpenFault
from tests.fakes.call_page import PRESENT, CallStage

REFUSED = RefusedChoice(DeviceRole.CAMERA, "USB", "Integrated", OpenFault.BUSY)


@pytest.fixture
def stage() -> CallStage:
    stage = CallStage()
    stage.go_live()
    return stage


def test_a_refused_device_is_told_until_it_was_read(stage: CallStage) -> None:
    stage.devices.refused = REFUSED
    stage.page.on_devices_changed()
    band = stage.now().band
    assert isinstance(band, DeviceRefused)
    assert band.choice == REFUSED
    assert stage.pass_time(60).band == band

    band.dismiss()

    assert stage.now().band is None
    assert stage.devices.refused is None


def test_another_choice_takes_the_words_about_the_last_one_away(stage: CallStage) -> None:
    stage.devices.refused = REFUSED
    stage.page.on_devices_changed()

    stage.page.choose_device(DeviceRole.CAMERA, DeviceId("usb"))

    assert stage.now().band is None


def test_somebody_missing_comes_before_a_refused_device_and_a_weak_network_after(
    stage: CallStage,
) -> None:
    stage.devices.refused = REFUSED
    silent = replace(PRESENT, health=MediaHealth.LOST, media_age_ms=6000)

    assert isinstance(stage.go_live(replace(PRESENT, in_room=False)).band, PeerLost)
    assert isinstance(stage.go_live(silent).band, PeerStalled)
    assert isinstance(stage.go_live(end=EndProgress.FAILED).band, EndRefused)
    assert isinstance(stage.go_live(own_network_ok=False).band, DeviceRefused)
    stage.devices.refused = None
    assert isinstance(stage.go_live(own_network_ok=False).band, OwnNetworkWeak)


@pytest.mark.parametrize(
    ("own", "band"),
    [
        (
            OwnMedia(microphone_fault=OwnFault.DEVICE),
            OwnDeviceStopped(DeviceRole.MICROPHONE, "Headset"),
        ),
        (
            OwnMedia(camera_fault=OwnFault.DEVICE),
            OwnDeviceStopped(DeviceRole.CAMERA, "Integrated"),
        ),
        (OwnMedia(speaker_failed=True), OwnDeviceStopped(DeviceRole.SPEAKER, None)),
        (
            OwnMedia(microphone_fault=OwnFault.NOT_SENT),
            OwnTrackNotSent(DeviceRole.MICROPHONE),
        ),
        (OwnMedia(camera_fault=OwnFault.NOT_SENT), OwnTrackNotSent(DeviceRole.CAMERA)),
        (
            OwnMedia(
                microphone_fault=OwnFault.DEVICE,
                camera_fault=OwnFault.DEVICE,
                speaker_failed=True,
            ),
            OwnDeviceStopped(DeviceRole.MICROPHONE, "Headset"),
        ),
    ],
)
def test_a_device_that_stopped_is_told_as_long_as_it_is_so(
    stage: CallStage, own: OwnMedia, band: object
) -> None:
    assert stage.go_live(own=own).band == band
    assert stage.pass_time(60).band == band
    assert stage.go_live().band is None


def test_what_nobody_wants_to_send_is_not_missed(stage: CallStage) -> None:
    muted = MediaWishes(microphone_on=False, camera_on=False)
    own = OwnMedia(microphone_fault=OwnFault.DEVICE, camera_fault=OwnFault.DEVICE)

    assert stage.go_live(own=own, wishes=muted).band is None


def test_whoever_opens_the_list_of_devices_sees_what_is_there_now(stage: CallStage) -> None:
    stage.page.look_for_devices()

    assert stage.devices.looks == 1
