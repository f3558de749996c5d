"""What a route's dependencies say about it: proofs of identity, and how they may refuse.

Asked of the dependencies themselves, so that a row of the table cannot contradict the code.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from liftbay_backend import access, idempotency, identity
from liftbay_backend.dependencies import dependency_of
from liftbay_backend.problems import ErrorCode

BEARER: Final = "accessToken"
MECHANIC_COOKIE: Final = "mechanicCookie"
REFRESH_COOKIE: Final = "mechanicRefreshCookie"
CLIENT_HEADER: Final = "clientHeader"
WEBHOOK_SIGNATURE: Final = "livekitSignature"
STRIPE_SIGNATURE: Final = "stripeSignature"

SECURITY_SCHEMES: Final[dict[str, dict[str, Any]]] = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A customer's or support's access token, as Supabase Auth issues it.",
    },
    MECHANIC_COOKIE: {
        "type": "apiKey",
        "in": "cookie",
        "name": identity.MECHANIC_COOKIE,
        "description": "A mechanic's sign-in, set by POST /api/mechanic/login.",
    },
    REFRESH_COOKIE: {
        "type": "apiKey",
        "in": "cookie",
        "name": "aad_mech_refresh",
        "description": "Renews a mechanic's sign-in; sent under /api/mechanic alone.",
    },
    CLIENT_HEADER: {
        "type": "apiKey",
        "in": "header",
        "name": identity.CSRF_HEADER,
        "description": "Any value. A foreign page cannot send it with our cookie.",
    },
    WEBHOOK_SIGNATURE: {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The media server's signed JWT with the hash of the body.",
    },
    STRIPE_SIGNATURE: {
        "type": "apiKey",
        "in": "header",
        "name": "Stripe-Signature",
        "description": "Stripe's HMAC over a moment and the body.",
    },
}
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_E = ErrorCode


SIGNED_IN: Final = dependency_of(identity.SignedIn)
JOIN: Final = dependency_of(access.JoinDep)
ONCE: Final = dependency_of(idempotency.IdempotencyDep)
_SIGN_IN = (_E.AUTH_REQUIRED, _E.AUTH_EXPIRED)
_REFUSALS: Final[Mapping[Callable[..., Any], tuple[ErrorCode, ...]]] = {
    SIGNED_IN: _SIGN_IN,
    dependency_of(identity.Customer): (_E.AUTH_ROLE_REQUIRED,),
    dependency_of(identity.Mechanic): (_E.AUTH_ROLE_REQUIRED,),
    dependency_of(identity.Support): (_E.AUTH_ROLE_REQUIRED,),
    dependency_of(access.SessionCustomer): (_E.AUTH_ROLE_REQUIRED,),
    dependency_of(access.SessionMechanic): (_E.AUTH_ROLE_REQUIRED,),
    dependency_of(access.SessionSupport): (_E.AUTH_ROLE_REQUIRED,),
    dependency_of(access.Participant): (_E.SESSION_NOT_FOUND, _E.SESSION_NOT_PARTICIPANT),
    dependency_of(access.ParticipantOrSupport): (
        _E.SESSION_NOT_FOUND,
        _E.SESSION_NOT_PARTICIPANT,
    ),
    JOIN: (
        *_SIGN_IN,
        _E.SESSION_NOT_FOUND,
        _E.SESSION_NOT_VIDEO,
        _E.SESSION_NOT_PARTICIPANT,
        _E.SESSION_ENDED,
        _E.SESSION_NOT_JOINABLE,
    ),
    ONCE: (_E.IDEMPOTENCY_RUNNING, _E.IDEMPOTENCY_BODY_DIFFERS),
}
_TOKEN_ONLY: Final = frozenset({dependency_of(identity.Customer), dependency_of(identity.Support)})
_COOKIE_ONLY: Final = frozenset({dependency_of(identity.Mechanic)})


def derived_refusals(method: str, calls: frozenset[Callable[..., Any]]) -> tuple[ErrorCode, ...]:
    """Return the codes that the route's dependencies may answer with."""
    found = [code for call, codes in _REFUSALS.items() if call in calls for code in codes]
    # Where a token is needed, a cookie beside it is looked at all the same.
    if calls & {SIGNED_IN, JOIN} and method not in SAFE_METHODS:
        found.append(_E.AUTH_CSRF)
    return tuple(dict.fromkeys(found))


def derived_proofs(
    method: str, calls: frozenset[Callable[..., Any]]
) -> tuple[dict[str, list[str]], ...]:
    """Return the security requirements; any one of them is enough."""
    if not calls & {SIGNED_IN, JOIN}:
        return ()
    token: dict[str, list[str]] = {BEARER: []}
    cookie: dict[str, list[str]] = {MECHANIC_COOKIE: []}
    if method not in SAFE_METHODS:
        cookie[CLIENT_HEADER] = []
    if calls & _TOKEN_ONLY:
        return (token,)
    return (cookie,) if calls & _COOKIE_ONLY else (token, cookie)
