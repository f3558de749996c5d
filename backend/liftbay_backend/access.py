"""Who may do what: the one policy of the service, and the one security log of joins.

    signed in at all          401 auth.required, auth.expired
    cookie without our header 403 auth.csrf            (changes only)
    the thing exists          404
    role or part in it        403
    its status                409
    the preflight report      428

A person can come with a Supabase access token (customer, support), with the mechanic's cookie, or
with both; inside a session the mechanic wins. Routers take one of the dependencies below, as the
table in `policy` says; a test walks every route with every kind of caller.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Protocol

import structlog
from fastapi import Depends, Path, Request

from liftbay_backend.auth.tokens import MechanicClaims, UserClaims
from liftbay_backend.core import Core, CoreDep
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import SessionRow, UserRow
from liftbay_backend.domain.ids import MechanicId, SessionId, UserId, is_id
from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.roles import Role, Side
from liftbay_backend.domain.session_fsm import ENDED, JOINABLE
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import callers

MECHANIC_COOKIE: Final = "aad_mech"
CSRF_HEADER: Final = "X-Liftbay-Client"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_security = structlog.get_logger("liftbay.security")

# Of any shape: whatever is no id of ours is simply not found, once the sign-in was looked at.
SessionPath = Annotated[str, Path()]
_LOGGED_ID_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sends this HTTP request.

    Attributes:
        user_id: the account: the token's user, or the mechanic's own account.
        customer_id: the user of a valid access token; None with the cookie alone.
        mechanic_id: the mechanic of a valid cookie.
        expires_at: when the first of the credentials ends; streams end then.
    """

    user_id: UserId
    customer_id: UserId | None
    mechanic_id: MechanicId | None
    roles: frozenset[Role]
    expires_at: datetime
    name: str = field(repr=False)
    email: str = field(repr=False)
    user_sign_in_id: str | None = field(repr=False, default=None)
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


@dataclass(frozen=True, slots=True)
class Access:
    """A caller inside one session.

    Attributes:
        side: which of the two; None is support, where the route lets support in.
        session: the row as it was when access was decided; detached.
    """

    principal: Principal
    session_id: SessionId
    side: Side | None
    session: SessionRow = field(repr=False)

    @property
    def participant(self) -> Side:
        """The side, on routes that only participants reach."""
        assert self.side is not None
        return self.side


class Parties(Protocol):
    """Whose session it is."""

    @property
    def customer_id(self) -> str: ...
    @property
    def mechanic_id(self) -> str | None: ...


def side_of(principal: Principal, session: Parties) -> Side | None:
    """Return the part this caller has in the session; mechanic wins."""
    if principal.mechanic_id is not None and principal.mechanic_id == session.mechanic_id:
        return Side.MECHANIC
    if principal.customer_id is not None and principal.customer_id == session.customer_id:
        return Side.CUSTOMER
    return None


async def signed_in(request: Request, core: CoreDep) -> Principal:
    """Find out who asks.

    Raises:
        Problem: AUTH_REQUIRED, AUTH_EXPIRED, AUTH_CSRF.
    """
    principal = await _identified(request, core)
    _refuse_forgery(request, principal)
    return principal


async def _identified(request: Request, core: Core) -> Principal:
    """Find out who asks, and read the session that the path names, with one statement."""
    refusals: list[Problem] = []
    user = await _user_claims(request, core, refusals)
    mechanic = _mechanic_claims(request, core, refusals)
    found = await _found(request, core, user, mechanic)
    request.state.named_session = found.session
    account = found.user
    if account is None and user is not None and not core.settings.embedded_auth:
        account = await _first_seen(core, user)
    if found.mechanic is None and account is None:
        expired = any(one.error is ErrorCode.AUTH_EXPIRED for one in refusals)
        raise Problem(ErrorCode.AUTH_EXPIRED if expired else ErrorCode.AUTH_REQUIRED)
    return _principal(account, user, found.mechanic, mechanic)


async def _found(
    request: Request, core: Core, user: UserClaims | None, mechanic: MechanicClaims | None
) -> callers.Found:
    if user is None and mechanic is None:
        return callers.Found(None, None, None)
    session_id = str(request.path_params.get("session_id", "")).lower()
    claimed = callers.Claimed(
        user_id=None if user is None else user.user_id,
        user_sign_in_id=None if user is None else user.sign_in_id,
        mechanic_id=None if mechanic is None else mechanic.mechanic_id,
        mechanic_sign_in_id=None if mechanic is None else mechanic.sign_in_id,
        session_id=session_id if is_id(session_id) else None,
    )
    async with core.database.reading() as db:
        return await callers.find_caller(db, claimed, ours=core.settings.embedded_auth)


def _refuse_forgery(request: Request, principal: Principal) -> None:
    if principal.mechanic_id is not None and request.method not in _SAFE_METHODS:
        require_client_header(request)


def require_client_header(request: Request) -> None:
    """Refuse a change that a foreign page could have sent with our cookie.

    Raises:
        Problem: AUTH_CSRF.
    """
    if not request.headers.get(CSRF_HEADER):
        raise Problem(ErrorCode.AUTH_CSRF)


async def _customer(principal: Annotated[Principal, Depends(signed_in)]) -> Principal:
    principal.require(Role.CUSTOMER)
    return principal


async def _mechanic(principal: Annotated[Principal, Depends(signed_in)]) -> Principal:
    principal.require(Role.MECHANIC)
    return principal


async def _participant(
    session_id: SessionPath, principal: Annotated[Principal, Depends(signed_in)], request: Request
) -> Access:
    session = _existing(request, session_id)
    side = side_of(principal, session)
    if side is None:
        raise Problem(ErrorCode.SESSION_NOT_PARTICIPANT)
    return Access(principal, SessionId(session.id), side, session)


async def _participant_or_support(
    session_id: SessionPath, principal: Annotated[Principal, Depends(signed_in)], request: Request
) -> Access:
    session = _existing(request, session_id)
    side = side_of(principal, session)
    if side is None:
        if Role.SUPPORT not in principal.roles:
            raise Problem(ErrorCode.SESSION_NOT_PARTICIPANT)
        # Who looked at, or paid back, whose session can be asked for later.
        _security.info(
            "session.support",
            session_id=session.id,
            user_id=principal.user_id,
            method=request.method,
            route=request.scope["route"].path,
        )
    return Access(principal, SessionId(session.id), side, session)


async def _support(principal: Annotated[Principal, Depends(signed_in)]) -> Principal:
    principal.require(Role.SUPPORT)
    return principal


async def _session_customer(access: Annotated[Access, Depends(_participant)]) -> Access:
    return _of_side(access, Side.CUSTOMER)


async def _session_mechanic(access: Annotated[Access, Depends(_participant)]) -> Access:
    return _of_side(access, Side.MECHANIC)


async def _session_support(
    access: Annotated[Access, Depends(_participant_or_support)],
) -> Access:
    access.principal.require(Role.SUPPORT)
    return access


def _of_side(access: Access, side: Side) -> Access:
    if access.side is not side:
        raise Problem(
            ErrorCode.AUTH_ROLE_REQUIRED, f"Only the {side.value} of the session may do this."
        )
    return access


SignedIn = Annotated[Principal, Depends(signed_in)]
Customer = Annotated[Principal, Depends(_customer)]
Mechanic = Annotated[Principal, Depends(_mechanic)]
Support = Annotated[Principal, Depends(_support)]
Participant = Annotated[Access, Depends(_participant)]
ParticipantOrSupport = Annotated[Access, Depends(_participant_or_support)]
SessionCustomer = Annotated[Access, Depends(_session_customer)]
SessionMechanic = Annotated[Access, Depends(_session_mechanic)]
SessionSupport = Annotated[Access, Depends(_session_support)]


class Join:
    """One attempt to enter a room, from the first question to the one line in the security log."""

    def __init__(
        self, session_id: str, principal: Principal | None, session: SessionRow | None
    ) -> None:
        self._session_id = session_id
        self._principal = principal
        self._session = session

    @property
    def session(self) -> SessionRow:
        """The session as it was read for the decision; detached."""
        assert self._session is not None
        return self._session

    @property
    def access(self) -> Access:
        """The caller's part; there is one once the order of refusals has been passed."""
        assert self._principal is not None
        side = side_of(self._principal, self.session)
        return Access(self._principal, SessionId(self.session.id), side, self.session)

    def granted(self) -> None:
        """Log that a room token goes out."""
        self._log("granted", None)

    def refused(self, problem: Problem) -> Problem:
        """Log a refusal; raise what this returns."""
        self._log("refused", problem.error.code)
        return problem

    def check(self) -> None:
        """Decide everything but the report, in the order of the module's docstring.

        Raises:
            Problem: already logged.
        """
        session, principal = self._session, self._principal
        if principal is None:
            raise self.refused(Problem(ErrorCode.AUTH_REQUIRED))
        if session is None:
            raise self.refused(Problem(ErrorCode.SESSION_NOT_FOUND))
        if session.type is not SessionType.VIDEO:
            raise self.refused(Problem(ErrorCode.SESSION_NOT_VIDEO))
        if side_of(principal, session) is None:
            raise self.refused(Problem(ErrorCode.SESSION_NOT_PARTICIPANT))
        if session.status in ENDED:
            raise self.refused(
                Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
            )
        if session.status not in JOINABLE:
            raise self.refused(
                Problem(ErrorCode.SESSION_NOT_JOINABLE, f"The session is {session.status.value}.")
            )

    def _log(self, decision: str, code: str | None) -> None:
        principal, session = self._principal, self._session
        side = None if principal is None or session is None else side_of(principal, session)
        _security.info(
            "session.join",
            session_id=self._session_id[:_LOGGED_ID_CHARACTERS],
            has_user_auth=principal is not None and principal.customer_id is not None,
            has_mechanic_auth=principal is not None and principal.mechanic_id is not None,
            session_customer_id=None if session is None else session.customer_id,
            session_mechanic_id=None if session is None else session.mechanic_id,
            is_mechanic_for_session=side is Side.MECHANIC,
            is_customer_for_session=side is Side.CUSTOMER,
            decision=decision,
            code=code,
        )


async def _join(session_id: SessionPath, request: Request, core: CoreDep) -> Join:
    try:
        principal = await _identified(request, core)
    except Problem as problem:
        raise Join(session_id, None, None).refused(problem) from None
    session = _session_of(request, session_id)
    join = Join(session_id, principal, session)
    try:
        _refuse_forgery(request, principal)
    except Problem as problem:
        raise join.refused(problem) from None
    join.check()
    return join


JoinDep = Annotated[Join, Depends(_join)]


def _existing(request: Request, session_id: str) -> SessionRow:
    session = _session_of(request, session_id)
    if session is None:
        raise Problem(ErrorCode.SESSION_NOT_FOUND)
    return session


def _session_of(request: Request, session_id: str) -> SessionRow | None:
    """Return the session that the path names, as `_identified` read it."""
    session: SessionRow | None = getattr(request.state, "named_session", None)
    return session if session is not None and session.id == session_id.lower() else None


def _principal(
    user: callers.User | None,
    user_claims: UserClaims | None,
    mechanic: callers.Mechanic | None,
    mechanic_claims: MechanicClaims | None,
) -> Principal:
    """Put together who asks; claims without an account behind them count for nothing."""
    roles: set[Role] = set()
    ends: list[datetime] = []
    user_sign_in_id = mechanic_sign_in_id = None
    if user is not None and user_claims is not None:
        roles.add(Role.SUPPORT if user.is_support else Role.CUSTOMER)
        ends.append(user_claims.expires_at)
        user_sign_in_id = user_claims.sign_in_id
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
    account has the address, which only an operator can sort out.
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
        row = await work.db.get(UserRow, claims.user_id)
    if row is None:
        _security.warning("account.email_taken", user_id=claims.user_id)
        return None
    return callers.User(UserId(row.id), row.name, row.email, row.is_support)


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
