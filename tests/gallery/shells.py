"""Pages under the header, as the window shows them."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from client_api.wire import Role
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page, ShellState
from desktop.views.shell_window import ShellWindow


def nothing(*_: object) -> None:
    """Stand for any command."""


def under_header(
    page: Page, make: Callable[[], QWidget], *, role: Role = Role.CUSTOMER, name: str = "Sam Okafor"
) -> Callable[[], QWidget]:
    """Return what builds a page inside the window, for somebody who is signed in."""
    state = ShellState(
        page=page,
        name=name,
        role=role,
        go_dashboard=None if role is Role.SUPPORT else nothing,
        go_history=None if role is Role.SUPPORT else nothing,
        go_reports=nothing if role is Role.SUPPORT else None,
        go_earnings=nothing if role is Role.MECHANIC else None,
        run_diagnostics=nothing,
        sign_out=nothing,
    )
    return lambda: ShellWindow(Observable(state), lambda _: make())


def alone(page: Page, make: Callable[[], QWidget]) -> Callable[[], QWidget]:
    """Return what builds a page that fills the window, as before a sign-in."""
    return lambda: ShellWindow(Observable(ShellState(page=page)), lambda _: make())
