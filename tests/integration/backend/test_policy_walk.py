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
from tests.fakes.backend_service import CLIENT_HEADER, BackendService, Caller, backend_service
from tests.fakes.loopback import on_loopback, socket_client
from tests.fakes.outside_sign_in import OUTSIDE

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
    "end": {"reason": "ended_by_customer", "pressed_at": "2026-11-22T12:00:00+00:00"},
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


ROLE, PART = "auth.role_required", "session.not_participant"
PARTICIPANTS = {"customer", "mechanic"}
# What the address names beside the session is not there, which is said to those who may ask.
NOT_THERE = {
    "/api/preflight/{run_id}/report": "preflight.run_not_found",
    "/api/sessions/{session_id}/files/{file_id}": "file.not_found",
    "/api/diagnostics/{code}": "diagnostic.not_found",
    "/api/diagnostics/{code}/bundle": "diagnostic.not_found",
}
ENDING = ("/cancel", "/end")


def _refusal_of(policy: Policy, name: str) -> str:
    """Return the code with which whom a policy refuses is refused."""
    match policy:
        case P.PARTICIPANT | P.PARTICIPANT_OR_SUPPORT:
            return PART
        case P.SESSION_CUSTOMER | P.SESSION_MECHANIC | P.SESSION_SUPPORT:
            return ROLE if name in PARTICIPANTS else PART
        case _:
            return ROLE


@pytest.mark.parametrize("sign_in", ["our own", "an outside Supabase's"])
async def test_every_route_refuses_exactly_whom_it_must(
    make_settings: Callable[..., Settings], sign_in: str
) -> None:
    """Whoever keeps the sign-in: a role is the operator's word here, and the same in both."""
    settings = make_settings(**({} if sign_in == "our own" else OUTSIDE))
    async with backend_service(settings) as service:
        wrong, asked = await _walked(service)

    assert wrong == []
    assert asked > 250


async def _walked(service: BackendService) -> tuple[list[str], int]:
    """Ask every route as every kind of caller; returns wrong answers, and how many there were."""
    paths = service.app.openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert routes | UNDESCRIBED == set(POLICIES)
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    callers = {
        "customer": customer,
        "mechanic": mechanic,
        "other customer": await service.customer("Ida Stranger"),
        "other mechanic": await service.mechanic("Max Stranger"),
        "support": await service.support(),
    }
    anonymous = Caller(await service.client(**CLIENT_HEADER), "nobody")
    wrong = []
    asked = 0

    async with on_loopback(service.app) as base:
        for (method, path), policy in POLICIES.items():
            if policy in (P.OWN_PROOF, P.ANYONE):
                continue
            for name, caller in {"anonymous": anonymous, **callers}.items():
                refused = name == "anonymous" or name in REFUSED[policy]
                about = session
                if path.endswith(ENDING) and not refused:
                    about = await service.waiting_session(customer, mechanic)
                status, code = await _heard(base, caller, method, _address(path, about))
                if name == "anonymous":
                    is_right = (status, code) == (401, "auth.required")
                elif refused:
                    is_right = (status, code) == (403, _refusal_of(policy, name))
                elif path.endswith(ENDING) or path in STREAMS:
                    is_right = status == 200
                else:
                    is_there = status != 404 or code == NOT_THERE.get(path)
                    is_right = status < 500 and status not in (401, 403) and is_there
                asked += 1
                if not is_right:
                    wrong.append(f"{name} {method} {path}: {status} {code}")

    return wrong, asked


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


async def _heard(base: str, caller: Caller, method: str, address: str) -> tuple[int, str | None]:
    """Return status and code; of a stream that opens the status, and it is closed at once."""
    if address.endswith("/events"):
        # Over a socket: the transport without one waits for a stream's end.
        async with socket_client(base, caller) as http, http.stream(method, address) as answer:
            if not answer.is_error:
                return answer.status_code, None
            await answer.aread()
    else:
        answer = await _ask(caller.http, method, address)
    if not answer.is_error:
        return answer.status_code, None
    if method == "HEAD":
        # HTTP sends no body with it; a GET of the same address has the code.
        told = await _ask(caller.http, "GET", address)
        assert told.status_code == answer.status_code
        return told.status_code, told.json()["code"]
    return answer.status_code, answer.json()["code"]


async def _ask(
    http: httpx.AsyncClient, method: str, address: str, headers: Headers | None = None
) -> httpx.Response:
    if method == "GET":
        return await http.get(address, headers=headers)
    body = BODIES.get(address.rpartition("/")[2], {})
    more = {"If-Match": '"0"', **(headers or {})}
    return await http.request(method, address, json=body, headers=more)
