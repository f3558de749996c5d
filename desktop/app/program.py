"""The running program: one window, one page at a time, and what outlives a page.

Owns the service connection, the sign-in, the window and the parts that a page borrows. Nothing
here decides a rule of the call or of a page; it builds, connects and ends.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from client_api.client import LiftbayClient
from client_api.durable_queue import DurableQueue
from client_api.errors import ClientError, Refused
from client_api.sign_in import SignIn
from client_api.tasks import Tasks
from client_api.transport import Transport
from client_api.wire import Role, SessionId
from desktop.app.adapters import Adapters
from desktop.app.call_run import CallRun
from desktop.app.drafts import FileDrafts
from desktop.app.page_factory import OpenPage, PageFactory
from desktop.app.preflight_run import PreflightRun
from desktop.app.profile import Profile
from desktop.app.settings import Settings
from desktop.viewmodels.observable import Observable, Scope
from desktop.viewmodels.shell import FULL_SCREEN, Page, Shell, ShellState, SignedOutWhy
from desktop.views.shell_window import ShellWindow
from desktop.views.theme import ThemeMode, apply_theme

_log = logging.getLogger(__name__)

CLOSE_WHILE_IN_CALL_S = 8.0


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where the window goes; the usual size in the middle when ``half`` is None."""

    half: str | None = None


class Program:
    """Built by `bootstrap.build_app`, run once, closed once."""

    def __init__(
        self,
        application: QApplication,
        profile: Profile,
        settings: Settings,
        adapters: Adapters,
        *,
        session: SessionId | None = None,
    ) -> None:
        self.profile = profile
        self.settings = settings
        self.adapters = adapters
        self.shell = Shell()
        self.page: Observable[OpenPage | None] = Observable(None)
        self.call: CallRun | None = None
        self.preflight: PreflightRun | None = None
        self.tasks = Tasks()
        self._application = application
        self._link = session
        self._done = asyncio.Event()
        self._scope = Scope()
        self._is_closing = False
        self.transport = Transport(settings.service_url, adapters.clock)
        self.api = LiftbayClient(self.transport, adapters.clock)
        self.sign_in = SignIn(self.transport, adapters.secrets, adapters.clock)
        self.queue = DurableQueue(profile.queue_file, self.api, adapters.clock)
        self.drafts = FileDrafts(profile.root / "intake-draft.json")
        self._pages = PageFactory(self)
        apply_theme(application, theme_mode(settings.theme))
        self.window = ShellWindow(self.shell.state, self._make_page, on_close=self._may_close)

    # --- life ---------------------------------------------------------------------------------

    async def run(self, place: WindowPlace | None = None) -> int:
        """Show the window and return the exit status when it is gone."""
        self._place(place or WindowPlace())
        self.window.show()
        self._scope.watch(self.shell.signed_out, self._on_signed_out)
        self._scope.watch(self.shell.state, self._on_shell)
        await self.queue.open()
        self.tasks.spawn(self._restore(), name="restore the sign-in")
        await self._done.wait()
        return 0

    def request_stop(self) -> None:
        """End the program, by a signal or a closed window; a call is left in order first."""
        if self._is_closing:
            return
        self._is_closing = True
        self.tasks.spawn(self._stop(), name="stop")

    async def close(self) -> None:
        """End everything that still runs. Idempotent."""
        self._scope.close()
        self._close_page()
        if self.call is not None:
            await self.call.close()
            self.call = None
        if self.preflight is not None:
            await self.preflight.close()
            self.preflight = None
        await self.tasks.close()
        await self.queue.close()
        await self.transport.close()
        self.window.hide()
        self.window.deleteLater()

    def open_link(self, session: str) -> None:
        """Take a session link from another start, or just come to the front."""
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if not session or self.call is not None:
            return
        self._link = SessionId(session)
        if self.shell.me is not None:
            self._follow_link()

    # --- signing in ---------------------------------------------------------------------------

    async def _restore(self) -> None:
        try:
            if await self.sign_in.restore() is None:
                return
            me = await self.api.me()
        except Refused:
            await self.sign_in.sign_out()
            self.shell.leave(SignedOutWhy.EXPIRED)
            return
        except ClientError as error:
            # Offline is no reason to forget anybody: the sign-in page says it and can try again.
            _log.info("the sign-in could not be restored: %s", type(error).__name__)
            return
        if self.shell.me is None:
            self.shell.enter(me)

    def _on_signed_out(self, count: int) -> None:
        if count:
            self.tasks.spawn(self.sign_in.sign_out(), name="sign out")

    def _on_shell(self, state: ShellState) -> None:
        if state.page is Page.DASHBOARD:
            self.queue.wake()
            self._follow_link()

    def _follow_link(self) -> None:
        session, self._link = self._link, None
        if session is not None:
            # In the next turn: a page must not be replaced while it is being built.
            asyncio.get_running_loop().call_soon(self.shell.go_preflight, session)

    # --- pages --------------------------------------------------------------------------------

    def _make_page(self, state: ShellState) -> QWidget:
        self._close_page()
        opened = self._pages.make(state)
        self.page.set(opened)
        self._full_screen(state.page in FULL_SCREEN)
        opened.open()
        return opened.widget

    def _close_page(self) -> None:
        opened = self.page.value
        if opened is not None:
            self.page.set(None)
            opened.close()

    def _full_screen(self, wanted: bool) -> None:
        """Preflight and call take the whole window; the whole screen is the person's own key."""
        self.window.setProperty("bare", wanted)

    # --- closing ------------------------------------------------------------------------------

    def _may_close(self) -> bool:
        if self._is_closing:
            return self._done.is_set()
        self.request_stop()
        return False

    async def _stop(self) -> None:
        call = self.call
        if call is not None:
            try:
                await asyncio.wait_for(call.leave_for_close(), CLOSE_WHILE_IN_CALL_S)
            except TimeoutError:
                _log.warning("the call was not left within %.0f s", CLOSE_WHILE_IN_CALL_S)
        self._done.set()

    def _place(self, place: WindowPlace) -> None:
        screen = QGuiApplication.primaryScreen()
        if place.half is None or screen is None:
            return
        area = screen.availableGeometry()
        width = max(self.window.minimumWidth(), area.width() // 2)
        left = area.left() if place.half == "left" else area.right() + 1 - width
        self.window.setGeometry(QRect(left, area.top(), width, area.height()))

    # --- what pages ask for -------------------------------------------------------------------

    @property
    def role(self) -> Role:
        """As whom the person is signed in."""
        return self.shell.state.value.role or Role.CUSTOMER

    def spawner(self) -> Callable[..., "asyncio.Task[None]"]:
        """The one way a page starts a task: kept by the program, ended with it."""
        return self.tasks.spawn


def theme_mode(wanted: str) -> ThemeMode:
    """Return the mode for a settings value; ``system`` asks Qt."""
    from PySide6.QtCore import Qt

    if wanted == "system":
        hints = QGuiApplication.styleHints()
        dark = hints.colorScheme() is Qt.ColorScheme.Dark
        return ThemeMode.DARK if dark else ThemeMode.LIGHT
    return ThemeMode(wanted)
