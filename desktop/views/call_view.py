"""The call: the picture is the page, everything else floats over it or stands beside it.

Nothing covers the middle. The controls go after 4 s without the mouse and come back with any
movement or key. The page is dark in every theme but the high-contrast one.
"""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.call_state import CallPageState, CallPhase, PanelTab, RemotePicture
from desktop.viewmodels.command import Command
from desktop.views.announce import announce
from desktop.views.bind import bind
from desktop.views.call_controls import CallControls
from desktop.views.call_layout import OVERLAY_BELOW_PX, CallLayout
from desktop.views.call_words import BandWords, CallWords
from desktop.views.dialogs import ConfirmDialog
from desktop.views.page_arrival import PageInTurns
from desktop.views.peer_view import PeerView
from desktop.views.phrases import vehicle as vehicle_title
from desktop.views.self_view import SelfView
from desktop.views.side_panel import SidePanel
from desktop.views.theme import Tone, dress_dark
from desktop.views.video_pills import ClockPill, Run, RunsPill
from desktop.views.video_view import VideoView
from desktop.views.widgets.avatar import initials
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.pill import Pill

FADE_AFTER_MS: Final = 4000
_TICK_MS: Final = 250


class CallView(PageInTurns):
    """Shows a `CallPageState`.

    Attributes:
        remote: paints the other side; set ``remote.on_painted`` to learn what was really shown.
        own: paints one's own picture.
        peer: paints the other side's camera while its screen has the big place.
    """

    def __init__(
        self, page: CallPage, parent: QWidget | None = None, *, in_turns: bool = False
    ) -> None:
        """Make the page.

        Args:
            page: its view model.
            parent: the widget it stands in.
            in_turns: leave all but the pictures to `build_part`, which a `PageArrival` calls.
        """
        super().__init__(parent)
        self.setObjectName("call_page")
        self.setProperty("role", "call")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._page = page
        self._words = CallWords(self)
        self._by_key = False
        self._was_full = False
        self._shows_screen = False
        self._open_tab: PanelTab | None = None
        self._said = ""
        self._dialog: ConfirmDialog | None = None
        # Before there is anything in it: each part is dressed once, as it comes in.
        dress_dark(self)
        self.remote = VideoView(self)
        self.remote.setObjectName("remote_video")
        self.peer = PeerView(self)
        self.own = SelfView(self)
        self.own.corner_chosen.connect(self.fit)
        self._build_from(self._build(), in_turns=in_turns)

    # --- what it shows --------------------------------------------------------------------

    def render_state(self, state: CallPageState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._render_picture(state)
        self._render_top(state)
        self._render_band(state)
        self._render_notice(state)
        self._controls.render_state(state)
        self._leave.offer(state.leave)
        self._panel.render_state(state)
        self._panel.setVisible(state.panel is not None)
        opened = state.panel is not self._open_tab
        self._open_tab = state.panel
        if state.panel is PanelTab.CHAT and opened and self.isVisible():
            self._panel.chat.focus_input()
        self._render_full(state)
        if state.phase is not CallPhase.LIVE:
            self._show_controls()
        self.fit()

    def _render_picture(self, state: CallPageState) -> None:
        off = state.remote is RemotePicture.CAMERA_OFF
        face = initials(state.counterpart_name) if off else None
        self._render_share(state, face)
        self.remote.set_avatar(None if state.shows_screen else face)
        caption = self._words.caption(state)
        never = state.remote in (RemotePicture.CONNECTING, RemotePicture.AWAITED)
        self.remote.set_placeholder(caption)
        self.remote.set_caption(None if never else caption)
        what = (
            self.tr("Shared screen of {name}")
            if state.shows_screen
            else self.tr("Picture of {name}")
        )
        self.remote.setAccessibleName(what.format(name=state.counterpart_name))
        camera = state.camera
        shows_own = camera.wished_on and not camera.failed
        self.own.set_avatar(None if shows_own else self.tr("You"))

    def _render_share(self, state: CallPageState, face: str | None) -> None:
        """Give a shared screen the place of the camera, which becomes a small picture then."""
        self.peer.set_avatar(face)
        self.peer.setVisible(state.shows_screen)
        if state.shows_screen == self._shows_screen:
            return
        self._shows_screen = state.shows_screen
        # A mailbox has one reader: whoever gives it up comes first.
        if state.shows_screen:
            self.remote.show_from(self._page.screen)
            self.peer.show_from(self._page.remote)
            announce(self, self.tr("{name} shares the screen").format(name=state.first_name))
        else:
            self.peer.show_from(None)
            self.remote.show_from(self._page.remote)
        self.remote.clear()
        self.peer.clear()

    def _render_top(self, state: CallPageState) -> None:
        role = self._words.role(state.counterpart_role)
        self._who.show_runs(
            Run(state.counterpart_name, strong=True),
            Run(f"{role} · {vehicle_title(state.vehicle)}"),
        )
        if state.quality is None:
            self._quality.show_status("", Tone.NEUTRAL)
        else:
            word, tone = self._words.quality(state.quality)
            self._quality.show_status(word, tone, "network")
        self._clock.show_face(state.clock)

    def _render_band(self, state: CallPageState) -> None:
        words = self._words.band(state)
        if words is None:
            self._band.show_words("")
            return
        self._band.show_words(
            words.strong,
            words.plain,
            tone=words.tone,
            icon_name=words.icon_name,
            action=words.action,
            command=self._band_command(words),
        )

    def _band_command(self, words: BandWords) -> Command | None:
        if words.message:
            return self._open_chat
        role = words.choose
        return words.command if role is None else lambda: self._controls.choose(role)

    def _render_notice(self, state: CallPageState) -> None:
        if state.notice is None:
            self._notice.show_status("", Tone.NEUTRAL)
            self._said = ""
            return
        words, tone, icon_name = self._words.notice(state.notice)
        self._notice.show_status(words, tone, icon_name)
        if words != self._said:
            self._said = words
            announce(self, words)

    def _render_full(self, state: CallPageState) -> None:
        if state.picture_full == self._was_full:
            return
        self._was_full = state.picture_full
        window = self.window()
        if state.picture_full:
            window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        else:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)

    # --- how it is built --------------------------------------------------------------------

    def _build(self) -> Iterator[bool]:
        self._build_pills()
        # The pictures came first, and stand above the pills all the same.
        self.peer.raise_()
        self.own.raise_()
        yield True
        self._controls = CallControls(self._page, self)
        self._controls.end_pressed.connect(self._on_end_pressed)
        self._leave = Button(
            self.tr("Cancel"),
            name="call_cancel",
            kind=ButtonKind.OVERLAY,
            accessible=self.tr("Leave without joining"),
            parent=self,
        )
        yield True
        self._panel = SidePanel(self._page, self)
        for _ in self._panel.build_tabs():
            yield True
        self._band = Banner(name="call_band", parent=self)
        self._build_layout()
        self._build_keys()
        self._build_timers()
        yield True
        self.remote.show_from(self._page.remote)
        self.own.show_from(self._page.own)
        bind(self, self._page.state, self.render_state)
        yield True

    def _build_pills(self) -> None:
        self._who = RunsPill(parent=self)
        self._who.setObjectName("call_who")
        self._quality = Pill("", over_video=True, parent=self)
        self._quality.setObjectName("call_quality")
        self._clock = ClockPill(parent=self)
        self._notice = Pill("", over_video=True, parent=self)
        self._notice.setObjectName("call_notice")

    def _build_timers(self) -> None:
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._page.tick)
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(FADE_AFTER_MS)
        self._fade.timeout.connect(self.fade_now)

    def _build_layout(self) -> None:
        self._layout = CallLayout(
            remote=self.remote,
            who=self._who,
            quality=self._quality,
            clock=self._clock,
            notice=self._notice,
            own=self.own,
            peer=self.peer,
            controls=self._controls,
            leave=self._leave,
            panel=self._panel,
            band=self._band,
        )
        for widget in (self, *self.findChildren(QWidget)):
            if not self._panel.isAncestorOf(widget):
                widget.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _build_keys(self) -> None:
        page = self._page
        keys = (
            ("M", self._controls.microphone.click),
            ("V", self._controls.camera.click),
            ("C", lambda: page.toggle_panel(PanelTab.CHAT)),
            ("P", self._controls.toggle_panel),
            ("F", page.toggle_picture_full),
            ("Ctrl+E", self._controls.end.click),
            ("Esc", self._on_escape),
        )
        for sequence, slot in keys:
            QShortcut(QKeySequence(sequence), self, slot)

    # --- what the person does -----------------------------------------------------------------

    def _open_chat(self) -> None:
        self._page.open_panel(PanelTab.CHAT)
        self._panel.chat.focus_input()

    def _on_escape(self) -> None:
        state = self._page.state.value
        if state.picture_full:
            self._page.toggle_picture_full()
        elif state.panel is not None and self.width() < OVERLAY_BELOW_PX:
            self._page.open_panel(None)

    def _on_end_pressed(self) -> None:
        if self._page.state.value.end is None or self._dialog is not None:
            return
        self._dialog = ConfirmDialog(
            self,
            title=self.tr("End the session?"),
            text=self._words.end_question(self._page.state.value),
            action=self.tr("End session"),
            back=self.tr("Keep talking"),
            destructive=True,
        )
        for old, new in (("confirm_action", "confirm_end"), ("confirm_back", "confirm_stay")):
            button = self._dialog.findChild(Button, old)
            if isinstance(button, Button):
                button.setObjectName(new)
        self._dialog.finished.connect(self._on_end_answered)
        self._dialog.open()

    def _on_end_answered(self, result: int) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()
        # The call may have ended by itself while the question stood.
        end = self._page.state.value.end
        if result == ConfirmDialog.DialogCode.Accepted and end is not None:
            end()

    # --- controls that come and go ------------------------------------------------------------

    def _show_controls(self) -> None:
        if not self._controls.isVisibleTo(self):
            self._controls.show()
            self.unsetCursor()
        self._fade.start()

    def fade_now(self) -> None:
        """Hide the controls, unless somebody needs them just now; then look again later."""
        state = self._page.state.value
        over = self._controls.geometry().contains(self.mapFromGlobal(self.cursor().pos()))
        focus = QApplication.focusWidget()
        held = focus is not None and self._controls.isAncestorOf(focus) and self._by_key
        busy = state.phase is not CallPhase.LIVE or state.band is not None
        if over or held or busy or self._controls.is_menu_open() or self._dialog is not None:
            self._fade.start()
            return
        if focus is not None and self._controls.isAncestorOf(focus):
            # A hidden button would pass the focus on to whatever comes next.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._controls.hide()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._by_key = False
        self._show_controls()
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_key = True
        self._show_controls()
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self._by_key = True
        self._show_controls()
        return super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.HoverMove:
            self._show_controls()
        return super().event(event)

    def fit(self) -> None:
        """Lay out what depends on the size that the page has now."""
        self._layout.arrange(self.rect())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        self._fade.start()
        self.fit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        self._fade.stop()
        super().hideEvent(event)
