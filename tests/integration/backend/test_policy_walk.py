"""Every route of the service, with every kind of caller: nobody reaches what is not theirs."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from liftbay_backend.auth.keys import load_signing_key
from liftbay_backend.auth.tokens import MECHANIC_AUDIENCE
from liftbay_backend.identity import MECHANIC_COOKIE
from liftbay_backend.policy import POLICIES, Policy
from liftbay_backend.settings import Settings
from tests.fakes.backend_service import CLIENT_HEADER, BackendService, backend_service

Headers = dict[str, str]


P = Policy
REFUSED = {
    P.ANYONE: frozenset[str](),
    P.OWN_PROOF: frozenset[str](),
    P.SIGNED_IN: frozenset[str](),
    P.CUSTOMER: frozenset({"mechanic", "other mechanic", "support"}),
    P.MECHANIC: frozenset({"customer", "other customer", "support"}),
    P.SUPPORT: frozenset({"customer", "mechanic", "other customer", "other mechanic"}),
    P.PARTICIPANT: frozenset({"other customer", "other mechanic", "support"}),
    P.PARTICIPANT_OR_SUPPORT: frozenset({"other customer", "other mechanic"}),
    P.SESSION_CUSTOMER: frozenset({"mechanic", "other customer", "other mechanic", "support"}),
    P.SESSION_MECHANIC: frozenset({"customer", "other customer", "other mechanic", "support"}),
    P.SESSION_SUPPORT: frozenset({"customer", "mechanic", "other customer", "other mechanic"}),
    P.MECHANIC_OF_REQUEST: frozenset({"customer", "other customer", "support"}),
}
# A body that makes sense, where a wrong one would be refused before the side is looked at.
BODIES = {
    "extensions": {"extension": "extension-900"},
    "notes": {"findings": [], "text": ""},
    "rating": {"stars": 4, "comment": ""},
    "refund": {"reason": "It froze."},
}
BY_BEARER = (("GET", "/auth/v1/user"), ("POST", "/auth/v1/logout"))
"""Proved by the access token, and refused in Supabase's own shape."""
UNDESCRIBED = {("GET", "/metrics")}
"""The operator's, and no part of the API."""
STREAMS = {"/api/events", "/api/sessions/{session_id}/events"}


async def test_every_route_refuses_exactly_whom_it_must(service: BackendService) -> None:
    paths = service.app.openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert routes | UNDESCRIBED == set(POLICIES)
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
        address = _address(path, session)
        if policy in (P.OWN_PROOF, P.ANYONE):
            continue
        status = (await _ask(anonymous, method, address)).status_code
        if status != 401:
            wrong.append(f"anonymous {method} {path}: {status}")
        for name, http in callers.items():
            refused = name in REFUSED[policy]
            if path in STREAMS and not refused:
                continue
            if method == "POST" and path.endswith(("/cancel", "/end")) and not refused:
                continue
            status = (await _ask(http, method, address)).status_code
            if (status in (401, 403)) != refused:
                wrong.append(f"{name} {method} {path}: {status}")

    assert wrong == []


def _bad_tokens(service: BackendService, user_id: str, mechanic_id: str) -> dict[str, Headers]:
    """Return headers of sign-ins that are none, each with the right claims but for its flaw."""
    settings, now = service.core.settings, int(service.clock.now().timestamp())
    key = load_signing_key(settings)
    stranger = ec.generate_private_key(ec.SECP256R1())
    shared = {"iss": settings.issuer, "iat": now - 60, "exp": now + 60, "session_id": "s"}
    user = {**shared, "sub": user_id, "aud": settings.auth_audience, "email": "a@example.test"}
    mechanic = {**shared, "sub": mechanic_id, "aud": MECHANIC_AUDIENCE}

    def signed(claims: dict[str, Any], flaw: str) -> str:
        named = {"kid": key.kid}
        match flaw:
            case "expired":
                old = {**claims, "exp": now}
                return jwt.encode(old, key.private, algorithm="ES256", headers=named)
            case "forged":
                return jwt.encode(claims, stranger, algorithm="ES256", headers=named)
            case "unsigned":
                return jwt.encode(claims, "", algorithm="none", headers=named)
            case "not begun":
                early = {**claims, "nbf": now + 600}
                return jwt.encode(early, key.private, algorithm="ES256", headers=named)
            case _:
                # Without a flaw of its own: nobody signed in like this.
                return jwt.encode(claims, key.private, algorithm="ES256", headers=named)

    flaws = ("expired", "forged", "unsigned", "not begun", "of no sign-in")
    found: dict[str, Headers] = {}
    for flaw in flaws:
        found[f"token {flaw}"] = {"Authorization": f"Bearer {signed(user, flaw)}"}
        found[f"cookie {flaw}"] = {"Cookie": f"{MECHANIC_COOKIE}={signed(mechanic, flaw)}"}
    # Each for the other's place.
    found["cookie as token"] = {"Authorization": f"Bearer {signed(mechanic, 'of no sign-in')}"}
    found["token as cookie"] = {"Cookie": f"{MECHANIC_COOKIE}={signed(user, 'of no sign-in')}"}
    return found


async def test_no_route_takes_an_expired_forged_or_unsigned_sign_in(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    assert mechanic.mechanic_id is not None
    session = await service.waiting_session(customer, mechanic)
    anonymous = await service.client(**CLIENT_HEADER)
    wrong = []
    walked = 0

    for name, headers in _bad_tokens(service, customer.user_id, mechanic.mechanic_id).items():
        code = "auth.expired" if name.endswith("expired") else "auth.required"
        for (method, path), policy in POLICIES.items():
            if policy in (P.OWN_PROOF, P.ANYONE):
                continue
            answer = await _ask(anonymous, method, _address(path, session), headers)
            walked += 1
            # HTTP sends no body with the answer to a HEAD, and so no code.
            told = code if method == "HEAD" else answer.json()["code"]
            if (answer.status_code, told) != (401, code):
                wrong.append(f"{name} {method} {path}: {answer.status_code} {answer.text[:80]}")
        begun = await _ask(anonymous, "POST", "/api/preflight", headers)
        own = {path: await _ask(anonymous, *path, headers) for path in BY_BEARER}
        if begun.status_code != 401:
            wrong.append(f"{name} begins a preflight: {begun.status_code}")
        wrong += [
            f"{name} {path}" for path, one in own.items() if one.status_code not in (401, 403)
        ]

    assert wrong == []
    assert walked > 300


def _address(path: str, session: dict[str, Any]) -> str:
    return path.format(
        session_id=session["id"],
        request_id=session["request_id"],
        run_id=uuid.uuid4(),
        file_id=uuid.uuid4(),
        code="0000-0000",
    )


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


async def _ask(
    http: httpx.AsyncClient, method: str, address: str, headers: Headers | None = None
) -> httpx.Response:
    if method == "GET":
        return await http.get(address, headers=headers)
    body = BODIES.get(address.rpartition("/")[2], {})
    more = {"If-Match": '"0"', **(headers or {})}
    return await http.request(method, address, json=body, headers=more)
