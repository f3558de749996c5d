"""A device that stops in mid-call is told once, and once more when it gives again."""

from dataclasses import replace

from desktop.call.setup import LocalMedia
from desktop.media.device_watch import Device, DeviceWatch
from preflight.devices.ports import OpenFault, SourceState, SourceStatus
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeCamera, FakeMicrophone, FakeSpeaker

RUNNING = SourceStatus(SourceState.RUNNING, open_ms=200, first_ms=30)


def running_camera() -> FakeCamera:
    camera = FakeCamera(FakeClock())
    camera.status = RUNNING
    return camera


def running_microphone() -> FakeMicrophone:
    microphone = FakeMicrophone(FakeClock())
    microphone.status = RUNNING
    return microphone


def test_devices_that_run_are_no_news() -> None:
    watch = DeviceWatch()
    watch.use(LocalMedia(running_camera(), running_microphone(), None))

    assert watch.look() == []


def test_a_microphone_that_is_pulled_out_is_told_once() -> None:
    watch, microphone = DeviceWatch(), running_microphone()
    watch.use(LocalMedia(running_camera(), microphone, None))
    microphone.unplug()

    assert watch.look() == [(Device.MICROPHONE, "the device stopped: unplugged")]
    assert watch.look() == []


def test_a_device_that_gives_again_is_told() -> None:
    watch, camera = DeviceWatch(), running_camera()
    watch.use(LocalMedia(camera, None, None))
    camera.status = replace(RUNNING, state=SourceState.LOST, fault=OpenFault.NO_DATA)
    watch.look()
    camera.status = RUNNING

    assert watch.look() == [(Device.CAMERA, None)]


def test_another_device_in_place_of_a_stopped_one_is_told_as_coming_back() -> None:
    watch, camera = DeviceWatch(), running_camera()
    watch.use(LocalMedia(camera, None, None))
    camera.unplug()
    watch.look()

    watch.use(LocalMedia(running_camera(), None, None))

    assert watch.look() == [(Device.CAMERA, None)]


def test_a_device_that_was_replaced_may_close_in_peace() -> None:
    watch, camera = DeviceWatch(), running_camera()
    watch.use(LocalMedia(camera, None, None))
    watch.use(LocalMedia(running_camera(), None, None))
    camera.unplug()

    assert watch.look() == []


def running_speaker() -> FakeSpeaker:
    speaker = FakeSpeaker()
    speaker.status = RUNNING
    return speaker


def test_a_loudspeaker_that_does_not_open_or_is_lost_is_told() -> None:
    watch, speaker = DeviceWatch(), running_speaker()
    watch.use(LocalMedia(None, None, speaker))
    assert watch.look() == []

    speaker.status = SourceStatus(SourceState.FAILED, OpenFault.BUSY)
    assert watch.look() == [(Device.SPEAKER, "the device stopped: busy")]
    speaker.status = RUNNING
    assert watch.look() == [(Device.SPEAKER, None)]
    speaker.status = replace(RUNNING, state=SourceState.LOST, fault=OpenFault.UNPLUGGED)

    assert watch.look() == [(Device.SPEAKER, "the device stopped: unplugged")]


def test_a_dead_device_that_is_closed_to_be_opened_anew_is_not_back_yet() -> None:
    watch, camera = DeviceWatch(), running_camera()
    watch.use(LocalMedia(camera, None, None))
    camera.unplug()
    watch.look()

    camera.close()

    assert watch.look() == []
