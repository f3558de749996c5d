"""The way to a session's preflight: who may go there is asked before any device is opened.

Nobody should fix a camera for a session that is over, is somebody else's, or is a chat. Pure.
"""

from dataclasses import dataclass

from client_api.api import ServiceApi
from client_api.errors import ClientError, ErrorCode
from client_api.wire import OVER_STATUSES, Session, SessionId, SessionType
from desktop.viewmodels.command import Command
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell, SignedOutWhy
from desktop.viewmodels.trouble import Trouble, trouble_of

_FOR_GOOD = frozenset(
    {
        ErrorCode.SESSION_NOT_FOUND,
        ErrorCode.SESSION_NOT_VIDEO,
        ErrorCode.SESSION_NOT_PARTICIPANT,
        ErrorCode.SESSION_ENDED,
        ErrorCode.SESSION_NOT_JOINABLE,
        ErrorCode.HOST_OUTDATED,
    }
)
"""Refusals that asking again does not change."""


@dataclass(frozen=True, slots=True)
class EntranceState:
    """What stands where the preflight will be.

    Attributes:
        session: there once the way is free; the preflight is built for it.
        trouble: why the way is not free; None while it is being asked.
        retry: ask again; None where that is of no use.
        see_summary: show what became of a session that is over.
    """

    session: Session | None = None
    trouble: Trouble | None = None
    back: Command | None = None
    retry: Command | None = None
    see_summary: Command | None = None


class EntrancePage:
    """Asks the service for the session and lets the preflight begin, or says why not."""

    def __init__(self, api: ServiceApi, shell: Shell, session: SessionId, *, spawn: Spawn) -> None:
        self._api = api
        self._shell = shell
        self._session = session
        self._tasks = PageTasks(spawn)
        self.state: Observable[EntranceState] = Observable(EntranceState(back=shell.back))

    def open(self) -> None:
        """Ask the service."""
        self.state.set(EntranceState(back=self._shell.back))
        self._tasks.start(self._ask(), name="ask for the session")

    def close(self) -> None:
        """Stop asking."""
        self._tasks.close()

    def refuse(self, code: ErrorCode) -> None:
        """Show a refusal that came later, while the devices' libraries were loading."""
        self._show(Trouble(code))

    async def _ask(self) -> None:
        try:
            await self._api.require_current()
            session = await self._api.session(self._session)
        except ClientError as error:
            self._show(trouble_of(error))
            return
        if session.type is not SessionType.VIDEO:
            self._show(Trouble(ErrorCode.SESSION_NOT_VIDEO))
        elif session.status in OVER_STATUSES:
            self._show(Trouble(ErrorCode.SESSION_ENDED))
        else:
            self.state.set(EntranceState(session=session, back=self._shell.back))

    def _show(self, trouble: Trouble) -> None:
        if trouble.is_sign_in:
            self._shell.leave(SignedOutWhy.EXPIRED)
            return
        is_over = trouble.kind is ErrorCode.SESSION_ENDED
        self.state.set(
            EntranceState(
                trouble=trouble,
                back=self._shell.back,
                retry=None if trouble.kind in _FOR_GOOD else self.open,
                see_summary=self._see_summary if is_over else None,
            )
        )

    def _see_summary(self) -> None:
        self._shell.go_summary(self._session)
