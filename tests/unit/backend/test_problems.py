"""The error codes are the contract's, and no refusal repeats what somebody typed."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel
from structlog.testing import capture_logs

from liftbay_backend.metrics import REGISTRY
from liftbay_backend.middleware import RequestScope
from liftbay_backend.problems import ErrorCode, Problem, install_problem_handlers
from tests.fakes.contract import fixture, response


class Body(BaseModel):
    password: int


def app() -> FastAPI:
    made = FastAPI()
    install_problem_handlers(made)
    made.add_middleware(RequestScope)

    @made.post("/body")
    async def body(_body: Body) -> None:
        return None

    @made.get("/refused")
    async def refused() -> None:
        raise Problem(ErrorCode.PREFLIGHT_REQUIRED, reason="stale", blocking=[])

    @made.get("/both")
    @made.put("/both")
    async def both() -> None:
        return None

    @made.get("/slow-down")
    async def slow_down() -> None:
        raise HTTPException(429, headers={"Retry-After": "7"})

    @made.post("/echo")
    async def echo(request: Request) -> Response:
        return Response(await request.body())

    @made.get("/broken")
    async def broken() -> None:
        raise RuntimeError("the secret is 12345")

    return made


async def ask(method: str, path: str, **more: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
        return await http.request(method, path, **more)


def test_the_codes_are_exactly_the_contracts() -> None:
    listed = fixture("errors")["codes"]

    ours = {one.code: (one.status, one.title) for one in ErrorCode}

    assert ours == {one["code"]: (one["status"], one["title"]) for one in listed}


async def test_a_problem_has_the_contracts_members() -> None:
    wanted = response("problem")

    answer = await ask("GET", "/refused")

    assert answer.status_code == 428
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == set(wanted)
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_who_hangs_up_in_the_middle_of_a_body_is_no_fault_of_ours() -> None:
    told: list[Any] = []
    arrives = iter(
        [
            {"type": "http.request", "body": b"the first part", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/echo",
        "raw_path": b"/echo",
        "query_string": b"",
        "headers": [],
    }

    async def receive() -> Any:
        return next(arrives)

    async def send(message: Any) -> None:
        told.append(message)

    with capture_logs() as lines:
        await app()(scope, receive, send)

    assert [one["event"] for one in lines if one["log_level"] != "info"] == []
    assert told[0]["status"] == ErrorCode.REQUEST_INVALID.status


async def test_a_wrong_method_is_told_every_right_one() -> None:
    """Two routes with one path: the framework would name the first one's method alone."""
    answer = await ask("PATCH", "/both")

    assert (answer.status_code, answer.json()["code"]) == (405, "http.method_not_allowed")
    assert answer.headers["allow"] == "GET, PUT"


async def test_a_body_that_is_refused_is_never_repeated() -> None:
    answer = await ask("POST", "/body", json={"password": "correct horse battery"})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert "horse" not in answer.text
    assert answer.json()["errors"] == [{"at": "body.password", "kind": "int_parsing"}]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "http.not_found"),
        ("DELETE", "/body", 405, "http.method_not_allowed"),
        ("GET", "/slow-down", 429, "rate.limited"),
    ],
)
async def test_the_frameworks_own_errors_are_problems_too(
    method: str, path: str, status: int, code: str
) -> None:
    answer = await ask(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_headers_that_belong_to_an_error_are_passed_on() -> None:
    assert (await ask("GET", "/slow-down")).headers["retry-after"] == "7"
    assert (await ask("DELETE", "/body")).headers["allow"] == "POST"


async def test_a_fault_of_ours_says_nothing_about_itself() -> None:
    with capture_logs() as logged:
        answer = await ask("GET", "/broken")

    (line,) = [entry for entry in logged if entry["log_level"] == "error"]
    assert (line["event"], line["route"]) == ("server.fault", "/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "server.fault")
    assert "12345" not in answer.text


async def test_a_fault_of_ours_is_counted_and_found_again_like_every_answer() -> None:
    labels = {"method": "GET", "route": "/broken", "status": "500"}
    before = REGISTRY.get_sample_value("liftbay_http_requests_total", labels) or 0

    with capture_logs() as logged:
        answer = await ask("GET", "/broken", headers={"X-Request-Id": "abcdef-123456"})

    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "abcdef-123456"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert REGISTRY.get_sample_value("liftbay_http_requests_total", labels) == before + 1
    assert [one["status"] for one in logged if one["event"] == "http.request"] == [500]


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read() -> None:
    answer = await ask("POST", "/body", content=b"x" * (1024 * 1024 + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "http.too_large")


async def test_a_callers_request_id_is_kept_only_when_it_is_harmless() -> None:
    kept = await ask("GET", "/refused", headers={"X-Request-Id": "abcdef-123456"})
    replaced = await ask("GET", "/refused", headers={"X-Request-Id": "<script>"})

    assert kept.headers["x-request-id"] == "abcdef-123456"
    assert replaced.headers["x-request-id"] != "<script>"
