"""The report: its order, its contract, its file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from client_api.wire import PreflightTrigger
from preflight.catalogue import judge
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.gate import GATING, decide
from preflight.model import CheckResult, CheckState, Measured, RunProgress
from preflight.report import (
    EndedBy,
    ReportBody,
    ReportHead,
    build_report,
    load_report,
    write_report,
)
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
