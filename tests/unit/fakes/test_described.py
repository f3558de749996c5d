"""The tests' own judge refuses what the service's OpenAPI document does not name."""

import copy
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from liftbay_backend.app import create_app
from liftbay_backend.settings import Settings
from tests.fakes.described import Description, NotAsDescribed


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(create_app(Settings(data_dir=tmp_path)).openapi())
    return found


@pytest.mark.parametrize(
    ("status", "kind", "body", "said"),
    [
        (200, "application/json", {"available": True, "odd": 1}, "odd"),
        (200, "application/json", {}, "available"),
        (200, "text/plain", {"available": True}, "text/plain"),
        (202, "application/json", {"available": True}, "not described"),
        (409, "application/problem+json", {}, "not described"),
        (
            403,
            "application/problem+json",
            {
                "type": "about:blank",
                "code": "session.ended",
                "title": "t",
                "status": 403,
                "detail": "d",
                "request_id": None,
            },
            "session.ended",
        ),
    ],
)
def test_an_answer_outside_is_refused(
    document: dict[str, Any], status: int, kind: str, body: Any, said: str
) -> None:
    answer = answered("PUT", "/api/me/presence", status, kind, body)

    with pytest.raises(NotAsDescribed, match=said):
        Description(document).check(answer)


def test_an_answer_inside_is_taken(document: dict[str, Any]) -> None:
    answer = answered("PUT", "/api/me/presence", 200, "application/json", {"available": True})

    Description(document).check(answer)


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/nowhere"), ("PATCH", "/api/me")])
def test_where_there_is_no_route_only_a_problem_is_right(
    document: dict[str, Any], method: str, path: str
) -> None:
    answer = answered(method, path, 200, "application/json", {})

    with pytest.raises(NotAsDescribed):
        Description(document).check(answer)


def answered(method: str, path: str, status: int, kind: str, body: Any) -> httpx.Response:
    return httpx.Response(
        status,
        headers={"content-type": kind},
        content=json.dumps(body),
        request=httpx.Request(method, f"http://service.test{path}"),
    )
