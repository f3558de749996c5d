"""The whole preflight on fakes: report, handover, speaker and meter."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from client_api.errors import Refused
from client_api.tasks import spawn
from preflight.devices.frames import CameraFrame, DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault, SourceState, SourceStatus
from preflight.machine_file import MachineMemory, load_memory
from preflight.model import CheckedAgain, CheckState
from preflight.preflight import Preflight, PreflightNotPassed
from preflight.report import load_report
from tests.fakes.devices import (
    CAMERA,
    MICROPHONE,
    OTHER_CAMERA,
    SPEAKER,
)
from tests.unit.preflight.conftest import Bench

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


async def test_a_loudspeaker_that_was_lost_after_its_beeps_is_made_anew_for_the_call(
    bench: Bench,
) -> None:
    preflight = await bench.run(5)
    await _beside(preflight.play_beeps(1), bench.clock.advance(2))
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


async def test_changes_of_one_turn_of_the_loop_are_told_as_one(bench: Bench) -> None:
    """Each one draws the page; 22 checks that begin at once took it for 120 ms."""
    preflight = bench.start()

    await bench.clock.advance()
    begun = len(bench.seen)
    await bench.clock.advance(6)

    assert begun <= 8
    assert bench.seen[-1].gate == preflight.progress.gate
    assert bench.seen[-1].gate.decided


async def test_what_the_machine_remembers_is_read_beside_the_loop(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    offloading: list[bool] = []
    read_while: list[list[bool]] = []

    async def offload(work: Callable[[], T], /) -> T:
        offloading.append(True)
        try:
            return work()
        finally:
            offloading.pop()

    def load(folder: Path | None) -> MachineMemory:
        read_while.append(list(offloading))
        return load_memory(folder)

    monkeypatch.setattr("preflight.machine_file.load_memory", load)
    preflight = Preflight(replace(bench.parts(), offload=offload))
    bench.made.append(preflight)

    preflight.start(bench.seen.append)
    await bench.clock.advance(5)

    assert read_while == [[True]]
    assert preflight.report()["machine_id"]


async def grow_old(bench: Bench) -> None:
    """Let more time pass than a report is good for. No picture is taken of most of it."""
    bench.clock.move(245)
    await bench.clock.advance(5)


async def test_an_old_report_is_renewed_in_a_new_probe_room(bench: Bench) -> None:
    preflight = await bench.run(5)
    first = await preflight.passed_report()
    await grow_old(bench)

    renewing = bench.clock.advance(6)
    second = await _beside(preflight.passed_report(), renewing)

    assert second.report_id != first.report_id
    assert bench.probe.joined_rooms == ["probe-run-1", "probe-run-2"]
    assert bench.service.reports[1]["context"]["nonce"] == "nonce-2"


async def test_a_renewed_report_says_why_the_network_is_checked_again(bench: Bench) -> None:
    preflight = await bench.run(5)
    await preflight.passed_report()
    await grow_old(bench)
    bench.seen.clear()

    await _beside(preflight.passed_report(), bench.clock.advance(6))

    said = {progress.again for progress in bench.seen if not progress.gate.decided}
    assert said == {CheckedAgain.REPORT_OLD}
    assert preflight.progress.again is None


async def test_another_camera_after_the_report_says_why_the_network_is_checked_again(
    bench: Bench,
) -> None:
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    preflight = await bench.run(5)
    await preflight.passed_report()
    preflight.choose_camera(OTHER_CAMERA.id)
    await bench.clock.advance(5)
    bench.seen.clear()

    await _beside(preflight.passed_report(), bench.clock.advance(6))

    said = {progress.again for progress in bench.seen if not progress.gate.decided}
    assert said == {CheckedAgain.REPORT_NEW}


async def test_a_used_nonce_is_replaced_without_asking_the_person(bench: Bench) -> None:
    preflight = await bench.run(5)
    bench.service.refuse_next = "preflight.run_expired"

    handed_in = await _beside(preflight.passed_report(), bench.clock.advance(6))

    assert handed_in.passed
    assert bench.service.reports[0]["context"]["nonce"] == "nonce-2"


async def test_a_service_with_another_gate_is_noted_and_its_verdict_counts(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "preflight.run_ticket")
    bench.service.gate_version = "2"

    preflight = await bench.run(5)

    assert (await preflight.passed_report()).passed
    assert "judged by gate 2, shown by 1" in caplog.text


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
