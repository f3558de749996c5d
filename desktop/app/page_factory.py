"""Builds the page that the shell asks for: view model, widget, and how to end them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from client_api.wire import SessionId
from desktop.app.call_run import CallRun
from desktop.app.preflight_run import PreflightRun
from desktop.viewmodels.dashboard_page import DashboardPage
from desktop.viewmodels.intake_page import IntakePage
from desktop.viewmodels.shell import Page, ShellState
from desktop.viewmodels.sign_in_page import SignInPage
from desktop.viewmodels.sign_up_page import SignUpPage
from desktop.viewmodels.summary_page import SummaryPage
from desktop.views.dashboard_view import DashboardView
from desktop.views.sign_in_view import SignInView
from desktop.views.sign_up_view import SignUpView

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


def nothing() -> None:
    """A page with no work of its own begins and ends like this."""


class PageFactory:
    """Makes pages for one program."""

    def __init__(self, program: "Program") -> None:
        self._program = program
