"""The client reads every fixture it will meet, and writes what the fixtures say it sends."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from client_api import records, wire
from client_api.errors import CLIENT_SIDE_CODES, ErrorCode, error_code
from client_api.outbox import EndBody
from client_api.secret import Secret
from client_api.stream_events import StreamBegan, read_account_event, read_session_event
from tests.fakes.contract import CONTRACT, fixture
from tests.fakes.wire_samples import answer

ANSWERS: dict[str, type[Any]] = {
    "bundle": wire.KeptBundle,
    "clock_not_started": wire.SessionClock,
    "clock_paused": wire.SessionClock,
    "clock_running": wire.SessionClock,
    "diagnostic": wire.SentDiagnostic,
    "diagnostic_found": wire.FoundReport,
    "earnings": records.Earnings,
    "file_begin": records.BegunFile,
    "files": records.SharedFiles,
    "extension": records.ExtensionStarted,
    "extension_offers": records.ExtensionOffers,
    "health": wire.Health,
    "intake_start": wire.IntakeStarted,
    "me_customer": wire.Me,
    "me_mechanic": wire.Me,
    "mechanic_login": wire.MechanicSignedIn,
    "message": records.Message,
    "messages": records.MessagePage,
    "notes": records.Notes,
    "plans": wire.PlanOffers,
    "preflight_begin": wire.PreflightRun,
    "preflight_report": wire.PreflightVerdict,
    "presence": wire.Availability,
    "problem": wire.Problem,
    "quality": records.QualityAccepted,
    "rating": records.Rating,
    "readiness": wire.Readiness,
    "recording_consent": records.RecordingConsents,
    "refund": records.RefundOrdered,
    "request_accept": wire.RequestAccepted,
    "requests": wire.OpenRequests,
    "session": wire.Session,
    "session_cancel": wire.Session,
    "session_completed": wire.Session,
    "session_end": wire.EndedSession,
    "session_end_ignored": wire.EndedSession,
    "session_start": wire.StartedSession,
    "session_token": wire.RoomTicket,
    "sessions": wire.SessionPage,
    "summary": records.Summary,
    "upsells": records.Upsells,
}
ELSEWHERE = {
    "account_events",  # below, event by event
    "errors",  # below
    "gate",  # the preflight's, in tests/contract/test_preflight_*.py
    "report",  # the preflight's
    "session_events",  # below, event by event
    "status_machine",  # below
}


def test_no_fixture_is_forgotten() -> None:
    names = {path.stem for path in CONTRACT.glob("*.json")}

    assert names == set(ANSWERS) | ELSEWHERE


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_client_reads_an_answer_and_writes_the_same_again(name: str) -> None:
    """Writing it again shows that no field was dropped on the way in."""
    value = answer(name, ANSWERS[name])

    again = json.loads(msgspec.json.encode(value, enc_hook=Secret.reveal))

    # A problem's optional fields are only there where they say something.
    unsaid = {"current": None, "requested": None} if name == "problem" else {}
    assert _plain(again) == _plain({**fixture(name)["response"], **unsaid})


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_field_of_a_newer_service_is_passed_over(name: str) -> None:
    text = json.dumps({**fixture(name)["response"], "from_the_future": {"a": 1}})

    value = msgspec.json.decode(text, type=ANSWERS[name], dec_hook=wire.read_secret)

    assert value == answer(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(set(ANSWERS) - {"problem"}))
def test_an_answer_without_its_fields_is_broken(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b"{}", type=ANSWERS[name], dec_hook=wire.read_secret)


def test_a_body_without_anything_is_no_problem_either() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"title": "?"}', type=wire.Problem)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("extension", records.ExtensionChoice),
        ("intake_start", wire.Intake),
        ("notes", records.NotesDraft),
        ("presence", wire.Availability),
        ("rating", records.Rating),
        ("refund", records.RefundWish),
        ("session_end", EndBody),
    ],
)
def test_the_client_sends_what_the_fixture_shows(name: str, shape: type[Any]) -> None:
    request = fixture(name)["request"]

    sent = msgspec.json.encode(msgspec.json.decode(json.dumps(request), type=shape))

    assert _plain(json.loads(sent)) == _plain(request)


def test_every_session_event_is_known() -> None:
    for event in fixture("session_events")["events"]:
        read = read_session_event(event["event"], event["id"], json.dumps(event["data"]))

        assert read is not None
        assert read.seq == event["id"]
        assert read.at.utcoffset() == timedelta(0)


def test_every_account_event_is_known() -> None:
    for event in fixture("account_events")["events"]:
        read = read_account_event(event["event"], event["id"], json.dumps(event["data"]))

        assert read is not None
        assert read.seq == event["id"]


def test_a_stream_begins_with_its_number_alone() -> None:
    sessions, accounts = fixture("session_events")["first"], fixture("account_events")["first"]

    assert set(sessions) == set(accounts) == {"id"}
    assert read_session_event("message", sessions["id"], "") is None
    assert read_account_event("message", accounts["id"], "") == StreamBegan(accounts["id"])


def test_a_kind_of_a_newer_service_is_no_event_for_us() -> None:
    assert read_session_event("telepathy", 1, "not even JSON") is None
    assert read_account_event("telepathy", 1, "not even JSON") is None


def test_every_error_code_is_known_and_no_other_is_invented() -> None:
    codes = {entry["code"] for entry in fixture("errors")["codes"]}

    ours = {code.value for code in ErrorCode if code not in CLIENT_SIDE_CODES}

    assert ours == codes


@pytest.mark.parametrize("entry", fixture("errors")["codes"], ids=lambda entry: str(entry["code"]))
def test_an_error_code_maps_to_its_own_member(entry: dict[str, Any]) -> None:
    assert error_code(entry["code"]).value == entry["code"]


def test_an_error_code_of_a_newer_service_is_unknown() -> None:
    assert error_code("coffee.cold") is ErrorCode.UNKNOWN


def test_every_status_of_the_machine_is_known() -> None:
    statuses = set(fixture("status_machine")["sessions"])

    assert statuses == {s.value for s in wire.SessionStatus if s is not wire.SessionStatus.UNKNOWN}


def test_a_session_is_over_where_the_machine_knows_no_way_back_to_the_call() -> None:
    machine = fixture("status_machine")["sessions"]
    alive = {"pending", "scheduled", "accepted", "waiting", "reconnecting", "live"}

    over = {status.value for status in wire.OVER_STATUSES}

    assert over == set(machine) - alive
    assert all(not alive & set(machine[status]) for status in over)


def test_a_mechanic_has_two_different_ids() -> None:
    me = answer("me_mechanic", wire.Me)

    assert me.mechanic_id is not None
    assert str(me.mechanic_id) != str(me.user_id)


def _plain(value: Any) -> Any:
    """Let times compare whatever way they are written (`Z` or `+00:00`, with or without ms)."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and value[:2] == "20" and "T" in value:
        return value.replace("+00:00", "Z").replace(".000Z", "Z").replace("250000Z", "250Z")
    return value
