"""What a load run says of itself: budgets that can be missed, a slope, a made-up media server."""

import json
from pathlib import Path
from typing import Any

import pytest
from livekit import api

from benchmarks.load.ledger import Ledger
from benchmarks.load.room_api import Rooms
from benchmarks.load.tables import faults_of, main, scale_table, stage_table
from benchmarks.load.watch import slope

ROOT = Path(__file__).resolve().parents[3]
ROOM_SERVICE = "/twirp/livekit.RoomService/"


def stage(**changes: Any) -> dict[str, Any]:
    quick = {"count": 9, "p50": 2.0, "p95": 9.0, "p99": 12.0, "max": 15.0}
    return {
        "sessions": 200,
        "seconds": 600.0,
        "requests_per_second": 170.0,
        "faults": {},
        "routes": {"GET /clock": quick},
        "events": {"arrived": 9, "lost": 0, "p50": 5.0, "p95": 11.0, "p99": 12.0, "max": 13.0},
        "rss_mib": {"first": 180.0, "last": 181.0, "most": 181.0, "slope_per_minute": 0.1},
        "service_cores": 0.5,
        "service_ms_per_session_second": 2.5,
        "driver_cores": 0.1,
        "room_api_cores": 0.01,
        "write_transactions_per_second": 90.0,
        "write_transactions_per_session_second": 0.45,
        "load_before": 0.2,
        "load_after": 1.2,
    } | changes


def test_a_run_within_its_budgets_has_no_fault() -> None:
    assert faults_of(stage()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"faults": {"GET /clock: 503": 2}}, "GET /clock: 503 (2x)"),
        ({"routes": {"PUT /notes": {"p95": 50.0}}}, "PUT /notes 50.0 ms at p95"),
        ({"starts": {"POST /start": {"p95": 86.0}}}, "POST /start of the start 86.0 ms at p95"),
        ({"events": {"arrived": 9, "lost": 0, "p95": 61.0}}, "events 61.0 ms at p95"),
        ({"events": {"arrived": 9, "lost": 1}}, "1 events lost"),
        ({"rss_mib": {"slope_per_minute": 0.6}}, "memory grows by 0.6 MiB a minute"),
    ],
)
def test_each_budget_can_be_missed(changes: dict[str, Any], words: str) -> None:
    assert faults_of(stage(**changes)) == [words]


def test_a_short_run_says_nothing_about_memory() -> None:
    assert faults_of(stage(seconds=45.0, rss_mib={"slope_per_minute": 9.0})) == []


def test_the_slope_is_that_of_the_best_line() -> None:
    assert slope([(0, 10), (1, 12), (2, 14)]) == pytest.approx(2.0)
    assert slope([(0, 10)]) == 0.0
    assert slope([(1, 10), (1, 12)]) == 0.0


def test_tables_have_a_row_for_each_route_and_each_size() -> None:
    assert "| GET /clock | 9 | 2.0 | 9.0 | 12.0 | 15.0 |" in stage_table(stage())
    machine = {"machine": {"load_1_min": 0.3}}
    result = {"database": "sqlite", "instances": 1, **machine, "stages": [stage(), stage()]}
    assert scale_table(result).count("\n| 200 |") == 2


def test_a_row_says_at_which_size_sessions_did_not_begin() -> None:
    faults = {"POST /start: 503 busy": 4}
    told = scale_table(
        {
            **{"database": "sqlite", "instances": 1, "machine": {"load_1_min": 0.3}},
            **{"stages": [stage()], "not_begun": {"sessions": 500, "faults": faults}},
        }
    )
    assert told.endswith("\nnot all of 500 sessions began: POST /start: 503 busy (4x)")


def test_the_ledger_counts_while_it_is_open_and_faults_always() -> None:
    ledger = Ledger()
    ledger.took("GET /clock", 9.0)
    ledger.failed("GET /clock", "503")
    ledger.open()
    ledger.took("GET /clock", 0.001)
    ledger.took("GET /clock", 0.003)
    ledger.said("m")
    ledger.heard("m")
    ledger.heard("another run's")

    told = ledger.summary()

    assert told["routes"]["GET /clock"]["max"] == 3.0
    assert told["faults"] == {"GET /clock: 503": 1}
    assert (told["events"]["arrived"], told["events"]["lost"]) == (1, 0)


def test_the_made_up_media_server_answers_as_the_real_one() -> None:
    rooms = Rooms()
    rooms.answer("PUT", "/rooms/session-s", json.dumps({"customer-c": '{"attempt":"a"}'}).encode())
    asked = api.ListParticipantsRequest(room="session-s").SerializeToString()

    status, body = rooms.answer("POST", f"{ROOM_SERVICE}ListParticipants", asked)

    [person] = api.ListParticipantsResponse.FromString(body).participants
    assert (status, person.identity, person.metadata) == ("200 OK", "customer-c", '{"attempt":"a"}')
    assert person.state == api.ParticipantInfo.State.ACTIVE
    gone = api.ListParticipantsRequest(room="session-t").SerializeToString()
    assert rooms.answer("POST", f"{ROOM_SERVICE}ListParticipants", gone)[0] == "404 Not Found"


def test_the_tables_of_the_document_are_those_of_the_kept_results(
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = (ROOT / "docs" / "capacity.md").read_text("utf-8")

    assert main() == 0

    tables = [part for part in capsys.readouterr().out.split("\n\n") if part.startswith("|")]
    assert tables
    assert [table for table in tables if table.strip() not in document] == []
