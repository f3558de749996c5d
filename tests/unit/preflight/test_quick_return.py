"""Back into a running session: a short look, by itself, where nothing has changed."""

import pytest

from client_api.tasks import spawn
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault
from preflight.memory.call_devices_file import keep_call_devices
from preflight.model import CheckState
from preflight.preflight import Preflight, PreflightNotPassed
from preflight.system.network_place import NetworkPlace
from tests.fakes.devices import (
    CAMERA,
    MICROPHONE,
    OTHER_CAMERA,
    SPEAKER,
    FakeCamera,
    black_picture,
)
from tests.fakes.offload import at_once
from tests.unit.preflight.conftest import Bench, verdict

OTHER_MICROPHONE = DeviceInfo(DeviceId("mic.desk"), "Desk microphone", DeviceKind.REAL)
HEADSET = DeviceInfo(DeviceId("out.usb"), "USB headset", DeviceKind.REAL)


async def the_call_before(bench: Bench) -> None:
    """Join a call, and end it: its devices are closed."""
    await over(await bench.run(5))


async def over(preflight: Preflight) -> None:
    """Let the call that a preflight led to come and go."""
    proven = await preflight.handover()
    await preflight.close()
    proven.camera.close()
    proven.microphone.close()


async def quick(bench: Bench, seconds: float = 3.0) -> tuple[Preflight, bool]:
    """Start a quick run; say whether it stood within these seconds."""
    preflight = bench.start(signed_in=False, quick=True)
    stands = spawn(preflight.stands(), name="quick look")
    await bench.clock.advance(seconds)
    return preflight, stands.done() and stands.result()


async def test_a_return_takes_at_most_three_seconds_and_asks_five_times(bench: Bench) -> None:
    await the_call_before(bench)
    bench.seen.clear()

    preflight, stood = await quick(bench, 3.0)

    assert stood
    assert bench.probe.joined_rooms == ["probe-run-1"]
    assert bench.service.begun == 1
    rtt = next(each for each in preflight.progress.checks if each.code == "net.rtt_high")
    assert rtt.measured["samples"] == 5
    codes = {each.code for each in preflight.progress.checks}
    assert not {"net.signal", "net.room", "media.uplink_low", "camera.blurred"} & codes


async def test_a_return_hands_the_same_devices_over_opened_once(bench: Bench) -> None:
    await the_call_before(bench)
    preflight, _ = await quick(bench)

    proven = await preflight.handover()

    camera, microphone = bench.catalogue.made_cameras[-1], bench.catalogue.made_microphones[-1]
    assert (proven.camera, proven.microphone) == (camera, microphone)
    assert (camera.opened, camera.closed, microphone.opened, microphone.closed) == (1, 0, 1, 0)


async def test_a_return_uses_the_camera_of_the_call_and_not_the_first(bench: Bench) -> None:
    bench.catalogue.camera_infos = (OTHER_CAMERA, CAMERA)
    first = await bench.run(5, camera=CAMERA.id)
    proven = await first.handover()
    await first.close()
    proven.camera.close()
    proven.microphone.close()

    preflight, stood = await quick(bench)

    assert stood
    assert preflight.devices.camera == CAMERA


async def test_a_return_uses_the_loudspeaker_that_was_chosen_by_hand(bench: Bench) -> None:
    bench.catalogue.speaker_infos = (SPEAKER, HEADSET)
    first = await bench.run(5)
    await first.choose_speaker(HEADSET.id)
    await over(first)

    preflight, stood = await quick(bench)

    assert stood
    assert (await preflight.handover()).speaker.info == HEADSET


async def test_a_return_uses_what_was_chosen_in_the_call(bench: Bench) -> None:
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    bench.catalogue.microphone_infos = (MICROPHONE, OTHER_MICROPHONE)
    bench.catalogue.speaker_infos = (SPEAKER, HEADSET)
    await the_call_before(bench)

    await keep_call_devices(bench.folder, OTHER_CAMERA, OTHER_MICROPHONE, HEADSET, offload=at_once)
    preflight, stood = await quick(bench)

    assert stood
    devices = preflight.devices
    assert (devices.camera, devices.microphone) == (OTHER_CAMERA, OTHER_MICROPHONE)
    assert devices.speaker == HEADSET


@pytest.mark.parametrize("what", ["gateway", "way out", "camera is gone", "speaker", "version"])
async def test_where_something_changed_a_short_look_will_not_do(bench: Bench, what: str) -> None:
    await the_call_before(bench)
    if what == "gateway":
        bench.place = NetworkPlace("10.0.0.1 aa:bb:cc:00:00:01", "Garage")
    elif what == "way out":
        bench.way_out = "wlan0 10.0.0.9"
    elif what == "camera is gone":
        bench.catalogue.camera_infos = (OTHER_CAMERA,)
    elif what == "speaker":
        bench.catalogue.speaker_infos = bench.catalogue.speaker_infos[1:]
    else:
        bench.surroundings.app["liftbay"] = "0.2.0"

    _, stood = await quick(bench, 9)

    assert not stood


@pytest.mark.parametrize("what", ["busy", "black", "slow line"])
async def test_a_fault_is_no_return(bench: Bench, what: str) -> None:
    await the_call_before(bench)

    def spoiled(camera: FakeCamera) -> None:
        if what == "busy":
            camera.fault = OpenFault.BUSY
        elif what == "black":
            camera.picture = black_picture

    bench.catalogue.camera_mood = spoiled
    if what == "slow line":
        bench.probe.rtt_ms = 400.0

    preflight, stood = await quick(bench, 9)

    assert not stood
    with pytest.raises(PreflightNotPassed):
        await preflight.handover()


async def test_on_a_machine_that_remembers_nothing_a_short_look_will_not_do(bench: Bench) -> None:
    preflight, stood = await quick(bench, 9)

    assert not stood
    assert verdict(preflight, "net.rtt_high") == (CheckState.PASSED, None)
