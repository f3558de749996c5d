"""Who asks: the person behind an HTTP request, and what their sign-in alone lets them do.

    signed in at all          401 auth.required, auth.expired
    cookie without our header 403 auth.csrf            (changes only)
    the role                  403 auth.role_required

A person can come with a Supabase access token (customer, support), with the mechanic's cookie, or
with both. What somebody may do in one session is `access`'s; it imports this module, never the
other way round.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated, Final

import structlog
from fastapi import Depends, Request

from liftbay_backend.auth.tokens import MechanicClaims, UserClaims
from liftbay_backend.core import Core, CoreDep
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import UserRow
from liftbay_backend.domain.ids import MechanicId, UserId, is_id
from liftbay_backend.domain.roles import Role
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import callers

MECHANIC_COOKIE: Final = "aad_mech"
CSRF_HEADER: Final = "X-Liftbay-Client"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_security = structlog.get_logger("liftbay.security")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sends this HTTP request.

    Attributes:
        user_id: the account: the token's user, or the mechanic's own account.
        customer_id: the user of a valid access token; None with the cookie alone.
        mechanic_id: the mechanic of a valid cookie.
        expires_at: when the first of the credentials ends; streams end then.
        user_issued_at: when the access token was issued.
    """

    user_id: UserId
    customer_id: UserId | None
    mechanic_id: MechanicId | None
    roles: frozenset[Role]
    expires_at: datetime
    name: str = field(repr=False)
    email: str = field(repr=False)
    user_sign_in_id: str | None = field(repr=False, default=None)
    user_issued_at: datetime | None = field(repr=False, default=None)
    mechanic_sign_in_id: str | None = field(repr=False, default=None)

    def require(self, role: Role) -> None:
        """Refuse whoever has not this role.

        Raises:
            Problem: AUTH_ROLE_REQUIRED.
        """
        if role not in self.roles:
            raise Problem(ErrorCode.AUTH_ROLE_REQUIRED, f"Only {role.value} may do this.")

    @property
    def account(self) -> str:
        """A key for what belongs to this caller alone, e.g. idempotency keys."""
        return f"mechanic:{self.mechanic_id}" if self.mechanic_id else f"user:{self.user_id}"


async def signed_in(request: Request, core: CoreDep) -> Principal:
    """Find out who asks.

    Raises:
        Problem: AUTH_REQUIRED, AUTH_EXPIRED, AUTH_CSRF.
    """
    principal = await identified(request, core)
    refuse_forgery(request, principal)
    return principal


async def identified(request: Request, core: Core) -> Principal:
    """Find out who asks, and read the session that the path names, with one statement.

    Raises:
        Problem: AUTH_REQUIRED, AUTH_EXPIRED.
    """
    refusals: list[Problem] = []
    user = await _user_claims(request, core, refusals)
    mechanic = _mechanic_claims(request, core, refusals)
    found = await _found(request, core, user, mechanic)
    request.state.named_session = found.session
    account = found.user
    if found.is_shut:
        _security.info("account.refused", user_id=None if user is None else user.user_id)
    elif account is None and user is not None and not core.settings.embedded_auth:
        account = await _first_seen(core, user)
    if found.mechanic is None and account is None:
        expired = any(one.error is ErrorCode.AUTH_EXPIRED for one in refusals)
        raise Problem(ErrorCode.AUTH_EXPIRED if expired else ErrorCode.AUTH_REQUIRED)
    return _principal(account, user, found.mechanic, mechanic)


def named_session(request: Request, session_id: str) -> callers.NamedSession | None:
    """Return the session that the path names, as `identified` read it; None if there is none."""
    session: callers.NamedSession | None = getattr(request.state, "named_session", None)
    return session if session is not None and session.id == session_id.lower() else None


def refuse_forgery(request: Request, principal: Principal) -> None:
    """Refuse a change by cookie that a foreign page could have sent.

    Raises:
        Problem: AUTH_CSRF.
    """
    if principal.mechanic_id is not None and request.method not in _SAFE_METHODS:
        require_client_header(request)


def require_client_header(request: Request) -> None:
    """Refuse a change that a foreign page could have sent with our cookie.

    Raises:
        Problem: AUTH_CSRF.
    """
    if not request.headers.get(CSRF_HEADER):
        raise Problem(ErrorCode.AUTH_CSRF)


SignedIn = Annotated[Principal, Depends(signed_in)]


async def _customer(principal: SignedIn) -> Principal:
    principal.require(Role.CUSTOMER)
    return principal


async def _mechanic(principal: SignedIn) -> Principal:
    principal.require(Role.MECHANIC)
    return principal


async def _support(principal: SignedIn) -> Principal:
    principal.require(Role.SUPPORT)
    return principal


Customer = Annotated[Principal, Depends(_customer)]
Mechanic = Annotated[Principal, Depends(_mechanic)]
Support = Annotated[Principal, Depends(_support)]


async def _found(
    request: Request, core: Core, user: UserClaims | None, mechanic: MechanicClaims | None
) -> callers.Found:
    if user is None and mechanic is None:
        return callers.Found(None, None, None)
    session_id = str(request.path_params.get("session_id", "")).lower()
    claimed = callers.Claimed(
        user_id=None if user is None else user.user_id,
        user_sign_in_id=None if user is None else user.sign_in_id,
        user_issued_at=None if user is None else user.issued_at,
        mechanic_id=None if mechanic is None else mechanic.mechanic_id,
        mechanic_sign_in_id=None if mechanic is None else mechanic.sign_in_id,
        session_id=session_id if is_id(session_id) else None,
    )
    ours = core.settings.embedded_auth
    return await core.database.read(partial(callers.find_caller, claimed=claimed, ours=ours))


def _principal(
    user: callers.User | None,
    user_claims: UserClaims | None,
    mechanic: callers.Mechanic | None,
    mechanic_claims: MechanicClaims | None,
) -> Principal:
    """Put together who asks; claims without an account behind them count for nothing."""
    roles: set[Role] = set()
    ends: list[datetime] = []
    user_sign_in_id = mechanic_sign_in_id = user_issued_at = None
    if user is not None and user_claims is not None:
        roles.add(Role.SUPPORT if user.is_support else Role.CUSTOMER)
        ends.append(user_claims.expires_at)
        user_sign_in_id = user_claims.sign_in_id
        user_issued_at = user_claims.issued_at
    if mechanic is not None and mechanic_claims is not None:
        roles.add(Role.MECHANIC)
        ends.append(mechanic_claims.expires_at)
        mechanic_sign_in_id = mechanic_claims.sign_in_id
    one = mechanic or user
    assert one is not None
    return Principal(
        user_id=one.user_id if isinstance(one, callers.Mechanic) else one.id,
        customer_id=None if user is None else user.id,
        mechanic_id=None if mechanic is None else mechanic.id,
        roles=frozenset(roles),
        expires_at=min(ends),
        name=one.name,
        email=one.email,
        user_sign_in_id=user_sign_in_id,
        user_issued_at=user_issued_at,
        mechanic_sign_in_id=mechanic_sign_in_id,
    )


async def _user_claims(request: Request, core: Core, refusals: list[Problem]) -> UserClaims | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    try:
        return await core.tokens.verify_user(token.strip())
    except Problem as problem:
        if problem.error is ErrorCode.SERVER_UNAVAILABLE:
            raise
        refusals.append(problem)
        return None


async def _first_seen(core: Core, claims: UserClaims) -> callers.User | None:
    """Give an outside Supabase's user a row of ours, so that sessions can belong to it.

    A client begins with several requests at once, so the row may be there by now; None if another
    account has the address. Nobody proved it, so it gives nothing of that account: the operator
    may say that both are one person (`set-outside-id`).
    """
    if claims.email is None:
        return None
    email = claims.email.lower()
    async with core.works.begin() as work:
        values = {
            "id": claims.user_id,
            "email": email,
            "name": (claims.name or email.partition("@")[0])[:120],
            "password_hash": None,
            "is_support": False,
            "created_at": work.now,
        }
        if await insert_once(work.db, UserRow, values):
            _security.info("account.first_seen", user_id=claims.user_id)
        claimed = callers.Claimed(
            user_id=claims.user_id,
            user_sign_in_id=None,
            user_issued_at=claims.issued_at,
            mechanic_id=None,
            mechanic_sign_in_id=None,
            session_id=None,
        )
        found = await work.db.run_sync(
            lambda session: callers.find_caller(session.connection(), claimed, ours=False)
        )
        account = found.user
    if account is None:
        _security.warning("account.email_taken", user_id=claims.user_id)
    return account


def _mechanic_claims(
    request: Request, core: Core, refusals: list[Problem]
) -> MechanicClaims | None:
    token = request.cookies.get(MECHANIC_COOKIE)
    if not token:
        return None
    try:
        return core.tokens.verify_mechanic(token)
    except Problem as problem:
        refusals.append(problem)
        return None
