"""Every route of the service, with every kind of caller: nobody reaches what is not theirs."""

import uuid
from collections.abc import Callable
from enum import Enum, auto

import httpx
import pytest

from liftbay_backend.settings import Settings
from tests.fakes.backend_service import CLIENT_HEADER, BackendService, backend_service


class Policy(Enum):
    """Who may use a route at all."""

    ANYONE = auto()
    SIGNED_IN = auto()
    CUSTOMER = auto()
    MECHANIC = auto()
    SUPPORT = auto()
    PARTICIPANT = auto()
    PARTICIPANT_OR_SUPPORT = auto()
    # Decided by something that is no sign-in: a password, a cookie of its own, a signature.
    OWN_PROOF = auto()


P = Policy
POLICIES = {
    ("GET", "/api/health"): P.ANYONE,
    ("GET", "/portal-check"): P.ANYONE,
    ("POST", "/api/preflight"): P.ANYONE,
    ("POST", "/api/preflight/echo"): P.ANYONE,
    ("POST", "/api/diagnostics"): P.ANYONE,
    ("GET", "/api/diagnostics/{code}"): P.SUPPORT,
    ("GET", "/auth/v1/.well-known/jwks.json"): P.ANYONE,
    ("POST", "/auth/v1/signup"): P.OWN_PROOF,
    ("POST", "/auth/v1/token"): P.OWN_PROOF,
    ("POST", "/auth/v1/otp"): P.OWN_PROOF,
    ("POST", "/auth/v1/verify"): P.OWN_PROOF,
    ("GET", "/auth/v1/user"): P.OWN_PROOF,
    ("POST", "/auth/v1/logout"): P.OWN_PROOF,
    ("POST", "/api/mechanic/login"): P.OWN_PROOF,
    ("POST", "/api/mechanic/refresh"): P.OWN_PROOF,
    ("POST", "/api/mechanic/logout"): P.OWN_PROOF,
    ("POST", "/api/livekit/webhook"): P.OWN_PROOF,
    ("GET", "/api/me"): P.SIGNED_IN,
    ("GET", "/api/plans"): P.SIGNED_IN,
    ("GET", "/api/events"): P.SIGNED_IN,
    ("GET", "/api/sessions"): P.SIGNED_IN,
    ("POST", "/api/preflight/{run_id}/report"): P.SIGNED_IN,
    ("PUT", "/api/me/presence"): P.MECHANIC,
    ("GET", "/api/mechanics/requests"): P.MECHANIC,
    ("POST", "/api/mechanics/requests/{request_id}/accept"): P.MECHANIC,
    ("GET", "/api/earnings"): P.MECHANIC,
    ("POST", "/api/intake/start"): P.CUSTOMER,
    ("GET", "/api/sessions/{session_id}"): P.PARTICIPANT_OR_SUPPORT,
    ("GET", "/api/sessions/{session_id}/events"): P.PARTICIPANT_OR_SUPPORT,
    ("GET", "/api/sessions/{session_id}/readiness"): P.PARTICIPANT_OR_SUPPORT,
    ("GET", "/api/sessions/{session_id}/clock"): P.PARTICIPANT_OR_SUPPORT,
    ("GET", "/api/sessions/{session_id}/summary"): P.PARTICIPANT_OR_SUPPORT,
    ("GET", "/api/sessions/{session_id}/messages"): P.PARTICIPANT_OR_SUPPORT,
    ("GET", "/api/sessions/{session_id}/notes"): P.PARTICIPANT_OR_SUPPORT,
    ("GET", "/api/sessions/{session_id}/quality"): P.PARTICIPANT_OR_SUPPORT,
    ("PUT", "/api/sessions/{session_id}/readiness"): P.PARTICIPANT,
    ("POST", "/api/sessions/{session_id}/token"): P.PARTICIPANT,
    ("POST", "/api/sessions/{session_id}/start"): P.PARTICIPANT,
    ("POST", "/api/sessions/{session_id}/end"): P.PARTICIPANT,
    ("POST", "/api/sessions/{session_id}/cancel"): P.PARTICIPANT,
    ("POST", "/api/sessions/{session_id}/messages"): P.PARTICIPANT,
    ("PUT", "/api/sessions/{session_id}/notes"): P.PARTICIPANT,
    ("POST", "/api/sessions/{session_id}/rating"): P.PARTICIPANT,
    ("POST", "/api/sessions/{session_id}/quality"): P.PARTICIPANT,
    ("GET", "/api/sessions/{session_id}/upsells"): P.PARTICIPANT,
}
REFUSED = {
    P.ANYONE: frozenset[str](),
    P.OWN_PROOF: frozenset[str](),
    P.SIGNED_IN: frozenset[str](),
    P.CUSTOMER: frozenset({"mechanic", "other mechanic", "support"}),
    P.MECHANIC: frozenset({"customer", "other customer", "support"}),
    P.SUPPORT: frozenset({"customer", "mechanic", "other customer", "other mechanic"}),
    P.PARTICIPANT: frozenset({"other customer", "other mechanic", "support"}),
    P.PARTICIPANT_OR_SUPPORT: frozenset({"other customer", "other mechanic"}),
}
# A body that makes sense, where a wrong one would be refused before the side is looked at.
BODIES = {"notes": {"findings": [], "text": ""}, "rating": {"stars": 4, "comment": ""}}
STREAMS = {"/api/events", "/api/sessions/{session_id}/events"}


async def test_every_route_refuses_exactly_whom_it_must(service: BackendService) -> None:
    paths = service.app.openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert routes == set(POLICIES), "a new route needs a line in the table above"
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    callers = {
        "customer": customer.http,
        "mechanic": mechanic.http,
        "other customer": (await service.customer("Ida Stranger")).http,
        "other mechanic": (await service.mechanic("Max Stranger")).http,
        "support": (await service.support()).http,
    }
    anonymous = await service.client(**CLIENT_HEADER)
    wrong = []

    for (method, path), policy in POLICIES.items():
        address = path.format(
            session_id=session["id"],
            request_id=session["request_id"],
            run_id=uuid.uuid4(),
            code="0000-0000",
        )
        if policy in (P.OWN_PROOF, P.ANYONE):
            continue
        status = (await _ask(anonymous, method, address)).status_code
        if status != 401:
            wrong.append(f"anonymous {method} {path}: {status}")
        for name, http in callers.items():
            refused = name in REFUSED[policy] or _other_sides(path, method, name)
            if path in STREAMS and not refused:
                continue
            if method == "POST" and path.endswith(("/cancel", "/end")) and not refused:
                continue
            status = (await _ask(http, method, address)).status_code
            if (status in (401, 403)) != refused:
                wrong.append(f"{name} {method} {path}: {status}")

    assert wrong == []


def _other_sides(path: str, method: str, name: str) -> bool:
    """Within a session some things belong to one side, or to support, alone."""
    refused = {
        ("PUT", "/api/sessions/{session_id}/notes"): ("customer",),
        ("POST", "/api/sessions/{session_id}/rating"): ("mechanic",),
        ("GET", "/api/sessions/{session_id}/upsells"): ("mechanic",),
        ("GET", "/api/sessions/{session_id}/quality"): ("customer", "mechanic"),
    }
    return name in refused.get((method, path), ())


@pytest.mark.parametrize("path", ["/api/health", "/portal-check", "/auth/v1/.well-known/jwks.json"])
async def test_some_things_anyone_may_ask(service: BackendService, path: str) -> None:
    anonymous = await service.client()

    assert (await anonymous.get(path)).status_code in (200, 204)


async def test_what_does_not_exist_is_not_found_before_it_is_forbidden(
    service: BackendService,
) -> None:
    stranger, unsigned = await service.customer(), await service.client()
    addresses = [f"/api/sessions/{uuid.uuid4()}", "/api/sessions/nonsense"]

    signed = [await stranger.http.get(address) for address in addresses]
    anonymous = [await unsigned.get(address) for address in addresses]
    request = await stranger.http.post(f"/api/mechanics/requests/{uuid.uuid4()}/accept", json={})

    assert {(one.status_code, one.json()["code"]) for one in signed} == {(404, "session.not_found")}
    assert {one.status_code for one in anonymous} == {401}
    assert (request.status_code, request.json()["code"]) == (404, "request.not_found")


async def test_a_mechanics_user_id_opens_nothing(service: BackendService) -> None:
    """The old product mixed up a mechanic's two ids; here each opens its own doors alone."""
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    token = (
        await (await service.client()).post(
            "/auth/v1/token?grant_type=password",
            json={"email": "dana2@example.test", "password": "correct horse battery"},
        )
    ).json()["access_token"]

    as_user = await service.client(Authorization=f"Bearer {token}")
    answer = await as_user.get(f"/api/sessions/{session['id']}")

    assert (answer.status_code, answer.json()["code"]) == (403, "session.not_participant")


async def test_health_says_what_the_contract_says_without_asking_the_database(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(allow_synthetic=True)) as service:
        await service.core.database.close()
        anonymous = await service.client()

        answer = await anonymous.get("/api/health")

        body = answer.json()
        assert set(body) == {
            "status",
            "server_now",
            "version",
            "min_client_version",
            "allow_synthetic",
            "checks",
        }
        assert body["server_now"] == "2026-11-22T12:00:00.000+00:00"
        assert body["allow_synthetic"] is True
        assert set(body["checks"]) == {"database", "sfu"}
        assert answer.headers["server-timing"].startswith("app;dur=")


async def test_metrics_name_routes_and_never_ids(service: BackendService) -> None:
    customer = await service.customer()
    session = await service.pending_session(customer)
    await customer.http.get(f"/api/sessions/{session['id']}")

    text = (await customer.http.get("/metrics")).text

    assert 'route="/api/sessions/{session_id}"' in text
    assert session["id"] not in text


async def _ask(http: httpx.AsyncClient, method: str, address: str) -> httpx.Response:
    if method == "GET":
        return await http.get(address)
    body = BODIES.get(address.rpartition("/")[2], {})
    return await http.request(method, address, json=body, headers={"If-Match": '"0"'})
