"""Builds the page that the shell asks for: view model, widget, and how to end them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, assert_never

from PySide6.QtWidgets import QWidget

from client_api.errors import ErrorCode
from client_api.wire import Session, SessionId
from desktop.app.call_run import CallRun, is_over_for_good
from desktop.app.entry import Entry
from desktop.app.loop import in_a_later_turn
from desktop.app.preflight_run import PreflightRun
from desktop.call.states import Ended, EndReason
from desktop.viewmodels.call_ended_page import CallEndedPage
from desktop.viewmodels.dashboard_page import DashboardPage
from desktop.viewmodels.earnings_page import EarningsPage
from desktop.viewmodels.entrance_page import EntrancePage
from desktop.viewmodels.find_report_page import FindReportPage
from desktop.viewmodels.history_page import HistoryPage
from desktop.viewmodels.intake_page import IntakePage
from desktop.viewmodels.shell import CallEnd, Page, ShellState, SignedOutWhy
from desktop.viewmodels.sign_in_page import SignInPage
from desktop.viewmodels.sign_up_page import SignUpPage
from desktop.viewmodels.summary_page import SummaryPage
from desktop.views.call_ended_view import CallEndedView
from desktop.views.call_view import CallView
from desktop.views.dashboard_view import DashboardView
from desktop.views.earnings_view import EarningsView
from desktop.views.entrance_view import EntranceView
from desktop.views.find_report_view import FindReportView
from desktop.views.history_view import HistoryView
from desktop.views.intake_view import IntakeView
from desktop.views.preflight_view import PreflightView
from desktop.views.questions import ask_cancel, ask_report_path
from desktop.views.sign_in_view import SignInView
from desktop.views.sign_up_view import SignUpView
from desktop.views.summary_view import SummaryView

if TYPE_CHECKING:
    from desktop.app.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class OpenPage:
    """A page in sight.

    Attributes:
        model: its view model, for whoever watches page states (the demo).
        open: begin its work, once the window shows it.
        close: end its work; the window deletes the widget.
    """

    page: Page
    session: SessionId | None
    model: object
    widget: QWidget
    open: Callable[[], None]
    close: Callable[[], None]


class PageFactory:
    """Makes pages for one program, and leads from the preflight into the call and out of it."""

    def __init__(self, program: "Program") -> None:
        self._program = program

    def make(self, state: ShellState) -> OpenPage:
        """Return the page for a shell state; nothing runs before its ``open``."""
        match state.page:
            case Page.SIGN_IN:
                return self._sign_in(state)
            case Page.SIGN_UP:
                return self._sign_up(state)
            case Page.DASHBOARD:
                return self._dashboard(state)
            case Page.FIND_REPORT:
                return self._find_report(state)
            case Page.HISTORY:
                return self._history(state)
            case Page.EARNINGS:
                return self._earnings(state)
            case Page.INTAKE:
                return self._intake(state)
            case Page.PREFLIGHT:
                return self._entrance(state)
            case Page.DIAGNOSTICS:
                return self._diagnostics(state)
            case Page.CALL:
                return self._call(state)
            case Page.CALL_ENDED:
                return self._call_ended(state)
            case Page.SUMMARY:
                return self._summary(state)
            case _:
                assert_never(state.page)

    # --- account pages ------------------------------------------------------------------------

    def _sign_in(self, state: ShellState) -> OpenPage:
        program = self._program
        model = SignInPage(
            program.sign_in,
            program.api,
            program.shell,
            spawn=program.tasks.spawn,
            service_ignored=program.service_ignored,
        )
        view = SignInView(model.state)
        return OpenPage(state.page, None, model, view, _nothing, model.close)

    def _sign_up(self, state: ShellState) -> OpenPage:
        program = self._program
        model = SignUpPage(program.sign_in, program.api, program.shell, spawn=program.tasks.spawn)
        view = SignUpView(model.state)
        return OpenPage(state.page, None, model, view, _nothing, model.close)

    def _dashboard(self, state: ShellState) -> OpenPage:
        program = self._program
        model = DashboardPage(
            program.api,
            program.shell,
            ask_cancel=lambda role: ask_cancel(program.window, role),
            alerts=program.alerts,
            clock=program.adapters.clock,
            spawn=program.tasks.spawn,
            ignored=program.take_ignored(),
        )
        view = DashboardView(model.state)

        def close() -> None:
            model.close()
            # A preflight listens, and a call must hear nothing but the other side.
            program.chime.hush()

        return OpenPage(state.page, None, model, view, model.open, close)

    def _find_report(self, state: ShellState) -> OpenPage:
        program = self._program
        model = FindReportPage(program.api, program.shell, spawn=program.tasks.spawn)
        view = FindReportView(model.state, later=in_a_later_turn)
        return OpenPage(state.page, None, model, view, model.open, model.close)

    def _history(self, state: ShellState) -> OpenPage:
        program = self._program
        model = HistoryPage(
            program.api,
            program.shell,
            clock=program.adapters.clock,
            spawn=program.tasks.spawn,
        )
        view = HistoryView(model.state, search=model.search)
        return OpenPage(state.page, None, model, view, model.open, model.close)

    def _earnings(self, state: ShellState) -> OpenPage:
        program = self._program
        model = EarningsPage(program.api, program.shell, spawn=program.tasks.spawn)
        view = EarningsView(model.state)
        return OpenPage(state.page, None, model, view, model.open, model.close)

    def _intake(self, state: ShellState) -> OpenPage:
        program = self._program
        model = IntakePage(
            program.api,
            program.shell,
            program.drafts,
            clock=program.adapters.clock,
            spawn=program.tasks.spawn,
        )
        view = IntakeView(model.state, in_turns=True)
        return OpenPage(state.page, None, model, view, model.open, model.close)

    def _summary(self, state: ShellState) -> OpenPage:
        program = self._program
        assert state.session is not None

        model = SummaryPage(
            program.api,
            program.shell,
            state.session,
            ask_path=lambda suggestion: ask_report_path(program.window, suggestion),
            clock=program.adapters.clock,
            spawn=program.tasks.spawn,
        )
        view = SummaryView(model.state, in_turns=True)
        return OpenPage(state.page, state.session, model, view, model.open, model.close)

    # --- preflight and call -------------------------------------------------------------------

    def _entrance(self, state: ShellState) -> OpenPage:
        program = self._program
        assert state.session is not None
        model = EntrancePage(program.api, program.shell, state.session, spawn=program.tasks.spawn)
        make = partial(self._make_preflight, model)
        view = EntranceView(model.state, make, later=in_a_later_turn)

        def close() -> None:
            model.close()
            self._close_preflight()

        return OpenPage(state.page, state.session, model, view, model.open, close)

    def _make_preflight(self, entrance: EntrancePage, session: Session) -> QWidget:
        program = self._program
        run = PreflightRun(
            program,
            session,
            on_join=lambda entry: self._join(session, entry),
            on_leave=program.shell.back,
            on_turned_away=entrance.refuse,
        )
        program.preflight = run
        view = PreflightView(run.page, in_turns=True, later=in_a_later_turn)
        run.open()
        return view

    def _diagnostics(self, state: ShellState) -> OpenPage:
        program = self._program
        run = PreflightRun(
            program,
            None,
            on_join=_nobody_joins,
            on_leave=program.shell.back,
            on_turned_away=_nobody_turns_away,
        )
        program.preflight = run
        view = PreflightView(run.page, in_turns=True, later=in_a_later_turn)
        return OpenPage(state.page, None, run.page, view, run.open, self._close_preflight)

    def _close_preflight(self) -> None:
        run, self._program.preflight = self._program.preflight, None
        if run is not None:
            self._program.let_close(run, "close the preflight")

    def _join(self, session: Session, entry: Entry) -> None:
        """Take the open devices over and show the call."""
        program = self._program
        parts = program.call_parts()
        program.call = CallRun(
            session,
            entry,
            actor=parts.actor,
            service=program.api,
            outbox=program.outbox,
            clock=program.adapters.clock,
            catalogue=parts.catalogue,
            remote=parts.remote,
            screen=parts.screen,
            last_call=program.last_call,
            reports=program.profile.reports,
            when_over=lambda ended: self._on_over(session.id, ended),
        )
        program.shell.go_call(session.id)

    def _call(self, state: ShellState) -> OpenPage:
        program = self._program
        run = program.call
        assert run is not None
        view = CallView(run.page, in_turns=True)

        def close() -> None:
            program.call = None
            speaker = run.devices.media.speaker
            if speaker is not None:
                program.chosen_speaker = speaker.info.id
            if program.window.isFullScreen():
                # The picture was full when the call ended; no other page wants the whole screen.
                program.window.showNormal()
            program.let_close(run, "close the call")

        return OpenPage(state.page, state.session, run.page, view, run.start, close)

    def _on_over(self, session: SessionId, ended: Ended) -> None:
        """Go where a call that is over leads: the summary, the sign-in, or the way back in."""
        shell = self._program.shell
        if shell.state.value.page is not Page.CALL:
            return
        if is_over_for_good(ended) or ended.code is ErrorCode.SESSION_ENDED:
            shell.go_summary(session)
        elif ended.reason is EndReason.SIGN_IN_NEEDED:
            shell.leave(SignedOutWhy.EXPIRED)
        elif ended.reason is EndReason.PREFLIGHT_NEEDED:
            shell.go_preflight(session)
        elif ended.reason is EndReason.USER_LEFT:
            shell.go_dashboard()
        else:
            shell.go_call_ended(session, CallEnd(ended.reason, ended.code))

    def _call_ended(self, state: ShellState) -> OpenPage:
        assert state.session is not None
        assert state.call_end is not None
        model = CallEndedPage(self._program.shell, state.session, state.call_end)
        view = CallEndedView(model.state)
        return OpenPage(state.page, state.session, model, view, _nothing, _nothing)


def _nobody_joins(_entry: Entry) -> None:
    """A diagnosis leads into no call."""


def _nobody_turns_away(_code: ErrorCode) -> None:
    """A diagnosis is for whoever likes."""


def _nothing() -> None:
    """A page with no work of its own begins like this."""
