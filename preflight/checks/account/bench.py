"""What the checks of account and session share: one look at the service's own account of them.

The service decides; here it is only asked beforehand, because nobody should fix a camera for a
session that is over.
"""

import asyncio
from dataclasses import dataclass

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import SIGN_IN_CODES, ClientError, ErrorCode, Refused
from client_api.tasks import Tasks, within
from client_api.wire import OVER_STATUSES, Readiness, Role, Session, SessionId, SideReadiness
from preflight.check import CannotTell, NotMeasured
from preflight.offload import TASKS_END_WITHIN_S

ASK_WITHIN_S = 5.0
_FOREIGN = frozenset({ErrorCode.SESSION_NOT_FOUND, ErrorCode.SESSION_NOT_PARTICIPANT})
_SEATS = (Role.CUSTOMER, Role.MECHANIC)


@dataclass(frozen=True, slots=True)
class AccountLook:
    """What the service said; None where it did not.

    Attributes:
        signed_in: whether it knows who asks.
        yours: whether the session is one of theirs.
        over: whether the session has ended.
        refused: why the service will not let them join.
        session: the session, where it is theirs.
    """

    signed_in: bool | None = None
    yours: bool | None = None
    over: bool | None = None
    refused: ErrorCode | None = None
    session: Session | None = None


class AccountBench:
    """Asks the service once for each `begin`, and how far both sides are again and again.

    Args:
        api: the signed-in service; None while nobody is.
        session: the session to join; None for a diagnosis.
        report_refused: why the service refused the report of the run before this one.

    Attributes:
        report_refused: why it refused the last report; None where it took it, or had none.
    """

    def __init__(
        self,
        api: ServiceApi | None,
        session: SessionId | None,
        clock: Clock,
        *,
        report_refused: str | None = None,
    ) -> None:
        self.report_refused = report_refused
        self._api = api
        self._session = session
        self._clock = clock
        self._tasks = Tasks()
        self._asking: asyncio.Task[AccountLook] | None = None
        self._looking: asyncio.Task[Readiness | None] | None = None
        self._asked_first = False

    @property
    def has_session(self) -> bool:
        """Whether there is a session that the service can be asked about."""
        return self._api is not None and self._session is not None

    async def begin(self) -> None:
        """Forget the answers, but for those that were asked for before the run began."""
        if self._asked_first:
            self._asked_first = False
        else:
            self._forget()

    async def turned_away(self) -> ErrorCode | None:
        """Ask before any device is opened; return why this person cannot join.

        None also where no answer comes within 5 s: the network's checks will say why.
        """
        if self._api is None or self._session is None:
            return None
        asking = self._ask_once(self._api)
        waiting = self._tasks.spawn(_ended(asking), name="wait for the account")
        await within(waiting, ASK_WITHIN_S, self._clock)
        look = asking.result() if asking.done() else AccountLook()
        if look.signed_in is None:
            # Nothing was told: the run asks again.
            self._forget()
        self._asked_first = look.signed_in is not None
        return look.refused

    async def look(self) -> AccountLook:
        """Return what the service says, asked if necessary.

        Raises:
            NotMeasured: nobody is signed in.
        """
        if self._api is None:
            raise NotMeasured("not_signed_in")
        return await asyncio.shield(self._ask_once(self._api))

    async def session(self) -> Session:
        """Return the session.

        Raises:
            NotMeasured: nobody is signed in, or there is no session to join.
            CannotTell: the service did not show it.
        """
        look = await self.look()
        self.about_a_session()
        if look.session is None:
            raise CannotTell("not_told")
        return look.session

    async def sides(self) -> tuple[SideReadiness, SideReadiness]:
        """Return how far this side and the other one are, asked anew.

        Raises:
            NotMeasured, CannotTell: as `session`.
        """
        mine = (await self.session()).my_role
        if self._looking is None or self._looking.done():
            # Two checks ask in one breath: one answer serves both.
            self._looking = self._tasks.spawn(self._both_sides(), name="ask for both sides")
        both = await asyncio.shield(self._looking)
        if both is None:
            raise CannotTell("not_told")
        sides = (both.customer, both.mechanic)
        return sides if mine is Role.CUSTOMER else (sides[1], sides[0])

    def about_a_session(self) -> None:
        """Go on where there is a session to join.

        Raises:
            NotMeasured: there is none.
        """
        if self._session is None:
            raise NotMeasured("not_offered")

    async def close(self) -> None:
        """Stop asking."""
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    @property
    def unanswered(self) -> bool:
        """Whether the service was asked and told nothing: it is asked again then."""
        asked = self._asking
        if asked is None or not asked.done():
            return False
        failed = asked.cancelled() or asked.exception() is not None
        return failed or asked.result().signed_in is None

    def _ask_once(self, api: ServiceApi) -> asyncio.Task[AccountLook]:
        if self._asking is None or self.unanswered:
            self._asking = self._tasks.spawn(_ask(api, self._session), name="ask for the account")
        return self._asking

    async def _both_sides(self) -> Readiness | None:
        assert self._api is not None
        assert self._session is not None
        try:
            return await self._api.readiness(self._session)
        except ClientError:
            return None

    def _forget(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking = None


async def _ask(api: ServiceApi, session: SessionId | None) -> AccountLook:
    try:
        if session is None:
            await api.me()
            return AccountLook(signed_in=True)
        found = await api.session(session)
    except ClientError as error:
        return look_of(error)
    if found.my_role not in _SEATS:
        # Support sees every session and takes part in none.
        return AccountLook(True, yours=False, refused=ErrorCode.SESSION_NOT_PARTICIPANT)
    over = found.status in OVER_STATUSES
    return AccountLook(True, True, over, ErrorCode.SESSION_ENDED if over else None, found)


def look_of(error: ClientError) -> AccountLook:
    """Return what a refusal tells; nothing for a service that did not answer."""
    if not isinstance(error, Refused):
        return AccountLook()
    if error.code in SIGN_IN_CODES:
        return AccountLook(signed_in=False, refused=error.code)
    if error.code in _FOREIGN:
        return AccountLook(signed_in=True, yours=False, refused=error.code)
    if error.code is ErrorCode.SESSION_ENDED:
        return AccountLook(True, yours=True, over=True, refused=error.code)
    return AccountLook()


async def _ended(asking: "asyncio.Task[AccountLook]") -> None:
    """Wait for what goes on when the waiting is given up."""
    await asyncio.wait({asking})
