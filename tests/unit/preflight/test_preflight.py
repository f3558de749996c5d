"""The whole preflight on fakes: what a person would notice."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from client_api.errors import Refused
from preflight.devices.frames import CameraFrame
from preflight.devices.ports import OpenFault, SourceState
from preflight.model import CheckState, Group
from preflight.preflight import PreflightNotPassed
from preflight.report import load_report
from preflight.system.ports import InputLevel, Permission
from tests.fakes.devices import (
    CAMERA,
    GOOD_REACH,
    MICROPHONE,
    OTHER_CAMERA,
    SPEAKER,
    FakeCamera,
    FakeMicrophone,
    black_picture,
    live_picture,
    same_picture,
)
from tests.unit.preflight.conftest import Bench, verdict

T = TypeVar("T")

PASSED, FAILED, SKIPPED, WARNED = (
    CheckState.PASSED,
    CheckState.FAILED,
    CheckState.SKIPPED,
    CheckState.WARNED,
)


async def test_a_healthy_machine_is_decided_within_five_seconds(bench: Bench) -> None:
    preflight = await bench.run(5)

    progress = preflight.progress
    assert [check.code for check in progress.checks if check.state is not PASSED] == []
    assert progress.gate.passed
    assert len(progress.checks) == 22


async def test_the_devices_of_last_time_are_looked_at_for_a_shorter_time(bench: Bench) -> None:
    first = await bench.run(5)
    await first.passed_report()
    await bench.clock.advance(0.1)
    await first.close()

    second = await bench.run(2.2)

    assert second.progress.gate.passed


async def test_without_a_camera_the_camera_alone_is_named(bench: Bench) -> None:
    bench.catalogue.camera_infos = ()

    preflight = await bench.run(5)

    assert verdict(preflight, "camera.none") == (FAILED, None)
    assert verdict(preflight, "camera.fps_low") == (SKIPPED, "needs:camera.none")
    assert preflight.progress.gate.blocking == ("camera.none",)
    assert preflight.progress.gate.groups[Group.MICROPHONE] is PASSED


async def test_a_camera_that_is_plugged_in_later_is_found_by_itself(bench: Bench) -> None:
    bench.catalogue.camera_infos = ()
    preflight = await bench.run(5)

    bench.catalogue.camera_infos = (CAMERA,)
    await bench.clock.advance(6)

    assert preflight.progress.gate.passed


async def test_a_busy_camera_names_who_holds_it(bench: Bench) -> None:
    def held(camera: FakeCamera) -> None:
        camera.fault, camera.holder = OpenFault.BUSY, "OtherCall"

    bench.catalogue.camera_mood = held

    preflight = await bench.run(3)

    busy = next(check for check in preflight.progress.checks if check.code == "camera.busy")
    assert busy.state is FAILED
    assert busy.measured["holder"] == "OtherCall"
    assert preflight.progress.gate.blocking == ("camera.busy",)


async def test_a_camera_that_does_not_open_fails_and_is_tried_again(bench: Bench) -> None:
    def refused(camera: FakeCamera) -> None:
        camera.fault = OpenFault.REFUSED

    bench.catalogue.camera_mood = refused
    preflight = await bench.run(3)
    assert verdict(preflight, "camera.open_failed") == (FAILED, None)

    bench.catalogue.camera_mood = lambda _: None
    await bench.clock.advance(6)

    assert preflight.progress.gate.passed
    assert bench.catalogue.made_cameras[0].closed >= 1


async def test_a_driver_that_hangs_is_never_asked_twice(bench: Bench) -> None:
    def hangs(camera: FakeCamera) -> None:
        camera.open_s = None

    bench.catalogue.camera_mood = hangs

    preflight = await bench.run(40)

    assert verdict(preflight, "camera.open_failed")[0] is FAILED
    assert len(bench.catalogue.made_cameras) == 1
    assert preflight.progress.gate.groups[Group.NETWORK] is PASSED


async def test_a_slow_camera_warns_and_joins(bench: Bench) -> None:
    def slow(camera: FakeCamera) -> None:
        camera.open_s = 5

    bench.catalogue.camera_mood = slow

    preflight = await bench.run(10)

    assert verdict(preflight, "camera.open_failed") == (WARNED, None)
    assert preflight.progress.gate.passed


async def test_a_camera_without_pictures_is_told_apart_from_one_that_does_not_open(
    bench: Bench,
) -> None:
    def mute(camera: FakeCamera) -> None:
        camera.delivers = False

    bench.catalogue.camera_mood = mute

    preflight = await bench.run(8)

    assert verdict(preflight, "camera.open_failed") == (PASSED, None)
    assert verdict(preflight, "camera.no_frames") == (FAILED, None)
    assert preflight.progress.gate.blocking == ("camera.no_frames",)


async def test_a_refused_permission_fails_unless_a_picture_proves_otherwise(bench: Bench) -> None:
    def denied(camera: FakeCamera) -> None:
        camera.fault = OpenFault.DENIED

    bench.system.camera = Permission.DENIED
    bench.catalogue.camera_mood = denied
    preflight = await bench.run(3)
    assert preflight.progress.gate.blocking == ("camera.permission",)

    bench.catalogue.camera_mood = lambda _: None
    await bench.clock.advance(8)

    assert verdict(preflight, "camera.permission") == (PASSED, None)


async def test_a_covered_lens_is_black_until_it_is_opened(bench: Bench) -> None:
    def covered(camera: FakeCamera) -> None:
        camera.picture = black_picture

    bench.catalogue.camera_mood = covered
    preflight = await bench.run(5)
    assert preflight.progress.gate.blocking == ("camera.black",)

    bench.catalogue.made_cameras[0].picture = live_picture
    await bench.clock.advance(5)

    assert preflight.progress.gate.passed
    assert len(bench.catalogue.made_cameras) == 1


async def test_a_picture_that_stands_still_for_five_seconds_is_frozen(bench: Bench) -> None:
    def frozen(camera: FakeCamera) -> None:
        camera.picture = same_picture

    bench.catalogue.camera_mood = frozen
    preflight = await bench.run(5)
    assert verdict(preflight, "camera.frozen")[0] is CheckState.RUNNING

    await bench.clock.advance(1)

    assert verdict(preflight, "camera.frozen") == (FAILED, None)


async def test_a_camera_that_is_unplugged_while_the_page_is_open_holds_join_back(
    bench: Bench,
) -> None:
    preflight = await bench.run(5)

    bench.catalogue.made_cameras[0].unplug()
    bench.catalogue.camera_infos = ()
    await bench.clock.advance(1.5)
    assert "camera.unplugged" in preflight.progress.gate.blocking
    await bench.clock.advance(3)
    assert preflight.progress.gate.blocking == ("camera.none",)
    bench.catalogue.camera_infos = (CAMERA,)
    await bench.clock.advance(8)

    assert preflight.progress.gate.passed


async def test_silence_fails_after_eight_seconds_and_any_sound_clears_it(bench: Bench) -> None:
    def silent(microphone: FakeMicrophone) -> None:
        microphone.amplitude = 1

    bench.catalogue.microphone_mood = silent
    preflight = await bench.run(7.5)
    assert verdict(preflight, "mic.silent")[0] is CheckState.RUNNING
    await bench.clock.advance(1)
    assert preflight.progress.gate.blocking == ("mic.silent",)

    bench.catalogue.made_microphones[0].amplitude = 300
    await bench.clock.advance(0.5)

    assert preflight.progress.gate.passed


async def test_a_muted_microphone_fails_after_three_seconds(bench: Bench) -> None:
    def silent(microphone: FakeMicrophone) -> None:
        microphone.amplitude = 0

    bench.catalogue.microphone_mood = silent
    bench.system.level = InputLevel(muted=True, volume_percent=80)

    preflight = await bench.run(4)

    assert verdict(preflight, "mic.silent") == (FAILED, None)


async def test_a_microphone_without_blocks_sends_nothing(bench: Bench) -> None:
    def mute(microphone: FakeMicrophone) -> None:
        microphone.delivers = False

    bench.catalogue.microphone_mood = mute

    preflight = await bench.run(6)

    assert verdict(preflight, "mic.no_data") == (FAILED, None)
    assert verdict(preflight, "mic.open_failed") == (PASSED, None)


@pytest.mark.parametrize(
    ("rtt_ms", "expected"),
    [(199.0, PASSED), (200.0, WARNED), (299.0, WARNED), (300.0, FAILED)],
)
async def test_the_round_trip_decides_by_the_products_rule(
    bench: Bench, rtt_ms: float, expected: CheckState
) -> None:
    bench.probe.rtt_ms = rtt_ms

    preflight = await bench.run(7)

    assert verdict(preflight, "net.rtt_high") == (expected, None)


async def test_a_slow_line_is_measured_again_by_itself(bench: Bench) -> None:
    bench.probe.rtt_ms = 400
    preflight = await bench.run(7)
    assert preflight.progress.gate.blocking == ("net.rtt_high",)

    bench.probe.rtt_ms = 40
    await bench.clock.advance(12)

    assert preflight.progress.gate.passed


async def test_the_round_trip_is_measured_every_fifteen_seconds(bench: Bench) -> None:
    await bench.run(5)

    await bench.clock.advance(34)

    assert bench.probe.looks == 3


async def test_an_unwell_service_is_our_fault_and_named(bench: Bench) -> None:
    bench.probe.healthy = False

    preflight = await bench.run(5)

    assert preflight.progress.gate.blocking == ("net.health",)


async def test_an_unreachable_service_skips_the_rest_of_the_network(bench: Bench) -> None:
    bench.probe.reach_figures = {**GOOD_REACH, "tcp_ok": False, "stage": "tcp"}

    preflight = await bench.run(5)

    assert preflight.progress.gate.blocking == ("net.unreachable",)
    assert verdict(preflight, "net.room") == (SKIPPED, "needs:net.unreachable")


async def test_a_blocked_call_server_is_named(bench: Bench) -> None:
    bench.probe.connects = False

    preflight = await bench.run(5)

    assert preflight.progress.gate.blocking == ("net.signal", "net.room")


async def test_a_changed_network_is_measured_anew(bench: Bench) -> None:
    preflight = await bench.run(5)

    bench.way_out = "wlan0 192.168.1.7"
    await bench.clock.advance(1.5)
    while_measuring = preflight.progress.gate.passed
    await bench.clock.advance(3)

    assert (while_measuring, preflight.progress.gate.passed) == (False, True)
    assert bench.probe.begun == 2


async def test_without_an_account_the_call_checks_are_skipped_as_such(bench: Bench) -> None:
    preflight = await bench.run(5, signed_in=False)

    assert verdict(preflight, "net.signal") == (SKIPPED, "not_signed_in")
    assert verdict(preflight, "net.room") == (SKIPPED, "not_signed_in")
    assert bench.service.begun == 0


async def test_another_camera_restarts_the_camera_alone(bench: Bench) -> None:
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    preflight = await bench.run(5)

    preflight.choose_camera(OTHER_CAMERA.id)
    await bench.clock.advance(0.1)
    assert preflight.progress.gate.groups[Group.CAMERA] is CheckState.RUNNING
    assert preflight.progress.gate.groups[Group.MICROPHONE] is PASSED
    await bench.clock.advance(5)

    assert preflight.progress.gate.passed
    assert preflight.devices.camera == OTHER_CAMERA
    assert [camera.closed for camera in bench.catalogue.made_cameras] == [1, 0]


async def test_two_choices_in_a_second_open_the_last_one_only(bench: Bench) -> None:
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    preflight = await bench.run(5)

    preflight.choose_camera(OTHER_CAMERA.id)
    preflight.choose_camera(CAMERA.id)
    await bench.clock.advance(5)

    assert preflight.devices.camera == CAMERA
    still_open = [
        camera.info
        for camera in bench.catalogue.made_cameras
        if camera.status.state is SourceState.RUNNING
    ]
    assert still_open == [CAMERA]


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


async def test_the_report_of_a_passing_run_is_handed_in_once(bench: Bench) -> None:
    preflight = await bench.run(5)

    first = await preflight.passed_report()
    second = await preflight.passed_report()

    assert second is first
    (report,) = bench.service.reports
    assert report["context"]["nonce"] == "nonce-1"
    assert report["gate"]["passed"] is True
    assert report["report_id"] == first.report_id
    assert bench.probe.joined_rooms == ["probe-run-1"]


async def test_an_old_report_is_renewed_in_a_new_probe_room(bench: Bench) -> None:
    preflight = await bench.run(5)
    first = await preflight.passed_report()
    await bench.clock.advance(250)

    renewing = bench.clock.advance(6)
    second = await _beside(preflight.passed_report(), renewing)

    assert second.report_id != first.report_id
    assert bench.probe.joined_rooms == ["probe-run-1", "probe-run-2"]
    assert bench.service.reports[1]["context"]["nonce"] == "nonce-2"


async def test_a_used_nonce_is_replaced_without_asking_the_person(bench: Bench) -> None:
    preflight = await bench.run(5)
    bench.service.refuse_next = "preflight.run_expired"

    handed_in = await _beside(preflight.passed_report(), bench.clock.advance(6))

    assert handed_in.passed
    assert bench.service.reports[0]["context"]["nonce"] == "nonce-2"


async def test_a_refusal_for_another_reason_is_told(bench: Bench) -> None:
    preflight = await bench.run(5)
    bench.service.refuse_next = "preflight.synthetic_source"

    with pytest.raises(Refused):
        await preflight.passed_report()


async def test_a_failing_run_is_not_handed_in(bench: Bench) -> None:
    bench.catalogue.camera_infos = ()
    preflight = await bench.run(6)

    with pytest.raises(PreflightNotPassed):
        await preflight.passed_report()

    assert bench.service.reports == []


async def test_a_crash_leaves_a_valid_partial_report(bench: Bench) -> None:
    await bench.run(1.0)

    report = load_report(bench.folder / "preflight-report.json")

    assert report["ended_by"] == "crash"
    states = {check["code"]: check["state"] for check in report["checks"]}
    assert states["camera.none"] == "passed"
    assert states["mic.silent"] == "running"


async def test_the_local_report_says_how_the_run_ended(bench: Bench) -> None:
    preflight = await bench.run(5)

    await preflight.handover()

    report = json.loads((bench.folder / "preflight-report.json").read_text())
    assert report["ended_by"] == "joined"
    assert report["devices"]["camera"]["name"] == CAMERA.name
    assert report["devices"]["microphone"]["id"] == MICROPHONE.id


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
        await _beside(preflight.play_beeps(3), bench.clock.advance(2))
    proven = await preflight.handover()

    (speaker,) = bench.catalogue.made_speakers
    assert speaker.opened == 1
    assert proven.speaker is speaker


async def test_the_level_meter_follows_the_microphone(bench: Bench) -> None:
    preflight = await bench.run(5)

    assert preflight.level.rms_dbfs == pytest.approx(-24.3, abs=0.1)


async def _beside(work: Coroutine[Any, Any, T], time: Coroutine[Any, Any, None]) -> T:
    """Wait for ``work`` while virtual time passes."""
    waiting = asyncio.ensure_future(work)
    await time
    return await asyncio.wait_for(waiting, 5)
