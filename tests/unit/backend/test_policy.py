"""A route that the table of policies does not know, or knows otherwise, builds no service."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response

from liftbay_backend.access import Participant, SessionCustomer, SessionSupport, SignedIn
from liftbay_backend.app import create_app
from liftbay_backend.policy import POLICIES, Policy, PolicyBroken, hold_to_policies
from liftbay_backend.settings import Settings


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_app(Settings(data_dir=tmp_path))


def test_the_service_is_as_the_table_says(app: FastAPI) -> None:
    hold_to_policies(app)

    assert len(POLICIES) > 50
    assert set(POLICIES.values()) == set(Policy)


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_new_route_without_a_row_builds_no_service(app: FastAPI, is_shown: bool) -> None:
    @app.get("/api/secrets", include_in_schema=is_shown)
    async def secrets(_principal: SignedIn) -> None:
        return None

    with pytest.raises(PolicyBroken, match="GET /api/secrets has no row"):
        hold_to_policies(app)


def test_a_route_that_nobody_can_look_at_builds_no_service(app: FastAPI) -> None:
    async def odd(_request: Request) -> Response:
        return Response()

    app.add_route("/api/odd", odd)

    with pytest.raises(PolicyBroken, match="/api/odd decides by nothing"):
        hold_to_policies(app)


def test_a_row_without_a_route_builds_no_service(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {**POLICIES, ("GET", "/api/gone"): Policy.ANYONE}
    monkeypatch.setattr("liftbay_backend.policy.POLICIES", more)

    with pytest.raises(PolicyBroken, match="/api/gone"):
        hold_to_policies(app)


async def _anyone() -> None: ...
async def _signed_in(_one: SignedIn) -> None: ...
async def _participant(session_id: str, _one: Participant) -> None: ...
async def _session_customer(session_id: str, _one: SessionCustomer) -> None: ...
async def _session_support(session_id: str, _one: SessionSupport) -> None: ...


@pytest.mark.parametrize(
    ("policy", "route"),
    [
        (Policy.SIGNED_IN, _anyone),
        (Policy.PARTICIPANT, _signed_in),
        (Policy.SESSION_CUSTOMER, _participant),
        (Policy.SIGNED_IN, _participant),
        (Policy.PARTICIPANT, _session_customer),
        (Policy.PARTICIPANT_OR_SUPPORT, _session_support),
        (Policy.ANYONE, _signed_in),
        (Policy.OWN_PROOF, _participant),
    ],
)
def test_a_route_that_lets_in_others_than_its_row_builds_no_service(
    app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
    policy: Policy,
    route: Callable[..., object],
) -> None:
    path = "/api/sessions/{session_id}/odd"
    more = {**POLICIES, ("GET", path): policy}
    monkeypatch.setattr("liftbay_backend.policy.POLICIES", more)
    app.get(path)(route)

    with pytest.raises(PolicyBroken, match=f"does not decide by {policy.name}"):
        hold_to_policies(app)
