"""/openapi.json is exact: every route, every answer, every refusal, and examples that hold."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Response
from fastapi.routing import APIRoute, iter_route_contexts
from openapi_spec_validator import validate

from liftbay_backend.admission import ALWAYS
from liftbay_backend.app import create_app
from liftbay_backend.domain.ids import MechanicId, UserId
from liftbay_backend.domain.roles import Role
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.events import account_events
from liftbay_backend.identity import Principal
from liftbay_backend.openapi.document import describe
from liftbay_backend.openapi.examples import request_example, response_example
from liftbay_backend.openapi.table import ROWS
from liftbay_backend.problems import ErrorCode
from liftbay_backend.services.sign_in import AuthFault
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import call_bench
from tests.fakes.backend_service import INTAKE, BackendService
from tests.fakes.contract import fixture
from tests.fakes.described import Description, NotAsDescribed

ROOT = Path(__file__).resolve().parents[3]
NOT_DESCRIBED = {"/metrics", "/openapi.json"}
# Codes of the framework's own refusals, which any address can answer with.
ANYWHERE = {"http.not_found", "http.method_not_allowed"}
METHODS = ("get", "put", "post", "patch", "delete", "head")


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_app(Settings(data_dir=tmp_path))


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(app.openapi())
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def contents(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every body, in and out, with a name of its place."""
    for place, operation in operations(document):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{place} {kind}", content
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                yield f"{place} {status} {kind}", content


def test_the_document_keeps_to_openapi(document: dict[str, Any]) -> None:
    validate(document)

    assert document["openapi"].startswith("3.1")


def test_every_route_has_its_row(app: FastAPI) -> None:
    served = {
        (method, route.path_format)
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.path not in NOT_DESCRIBED
        for method in route.methods or ()
    }

    assert served == set(ROWS), "a new route needs a row in liftbay_backend/openapi/table.py"


def test_a_route_without_a_row_stops_the_description(app: FastAPI) -> None:
    @app.get("/api/forgotten")
    async def forgotten() -> Response:
        return Response()

    with pytest.raises(LookupError, match="/api/forgotten"):
        describe(app)


def test_every_answer_and_body_has_a_shape(document: dict[str, Any]) -> None:
    shapeless = [place for place, content in contents(document) if not content.get("schema")]
    loose = [
        place
        for place, content in contents(document)
        if " 2" in place and place.endswith("json") and "$ref" not in content["schema"]
    ]

    assert shapeless == []
    assert loose == []
    assert "HTTPValidationError" not in json.dumps(document)


def test_every_success_in_json_has_an_example_or_its_reason(document: dict[str, Any]) -> None:
    bare = {
        place
        for place, content in contents(document)
        if " 20" in place and place.endswith("/json") and not content.get("examples")
    }

    # These hold credentials or keys, or are no client's business: other servers' and support's.
    assert bare == {
        "GET /auth/v1/.well-known/jwks.json 200 application/json",
        "GET /auth/v1/user 200 application/json",
        "POST /auth/v1/signup 200 application/json",
        "POST /auth/v1/token 200 application/json",
        "POST /api/livekit/webhook 200 application/json",
        "POST /api/stripe/webhook 200 application/json",
        "GET /api/ready 200 application/json",
        "GET /api/sessions/{session_id}/quality 200 application/json",
    }


def test_every_example_keeps_to_its_schema(document: dict[str, Any]) -> None:
    description = Description(document)
    seen = 0

    for place, content in contents(document):
        if place.endswith("event-stream"):
            continue
        for example in content.get("examples", {}).values():
            shown = example
            if "$ref" in example:
                shown = document["components"]["examples"][example["$ref"].rpartition("/")[2]]
            description.check_value(place, content["schema"], shown["value"])
            seen += 1

    assert seen > 300


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/events", "account_events"),
        ("/api/sessions/{session_id}/events", "session_events"),
    ],
)
def test_every_event_of_the_contract_has_its_shape(
    document: dict[str, Any], path: str, name: str
) -> None:
    description = Description(document)
    content = document["paths"][path]["get"]["responses"]["200"]["content"]["text/event-stream"]
    told = fixture(name)["events"]

    for event in told:
        description.check_event(path, event["event"], event["data"])

    assert {event["event"] for event in told} == set(content["x-liftbay-events"])
    assert content["examples"][name]["value"].count("\nevent: ") == len(told)


def test_every_code_is_said_by_a_route(document: dict[str, Any]) -> None:
    text = json.dumps([operation["responses"] for _, operation in operations(document)])

    unsaid = {one.code for one in ErrorCode if f'"{one.code}"' not in text}

    assert unsaid == ANYWHERE
    assert {one.code for one in AuthFault if f'"{one.code}"' not in text} == set()


def test_refusals_are_problems_with_their_codes(document: dict[str, Any]) -> None:
    token = document["paths"]["/api/sessions/{session_id}/token"]["post"]["responses"]

    said = {
        status: set(
            answer["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"][
                "code"
            ]["enum"]
        )
        for status, answer in token.items()
        if status != "200"
    }

    assert said == {
        "401": {"auth.required", "auth.expired"},
        "403": {"auth.csrf", "session.not_participant"},
        "404": {"session.not_found", "session.not_video"},
        "409": {"session.ended", "session.not_joinable"},
        "413": {"http.too_large"},
        "422": {"request.invalid"},
        "428": {"preflight.required", "preflight.synthetic_source"},
        "500": {"server.fault"},
        "503": {"server.unavailable", "sfu.unavailable"},
    }


def test_whatever_can_be_refused_as_too_much_says_so(document: dict[str, Any]) -> None:
    without = {
        place
        for place, operation in operations(document)
        if "503" not in operation["responses"] and place.partition(" ")[2] not in ALWAYS
    }

    assert without == set()
    assert {"GET /auth/v1/.well-known/jwks.json", "POST /api/preflight/echo"} <= {
        place for place, operation in operations(document) if "503" in operation["responses"]
    }


def test_every_route_says_what_opens_it(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    security = {place: operation["security"] for place, operation in operations(document)}
    open_to_all = {place for place, needed in security.items() if not needed or {} in needed}

    assert {name for needed in security.values() for one in needed for name in one} == set(schemes)
    assert security["PUT /api/me/presence"] == [{"mechanicCookie": [], "clientHeader": []}]
    assert security["POST /api/intake/start"] == [{"accessToken": []}]
    assert security["POST /api/sessions/{session_id}/refund"] == [{"accessToken": []}]
    assert security["GET /api/me"] == [{"accessToken": []}, {"mechanicCookie": []}]
    assert open_to_all == {
        "GET /api/health",
        "GET /api/ready",
        "GET /portal-check",
        "POST /api/preflight",
        "POST /api/preflight/echo",
        "POST /api/diagnostics",
        "POST /api/mechanic/login",
        "POST /auth/v1/signup",
        "POST /auth/v1/token",
        "POST /auth/v1/otp",
        "POST /auth/v1/verify",
        "GET /auth/v1/.well-known/jwks.json",
    }


def test_an_upload_says_which_headers_it_reads(document: dict[str, Any]) -> None:
    routes = document["paths"]["/api/sessions/{session_id}/files/{file_id}"]
    asked = {
        one["name"]: one["required"] for one in routes["patch"]["parameters"] if one["in"] != "path"
    }

    assert asked == {"Tus-Resumable": True, "Upload-Offset": True, "Upload-Checksum": False}
    assert set(routes["patch"]["requestBody"]["content"]) == {"application/offset+octet-stream"}
    assert routes["patch"]["responses"]["460"]["description"] == "Checksum Mismatch"
    assert "422" not in routes["delete"]["responses"]
    assert not any("content" in one for one in routes["head"]["responses"].values())
    assert "image/heic" in routes["get"]["responses"]["206"]["content"]


def test_stripe_proves_itself_by_its_signature(document: dict[str, Any]) -> None:
    webhook = document["paths"]["/api/stripe/webhook"]["post"]

    assert webhook["security"] == [{"stripeSignature": []}]
    assert webhook["parameters"] == []


def test_the_examples_are_the_contracts() -> None:
    script = [sys.executable, "scripts/openapi_examples.py", "--check"]

    found = subprocess.run(script, cwd=ROOT, check=False)

    assert found.returncode == 0, "run python scripts/openapi_examples.py"
    assert response_example("plans") == fixture("plans")["response"]
    assert request_example("diagnostic") == fixture("report")["report"]


async def test_the_service_serves_its_description(service: BackendService) -> None:
    answer = await (await service.client()).get("/openapi.json")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == service.app.openapi()
    assert answer.json()["paths"].keys() == {path for _, path in ROWS}


def test_a_start_does_not_load_the_description() -> None:
    """Its shapes would cost every start time and memory, for what is seldom asked."""
    code = (
        "import sys, liftbay_backend.app;sys.exit('liftbay_backend.openapi.table' in sys.modules)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "backend")}

    found = subprocess.run([sys.executable, "-c", code], env=environment, check=False, timeout=120)

    assert found.returncode == 0


async def test_every_event_that_is_written_is_as_described(service: BackendService) -> None:
    """The streams' rows, from the intake to the end of a call."""
    bench = await call_bench(service)
    await bench.start()
    body = {"client_id": "d4c3b2a1-0f9e-4d8c-b7a6-5f4e3d2c1b09", "text": "Hello"}
    await bench.customer.http.post(f"{bench.path}/messages", json=body)
    notes = {"findings": [], "text": "Belt"}
    await bench.mechanic.http.put(f"{bench.path}/notes", json=notes, headers={"If-Match": '"0"'})
    bench.drop(bench.customer)
    service.clock.advance(seconds=20)
    await bench.look()
    await bench.end(bench.mechanic, reason="ended_by_mechanic")
    description = Description(service.app.openapi())
    kinds = ("status", "clock", "presence", "message", "note", "ended", "settlement")

    told = {kind: await bench.events(kind) for kind in kinds}

    for kind, every in told.items():
        assert every, kind
        for data in every:
            description.check_event("/api/sessions/{session_id}/events", kind, data)


async def test_every_event_of_a_dashboard_is_as_described(service: BackendService) -> None:
    bench = await call_bench(service)
    away = await service.pending_session(bench.customer)
    await bench.customer.http.post(f"/api/sessions/{away['id']}/cancel", json={})
    await bench.customer.http.put(f"{bench.path}/readiness", json={"state": "ready", "rung": 6})
    await bench.start()
    service.clock.advance(minutes=30)
    await bench.end(bench.mechanic, reason="ended_by_mechanic")
    core = service.core
    settling = Settling(core, BookTransfers(core.database, core.clock))
    for step in (settling.begin, settling.pay_mechanic, settling.record_in_crm):
        await step(bench.session_id)
    await settling.offer_upsells(bench.session_id)
    await settling.finish(bench.session_id)
    assert bench.mechanic.mechanic_id is not None
    both = Principal(
        user_id=UserId(bench.customer.user_id),
        customer_id=UserId(bench.customer.user_id),
        mechanic_id=MechanicId(bench.mechanic.mechanic_id),
        roles=frozenset({Role.CUSTOMER, Role.MECHANIC}),
        expires_at=core.clock.now(),
        name="",
        email="",
    )
    description = Description(service.app.openapi())

    read, _ = await account_events(core, both, 0)
    async with core.database.reading() as db:
        told = await read(db, 0)

    assert told is not None
    for event in told.events:
        description.check_event("/api/events", event.kind, json.loads(event.data))
    # Of requests, mechanics are told none of their own; these are the customer's.
    assert {event.kind for event in told.events} >= {
        "request.closed",
        "session.changed",
        "readiness",
        "settlement",
    }


async def test_the_clients_of_the_tests_are_judged(service: BackendService) -> None:
    """Without this, a hook that nobody calls would pass everything."""
    customer = await service.customer()
    # The document of the whole service is read before its routes go.
    await customer.http.get("/api/me")

    async def loose() -> Response:
        return Response('{"user_id": 1}', media_type="application/json")

    service.app.router.routes.clear()
    service.app.add_api_route("/api/me", loose)

    with pytest.raises(NotAsDescribed, match="mechanic_id"):
        await customer.http.get("/api/me")


@pytest.mark.parametrize(
    ("field", "value", "is_taken"),
    [
        ("make", "Honda", True),
        ("make", " \t ", False),
        ("make", "Hon\x00da", False),
        ("make", "Hon\x7fda", False),
        ("make", "two\nlines", True),
        ("vin", "2HGFC2F59GH500001", True),
        ("vin", " 2hgfc2f59gh500001 ", True),
        ("vin", "2HGFC2F59GH50000O", False),
        ("vin", "1234", False),
        ("vin", None, True),
    ],
)
async def test_what_is_said_of_a_car_is_what_is_taken(
    service: BackendService, field: str, value: str | None, is_taken: bool
) -> None:
    """The validators are code and their patterns are written beside them: both must agree."""
    customer = await service.customer()
    vehicle = {**INTAKE["vehicle"], field: value}
    document = service.app.openapi()
    schema = {"$ref": "#/components/schemas/Vehicle"}

    answer = await customer.http.post("/api/intake/start", json={**INTAKE, "vehicle": vehicle})

    assert answer.status_code == (201 if is_taken else 422)
    if is_taken:
        Description(document).check_value(field, schema, vehicle)
    else:
        with pytest.raises(NotAsDescribed):
            Description(document).check_value(field, schema, vehicle)
