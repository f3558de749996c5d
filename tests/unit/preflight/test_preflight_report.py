"""The report of a whole preflight on fakes: handed in, renewed, refused, and left by a crash."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from client_api.errors import Refused
from client_api.tasks import spawn
from client_api.wire import PreflightVerdict, RunId
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.memory.machine_file import MachineMemory, load_memory
from preflight.model import CheckedAgain, CheckState
from preflight.preflight import Preflight, PreflightNotPassed
from preflight.report.report import load_report
from tests.fakes.devices import (
    CAMERA,
    MICROPHONE,
    OTHER_CAMERA,
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

    monkeypatch.setattr("preflight.memory.machine_file.load_memory", load)
    preflight = Preflight(replace(bench.parts(), offload=offload))
    bench.made.append(preflight)

    preflight.start(bench.seen.append)
    await bench.clock.advance(5)

    assert read_while == [[True]]
    assert preflight.report()["machine_id"]


async def grow_old(bench: Bench) -> None:
    """Let more time pass than a report is good for."""
    await bench.grow_old(250)


async def test_an_old_report_is_renewed_in_a_new_probe_room(bench: Bench) -> None:
    preflight = await bench.run(5)
    first = await preflight.passed_report()
    await grow_old(bench)

    renewing = bench.clock.advance(6)
    second = await beside(preflight.passed_report(), renewing)

    assert second.report_id == first.report_id
    assert bench.service.reports[1]["renews"] == first.report_id
    assert bench.probe.joined_rooms == ["probe-run-1", "probe-run-2"]
    assert bench.service.reports[1]["context"]["nonce"] == "nonce-2"


async def test_a_renewed_report_says_why_the_network_is_checked_again(bench: Bench) -> None:
    preflight = await bench.run(5)
    await preflight.passed_report()
    await grow_old(bench)
    bench.seen.clear()

    await beside(preflight.passed_report(), bench.clock.advance(6))

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

    await beside(preflight.passed_report(), bench.clock.advance(6))

    said = {progress.again for progress in bench.seen if not progress.gate.decided}
    assert said == {CheckedAgain.REPORT_NEW}


async def test_a_report_of_the_camera_before_does_not_count_for_the_new_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen while the report is on its way: its answer comes when the new camera is in use."""
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    preflight = await bench.run(5)
    answered, submit = asyncio.Event(), bench.service.submit_report

    async def slowly(run: RunId, report: Mapping[str, Any]) -> PreflightVerdict:
        await answered.wait()
        return await submit(run, report)

    monkeypatch.setattr(bench.service, "submit_report", slowly)
    handing_in = spawn(preflight.passed_report(), name="hand in")
    await bench.clock.advance(1)
    preflight.choose_camera(OTHER_CAMERA.id)
    answered.set()
    await bench.clock.advance(12)

    verdict = await asyncio.wait_for(handing_in, 5)

    last = bench.service.reports[-1]
    assert [each["devices"]["camera"]["name"] for each in bench.service.reports] == [
        CAMERA.name,
        OTHER_CAMERA.name,
    ]
    assert verdict.report_id == last["report_id"]
    assert "renews" not in last
    assert await preflight.passed_report() is verdict


async def test_a_used_nonce_is_replaced_without_asking_the_person(bench: Bench) -> None:
    preflight = await bench.run(5)
    bench.service.refuse_next = "preflight.run_expired"

    handed_in = await beside(preflight.passed_report(), bench.clock.advance(6))

    assert handed_in.passed
    assert bench.service.reports[0]["context"]["nonce"] == "nonce-2"


async def test_a_service_with_another_gate_is_noted_and_its_verdict_counts(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "preflight.running.run_ticket")
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
