"""Who may use which route: one row for each, held against the code when the app is built.

`identity` and `access` have the dependencies that decide; a route whose dependency is not its
row's, or that has no row, stops the service from being built at all. What belongs to a status, to a
report or to one row's owner is decided where that is read.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute

from liftbay_backend import access, identity
from liftbay_backend.dependencies import calls_of, dependency_of


class Policy(Enum):
    """Who may use a route at all."""

    ANYONE = auto()
    SIGNED_IN = auto()
    CUSTOMER = auto()
    MECHANIC = auto()
    SUPPORT = auto()
    PARTICIPANT = auto()
    PARTICIPANT_OR_SUPPORT = auto()
    SESSION_CUSTOMER = auto()
    SESSION_MECHANIC = auto()
    SESSION_SUPPORT = auto()
    # Decided by something that is no sign-in: a password, a cookie of its own, a signature.
    OWN_PROOF = auto()
    # By the use case, since whoever asks for what is not there is told that first.
    MECHANIC_OF_REQUEST = auto()


_P = Policy
_S: Final = "/api/sessions/{session_id}"
POLICIES: Final[Mapping[tuple[str, str], Policy]] = {
    ("GET", "/api/health"): _P.ANYONE,
    ("GET", "/api/ready"): _P.ANYONE,
    ("GET", "/portal-check"): _P.ANYONE,
    ("GET", "/metrics"): _P.OWN_PROOF,
    ("POST", "/api/preflight"): _P.ANYONE,
    ("POST", "/api/preflight/echo"): _P.ANYONE,
    ("POST", "/api/diagnostics"): _P.ANYONE,
    ("GET", "/api/diagnostics/{code}"): _P.SUPPORT,
    ("GET", "/api/diagnostics/{code}/bundle"): _P.SUPPORT,
    ("PUT", "/api/diagnostics/{code}/bundle"): _P.SIGNED_IN,
    ("GET", "/auth/v1/.well-known/jwks.json"): _P.ANYONE,
    ("POST", "/auth/v1/signup"): _P.OWN_PROOF,
    ("POST", "/auth/v1/token"): _P.OWN_PROOF,
    ("POST", "/auth/v1/otp"): _P.OWN_PROOF,
    ("POST", "/auth/v1/verify"): _P.OWN_PROOF,
    ("GET", "/auth/v1/user"): _P.OWN_PROOF,
    ("POST", "/auth/v1/logout"): _P.OWN_PROOF,
    ("POST", "/api/mechanic/login"): _P.OWN_PROOF,
    ("POST", "/api/mechanic/refresh"): _P.OWN_PROOF,
    ("POST", "/api/mechanic/logout"): _P.OWN_PROOF,
    ("POST", "/api/livekit/webhook"): _P.OWN_PROOF,
    ("POST", "/api/stripe/webhook"): _P.OWN_PROOF,
    ("GET", "/api/me"): _P.SIGNED_IN,
    ("GET", "/api/plans"): _P.SIGNED_IN,
    ("GET", "/api/events"): _P.SIGNED_IN,
    ("GET", "/api/sessions"): _P.SIGNED_IN,
    ("POST", "/api/preflight/{run_id}/report"): _P.SIGNED_IN,
    ("PUT", "/api/me/presence"): _P.MECHANIC,
    ("GET", "/api/mechanics/requests"): _P.MECHANIC,
    ("POST", "/api/mechanics/requests/{request_id}/accept"): _P.MECHANIC_OF_REQUEST,
    ("GET", "/api/earnings"): _P.MECHANIC,
    ("POST", "/api/intake/start"): _P.CUSTOMER,
    ("GET", _S): _P.PARTICIPANT_OR_SUPPORT,
    ("GET", f"{_S}/events"): _P.PARTICIPANT,
    ("GET", f"{_S}/readiness"): _P.PARTICIPANT,
    ("GET", f"{_S}/clock"): _P.PARTICIPANT,
    ("GET", f"{_S}/summary"): _P.PARTICIPANT_OR_SUPPORT,
    ("GET", f"{_S}/messages"): _P.PARTICIPANT,
    ("GET", f"{_S}/notes"): _P.PARTICIPANT,
    ("GET", f"{_S}/quality"): _P.SESSION_SUPPORT,
    ("GET", f"{_S}/recording-consent"): _P.PARTICIPANT_OR_SUPPORT,
    ("PUT", f"{_S}/recording-consent"): _P.PARTICIPANT,
    ("PUT", f"{_S}/readiness"): _P.PARTICIPANT,
    ("POST", f"{_S}/token"): _P.PARTICIPANT,
    ("POST", f"{_S}/start"): _P.PARTICIPANT,
    ("POST", f"{_S}/end"): _P.PARTICIPANT,
    ("POST", f"{_S}/cancel"): _P.PARTICIPANT,
    ("POST", f"{_S}/messages"): _P.PARTICIPANT,
    ("PUT", f"{_S}/notes"): _P.SESSION_MECHANIC,
    ("POST", f"{_S}/rating"): _P.SESSION_CUSTOMER,
    ("POST", f"{_S}/refund"): _P.SESSION_SUPPORT,
    ("POST", f"{_S}/quality"): _P.PARTICIPANT,
    ("GET", f"{_S}/upsells"): _P.SESSION_CUSTOMER,
    ("GET", f"{_S}/files"): _P.PARTICIPANT,
    ("POST", f"{_S}/files"): _P.PARTICIPANT,
    ("OPTIONS", f"{_S}/files"): _P.PARTICIPANT,
    ("GET", f"{_S}/files/{{file_id}}"): _P.PARTICIPANT,
    ("HEAD", f"{_S}/files/{{file_id}}"): _P.PARTICIPANT,
    ("PATCH", f"{_S}/files/{{file_id}}"): _P.PARTICIPANT,
    ("DELETE", f"{_S}/files/{{file_id}}"): _P.PARTICIPANT,
    ("GET", f"{_S}/extensions/offers"): _P.SESSION_CUSTOMER,
    ("POST", f"{_S}/extensions"): _P.SESSION_CUSTOMER,
}


_ALIASES: Final[Mapping[Policy, tuple[object, ...]]] = {
    _P.ANYONE: (),
    _P.OWN_PROOF: (),
    _P.SIGNED_IN: (identity.SignedIn,),
    _P.CUSTOMER: (identity.Customer,),
    _P.MECHANIC: (identity.Mechanic,),
    _P.SUPPORT: (identity.Support,),
    _P.PARTICIPANT: (access.Participant, access.JoinDep),
    _P.PARTICIPANT_OR_SUPPORT: (access.ParticipantOrSupport,),
    _P.SESSION_CUSTOMER: (access.SessionCustomer,),
    _P.SESSION_MECHANIC: (access.SessionMechanic,),
    _P.SESSION_SUPPORT: (access.SessionSupport,),
    _P.MECHANIC_OF_REQUEST: (identity.SignedIn,),
}
_DECIDERS: Final = frozenset(dependency_of(one) for some in _ALIASES.values() for one in some)


def _with_its_own(alias: object) -> frozenset[Callable[..., Any]]:
    """Return a dependency with those that it stands on, as far as they decide."""
    call = dependency_of(alias)
    return (calls_of(get_dependant(path="/", call=call)) | {call}) & _DECIDERS


_DECIDED_BY: Final = {
    policy: tuple(_with_its_own(one) for one in some) or (frozenset(),)
    for policy, some in _ALIASES.items()
}


_DESCRIPTION: Final = "/openapi.json"
"""The same for everybody, and no route of the framework that could decide."""


class PolicyBroken(Exception):
    """A route and the table do not say the same; the message names both."""


def hold_to_policies(app: FastAPI) -> None:
    """Compare every route with its row.

    Raises:
        PolicyBroken: a route has no row, a row no route, or a route decides by something else, or
            is of a kind (a mount, say) whose dependencies nobody can look at.
    """
    rows = dict(POLICIES)
    for route in app.routes:
        if getattr(route, "path", None) == _DESCRIPTION:
            continue
        if not isinstance(route, APIRoute):
            raise PolicyBroken(f"{getattr(route, 'path', route)} decides by nothing that is known")
        deciders = calls_of(route.dependant) & _DECIDERS
        for method in route.methods or ():
            policy = rows.pop((method, route.path), None)
            if policy is None:
                raise PolicyBroken(f"{method} {route.path} has no row in the table of policies")
            if deciders not in _DECIDED_BY[policy]:
                raise PolicyBroken(f"{method} {route.path} does not decide by {policy.name}")
    if rows:
        raise PolicyBroken(f"no route for {sorted(rows)}")
