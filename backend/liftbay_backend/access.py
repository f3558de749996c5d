"""Who may do what in a session: the order of refusals, and the one security log of joins.

    who asks                  401, 403                 (`identity`)
    the thing exists          404
    role or part in it        403
    its status                409
    the preflight report      428

Inside a session the mechanic wins where one person comes with both sign-ins. Routers take one of
the dependencies below or of `identity`, as the table in `policy` says; a test walks every route
with every kind of caller.
"""

from dataclasses import dataclass, field
from typing import Annotated, Final, Protocol

import structlog
from fastapi import Depends, Path, Request

from liftbay_backend.core import CoreDep
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.roles import Role, Side
from liftbay_backend.domain.session_fsm import ENDED, JOINABLE
from liftbay_backend.identity import (
    Principal,
    SignedIn,
    identified,
    named_session,
    refuse_forgery,
)
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.callers import NamedSession

_security = structlog.get_logger("liftbay.security")

# Of any shape: whatever is no id of ours is simply not found, once the sign-in was looked at.
SessionPath = Annotated[str, Path()]
_LOGGED_ID_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Access:
    """A caller inside one session.

    Attributes:
        side: which of the two; None is support, where the route lets support in.
        session: as it was when access was decided.
    """

    principal: Principal
    session_id: SessionId
    side: Side | None
    session: NamedSession = field(repr=False)

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


async def _participant(session_id: SessionPath, principal: SignedIn, request: Request) -> Access:
    session = _existing(request, session_id)
    side = side_of(principal, session)
    if side is None:
        raise Problem(ErrorCode.SESSION_NOT_PARTICIPANT)
    return Access(principal, SessionId(session.id), side, session)


async def _participant_or_support(
    session_id: SessionPath, principal: SignedIn, request: Request
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


async def _session_customer(access: Annotated[Access, Depends(_participant)]) -> Access:
    return _of_side(access, Side.CUSTOMER)


async def _session_mechanic(access: Annotated[Access, Depends(_participant)]) -> Access:
    return _of_side(access, Side.MECHANIC)


async def _session_support(
    access: Annotated[Access, Depends(_participant_or_support)],
) -> Access:
    access.principal.require(Role.SUPPORT)
    if access.side is not None:
        # Nobody gives themselves money back, nor looks through their own case as support.
        raise Problem(
            ErrorCode.AUTH_ROLE_REQUIRED,
            "Only support that has no part in the session may do this.",
        )
    return access


def _of_side(access: Access, side: Side) -> Access:
    if access.side is not side:
        raise Problem(
            ErrorCode.AUTH_ROLE_REQUIRED, f"Only the {side.value} of the session may do this."
        )
    return access


Participant = Annotated[Access, Depends(_participant)]
ParticipantOrSupport = Annotated[Access, Depends(_participant_or_support)]
SessionCustomer = Annotated[Access, Depends(_session_customer)]
SessionMechanic = Annotated[Access, Depends(_session_mechanic)]
SessionSupport = Annotated[Access, Depends(_session_support)]


class Join:
    """One attempt to enter a room, from the first question to the one line in the security log."""

    def __init__(
        self, session_id: str, principal: Principal | None, session: NamedSession | None
    ) -> None:
        self._session_id = session_id
        self._principal = principal
        self._session = session

    @property
    def session(self) -> NamedSession:
        """The session as it was read for the decision."""
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
        principal = await identified(request, core)
    except Problem as problem:
        raise Join(session_id, None, None).refused(problem) from None
    session = named_session(request, session_id)
    join = Join(session_id, principal, session)
    try:
        refuse_forgery(request, principal)
    except Problem as problem:
        raise join.refused(problem) from None
    join.check()
    return join


JoinDep = Annotated[Join, Depends(_join)]


def _existing(request: Request, session_id: str) -> NamedSession:
    session = named_session(request, session_id)
    if session is None:
        raise Problem(ErrorCode.SESSION_NOT_FOUND)
    return session
