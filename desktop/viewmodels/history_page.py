"""All sessions of the past, newest first, to search and to page through."""

from dataclasses import dataclass, replace
from typing import Final

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError
from client_api.wire import OVER_STATUSES
from desktop.viewmodels.command import Command, On
from desktop.viewmodels.dashboard_state import PastRow, Phase, past_row
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell, SignedOutWhy
from desktop.viewmodels.trouble import Trouble, trouble_of

SEARCH_AFTER_S: Final = 0.3
_STATUSES: Final = tuple(sorted(OVER_STATUSES, key=lambda status: status.value))


@dataclass(frozen=True, slots=True)
class HistoryState:
    """What the history shows. ``more`` is None once all is shown."""

    phase: Phase = Phase.LOADING
    trouble: Trouble | None = None
    query: str = ""
    rows: tuple[PastRow, ...] = ()
    more: Command | None = None
    retry: Command | None = None


class HistoryPage:
    """Fetches pages of sessions; typing searches once the user pauses."""

    def __init__(self, api: ServiceApi, shell: Shell, *, clock: Clock, spawn: Spawn) -> None:
        self._api = api
        self._shell = shell
        self._clock = clock
        self._tasks = PageTasks(spawn)
        self._before: str | None = None
        self.state: Observable[HistoryState] = Observable(HistoryState())

    def open(self) -> None:
        """Fetch the first page."""
        self._tasks.start(self._fetch(), name="history")

    def close(self) -> None:
        """End what still runs."""
        self._tasks.close()

    def search(self, query: str) -> None:
        """Show only sessions that match; an empty query shows all."""
        self._before = None
        self._change(query=query)
        self._tasks.start(self._fetch(after_s=SEARCH_AFTER_S), name="history")

    def more(self) -> None:
        """Fetch the next page."""
        self._change(more=None)
        self._tasks.start(self._fetch(), name="history")

    def retry(self) -> None:
        """Fetch again after a failure."""
        self._change(phase=Phase.LOADING, trouble=None, retry=None)
        self.open()

    async def _fetch(self, *, after_s: float = 0.0) -> None:
        if after_s:
            await self._clock.sleep(after_s)
        before = self._before
        query = self.state.value.query.strip()
        try:
            page = await self._api.sessions(statuses=_STATUSES, query=query, before=before)
        except ClientError as error:
            trouble = trouble_of(error)
            if trouble.is_sign_in:
                self._shell.leave(SignedOutWhy.EXPIRED)
                return
            self._change(phase=Phase.FAILED, trouble=trouble, retry=self.retry)
            return
        rows = tuple(
            past_row(session, On(self._shell.go_summary, session.id)) for session in page.sessions
        )
        known = self.state.value.rows if before else ()
        self._before = page.next_before
        self._change(
            phase=Phase.READY,
            trouble=None,
            rows=(*known, *rows),
            more=self.more if page.next_before else None,
        )

    def _change(self, **changes: object) -> None:
        self.state.set(replace(self.state.value, **changes))  # type: ignore[arg-type]  # by name
