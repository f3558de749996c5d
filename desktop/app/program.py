"""The running program: one window, one page at a time, and what outlives a page.

Owns the service connection, the sign-in, the window and the parts that a page borrows. Nothing
here decides a rule of the call or of a page; it builds, connects and ends.
"""

import asyncio
import importlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from client_api.client import LiftbayClient
from client_api.durable_queue import DurableQueue
from client_api.errors import SIGN_IN_CODES, ClientError, ErrorCode, Refused
from client_api.outbox import Outbox
from client_api.sign_in import SignIn
from client_api.tasks import Tasks
from client_api.transport import Transport
from client_api.version import installed_version
from client_api.wire import SessionId, account_of
from desktop.app.adapters import Adapters, OwnedRoom
from desktop.app.call_run import CallRun
from desktop.app.chime import Chime
from desktop.app.drafts import FileDrafts
from desktop.app.footprint import give_back_memory, settle_imports
from desktop.app.last_call import LastCall
from desktop.app.loop import in_a_later_turn
from desktop.app.page_factory import OpenPage, PageFactory
from desktop.app.preflight_run import PreflightRun
from desktop.app.profile import Profile
from desktop.app.settings import Settings
from desktop.call.actor import CallActor
from desktop.viewmodels.dashboard_state import IgnoredSetting, Setting
from desktop.viewmodels.observable import Observable, Scope
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.shell import Page, Shell, ShellState, SignedOutWhy
from desktop.views.dashboard_alerts import DesktopAlerts
from desktop.views.questions import ask_end_and_close
from desktop.views.shell_window import ShellWindow
from desktop.views.theme import ThemeMode, apply_theme, follow_system, preferred_mode
from preflight.devices.frames import DeviceId
from preflight.devices.ports import DeviceCatalogue, DeviceNotFound, SpeakerSink

_log = logging.getLogger(__name__)

LEAVE_CALL_S = 8.0


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where the window goes; the usual size where the system likes it when ``half`` is None."""

    half: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CallParts:
    """What every call uses, made once when the first preflight opens."""

    room: OwnedRoom
    actor: CallActor
    catalogue: DeviceCatalogue
    remote: PictureMailbox
    screen: PictureMailbox


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
        ignored: tuple[IgnoredSetting, ...] = (),
    ) -> None:
        self.profile = profile
        self.settings = settings
        self.adapters = adapters
        self.tasks = Tasks()
        self.shell = Shell()
        self.page: Observable[OpenPage | None] = Observable(None)
        self.preflight: PreflightRun | None = None
        self.call: CallRun | None = None
        self.transport = Transport(settings.service_url, adapters.clock)
        self.api = LiftbayClient(self.transport, adapters.clock, version=installed_version())
        self.sign_in = SignIn(self.transport, adapters.secrets, adapters.clock)
        self.outbox = Outbox(DurableQueue(profile.queue_file), self.api, adapters.clock)
        self.drafts = FileDrafts(profile.root / "intake-draft.json")
        self.last_call = LastCall(profile.root, adapters.clock)
        self._link = session
        self._ignored = ignored
        self.chosen_speaker: DeviceId | None = None
        """What the person chose last on a page, for the chime; None goes by the settings."""
        self._call_parts: CallParts | None = None
        self._catalogue: DeviceCatalogue | None = None
        self._catalogue_lock = threading.Lock()
        self._leftovers: set[asyncio.Task[None]] = set()
        self._done = asyncio.Event()
        self._warm: asyncio.Task[None] | None = None
        self._scope = Scope()
        self._endings: list[Callable[[], None]] = []
        self._is_stopping = False
        self._is_closed = False
        self._pages = PageFactory(self)
        self.chime = Chime(self._make_speaker, until_warm=self.until_warm, clock=adapters.clock)
        apply_theme(application, theme_mode(settings.theme))
        if settings.theme == "system":
            self._endings.append(follow_system(application))
        self.window = ShellWindow(
            self.shell.state, self._make_page, on_close=self._may_close, later=in_a_later_turn
        )
        self.alerts = DesktopAlerts(
            self.window, ring=self.chime.ring, bring_up=lambda: self.open_link("")
        )
        self._endings.append(self.alerts.close)

    # --- life ---------------------------------------------------------------------------------

    async def run(self, place: WindowPlace | None = None) -> int:
        """Show the window; return the exit status when it is gone."""
        self._place(place or WindowPlace())
        self.window.show()
        self._scope.watch(self.shell.signed_out, self._on_signed_out)
        self._scope.watch(self.shell.state, self._on_shell)
        self._scope.add(self.sign_in.when_over(self._on_sign_in_over))
        self.outbox.start()
        self.tasks.spawn(self._restore(), name="restore the sign-in")
        self._warm = self.tasks.spawn(warm_up(), name="warm up")
        await self._done.wait()
        return 0

    def request_stop(self) -> None:
        """End the program for a signal: a call is left without ending its session."""
        if not self._is_stopping:
            self._is_stopping = True
            self.tasks.spawn(self._stop(end_session=False), name="stop")

    async def close(self) -> None:
        """End everything that still runs. Idempotent."""
        if self._is_closed:
            return
        self._is_closed = True
        self._scope.close()
        while self._endings:
            self._endings.pop()()
        self._close_page()
        for part in (
            self.finish_runs,
            self.chime.close,
            self._close_call,
            self.tasks.close,
            self.drafts.close,
            self.outbox.close,
            self.sign_in.close,
            self.transport.close,
        ):
            try:
                await part()
            except Exception:
                # The next ones hold devices, unsent words and the SDK, which aborts the process
                # when it is left open.
                _log.exception("a part of the program could not be closed")
        self.window.hide()
        self.window.deleteLater()

    async def _close_call(self) -> None:
        parts, self._call_parts = self._call_parts, None
        if parts is not None:
            try:
                await parts.actor.close()
            finally:
                await parts.room.aclose()

    async def finish_runs(self) -> None:
        """Close preflight and call, also those that a page change left to close by themselves."""
        for run in (self.preflight, self.call):
            if run is not None:
                await run.close()
        self.preflight = self.call = None
        await self.wait_for_leftovers()

    def open_link(self, session: str) -> None:
        """Take a session link from another start, or just come to the front."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if session and self.call is None:
            self._link = SessionId(session)
            if self.shell.me is not None:
                self._follow_link()

    # --- what pages ask for -------------------------------------------------------------------

    async def until_warm(self) -> None:
        """Return when the media libraries are loaded: this thread must not wait for an import."""
        if self._warm is not None:
            # Not gather: a page that closes while it waits would break off what it waits for.
            await asyncio.wait((self._warm,))

    def catalogue(self) -> DeviceCatalogue:
        """Return the one catalogue of this process, after ``until_warm``. Any thread."""
        with self._catalogue_lock:
            if self._catalogue is None:
                self._catalogue = self.adapters.catalogue(self.settings)
            return self._catalogue

    def _make_speaker(self) -> SpeakerSink:
        """Make the loudspeaker for a chime. May block: not on the Qt thread.

        Raises:
            DeviceNotFound: there is none.
        """
        chosen = self.chosen_speaker
        try:
            return self.catalogue().speaker(chosen)
        except DeviceNotFound:
            if chosen is None:
                raise
            return self.catalogue().speaker(None)

    @property
    def service_ignored(self) -> str | None:
        """The code of what is wrong with the settings' service; None when it is used."""
        codes = [one.code for one in self._ignored if one.setting is Setting.SERVICE]
        return codes[0] if codes else None

    def take_ignored(self) -> tuple[IgnoredSetting, ...]:
        """Return the settings that could not be used, once: the first page that tells them."""
        ignored, self._ignored = self._ignored, ()
        return ignored

    def call_parts(self) -> CallParts:
        """Return room, actor and devices; made on the first call, after ``until_warm``."""
        if self._call_parts is None:
            remote, screen = PictureMailbox(), PictureMailbox()
            room = self.adapters.room(self.adapters.clock, remote, screen)
            actor = CallActor(room, self.api, self.outbox, self.adapters.clock)
            actor.start()
            self._call_parts = CallParts(room, actor, self.catalogue(), remote, screen)
            self.tasks.spawn(room.prepare(), name="prepare the room")
        return self._call_parts

    def let_close(self, run: PreflightRun | CallRun, name: str) -> None:
        """Close a run beside whatever the person does next; the program's end waits for it."""
        task = self.tasks.spawn(_close(run), name=name)
        self._leftovers.add(task)
        task.add_done_callback(self._leftovers.discard)

    async def wait_for_leftovers(self) -> None:
        """Return when earlier runs let go of their devices, so that they can be opened again."""
        if self._leftovers:
            await asyncio.wait(tuple(self._leftovers))

    # --- signing in ---------------------------------------------------------------------------

    async def _restore(self) -> None:
        try:
            restored = await self.sign_in.restore()
            if restored is None:
                return
            me = await self.api.me()
        except Refused as refused:
            await self._on_restore_refused(refused)
            return
        except ClientError as error:
            # Offline is no reason to forget anybody: the person can try again.
            _log.info("the sign-in could not be restored: %s", type(error).__name__)
            return
        if self.shell.me is None:
            self.shell.enter(me, restored.role)

    async def _on_restore_refused(self, refused: Refused) -> None:
        if refused.code is ErrorCode.HOST_OUTDATED:
            # The sign-in itself is good: the next version takes it up.
            self.shell.leave(SignedOutWhy.OUTDATED)
        elif refused.code in SIGN_IN_CODES:
            await self.sign_in.sign_out()
            self.shell.leave(SignedOutWhy.EXPIRED)
        else:
            # A service that is starting or busy is no reason to forget anybody either.
            _log.info("the sign-in could not be restored: %s", refused.code)

    def _on_sign_in_over(self) -> None:
        # A call needs the room, not the service: nobody is thrown out of paid time. What comes
        # after it asks the service, and is told then.
        if self.shell.state.value.page is not Page.CALL:
            self.shell.leave(SignedOutWhy.EXPIRED)

    def _on_signed_out(self, count: int) -> None:
        if count:
            self.tasks.spawn(self._sign_out(), name="sign out")

    async def _sign_out(self) -> None:
        await self.finish_runs()
        try:
            await self.sign_in.sign_out()
        except ClientError as error:
            _log.info("the service was not told of the sign-out: %s", type(error).__name__)

    def _on_shell(self, state: ShellState) -> None:
        me, role = self.shell.me, state.role
        self.outbox.use(None if me is None or role is None else account_of(me, role))
        if state.page is Page.DASHBOARD:
            self.outbox.nudge()
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
        opened.open()
        return opened.widget

    def _close_page(self) -> None:
        opened = self.page.value
        if opened is not None:
            self.page.set(None)
            opened.close()

    # --- closing ------------------------------------------------------------------------------

    def _may_close(self) -> bool:
        if self._done.is_set():
            return True
        if not self._is_stopping:
            self._is_stopping = True
            self.tasks.spawn(self._stop(end_session=True), name="close the window")
        return False

    async def _stop(self, *, end_session: bool) -> None:
        call = self.call
        if call is not None and call.is_running:
            if end_session and not await ask_end_and_close(self.window, call.page.state.value):
                self._is_stopping = False
                return
            try:
                leave = call.leave_for_close() if end_session else call.leave_for_stop()
                await asyncio.wait_for(leave, LEAVE_CALL_S)
            except TimeoutError:
                _log.warning("the call was not left within %.0f s", LEAVE_CALL_S)
            except Exception:
                # The window must close all the same; the service ends what nobody is in.
                _log.exception("the call could not be left")
        self._done.set()

    def _place(self, place: WindowPlace) -> None:
        screen = QGuiApplication.primaryScreen()
        if place.half is None or screen is None:
            return
        area = screen.availableGeometry()
        width = max(self.window.minimumWidth(), area.width() // 2)
        left = area.left() if place.half == "left" else area.right() + 1 - width
        self.window.setGeometry(QRect(left, area.top(), width, area.height()))


async def _close(run: PreflightRun | CallRun) -> None:
    await run.close()
    # Pages, pictures and probes are gone; what they freed would stay with the C library.
    await asyncio.to_thread(give_back_memory)


async def warm_up() -> None:
    """Load what the first preflight needs while the person reads: not on this thread."""

    def load() -> None:
        for name in ("desktop.media.livekit_room", "preflight.devices.catalogue"):
            importlib.import_module(name)
        settle_imports()

    await asyncio.to_thread(load)


def theme_mode(wanted: str) -> ThemeMode:
    """Return the mode for a settings value; ``system`` asks the desktop."""
    return preferred_mode() if wanted == "system" else ThemeMode(wanted)
