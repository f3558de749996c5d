"""Watches the program's page states and reports the stages they show.

It sees what a person could see and nothing else: neither the driver nor the service is asked.
"""

from client_api.wire import SessionId, SessionStatus, WorkState
from desktop.app.demo.plan import Facts
from desktop.app.demo.stages import Side, Stage
from desktop.app.page_factory import OpenPage
from desktop.app.program import Program
from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.call_state import (
    BothJoined,
    CallPageState,
    CallPhase,
    RemotePicture,
    TimeLeft,
)
from desktop.viewmodels.chat_panel import ChatPanelState, SendState
from desktop.viewmodels.dashboard_page import DashboardPage
from desktop.viewmodels.dashboard_state import DashboardState
from desktop.viewmodels.entrance_page import EntrancePage
from desktop.viewmodels.observable import Scope
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import PreflightPageState
from desktop.viewmodels.shell import Page, ShellState
from desktop.viewmodels.summary_page import SummaryPage, SummaryState
from desktop.views.call_view import CallView
from preflight.model import CheckState, Group

_GROUP_STAGES = {
    Group.CAMERA: Stage.CAMERA_PASSED,
    Group.MICROPHONE: Stage.MICROPHONE_PASSED,
    Group.NETWORK: Stage.NETWORK_PASSED,
}


class StageWatch:
    """Subscribes to every page the program opens, until ``close``."""

    def __init__(self, program: Program, side: Side, facts: Facts) -> None:
        self._program = program
        self._side = side
        self._facts = facts
        self._scope = Scope()
        self._page_scope = Scope()
        self._session: SessionId | None = None
        self._saw_summary = False
        self._warned: set[int] = set()
        self._scope.watch(program.shell.state, self._on_shell)
        self._scope.watch(program.page, self._on_page)

    @property
    def session(self) -> SessionId | None:
        """The session of this demo, once a dashboard showed it."""
        return self._session

    def close(self) -> None:
        """Watch no more."""
        self._page_scope.close()
        self._scope.close()

    def _on_shell(self, state: ShellState) -> None:
        if state.page is Page.DASHBOARD and state.name:
            self._facts.stage(Stage.SIGNED_IN)

    def _on_page(self, page: OpenPage | None) -> None:
        self._page_scope.close()
        self._page_scope = Scope()
        if page is None:
            return
        match page.model:
            case DashboardPage() as model:
                self._page_scope.watch(model.state, self._on_dashboard)
            case EntrancePage() as model:
                self._page_scope.watch(model.state, lambda _state: self._on_entrance())
            case PreflightPage() as model:
                self._page_scope.watch(model.state, self._on_preflight)
            case CallPage() as model:
                self._facts.tell("call")
                self._page_scope.watch(model.state, self._on_call)
                self._page_scope.watch(model.chat.state, self._on_chat)
            case SummaryPage() as model:
                self._page_scope.watch(model.state, self._on_summary)
            case _:
                pass

    def _on_dashboard(self, state: DashboardState) -> None:
        if state.requests and self._side is Side.MECHANIC:
            self._facts.stage(Stage.REQUEST_SEEN)
        ours = (*state.ahead, *state.active)
        if ours and self._session is None:
            self._session = ours[0].session
            self._facts.tell("session", id=str(self._session))
        if state.ahead and self._side is Side.CUSTOMER:
            self._facts.stage(Stage.INTAKE_SUBMITTED)
        for row in state.active:
            if row.status is SessionStatus.WAITING and row.join is not None:
                if self._side is Side.CUSTOMER:
                    # An intake may be accepted before the list was drawn once.
                    self._facts.stage(Stage.INTAKE_SUBMITTED)
                else:
                    self._facts.stage(Stage.REQUEST_ACCEPTED)
                self._facts.stage(Stage.ACTIVE_SESSION)
        if self._saw_summary and any(row.session == self._session for row in state.past):
            self._facts.stage(Stage.DASHBOARD)

    def _on_entrance(self) -> None:
        # The preflight is built a moment after the entrance let us in.
        run = self._program.preflight
        if run is not None:
            self._page_scope.watch(run.page.state, self._on_preflight)

    def _on_preflight(self, state: PreflightPageState) -> None:
        if any(check.state is not CheckState.PENDING for check in state.checks):
            self._facts.stage(Stage.PREFLIGHT_RUNNING)
        for row in state.groups:
            # Other groups only advise: the way through a session has no stage for them.
            if row.state.lets_pass and row.group in _GROUP_STAGES:
                self._facts.stage(_GROUP_STAGES[row.group])
        if state.join is not None:
            self._facts.stage(Stage.JOIN_ENABLED)

    def _on_call(self, state: CallPageState) -> None:
        if state.phase in (CallPhase.AWAITING, CallPhase.LIVE):
            self._facts.stage(Stage.JOINED)
        if state.remote is RemotePicture.LIVE and self._has_painted():
            self._facts.stage(Stage.REMOTE_PICTURE)
        if isinstance(state.notice, BothJoined):
            self._facts.stage(Stage.BOTH_JOINED)
        if isinstance(state.notice, TimeLeft):
            self._on_warning(state.notice.seconds, state)
        if state.clock is not None and state.clock.running and state.phase is CallPhase.LIVE:
            self._facts.stage(Stage.LIVE)
        if state.picture_full:
            self._facts.stage(Stage.PICTURE_FULL)
        is_leaving = state.phase is CallPhase.LEAVING and self._facts.has(Stage.LIVE)
        if is_leaving and self._side is Side.CUSTOMER:
            self._facts.stage(Stage.END_CONFIRMED)

    def _on_warning(self, seconds: int, state: CallPageState) -> None:
        if seconds in self._warned or state.clock is None:
            return
        self._warned.add(seconds)
        shown = state.clock.remaining_seconds
        self._facts.tell("warning", seconds=seconds, clock_shows_s=shown)

    def _has_painted(self) -> bool:
        page = self._program.page.value
        return (
            page is not None
            and isinstance(page.widget, CallView)
            and (page.widget.remote.painted_count > 0)
        )

    def _on_chat(self, state: ChatPanelState) -> None:
        for line in state.lines:
            if line.mine and line.state is SendState.SENT:
                self._facts.stage(Stage.CHAT_SENT)
            elif not line.mine:
                self._facts.stage(Stage.CHAT_RECEIVED)

    def _on_summary(self, state: SummaryState) -> None:
        summary = state.summary
        if summary is None:
            return
        self._saw_summary = True
        self._facts.stage(Stage.ENDED)
        self._facts.stage(Stage.SUMMARY)
        settlement = summary.settlement
        if settlement is not None and settlement.state is WorkState.DONE:
            self._facts.stage(Stage.SETTLED)
