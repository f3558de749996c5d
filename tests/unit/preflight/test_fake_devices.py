"""The fakes keep to the ports that they stand for."""

import pytest

from client_api.errors import ErrorCode, Refused
from client_api.wire import PreflightTrigger
from preflight.devices.frames import AudioBlock, CameraFrame, DeviceId
from preflight.devices.ports import (
    CameraSource,
    DeviceCatalogue,
    DeviceNotFound,
    MicrophoneSource,
    OpenFault,
    SourceState,
    SpeakerSink,
)
from preflight.probe.network_probe import NetworkProbe
from preflight.system.ports import Holder, SystemProbe
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeCamera, FakeCatalogue, FakeMicrophone, FakeSpeaker, FakeSystem
from tests.fakes.network_probe import FakeNetworkProbe
from tests.fakes.preflight_service import FakePreflightService


async def test_a_camera_opens_delivers_in_order_and_closes() -> None:
    clock = FakeClock()
    camera = FakeCamera(clock)
    frames: list[CameraFrame] = []
    detach = camera.attach(frames.append)

    camera.open()
    await clock.advance(0.1)
    opening = camera.status.state
    await clock.advance(1.1)
    detach()
    detach()
    await clock.advance(0.5)
    camera.close()
    await clock.advance()

    assert opening is SourceState.OPENING
    assert len(frames) == 30
    assert [frame.captured_ns for frame in frames] == sorted(frame.captured_ns for frame in frames)
    assert camera.status.first_ms == pytest.approx(33.3, abs=0.1)
    assert camera.status.state is SourceState.CLOSED


async def test_a_held_camera_fails_with_its_holder() -> None:
    clock = FakeClock()
    camera = FakeCamera(clock)
    camera.fault, camera.holder = OpenFault.BUSY, "OtherCall"

    camera.open()
    await clock.advance(1)

    assert camera.status.state is SourceState.FAILED
    assert camera.status.holder == "OtherCall"
    camera.close()


async def test_a_microphone_delivers_a_hundred_blocks_a_second() -> None:
    clock = FakeClock()
    microphone = FakeMicrophone(clock)
    blocks: list[AudioBlock] = []
    microphone.attach(blocks.append)

    microphone.open()
    await clock.advance(1.05)
    microphone.close()
    await clock.advance()

    assert len(blocks) == 100
    assert blocks[0].samples.shape == (480, 1)


async def test_an_unplugged_source_is_lost_and_silent() -> None:
    clock = FakeClock()
    camera = FakeCamera(clock)
    frames: list[CameraFrame] = []
    camera.attach(frames.append)
    camera.open()
    await clock.advance(1)

    camera.unplug()
    await clock.advance()
    count = len(frames)
    await clock.advance(1)

    assert camera.status.state is SourceState.LOST
    assert len(frames) == count


async def test_a_catalogue_makes_what_is_listed_only() -> None:
    catalogue = FakeCatalogue(FakeClock())

    with pytest.raises(DeviceNotFound):
        catalogue.camera(DeviceId("nowhere"))

    assert catalogue.microphone(None).info == catalogue.microphone_infos[0]


async def test_a_service_takes_each_run_once() -> None:
    service = FakePreflightService(FakeClock())
    run = await service.begin_preflight(session=None, trigger=PreflightTrigger.JOIN)
    assert run.run_id is not None

    await service.submit_report(run.run_id, {"report_id": "r"})
    with pytest.raises(Refused) as refused:
        await service.submit_report(run.run_id, {"report_id": "r"})

    assert refused.value.code is ErrorCode.PREFLIGHT_NONCE_USED


def test_the_fakes_have_the_ports_types() -> None:
    """mypy is the judge; this only shows it each pair."""
    clock = FakeClock()
    camera: CameraSource = FakeCamera(clock)
    microphone: MicrophoneSource = FakeMicrophone(clock)
    speaker: SpeakerSink = FakeSpeaker()
    catalogue: DeviceCatalogue = FakeCatalogue(clock)
    system: SystemProbe = FakeSystem()
    probe: NetworkProbe = FakeNetworkProbe(clock)

    assert all((camera, microphone, speaker, catalogue, system, probe))


def test_a_system_names_the_holder_of_the_device_that_is_held() -> None:
    system = FakeSystem()
    nobody = system.camera_holder("any"), system.microphone_holder("any")
    system.camera_held_by = Holder("OtherCall", 42)

    assert nobody == (None, None)
    assert system.camera_holder("any") == Holder("OtherCall", 42)
    assert system.microphone_holder("any") is None
