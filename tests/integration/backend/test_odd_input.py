"""Texts and numbers that a database cannot take are the caller's mistake, never a fault of ours."""

import base64
import json
import uuid
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import INTAKE, BackendService

NUL = "a\x00b"


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%27", "1" * 300])
async def test_an_id_of_an_odd_shape_is_simply_not_found(bench: CallBench, odd: str) -> None:
    http = bench.mechanic.http

    answers = [
        await http.get(f"/api/sessions/{odd}"),
        await http.post(f"/api/sessions/{odd}/token", json={}),
        await http.post(f"/api/mechanics/requests/{odd[:30]}/accept", json={}),
    ]

    assert [one.status_code for one in answers] == [404, 404, 404]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/messages", {"client_id": str(uuid.uuid4()), "text": NUL}),
        ("PUT", "/notes", {"findings": [], "text": NUL}),
    ],
)
async def test_a_text_with_a_nul_is_refused(
    bench: CallBench, method: str, path: str, body: dict[str, Any]
) -> None:
    headers = {"If-Match": '"0"'}

    answer = await bench.mechanic.http.request(
        method, f"{bench.path}{path}", json=body, headers=headers
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_a_rating_with_a_nul_is_refused(bench: CallBench) -> None:
    answer = await bench.customer.http.post(
        f"{bench.path}/rating", json={"stars": 5, "comment": NUL}
    )

    assert answer.status_code == 422


async def test_texts_of_several_lines_are_plain_text(bench: CallBench) -> None:
    body = {"client_id": str(uuid.uuid4()), "text": "one\n\ttwo\r\n\n"}

    answer = await bench.customer.http.post(f"{bench.path}/messages", json=body)

    assert (answer.status_code, answer.json()["text"]) == (201, body["text"])


@pytest.mark.parametrize("words", [NUL, "\x00", "%", "\\"])
async def test_words_of_any_kind_can_be_looked_for(bench: CallBench, words: str) -> None:
    answer = await bench.customer.http.get("/api/sessions", params={"q": words})

    assert answer.status_code == 200


async def test_a_cursor_with_a_nul_is_not_ours(bench: CallBench) -> None:
    text = json.dumps(["2026-11-22T12:00:00+00:00", NUL]).encode()
    before = base64.urlsafe_b64encode(text).decode()

    answer = await bench.customer.http.get("/api/sessions", params={"before": before})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


@pytest.mark.parametrize("after", [2**63, 10**30, -1])
async def test_no_message_has_such_a_number(bench: CallBench, after: int) -> None:
    answer = await bench.customer.http.get(f"{bench.path}/messages?after={after}")

    assert answer.status_code == 422


async def test_no_notes_have_such_a_version(bench: CallBench) -> None:
    answer = await bench.mechanic.http.put(
        f"{bench.path}/notes",
        json={"findings": [], "text": ""},
        headers={"If-Match": f'"{"9" * 5000}"'},
    )

    assert answer.status_code == 412


async def test_nobody_signs_in_with_a_nul(service: BackendService) -> None:
    http = await service.client()
    body = {"email": f"{NUL}@example.test", "password": "long enough"}

    answers = [
        await http.post("/api/mechanic/login", json=body),
        await http.post("/auth/v1/token?grant_type=password", json=body),
    ]

    assert [one.status_code for one in answers] == [401, 400]


async def test_a_report_with_half_a_character_is_no_fault(bench: CallBench) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()

    answer = await bench.customer.http.post(
        f"/api/preflight/{begun['run_id']}/report",
        content=b'{"schema": "liftbay.preflight", "odd": "\\ud800", "schema_version": "1.0",'
        b'"report_id": "7a6b5c4d-3e2f-4a1b-9c0d-8e7f6a5b4c05", "app": {"liftbay": "1.0"},'
        b'"context": {"nonce": "n"}, "checks": [], "devices": {}}',
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 422


async def test_a_sample_with_half_a_character_is_no_fault(bench: CallBench) -> None:
    answer = await bench.customer.http.post(
        f"{bench.path}/quality",
        content=b'{"attempt": "7a6b5c4d-3e2f-4a1b-9c0d-8e7f6a5b4c05", "samples": '
        b'[{"at": "2026-11-22T12:00:00+00:00", "odd": "\\ud800"}]}',
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 422


async def test_a_database_that_gives_no_connection_is_worth_another_try(
    service: BackendService, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs.allow("database.unavailable")
    customer = await service.customer()

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("database is locked"))

    monkeypatch.setattr(service.core.works, "begin", gone)

    answer = await customer.http.post("/api/intake/start", json=INTAKE)

    assert (answer.status_code, answer.json()["code"]) == (503, "server.unavailable")
    assert answer.headers["retry-after"] == "1"
    assert "secret" not in answer.text
