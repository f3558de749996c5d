"""The dashboards of customers and mechanics, live by one stream of account events.

Three sources feed one picture (`dashboard_rows`): the lists (once the events have begun, after an
outage, and every 30 s in case an event was lost), the events, and the answers to the user's own
commands.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeAlias
from uuid import uuid4

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError, ErrorCode, Refused, Unreachable
from client_api.stream_events import (
    AccountEvent,
    AccountReadinessChanged,
    AccountSessionChanged,
    AccountSettlementChanged,
    RequestClosed,
    RequestOpened,
    StreamBegan,
)
from client_api.wire import (
    OVER_STATUSES,
    IdempotencyKey,
    RequestCloseReason,
    RequestId,
    Role,
    Session,
    SessionId,
    SessionStatus,
    SessionType,
)
from desktop.viewmodels.command import On
from desktop.viewmodels.dashboard_alerts import AlertKind, Alerts, NewRows
from desktop.viewmodels.dashboard_rows import DashboardRows
from desktop.viewmodels.dashboard_state import (
    ACTIVE_STATUSES,
    AHEAD_STATUSES,
    DashboardState,
    IgnoredSetting,
    News,
    NewsKind,
    Phase,
    SessionRow,
    past_row,
    request_card,
    session_row,
)
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.service_time import ServiceTime
from desktop.viewmodels.shell import Shell, SignedOutWhy
from desktop.viewmodels.trouble import Trouble, trouble_of

AskCancel: TypeAlias = Callable[[Role], Awaitable[bool]]
"""Asks the user whether to call a session off; True when they mean it."""

TICK_S: Final = 1.0
LOOK_EVERY_TICKS: Final = 10
REFETCH_EVERY_TICKS: Final = 30
EVENTS_BEGIN_WITHIN_S: Final = 1.0
"""How long the first lists wait for the events. A page that is not live is better than none."""
_PAST_SHOWN: Final = 6
_NEWS_OF: Final = {
    AlertKind.NEW_REQUEST: NewsKind.NEW_REQUEST,
    AlertKind.MECHANIC_FOUND: NewsKind.MECHANIC_FOUND,
    AlertKind.OTHER_SIDE_READY: NewsKind.OTHER_SIDE_READY,
}


class DashboardPage:
    """Keeps one account's sessions and requests, and offers what can be done with them."""

    def __init__(
        self,
        api: ServiceApi,
        shell: Shell,
        *,
        ask_cancel: AskCancel,
        alerts: Alerts,
        clock: Clock,
        spawn: Spawn,
        ignored: tuple[IgnoredSetting, ...] = (),
    ) -> None:
        """Make the page; nothing runs before ``open``.

        Args:
            alerts: told what is new while this page is open, each thing once.
            ignored: settings that could not be used, to be told on this page.
        """
        self._api = api
        self._ask_cancel = ask_cancel
        self._ignored = ignored
        self._shell = shell
        self._clock = clock
        self._tasks = PageTasks(spawn)
        self._time = ServiceTime(clock)
        self._role = shell.state.value.role or Role.CUSTOMER
        self._rows = DashboardRows(self._time)
        self._alerts = alerts
        self._new_rows = NewRows(self._role, self._time)
        self._accepting: dict[RequestId, IdempotencyKey] = {}
        self._keys: dict[RequestId, IdempotencyKey] = {}
        self._phase = Phase.LOADING
        self._trouble: Trouble | None = None
        self._is_offline = False
        self._has_lists = False
        self._is_available: bool | None = None
        self._news: News | None = None
        self.state: Observable[DashboardState] = Observable(DashboardState(self._role))
        self._publish()

    def open(self) -> None:
        """Fetch the lists and follow the events until ``close``."""
        for ignored in self._ignored:
            self._tell(NewsKind.SETTING_IGNORED, ignored=ignored)
        self._tasks.start(self._follow(), name="dashboard events")
        self._tasks.start(self._fetch_without_events(), name="dashboard lists")
        self._tasks.start(self._tick(), name="dashboard tick")
        if self._role is Role.MECHANIC:
            wanted = self._shell.wants_requests
            self._tasks.start(self._tell_available(wanted), name="dashboard available")

    def close(self) -> None:
        """End what still runs."""
        self._tasks.close()

    def retry(self) -> None:
        """Fetch the lists again after a failure."""
        self._phase, self._trouble = Phase.LOADING, None
        self._publish()
        self._tasks.start(self._fetch(), name="dashboard lists")

    def accept(self, request: RequestId) -> None:
        """Accept a request. Pressing again while it runs does nothing."""
        if request in self._accepting or request not in self._rows.requests:
            return
        key = self._keys.setdefault(request, IdempotencyKey(str(uuid4())))
        self._accepting[request] = key
        self._publish()
        self._tasks.start(self._accept(request, key), name=f"accept {request}")

    def cancel(self, session: SessionId) -> None:
        """Call a session off before it starts; for a mechanic that gives it back."""
        self._tasks.start(self._cancel(session), name=f"cancel {session}")

    def toggle_available(self) -> None:
        """Take requests, or take none for now."""
        if self._is_available is None:
            return
        self._shell.wants_requests = not self._is_available
        wanted = self._shell.wants_requests
        self._tasks.start(self._tell_available(wanted), name="dashboard available")

    async def _fetch(self) -> None:
        self._rows.begin_lists()
        try:
            health = await self._api.health()
            now = await self._api.sessions(statuses=(*ACTIVE_STATUSES, *AHEAD_STATUSES))
            latest = await self._api.sessions()
            requests = await self._api.requests() if self._role is Role.MECHANIC else ()
        except ClientError as error:
            self._failed(error)
            return
        self._time.heard(health.server_now)
        self._rows.take_lists((*latest.sessions, *now.sessions), requests)
        self._phase, self._trouble, self._is_offline = Phase.READY, None, False
        self._has_lists = True
        self._alert()
        self._publish()

    async def _follow(self) -> None:
        try:
            async for event in self._api.account_events():
                if isinstance(event, StreamBegan):
                    # Not before: what came between the lists and the events would be in neither.
                    self._tasks.start(self._fetch(), name="dashboard lists")
                else:
                    self._apply(event)
        except Refused as error:
            self._failed(error)

    async def _fetch_without_events(self) -> None:
        """Fetch the lists if the events do not begin; when they do, that takes this one's place."""
        await self._clock.sleep(EVENTS_BEGIN_WITHIN_S)
        await self._fetch()

    async def _tick(self) -> None:
        beat = 0
        while True:
            await self._clock.sleep(TICK_S)
            beat += 1
            self._publish()
            if beat % LOOK_EVERY_TICKS == 0:
                await self._look()
            if beat % REFETCH_EVERY_TICKS == 0 and not self._is_offline:
                self._tasks.start(self._fetch(), name="dashboard lists")

    async def _look(self) -> None:
        """Find out whether the service answers; after an outage fetch everything again."""
        try:
            health = await self._api.health()
        except Unreachable:
            self._is_offline = True
        except ClientError:
            return
        else:
            self._time.heard(health.server_now)
            if self._is_offline or self._phase is Phase.FAILED:
                self._tasks.start(self._fetch(), name="dashboard lists")
        self._publish()

    async def _accept(self, request: RequestId, key: IdempotencyKey) -> None:
        try:
            session = await self._api.accept_request(request, key=key)
        except Refused as error:
            self._accepting.pop(request, None)
            if error.code is ErrorCode.REQUEST_ALREADY_ACCEPTED:
                self._rows.forget_request(request)
                self._tell(NewsKind.FASTER)
            elif error.code in (ErrorCode.REQUEST_CLOSED, ErrorCode.REQUEST_NOT_FOUND):
                self._rows.forget_request(request)
                self._tell(NewsKind.REQUEST_GONE)
            else:
                self._refused(error)
        except ClientError as error:
            # The key is kept: pressing again is the same intent, whatever became of the first.
            self._accepting.pop(request, None)
            self._refused(error)
        else:
            self._accepting.pop(request, None)
            self._rows.forget_request(request)
            self._rows.keep(session)
            self._tell(NewsKind.ACCEPTED_BY_ME, _name(session))

    async def _cancel(self, session: SessionId) -> None:
        if not await self._ask_cancel(self._role):
            return
        try:
            self._rows.keep(await self._api.cancel_session(session, "changed_my_mind"))
        except ClientError as error:
            self._refused(error)
        else:
            self._publish()

    async def _tell_available(self, available: bool) -> None:
        try:
            self._is_available = await self._api.set_available(available)
        except ClientError as error:
            self._refused(error)
        else:
            self._publish()

    def _apply(self, event: AccountEvent) -> None:
        self._is_offline = False
        match event:
            case RequestOpened():
                if self._role is Role.MECHANIC:
                    self._rows.open_request(event.request)
            case RequestClosed():
                known = self._rows.forget_request(event.request_id)
                mine = event.request_id in self._accepting
                if known and mine and event.reason is not RequestCloseReason.ACCEPTED:
                    self._tell(NewsKind.REQUEST_GONE)
            case AccountSessionChanged():
                self._rows.keep(event.session)
            case AccountReadinessChanged():
                self._rows.take_readiness(event)
            case AccountSettlementChanged():
                self._rows.take_settlement(event)
        if self._new_rows.is_news(event.at):
            self._alert()
        self._publish()

    def _alert(self) -> None:
        """Tell of what is new, in the page and beyond it."""
        if not self._has_lists:
            # What the first lists bring was there before, whatever an event says meanwhile.
            return
        for alert in self._new_rows.look(self._rows):
            self._tell(_NEWS_OF[alert.kind], alert.name)
            self._alerts.announce(alert)

    def _failed(self, error: ClientError) -> None:
        trouble = trouble_of(error)
        if trouble.is_sign_in:
            self._shell.leave(SignedOutWhy.EXPIRED)
            return
        self._is_offline = trouble.is_connection
        if self._phase is not Phase.READY:
            self._phase, self._trouble = Phase.FAILED, trouble
        self._publish()

    def _refused(self, error: ClientError) -> None:
        trouble = trouble_of(error)
        if trouble.is_sign_in:
            self._shell.leave(SignedOutWhy.EXPIRED)
            return
        self._tell(NewsKind.NOT_DONE, trouble=trouble)

    def _tell(
        self,
        kind: NewsKind,
        name: str = "",
        trouble: Trouble | None = None,
        ignored: IgnoredSetting | None = None,
    ) -> None:
        number = self._news.number + 1 if self._news else 1
        self._news = News(number, kind, name, trouble, ignored)
        self._publish()

    def _publish(self) -> None:
        is_mechanic = self._role is Role.MECHANIC
        newest = sorted(self._rows.sessions.values(), key=lambda row: row.created_at, reverse=True)
        over = [session for session in newest if session.status in OVER_STATUSES]
        over.sort(key=lambda row: row.ended_at or row.created_at, reverse=True)
        self.state.set(
            replace(
                self.state.value,
                phase=self._phase,
                trouble=self._trouble,
                is_offline=self._is_offline,
                active=self._listed(newest, ACTIVE_STATUSES),
                ahead=self._listed(newest, AHEAD_STATUSES),
                past=tuple(
                    past_row(session, On(self._shell.go_summary, session.id))
                    for session in over[:_PAST_SHOWN]
                ),
                requests=tuple(
                    request_card(
                        request,
                        self._time,
                        is_accepting=request.id in self._accepting,
                        accept=None if self._accepting else On(self.accept, request.id),
                    )
                    for request in sorted(
                        self._rows.requests.values(), key=lambda card: card.opened_at, reverse=True
                    )
                ),
                is_available=self._is_available,
                news=self._news,
                toggle_available=self.toggle_available if is_mechanic else None,
                new_consultation=None if is_mechanic else self._shell.go_intake,
                all_sessions=self._shell.go_history,
                retry=self.retry if self._phase is Phase.FAILED else None,
            )
        )

    def _listed(
        self, sessions: list[Session], statuses: tuple[SessionStatus, ...]
    ) -> tuple[SessionRow, ...]:
        return tuple(
            session_row(
                session,
                self._time,
                join=self._join_of(session),
                cancel=self._cancel_of(session),
            )
            for session in sessions
            if session.status in statuses
        )

    def _join_of(self, session: Session) -> On[SessionId] | None:
        is_here = session.type is SessionType.VIDEO and session.status in ACTIVE_STATUSES
        return On(self._shell.go_preflight, session.id) if is_here else None

    def _cancel_of(self, session: Session) -> On[SessionId] | None:
        unstarted = (*AHEAD_STATUSES, SessionStatus.WAITING)
        return On(self.cancel, session.id) if session.status in unstarted else None


def _name(session: Session) -> str:
    return session.counterpart.name if session.counterpart else ""
