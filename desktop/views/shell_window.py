"""The main window: a header with the navigation, and one page at a time beneath it."""

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias, runtime_checkable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QMainWindow, QStackedWidget, QWidget

from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page, ShellState
from desktop.views.bind import bind
from desktop.views.focus_ring import FocusRing
from desktop.views.page_arrival import Arriving, Later, PageArrival
from desktop.views.theme import dress
from desktop.views.widgets.avatar import Avatar
from desktop.views.widgets.button import Button, ButtonKind, IconButton
from desktop.views.widgets.card import GAP_M, GAP_S, GAP_XL, hbox, plain, vbox
from desktop.views.widgets.text import Wordmark

MakePage: TypeAlias = Callable[[ShellState], QWidget]
"""Builds the page a state asks for; the window owns it and deletes it when it goes."""

SMALLEST: Final = QSize(900, 640)
USUAL: Final = QSize(1280, 800)
_HEADER_PX: Final = 60


@runtime_checkable
class StartsWithFocus(Protocol):
    """A page with a place where a person starts typing."""

    def focus_first(self) -> None:
        """Put the focus there."""


class ShellWindow(QMainWindow):
    """Shows the page of a ``ShellState`` and the header where the page has one."""

    def __init__(
        self,
        state: Observable[ShellState],
        make_page: MakePage,
        *,
        on_close: Callable[[], bool] | None = None,
        later: Later | None = None,
    ) -> None:
        """Make the window.

        Args:
            state: which page, for whom.
            make_page: builds a page whenever the page or its session changes.
            on_close: asked when the user closes the window; False keeps it open, because
                something must be settled first and will close it then.
            later: lets a page come in turns of the event loop; without it, it comes at once.
        """
        super().__init__()
        self.setObjectName("shell_window")
        self.setWindowTitle("Liftbay")
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL)
        self._make_page = make_page
        self._on_close = on_close
        self._later = later
        self._shown: tuple[Page, str | None] | None = None
        self._page: QWidget | None = None
        self._arrival: PageArrival | None = None
        self._build()
        self._ring = FocusRing(self)
        dress(self)
        bind(self, state, self.render_state)

    def page(self) -> QWidget | None:
        """Return the page in sight, or the one that is about to be."""
        return self._page

    @property
    def has_arrived(self) -> bool:
        """True while the page in sight is the one that was asked for, and whole."""
        if self._arrival is None or not self._arrival.is_over:
            return False
        page: object = self._page
        return page.has_arrived if isinstance(page, Arriving) else True

    def render_state(self, state: ShellState) -> None:
        """Show a state; the page is built anew only when it is another one."""
        self._header.setVisible(state.has_header)
        self._avatar.show_name(state.name)
        for button, command, page in (
            (self._sessions, state.go_dashboard, Page.DASHBOARD),
            (self._history, state.go_history, Page.HISTORY),
            (self._earnings, state.go_earnings, Page.EARNINGS),
            (self._reports, state.go_reports, Page.FIND_REPORT),
        ):
            button.offer(command)
            button.setChecked(state.page is page)
        self._diagnose.offer(state.run_diagnostics)
        self._sign_out.set_command(state.sign_out)
        wanted = (state.page, state.session)
        if wanted != self._shown:
            self._shown = wanted
            self._replace_page(self._make_page(state))

    def _replace_page(self, page: QWidget) -> None:
        if self._arrival is not None:
            self._arrival.stop()
        old, self._page = self._page, page
        if old is not None:
            # At once: nobody presses a button of a page that has ended.
            self._stack.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._arrival = PageArrival(
            self._stack,
            page,
            take_in=lambda: self._stack.addWidget(page),
            show=lambda: self._show_page(page),
            later=self._later,
        )

    def _show_page(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        if isinstance(page, StartsWithFocus):
            page.focus_first()
        else:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self._header = QFrame()
        self._header.setProperty("role", "bar")
        self._header.setFixedHeight(_HEADER_PX)
        self._sessions = self._nav(self.tr("Sessions"), "nav_sessions")
        self._history = self._nav(self.tr("History"), "nav_history")
        self._earnings = self._nav(self.tr("Earnings"), "nav_earnings")
        self._reports = self._nav(self.tr("Reports"), "nav_reports")
        self._diagnose = Button(
            self.tr("Run diagnostics"),
            name="run_diagnostics",
            kind=ButtonKind.GHOST,
            icon_name="shield",
            accessible=self.tr("Run diagnostics: check this computer"),
            shortcut="Alt+D",
        )
        self._diagnose.setToolTip(self.tr("Check this computer (Alt+D)"))
        self._avatar = Avatar(edge_px=36)
        self._sign_out = IconButton("sign-out", self.tr("Sign out"), name="sign_out")
        row = hbox(gap=GAP_S, margins=(24, 0, 24, 0))
        row.addWidget(Wordmark())
        row.addSpacing(GAP_M)
        row.addWidget(self._sessions)
        row.addWidget(self._history)
        row.addWidget(self._earnings)
        row.addWidget(self._reports)
        row.addSpacing(GAP_XL)
        row.addStretch(1)
        row.addWidget(self._diagnose)
        row.addWidget(self._avatar)
        row.addWidget(self._sign_out)
        self._header.setLayout(row)
        self._stack = QStackedWidget()
        # A page that comes into an empty stack would be shown at once, half built.
        self._stack.addWidget(plain())
        centre = plain()
        centre.setProperty("role", "page")
        column = vbox(gap=0)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        centre.setLayout(column)
        self.setCentralWidget(centre)

    def _nav(self, text: str, name: str) -> Button:
        button = Button(text, name=name, kind=ButtonKind.NAV)
        button.setCheckable(True)
        # A page is checked because it is shown, not because its button was pressed.
        button.clicked.connect(lambda: button.setChecked(True))
        return button

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._on_close is not None and not self._on_close():
            event.ignore()
            return
        super().closeEvent(event)
