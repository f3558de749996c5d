"""The whole preflight on fakes: handover, speaker and meter."""

from typing import TypeVar

import numpy as np
import pytest

from client_api.tasks import spawn
from preflight.devices.frames import CameraFrame, DeviceId, DeviceInfo, DeviceKind
from preflight.devices.null_speaker import NULL_SPEAKER_INFO
from preflight.devices.ports import OpenFault, SourceState, SourceStatus, SpeakerSink
from preflight.model import CheckState
from preflight.preflight import Preflight, PreflightNotPassed
from tests.fakes.devices import (
    CAMERA,
    MICROPHONE,
    OTHER_CAMERA,
    SPEAKER,
    FakeMicrophone,
    voice_blocks,
)
from tests.unit.preflight.conftest import Bench, beside

T = TypeVar("T")

HEADSET = DeviceInfo(DeviceId("out.usb"), "Headset", DeviceKind.REAL)

PASSED, FAILED, SKIPPED, WARNED = (
    CheckState.PASSED,
    CheckState.FAILED,
    CheckState.SKIPPED,
    CheckState.WARNED,
)


async def test_the_handover_opens_each_device_once_and_takes_only_the_analysis_off(
    bench: Bench,
) -> None:
    preflight = await bench.run(5)
    shown: list[CameraFrame] = []
    preflight.preview(shown.append)

    proven = await preflight.handover()
    await preflight.close()
    before = len(shown)
    await bench.clock.advance(1)

    camera, microphone = bench.catalogue.made_cameras[0], bench.catalogue.made_microphones[0]
    assert (proven.camera, proven.microphone) == (camera, microphone)
    assert (camera.opened, camera.closed) == (1, 0)
    assert (microphone.opened, microphone.closed) == (1, 0)
    assert microphone.taps == []
    assert len(camera.taps) == 1
    assert len(shown) - before >= 29
    assert proven.speaker.info == SPEAKER


async def test_the_probe_leaves_its_room_for_good_although_the_page_closes_meanwhile(
    bench: Bench,
) -> None:
    """Cut off half-way, its process lived on beside the whole call."""
    bench.probe.end_s = 0.5
    preflight = await bench.run(5)
    await preflight.handover()

    closing = spawn(preflight.close(), name="close")
    await bench.clock.advance(1)
    await closing

    assert bench.probe.ended == 1


async def test_a_chosen_loudspeaker_that_is_gone_keeps_nobody_out_of_the_call(
    bench: Bench,
) -> None:
    bench.catalogue.speaker_infos = (SPEAKER, HEADSET)
    preflight = await bench.run(5)
    await preflight.choose_speaker(HEADSET.id)
    bench.catalogue.speaker_infos = (SPEAKER,)

    proven = await preflight.handover()

    assert proven.speaker.info == SPEAKER


async def test_without_any_loudspeaker_the_call_begins_with_a_silent_one(bench: Bench) -> None:
    """Also where the settings name one that is not there: nobody is kept out for that."""
    preflight = await bench.run(5)
    bench.catalogue.speaker_infos = ()
    for speaker in bench.catalogue.made_speakers:
        speaker.status = SourceStatus(SourceState.LOST, OpenFault.UNPLUGGED)

    proven = await preflight.handover()

    assert proven.speaker.info == NULL_SPEAKER_INFO


async def test_a_loudspeaker_that_was_lost_after_its_beeps_is_made_anew_for_the_call(
    bench: Bench,
) -> None:
    preflight = await bench.run(5)
    await beside(preflight.play_beeps(1), bench.clock.advance(2))
    (lost,) = bench.catalogue.made_speakers
    lost.status = SourceStatus(SourceState.LOST, OpenFault.UNPLUGGED)

    proven = await preflight.handover()

    assert proven.speaker is not lost
    assert lost.status.state is SourceState.CLOSED


async def test_nothing_unproven_is_handed_over(bench: Bench) -> None:
    bench.probe.rtt_ms = 500
    preflight = await bench.run(8)

    with pytest.raises(PreflightNotPassed) as refused:
        await preflight.handover()

    assert refused.value.blocking == ("net.rtt_high",)


async def test_closing_releases_the_devices(bench: Bench) -> None:
    preflight = await bench.run(5)

    await preflight.close()

    assert bench.catalogue.made_cameras[0].closed == 1
    assert bench.catalogue.made_microphones[0].closed == 1
    assert bench.probe.ended >= 1


async def test_only_the_wanted_checks_run_with_what_they_need(bench: Bench) -> None:
    preflight = await bench.run(5, only={"camera.no_frames", "net.rtt_high"})

    assert [check.no for check in preflight.progress.checks] == [
        "C01",
        "C02",
        "C03",
        "C04",
        "C05",
        "N01",
        "N02",
        "N03",
    ]
    assert bench.catalogue.made_microphones == []


async def test_beeps_are_played_on_one_open_speaker(bench: Bench) -> None:
    preflight = await bench.run(5)

    for _ in range(2):
        await beside(preflight.play_beeps(3), bench.clock.advance(2))
    proven = await preflight.handover()

    (speaker,) = bench.catalogue.made_speakers
    assert speaker.opened == 1
    assert proven.speaker is speaker


async def test_the_level_meter_follows_the_microphone(bench: Bench) -> None:
    preflight = await bench.run(5)

    # Its syllables have an amplitude of 2000; between them it is quiet.
    assert preflight.level.peak_dbfs == pytest.approx(-27.3, abs=0.2)
    assert preflight.level.rms_dbfs <= preflight.level.peak_dbfs


async def test_people_hear_themselves_on_the_chosen_loudspeaker(bench: Bench) -> None:
    preflight = await bench.run(5)

    await beside(preflight.replay_voice(), bench.clock.advance(11))

    assert [speaker.opened for speaker in bench.catalogue.made_speakers] == [1]
    assert len(bench.catalogue.made_microphones[0].taps) == 3


async def test_a_call_gets_the_side_of_the_microphone_that_works(bench: Bench) -> None:
    def half_dead(microphone: FakeMicrophone) -> None:
        microphone.say([np.pad(each, ((0, 0), (1, 0))) for each in voice_blocks(2000)])

    bench.catalogue.microphone_mood = half_dead
    preflight = await bench.run(5)

    proven = await preflight.handover()

    assert (proven.microphone.channels, proven.microphone.info) == (1, MICROPHONE)
    assert [each.opened for each in bench.catalogue.made_microphones] == [1]


async def test_a_camera_that_comes_back_in_the_moment_of_join_is_left_alone(bench: Bench) -> None:
    """It was opened by a preflight that was over, and the call's camera was closed for it."""
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    preflight = await bench.run(2)
    preflight.choose_camera(OTHER_CAMERA.id)
    await bench.clock.advance(2)
    bench.catalogue.camera_infos = (CAMERA,)
    bench.catalogue.made_cameras[-1].unplug()
    bench.hotplug.hint()
    await bench.clock.advance(10)
    made = len(bench.catalogue.made_cameras)
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    bench.hotplug.hint()

    proven = await preflight.handover()
    await bench.clock.advance(5)

    assert proven.camera.info == CAMERA
    assert proven.camera.status.state is SourceState.RUNNING
    assert len(bench.catalogue.made_cameras) == made


async def test_a_camera_that_goes_while_the_loudspeaker_opens_is_not_handed_over(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed one was, and the one that stood in for it stayed open for good."""
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    preflight = await bench.run(5)
    bench.catalogue.camera_infos = (OTHER_CAMERA,)
    loudspeaker = preflight._run.speaker.for_call

    async def slowly() -> SpeakerSink:
        bench.catalogue.made_cameras[0].unplug()
        bench.hotplug.hint()
        await bench.clock.sleep(0.1)
        return await loudspeaker()

    monkeypatch.setattr(preflight._run.speaker, "for_call", slowly)
    joining = spawn(_refused(preflight), name="join")
    await bench.clock.advance(1)

    assert await joining == ("camera.unplugged",)
    await bench.clock.advance(8)
    monkeypatch.undo()
    assert (await preflight.handover()).camera.info == OTHER_CAMERA
    assert bench.catalogue.made_cameras[0].status.state is SourceState.CLOSED


async def _refused(preflight: Preflight) -> tuple[str, ...]:
    with pytest.raises(PreflightNotPassed) as refused:
        await preflight.handover()
    return tuple(refused.value.blocking)
