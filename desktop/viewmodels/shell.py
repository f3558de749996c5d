"""Which page the window shows, and for whom.

The composition root watches ``Shell.state`` and builds the page; pages ask the shell to go
elsewhere and know nothing of each other.
"""

from dataclasses import dataclass
from enum import Enum, auto

from client_api.errors import ErrorCode
from client_api.wire import AccountId, Me, Role, SessionId, account_of
from desktop.call.states import EndReason
from desktop.viewmodels.command import Command
from desktop.viewmodels.observable import Observable


class Page(Enum):
    """Every page of the program."""

    SIGN_IN = auto()
    SIGN_UP = auto()
    DASHBOARD = auto()
    FIND_REPORT = auto()
    """What support sees instead of a dashboard."""
    HISTORY = auto()
    EARNINGS = auto()
    INTAKE = auto()
    PREFLIGHT = auto()
    DIAGNOSTICS = auto()
    CALL = auto()
    CALL_ENDED = auto()
    SUMMARY = auto()


class SignedOutWhy(Enum):
    """Why the sign-in page came up, where the user did not ask for it."""

    EXPIRED = auto()
    OUTDATED = auto()
    """The program is too old for the service; the sign-in itself is good."""


FULL_SCREEN = frozenset({Page.PREFLIGHT, Page.CALL, Page.CALL_ENDED, Page.DIAGNOSTICS})
"""Pages without the header, over the whole window."""

_WITHOUT_HEADER = FULL_SCREEN | {Page.SIGN_IN, Page.SIGN_UP}
_ABOUT_A_SESSION = frozenset({Page.PREFLIGHT, Page.CALL, Page.CALL_ENDED, Page.SUMMARY})
_WAY_BACK = {Page.CALL: Page.PREFLIGHT, Page.CALL_ENDED: Page.PREFLIGHT}
"""Where somebody goes on whose sign-in ran out on this page; elsewhere on the page itself."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody was."""

    account: AccountId
    page: Page
    session: SessionId | None


@dataclass(frozen=True, slots=True)
class CallEnd:
    """How a call ended that leads nowhere by itself; ``code`` where the service refused."""

    reason: EndReason
    code: ErrorCode | None = None


@dataclass(frozen=True, slots=True)
class ShellState:
    """What the window around the pages shows.

    Attributes:
        session: the session that preflight, call and summary are about, else None.
        call_end: why the call is over, with ``Page.CALL_ENDED``.
        name: who is signed in, empty while nobody is.
        role: as whom they signed in; one person may be customer and mechanic.
    """

    page: Page
    session: SessionId | None = None
    call_end: CallEnd | None = None
    name: str = ""
    role: Role | None = None
    signed_out_why: SignedOutWhy | None = None
    go_dashboard: Command | None = None
    go_history: Command | None = None
    go_earnings: Command | None = None
    go_reports: Command | None = None
    run_diagnostics: Command | None = None
    sign_out: Command | None = None

    @property
    def has_header(self) -> bool:
        """True when the page stands under the header with the navigation."""
        return self.page not in _WITHOUT_HEADER


class Shell:
    """Owns the way through the program. Nobody gets past the sign-in without one."""

    def __init__(self) -> None:
        self._me: Me | None = None
        self._role = Role.CUSTOMER
        self._left_at: _Place | None = None
        self.wants_requests = True
        """Whether a mechanic wants to be offered requests; kept from page to page."""
        self.state: Observable[ShellState] = Observable(ShellState(Page.SIGN_IN))
        self.signed_out: Observable[int] = Observable(0)
        """Counts the user's sign-outs; the composition root forgets the sign-in on each."""

    @property
    def me(self) -> Me | None:
        """Who is signed in."""
        return self._me

    def enter(self, me: Me, role: Role) -> None:
        """Somebody signed in, as ``role``: show their dashboard.

        Whoever was thrown out by an expired sign-in comes back to where they were. Support signs
        in like a customer; the account says what it is.
        """
        self._me = me
        is_support = Role.SUPPORT in me.roles and role is not Role.MECHANIC
        self._role = role = Role.SUPPORT if is_support else role
        place, self._left_at = self._left_at, None
        if place is not None and place.account == account_of(me, role):
            self._go(_WAY_BACK.get(place.page, place.page), place.session)
        else:
            self._go(Page.DASHBOARD)

    def leave(self, why: SignedOutWhy | None = None) -> None:
        """The sign-in is over, by the user or because it expired."""
        if self._me is not None:
            state = self.state.value
            place = _Place(account_of(self._me, self._role), state.page, state.session)
            self._left_at = place if why is SignedOutWhy.EXPIRED else None
        self._me = None
        self.state.set(ShellState(Page.SIGN_IN, signed_out_why=why))

    def go_sign_in(self) -> None:
        """Show the sign-in page."""
        self._go(Page.SIGN_IN)

    def go_sign_up(self) -> None:
        """Show the page where a customer makes an account."""
        self._go(Page.SIGN_UP)

    def go_dashboard(self) -> None:
        """Show the dashboard of whoever is signed in."""
        self._go(Page.DASHBOARD)

    def go_history(self) -> None:
        """Show all sessions of the past."""
        self._go(Page.HISTORY)

    def go_earnings(self) -> None:
        """Show what the mechanic earned."""
        self._go(Page.EARNINGS)

    def go_intake(self) -> None:
        """Show the intake."""
        self._go(Page.INTAKE)

    def go_preflight(self, session: SessionId) -> None:
        """Show the preflight before a session; returning to a running call goes this way too."""
        self._go(Page.PREFLIGHT, session)

    def go_diagnostics(self) -> None:
        """Show the preflight on its own, for support; needs no sign-in, and takes one along."""
        self._go(Page.DIAGNOSTICS)

    def go_call(self, session: SessionId) -> None:
        """Show the call."""
        self._go(Page.CALL, session)

    def go_call_ended(self, session: SessionId, end: CallEnd) -> None:
        """Say why a call is over and offer the way back."""
        self._go(Page.CALL_ENDED, session, end)

    def go_summary(self, session: SessionId) -> None:
        """Show what became of a session."""
        self._go(Page.SUMMARY, session)

    def sign_out(self) -> None:
        """Sign the user out."""
        self.signed_out.set(self.signed_out.value + 1)
        self.leave()

    def back(self) -> None:
        """Leave a page the way people expect: to the dashboard, or to the sign-in."""
        self._go(Page.DASHBOARD if self._me else Page.SIGN_IN)

    def _go(
        self, page: Page, session: SessionId | None = None, call_end: CallEnd | None = None
    ) -> None:
        me = self._me
        if me is None:
            free = page in (Page.SIGN_UP, Page.DIAGNOSTICS)
            self.state.set(ShellState(page if free else Page.SIGN_IN))
            return
        is_mechanic = self._role is Role.MECHANIC
        in_call = page is Page.CALL
        if self._role is Role.SUPPORT:
            self._go_as_support(me, page)
            return
        self.state.set(
            ShellState(
                page=page,
                session=session if page in _ABOUT_A_SESSION else None,
                call_end=call_end,
                name=me.name,
                role=self._role,
                go_dashboard=None if in_call else self.go_dashboard,
                go_history=None if in_call else self.go_history,
                go_earnings=self.go_earnings if is_mechanic and not in_call else None,
                run_diagnostics=None if in_call else self.go_diagnostics,
                sign_out=None if in_call else self.sign_out,
            )
        )

    def _go_as_support(self, me: Me, page: Page) -> None:
        """Support has reports to look at, and a machine of its own to check."""
        wanted = page if page is Page.DIAGNOSTICS else Page.FIND_REPORT
        self.state.set(
            ShellState(
                page=wanted,
                name=me.name,
                role=self._role,
                go_reports=self.go_dashboard,
                run_diagnostics=self.go_diagnostics,
                sign_out=self.sign_out,
            )
        )
