"""The call starts with the very devices that passed: one open and one close each, over both."""

import asyncio

from desktop.app.call_devices import CallDevices
from desktop.call.setup import LocalMedia
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.devices.ports import ProvenDevices, SourceState
from preflight.model import Group
from tests.fakes.devices import CAMERA, MICROPHONE
from tests.unit.preflight.conftest import Bench


def a_call(bench: Bench, proven: ProvenDevices, switched: list[LocalMedia]) -> CallDevices:
    """Take the devices over as a call does."""
    return CallDevices(
        proven,
        bench.catalogue,
        PictureMailbox(),
        on_switched=switched.append,
        on_changed=lambda: None,
    )


async def test_preflight_and_call_open_each_device_once(bench: Bench) -> None:
    preflight = await bench.run(5)
    bench.probe.rtt_ms = 26.0
    preflight.retry(Group.NETWORK)
    await bench.clock.advance(4)
    await preflight.passed_report()
    switched: list[LocalMedia] = []

    call = a_call(bench, await preflight.handover(), switched)
    await preflight.close()
    call.choose(DeviceRole.CAMERA, CAMERA.id)
    call.choose(DeviceRole.MICROPHONE, MICROPHONE.id)
    call.limit_to(2)
    await bench.clock.advance(1)

    (camera,), (microphone,) = bench.catalogue.made_cameras, bench.catalogue.made_microphones
    assert (camera.opened, microphone.opened) == (1, 1)
    assert (camera.closed, microphone.closed) == (0, 0)
    assert {media.camera for media in switched} == {camera}
    assert {media.microphone for media in switched} == {microphone}
    assert camera.status.state is SourceState.RUNNING

    await call.close()

    assert (camera.opened, camera.closed) == (1, 1)
    assert (microphone.opened, microphone.closed) == (1, 1)


async def test_a_return_opens_them_once_more_and_only_after_the_call_let_go(bench: Bench) -> None:
    preflight = await bench.run(5)
    call = a_call(bench, await preflight.handover(), [])
    await preflight.close()
    await call.close()

    back = bench.start(signed_in=False, quick=True)
    await bench.clock.advance(3)
    proven = await back.handover()
    await back.close()

    cameras = bench.catalogue.made_cameras
    assert [(each.opened, each.closed) for each in cameras] == [(1, 1), (1, 0)]
    assert proven.camera is cameras[1]
    await asyncio.to_thread(proven.camera.close)
