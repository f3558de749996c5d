"""The preflight, full screen: picture and devices left, results right, Join at the bottom right.

It starts by itself, moves no focus, and says every change in words.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from client_api.wire import ReadinessState, Role
from desktop.viewmodels.picture_geometry import Fit
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import JoinHint, PreflightPageState
from desktop.views.announce import announce
from desktop.views.bind import bind
from desktop.views.check_list import CheckList
from desktop.views.device_panel import DevicePanel
from desktop.views.group_card import GroupCard
from desktop.views.level_meter import LevelMeter
from desktop.views.page_arrival import PageInTurns
from desktop.views.preflight_words import again_words
from desktop.views.texts import trouble_words
from desktop.views.theme import Tone
from desktop.views.video_view import Caption, VideoView
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_M, hbox, plain, scroller, vbox
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole, Wordmark
from preflight.model import GATING_GROUPS, CheckState, Group

_BAR_PX = 60
_PICTURE_RADIUS_PX = 12
_WHOLE_SENTENCE_FROM_PX = 1000
_NO_PICTURE_CODES = (
    "camera.none",
    "camera.permission",
    "camera.busy",
    "camera.open_failed",
    "camera.no_frames",
    "camera.unplugged",
)


class PreflightView(PageInTurns):
    """Shows a `PreflightPageState`. Ctrl+Enter presses Join once it is possible."""

    def __init__(
        self, page: PreflightPage, parent: QWidget | None = None, *, in_turns: bool = False
    ) -> None:
        """Make the page.

        Args:
            page: its view model.
            parent: the widget it stands in.
            in_turns: leave the parts to `build_part`, which a `PageArrival` calls.
        """
        super().__init__(parent)
        self.setObjectName("preflight_page")
        self.setProperty("role", "page")
        self._page = page
        self._could_join = False
        self._build_from(self._build(), in_turns=in_turns)

    @property
    def meter(self) -> LevelMeter:
        """The microphone's level meter."""
        return self._devices.meter

    def readiness_words(self) -> str:
        """Return what is said about the other side, at the top right."""
        return self._readiness.text()

    # --- what it shows --------------------------------------------------------------------

    def render_state(self, state: PreflightPageState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._render_top(state)
        self._heading.setText(self._heading_words(state))
        self._render_again(again_words(state.again))
        self._progress.setValue(round(state.fraction * self._progress.maximum()))
        for row in state.groups:
            self._cards[row.group].render_row(row)
        shown = {row.group for row in state.groups}
        for group, card in self._cards.items():
            card.setVisible(group in shown)
        self._checks.render_state(state)
        self._devices.render_state(state)
        self._render_preview(state)
        self._render_foot(state)

    def _render_top(self, state: PreflightPageState) -> None:
        self._leave.set_command(state.leave)
        if state.counterpart_name is None:
            self._with.setText(self.tr("Checking this computer"))
            self._name.show_text("")
            self._vehicle.show_text("")
        else:
            self._with.setText(self.tr("Getting ready for your session with"))
            self._name.show_text(state.counterpart_name)
            self._vehicle.show_text(f"· {state.vehicle_title}")
        text, tone, icon_name = self._readiness_words(state)
        self._readiness.show_status(text, tone, icon_name)

    def _readiness_words(self, state: PreflightPageState) -> tuple[str, Tone, str]:
        mechanic = state.counterpart_role is Role.MECHANIC
        if state.counterpart_name is None:
            return "", Tone.NEUTRAL, "user"
        match state.counterpart_readiness:
            case ReadinessState.READY:
                ready = self.tr("Your mechanic is ready") if mechanic else None
                return ready or self.tr("Your customer is ready"), Tone.OK, "check-circle"
            case ReadinessState.IN_CALL:
                waits = self.tr("Your mechanic is waiting for you") if mechanic else None
                return waits or self.tr("Your customer is waiting for you"), Tone.OK, "user"
            case ReadinessState.CHECKING | ReadinessState.FIXING:
                busy = self.tr("Your mechanic is getting ready") if mechanic else None
                return busy or self.tr("Your customer is getting ready"), Tone.NEUTRAL, "clock"
            case _:
                away = self.tr("Your mechanic is not here yet") if mechanic else None
                return away or self.tr("Your customer is not here yet"), Tone.NEUTRAL, "clock"

    def _heading_words(self, state: PreflightPageState) -> str:
        match state.heading_state:
            case CheckState.FAILED:
                return self.tr("Something needs fixing")
            case CheckState.PASSED:
                return self.tr("You are ready")
            case _:
                return self.tr("Checking your set-up")

    def _render_again(self, words: str) -> None:
        if words and words != self._again.text():
            announce(self._again, words)
        self._again.show_text(words)

    def _render_preview(self, state: PreflightPageState) -> None:
        camera = next((row for row in state.groups if row.group is Group.CAMERA), None)
        broken = (
            camera is not None
            and camera.state is CheckState.FAILED
            and camera.speaks is not None
            and camera.speaks.code in _NO_PICTURE_CODES
        )
        if broken:
            self.preview.set_placeholder(
                Caption(self.tr("No picture"), self.tr("What to do stands beside it."))
            )
            self.preview.clear()
        else:
            self.preview.set_placeholder(Caption(self.tr("Starting the camera")))
        mode = state.devices.camera_mode
        words = ""
        if mode is not None and not broken:
            words = self.tr("{width} × {height} · {fps} fps").format(
                width=mode.width, height=mode.height, fps=round(mode.fps)
            )
        self._mode.show_status(words, Tone.NEUTRAL)
        self._place_mode()

    def _render_foot(self, state: PreflightPageState) -> None:
        self._report.setVisible(state.short_code is not None)
        self._code.setText(state.short_code or "")
        refused = state.hint is JoinHint.REPORT_REFUSED
        words = trouble_words(state.trouble) if state.trouble is not None else None
        trouble = f"{words.headline} {words.advice}" if words is not None else ""
        if refused and not trouble:
            trouble = self.tr("Liftbay did not accept these results. Send them again.")
        self._trouble.show_text(trouble)
        self._resend.offer(state.resend)
        hint, tone = self._hint_words(state.hint)
        self._hint.setText(hint)
        self._hint.set_tone(tone)
        if state.join is None and self._join.hasFocus():
            # A disabled button would pass the focus on to whatever comes next.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._join.set_command(state.join)
        self._join.setVisible(state.hint is not JoinHint.NOT_OFFERED)
        self._join.setAccessibleDescription(hint)
        can_join = state.join is not None
        if can_join and not self._could_join:
            announce(self._join, self.tr("You can join the session now. Press Ctrl+Enter."))
        self._could_join = can_join

    def _hint_words(self, hint: JoinHint) -> tuple[str, Tone | None]:
        match hint:
            case JoinHint.CHECKING:
                return self.tr("Checking, a few seconds more"), None
            case JoinHint.FIX_ISSUES:
                return self.tr("Fix issues to continue"), Tone.BAD
            case JoinHint.SENDING_REPORT:
                return self.tr("Sending the results"), None
            case JoinHint.REPORT_REFUSED:
                return self.tr("Fix issues to continue"), Tone.BAD
            case JoinHint.READY:
                return self.tr("Ctrl+Enter joins"), None
            case JoinHint.JOINING:
                return self.tr("Opening the call"), None
            case JoinHint.NOT_OFFERED:
                return "", None

    # --- how it is built --------------------------------------------------------------------

    def _build(self) -> Iterator[bool]:
        column = vbox(gap=0)
        self.setLayout(column)
        column.addWidget(self._build_top())
        yield True
        body = hbox(gap=28, margins=(36, 24, 36, 20))
        column.addLayout(body, 1)
        left, right = vbox(gap=14), vbox(gap=GAP_M)
        body.addLayout(left, 11)
        body.addLayout(right, 10)
        left.addWidget(self._build_preview(), 100)
        self._devices = DevicePanel(self._page)
        left.addWidget(self._devices)
        left.addStretch(1)
        yield True
        self._build_heading(right)
        results = vbox(gap=GAP_M)
        right.addWidget(self._build_results(results), 1)
        right.addLayout(self._build_foot())
        yield True
        self._cards: dict[Group, GroupCard] = {}
        for group in Group:
            self._cards[group] = GroupCard(group)
            self._cards[group].setVisible(group in GATING_GROUPS)
            results.addWidget(self._cards[group])
            yield True
        self._checks = CheckList(self._page.toggle_checks)
        results.addWidget(self._checks)
        results.addStretch(1)
        # The numeric pad's Enter is another key to Qt.
        QShortcut(QKeySequence("Ctrl+Enter"), self, self._press_join)
        self.preview.show_from(self._page.preview)
        bind(self, self._page.state, self.render_state)
        yield True

    def _build_top(self) -> QWidget:
        bar = QWidget()
        bar.setProperty("role", "bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(_BAR_PX)
        self._leave = Button(
            self.tr("Back"),
            name="leave_preflight",
            kind=ButtonKind.GHOST,
            icon_name="arrow-left",
            accessible=self.tr("Back to the dashboard"),
            shortcut="Alt+Left",
        )
        self._with = Text("", TextRole.DIM)
        self._name = Text("", TextRole.STRONG)
        self._vehicle = Text("", TextRole.DIM)
        self._readiness = Pill("")
        row = hbox(gap=6, margins=(12, 0, 24, 0))
        row.addWidget(self._leave)
        row.addWidget(Wordmark())
        row.addSpacing(18)
        for words in (self._with, self._name, self._vehicle):
            words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            row.addWidget(words)
        # Narrow windows leave the sentence out; it must not hold them open.
        self._with.setMinimumWidth(1)
        row.addStretch(1)
        row.addWidget(self._readiness)
        bar.setLayout(row)
        return bar

    def _build_preview(self) -> QWidget:
        self.preview = VideoView(fit=Fit.FILL)
        self.preview.setObjectName("preflight_preview")
        self.preview.setAccessibleName(self.tr("Your camera, mirrored"))
        self.preview.set_mirrored(True)
        self.preview.set_corner_radius(_PICTURE_RADIUS_PX)
        self.preview.setMinimumHeight(140)
        self._mode = Pill("", over_video=True, parent=self.preview)
        return self.preview

    def _build_heading(self, column: QVBoxLayout) -> None:
        self._heading = Text("", TextRole.TITLE)
        self._again = Text("", wrap=True)
        self._again.setObjectName("checked_again")
        self._again.set_tone(Tone.WARN)
        self._again.hide()
        self._progress = QProgressBar()
        self._progress.setObjectName("preflight_progress")
        self._progress.setAccessibleName(self.tr("How far the checks are"))
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        column.addWidget(self._heading)
        column.addWidget(self._again)
        column.addWidget(self._progress)

    def _build_results(self, rows: QVBoxLayout) -> QWidget:
        results = plain()
        results.setLayout(rows)
        return scroller(results, name="preflight_results")

    def _build_foot(self) -> QHBoxLayout:
        self._report = plain()
        self._code = Text("", TextRole.CODE)
        self._code.setObjectName("report_code")
        self._code.setAccessibleName(self.tr("Code of the report, for support"))
        report = hbox(gap=6)
        report.addWidget(Text(self.tr("Report"), TextRole.DIM))
        report.addWidget(self._code)
        report.addStretch(1)
        self._report.setLayout(report)
        self._trouble = Text("", wrap=True)
        self._trouble.set_tone(Tone.BAD)
        self._resend = Button(self.tr("Send again"), name="resend_report", icon_name="refresh")
        left = vbox(gap=8)
        left.addStretch(1)
        left.addWidget(self._trouble)
        left.addWidget(self._resend, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self._report)
        self._join = Button(
            self.tr("Join session"),
            name="join_session",
            kind=ButtonKind.PRIMARY,
            shortcut="Ctrl+Return",
            big=True,
        )
        self._hint = Text("", TextRole.DIM)
        self._hint.setObjectName("join_hint")
        right = vbox(gap=4)
        right.addStretch(1)
        right.addWidget(self._join, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self._hint, 0, Qt.AlignmentFlag.AlignRight)
        foot = hbox(gap=16)
        foot.addLayout(left, 1)
        foot.addLayout(right)
        return foot

    def _press_join(self) -> None:
        if self._join.isEnabled():
            self._join.click()

    def _show_sentence(self) -> None:
        """Leave the sentence out of a narrow window, where a name beside it says enough."""
        alone = self._page.state.value.counterpart_name is None
        self._with.setVisible(alone or self.width() >= _WHOLE_SENTENCE_FROM_PX)

    def _place_mode(self) -> None:
        self._mode.adjustSize()
        self._mode.move(14, self.preview.height() - self._mode.height() - 14)

    def fit(self) -> None:
        """Lay out what depends on the size that the page has now."""
        self._show_sentence()
        self.preview.setMaximumHeight(max(140, round(self.preview.width() * 9 / 16)))
        self._place_mode()
