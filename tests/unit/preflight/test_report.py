"""The report: its order, its contract, its file."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from client_api.wire import PreflightTrigger
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.model import CheckResult, CheckState, Group, Measured, MeasuredValue, RunProgress
from preflight.report.report import (
    EndedBy,
    ReportBody,
    ReportHead,
    build_report,
    load_report,
    write_report,
)
from preflight.verdicts.catalogue import BY_CODE, judge
from preflight.verdicts.gate import GATING, decide
from tests.fakes.contract import fixture

CONTRACT = fixture("report")["report"]
MEASURED: dict[str, Measured] = {row["code"]: row["measured"] for row in CONTRACT["checks"]}


def progress(**changed: Measured) -> RunProgress:
    """A passing run; ``C07={...}`` gives a check other figures."""
    checks = []
    for row in GATING:
        measured = changed.get(row.no, MEASURED[row.code])
        checks.append(
            CheckResult(
                row.code,
                row.no,
                row.group,
                judge(row.code, measured),
                deadline_ms=row.deadline_ms,
                measured=measured,
                as_of_ms=5200.4,
            )
        )
    return RunProgress(tuple(checks), decide(checks), 1.0, True)


def report(run: RunProgress, ended_by: EndedBy | None = EndedBy.FINISHED) -> dict[str, Any]:
    camera = DeviceInfo(DeviceId("/dev/video0"), "Integrated Camera", DeviceKind.REAL)
    head = ReportHead(
        report_id=CONTRACT["report_id"],
        started_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        trigger=PreflightTrigger.JOIN,
        machine_id=CONTRACT["machine_id"],
        app=CONTRACT["app"],
        host=CONTRACT["host"],
        role="customer",
        session_ref=CONTRACT["context"]["session_ref"],
        nonce="x0k3",
    )
    body = ReportBody(
        progress=run,
        duration_ms=5200.4,
        ended_by=ended_by,
        devices={"camera": camera, "microphone": None, "speaker": None},
        rtts_ms=(24.0, 23.1),
        samples={
            "at_ms": [250, 500],
            "level_dbfs": [None, -41.3],
            "luma": [118.2, 118.4],
            "fps": [None, 30.0],
        },
        media={"at_s": [1.02, 2.03], "uplink_kbps": [1923, 2591]},
        decided_at_ms=5100.2,
        fingerprint="sha256:0",
    )
    return build_report(head, body)


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    made = report(progress())

    assert list(made) == list(CONTRACT)
    assert [list(row) for row in made["checks"]] == [list(row) for row in CONTRACT["checks"]]
    for part in ("context", "gate"):
        assert list(made[part]) == list(CONTRACT[part])


def test_a_passing_run_says_what_the_contract_says() -> None:
    made = report(progress())

    for part in ("schema", "schema_version", "started_at_utc", "duration_ms", "ended_by", "gate"):
        assert made[part] == CONTRACT[part]
    assert [row["measured"] for row in made["checks"]] == [
        row["measured"] for row in CONTRACT["checks"]
    ]
    assert made["samples"] == CONTRACT["samples"]
    assert made["recommendation"] == CONTRACT["recommendation"]


def test_a_failed_check_names_its_remedy_and_thresholds() -> None:
    made = report(progress(N03={"samples": 11, "rtt_median_ms": 412.0}))

    slow = next(row for row in made["checks"] if row["no"] == "N03")
    assert slow["state"] == "failed"
    assert slow["remedy_id"] == "net.rtt_high.remedy"
    assert slow["thresholds"] == {"warn": 200, "fail": 300, "source": "DA, AC"}
    assert made["gate"]["blocking"] == ["net.rtt_high"]


def test_stages_carry_the_measured_times() -> None:
    made = report(progress())

    stages = {row["name"]: row["duration_ms"] for row in made["stages"]}
    assert stages["camera_open"] == 210.0
    assert stages["sdk_connect"] == 210.0
    assert stages["dns"] == 1.0


@pytest.mark.parametrize(
    ("stopped_at", "expected"),
    [
        ("tcp", {"dns": "passed", "tcp": "failed"}),
        ("tls_clock", {"dns": "passed", "tcp": "passed", "tls": "failed"}),
        ("dns", {"dns": "failed"}),
    ],
)
def test_a_stage_before_the_one_that_failed_is_told_as_passed(
    stopped_at: str, expected: dict[str, str]
) -> None:
    figures: dict[str, MeasuredValue] = {f"{name}_ms": 20.0 for name in expected}
    way = CheckResult(
        "net.unreachable",
        "N01",
        Group.NETWORK,
        CheckState.FAILED,
        measured=figures | {"stage": stopped_at},
    )

    made = report(replace(progress(), checks=(way,)))

    assert {row["name"]: row["state"] for row in made["stages"]} == expected


def test_a_stage_stands_where_it_began_and_not_where_its_check_did() -> None:
    """A check waits for its turn, and several stages are one check's."""
    figures: dict[str, tuple[float, float, Measured]] = {
        "camera.none": (0, 45, {"cameras": 1, "search_ms": 40.0, "began_ago_ms": 42.0}),
        "camera.open_failed": (900, 905, {"open_ms": 700.0, "began_ago_ms": 855.0}),
        "net.unreachable": (
            300,
            420,
            {"dns_ms": 20.0, "tcp_ms": 30.0, "tls_ms": 60.0, "began_ago_ms": 115.0},
        ),
        "net.signal": (
            500,
            700,
            {"validate_ms": 50.0, "ws_open_ms": 40.0, "join_ms": 90.0, "began_ago_ms": 150.0},
        ),
        "media.video_stuck": (
            2000,
            9000,
            {"published_ms": 60.0, "first_frame_ms": 300.0, "began_ago_ms": 6500.0},
        ),
        "media.reconnect": (
            12000,
            18000,
            {"signal_ms": 900.0, "signal_ago_ms": 5000.0, "full_ms": 800.0, "full_ago_ms": 2500.0},
        ),
        "net.room": (500, -3000, {"connect_ms": 100.0}),
    }
    checks = tuple(
        CheckResult(
            code,
            BY_CODE[code].no,
            BY_CODE[code].group,
            CheckState.PASSED,
            started_ms=started_ms,
            as_of_ms=as_of_ms,
            measured=measured,
        )
        for code, (started_ms, as_of_ms, measured) in figures.items()
    )

    made = report(replace(progress(), checks=checks))

    assert {row["name"]: row["start_ms"] for row in made["stages"]} == {
        "enumerate": 3,
        "camera_open": 50,
        "dns": 305,
        "tcp": 325,
        "tls": 355,
        "ws_open": 600,
        "join_answer": 600,
        "published": 2500,
        "first_frame_back": 2500,
        "reconnect_signal": 13000,
        "reconnect_full": 15500,
    }


def test_the_drills_are_stages_of_a_run() -> None:
    drills = {
        "media.video_stuck": {"published_ms": 61.0, "first_frame_ms": 320.0},
        "media.reconnect": {"signal_ms": 3150.0, "full_ms": 350.0},
    }
    done = tuple(
        CheckResult(code, BY_CODE[code].no, Group.MEDIA, CheckState.PASSED, measured=found)
        for code, found in drills.items()
    )
    run = progress()

    made = report(replace(run, checks=(*run.checks, *done)))

    stages = {row["name"]: row["duration_ms"] for row in made["stages"]}
    assert stages["published"] == 61.0
    assert stages["first_frame_back"] == 320.0
    assert stages["reconnect_signal"] == 3150.0
    assert stages["reconnect_full"] == 350.0


def test_what_a_join_cut_short_says_so() -> None:
    running = CheckResult("media.mos", "P09", Group.MEDIA, CheckState.RUNNING, gating=False)
    run = progress()
    cut = replace(run, checks=(*run.checks, running))

    joined = report(cut, ended_by=EndedBy.JOINED)["checks"]
    so_far = report(cut, ended_by=None)["checks"]

    assert (joined[-1]["state"], joined[-1]["reason"]) == ("skipped", "joined")
    assert so_far[-1]["state"] == "running"
    assert [row["state"] for row in joined[:-1]] == [row["state"] for row in so_far[:-1]]


def test_a_file_is_replaced_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"

    write_report(path, report(progress()))
    write_report(path, report(progress(C08={"fps": 3.0})))

    assert load_report(path)["gate"]["passed"] is False
    assert [file.name for file in path.parent.iterdir()] == ["report.json"]


def test_a_file_that_does_not_say_how_it_ended_is_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "report.json"

    write_report(path, report(progress(), ended_by=None))

    assert load_report(path)["ended_by"] == "crash"


@pytest.mark.parametrize(
    "content", ['{"schema": "other"}', '{"schema": "liftbay.preflight", "schema_version": "2.0"}']
)
def test_another_schema_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(content)

    with pytest.raises(ValueError, match=r"no liftbay\.preflight"):
        load_report(path)


def test_an_unknown_field_is_carried_along(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(path, {**report(progress()), "invented_later": 1})

    assert load_report(path)["invented_later"] == 1


def test_a_check_that_did_not_run_has_no_remedy() -> None:
    run = progress()
    skipped = CheckResult(
        "net.room", "N05", run.checks[-2].group, CheckState.SKIPPED, reason="not_signed_in"
    )
    made = report(RunProgress((skipped,), decide([skipped]), 1.0, True))

    assert made["checks"][0]["remedy_id"] is None
    assert made["checks"][0]["reason"] == "not_signed_in"
