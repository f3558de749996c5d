"""The preflight, full screen: picture and devices left, results right, Join at the bottom right.

It starts by itself, moves no focus, and says every change in words.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from client_api.errors import ErrorCode
from desktop.viewmodels.picture_geometry import Fit
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import Heading, JoinHint, PreflightPageState
from desktop.views.announce import announce
from desktop.views.bind import bind
from desktop.views.check_list import CheckList
from desktop.views.device_panel import DevicePanel
from desktop.views.group_card import GroupCard
from desktop.views.group_words import group_name
from desktop.views.level_meter import LevelMeter
from desktop.views.page_arrival import Later, PageInTurns
from desktop.views.phrases import ago, joined
from desktop.views.plug_news import PlugNews
from desktop.views.preflight_top import PreflightTop
from desktop.views.preflight_words import again_words
from desktop.views.sound_only_row import SoundOnlyRow
from desktop.views.support_card import SupportCard
from desktop.views.texts import trouble_words
from desktop.views.theme import Tone
from desktop.views.upright_row import UprightRow
from desktop.views.video_view import Caption, VideoView
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_M, GAP_XS, hbox, plain, scroller, vbox
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole
from preflight.model import GATING_GROUPS, CheckState, Group

_PICTURE_RADIUS_PX = 12
_HINT_PX = 210
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
        self,
        page: PreflightPage,
        parent: QWidget | None = None,
        *,
        in_turns: bool = False,
        later: Later | None = None,
    ) -> None:
        """Make the page.

        Args:
            page: its view model.
            parent: the widget it stands in.
            in_turns: leave the parts to `build_part`, which a `PageArrival` calls.
            later: lets the list of checks come in turns of the event loop.
        """
        super().__init__(parent)
        self.setObjectName("preflight_page")
        self.setProperty("role", "page")
        self._page = page
        self._later = later
        self._could_join = False
        self._build_from(self._build(), in_turns=in_turns)

    @property
    def meter(self) -> LevelMeter:
        """The microphone's level meter."""
        return self._devices.meter

    def readiness_words(self) -> str:
        """Return what is said about the other side, at the top right."""
        return self._top.readiness_words()

    # --- what it shows --------------------------------------------------------------------

    def render_state(self, state: PreflightPageState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._top.render_state(state)
        self._heading.setText(self._heading_words(state.heading))
        self._render_again(again_words(state.again))
        self._render_progress(state)
        for row in state.groups:
            self._cards[row.group].render_row(row)
        shown = {row.group for row in state.groups}
        for group, card in self._cards.items():
            card.setVisible(group in shown)
        self._checks.render_state(state)
        self._devices.render_state(state)
        self._show_plug_news(state)
        self._upright.render_question(state.questions.upright)
        self._sound_only.render_offer(state.sound_only, checking=state.hint is JoinHint.CHECKING)
        self._no_picture.show_text(
            self.tr(
                "Your connection hardly carries the other side’s picture: they start with sound "
                "only."
            )
            if state.no_picture_comes
            else ""
        )
        if self._support is not None:
            self._support.setVisible(state.offers_support)
        self._render_preview(state)
        self._render_foot(state)

    def _heading_words(self, heading: Heading) -> str:
        match heading:
            case Heading.CHECKING:
                return self.tr("Checking your set-up")
            case Heading.FIX:
                return self.tr("Something needs fixing")
            case Heading.READY:
                return self.tr("You are ready")
            case Heading.NOT_SENT:
                return self.tr("Your results could not be sent")
            case Heading.NOT_TAKEN:
                return self.tr("Your results were not accepted")
            case Heading.NOT_OPENED:
                return self.tr("The call could not be opened")
            case Heading.UNDECIDED:
                return self.tr("Not everything could be checked")
            case Heading.NOTHING_WRONG:
                return self.tr("Nothing wrong was found")
            case Heading.ADVISED:
                return self.tr("Some things could be better")
            case Heading.CALL_WORKS:
                return self.tr("Ready for a call")

    def _render_progress(self, state: PreflightPageState) -> None:
        """Show how much of the whole run is done, and what of it Join waits for."""
        self._progress.setValue(round(state.fraction * self._progress.maximum()))
        count = state.count
        if not count.advice:
            words = self.tr("{done} of {all} checks done").format(
                done=count.needed_ended, all=count.needed
            )
        elif state.finished:
            words = self.tr("All {all} checks are done").format(all=count.needed + count.advice)
        else:
            words = self.tr(
                "{needed} of {all_needed} needed checks done, {advice} of {all_advice} others"
            ).format(
                needed=count.needed_ended,
                all_needed=count.needed,
                advice=count.advice_ended,
                all_advice=count.advice,
            )
        if state.trial_age_s is not None:
            reused = self.tr("test call from {ago}").format(ago=ago(state.trial_age_s))
            words = joined(words, reused)
        self._counted.show_text(words if state.checks else "")
        self._progress.setAccessibleDescription(self._counted.text())

    def _show_plug_news(self, state: PreflightPageState) -> None:
        if state.newcomers is None and self._plug_news.has_focus_within():
            # Qt hands the focus of a hidden button to the next one, which may be Join.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._plug_news.render_news(state.newcomers, state.gone)

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
                Caption(
                    self.tr("No picture"),
                    self.tr("See {group} in the results.").format(group=group_name(Group.CAMERA)),
                )
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
        handed = state.trouble is not None and state.trouble.kind is ErrorCode.HANDOVER_FAILED
        self._resend.set_words(self.tr("Try again") if handed else self.tr("Send again"))
        hint, tone = self._hint_words(state.hint)
        spoken = hint
        if state.is_worth_waiting:
            hint = self.tr("No hurry: let the checks finish")
            spoken = self.tr(
                "The other side is not ready yet: let the checks finish. Ctrl+Enter joins at any "
                "time."
            )
        self._hint.setText(hint)
        self._hint.setVisible(state.hint is not JoinHint.NOT_OFFERED)
        self._hint.set_tone(tone)
        if state.join is None and self._join.hasFocus():
            # A disabled button would pass the focus on to whatever comes next.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._join.set_command(state.join)
        self._join.setVisible(state.hint is not JoinHint.NOT_OFFERED)
        self._join.setAccessibleDescription(spoken)
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
                return self.tr("Not possible yet"), Tone.BAD
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
        self._top = PreflightTop()
        column.addWidget(self._top)
        yield True
        body = hbox(gap=28, margins=(36, 24, 36, 20))
        column.addLayout(body, 1)
        left, right = vbox(gap=14), vbox(gap=GAP_M)
        body.addLayout(left, 11)
        body.addLayout(right, 10)
        left.addWidget(self._build_preview(), 100)
        self._upright = UprightRow()
        left.addWidget(self._upright)
        self._devices = DevicePanel(self._page)
        left.addWidget(self._devices)
        left.addStretch(1)
        yield True
        self._build_heading(right)
        results = vbox(gap=GAP_M)
        self._plug_news = PlugNews()
        results.addWidget(self._plug_news)
        right.addWidget(self._build_results(results), 1)
        yield True
        # In the order in which Tab goes through them: results, support, Join.
        self._cards: dict[Group, GroupCard] = {}
        for group in Group:
            self._cards[group] = card = GroupCard(group)
            # First into its place: without one it would be shown as a window.
            results.addWidget(card)
            card.setVisible(group in GATING_GROUPS)
            yield True
        self._checks = CheckList(self._page.toggle_checks, later=self._later)
        results.addWidget(self._checks)
        self._support: SupportCard | None = None
        has_session = self._page.state.value.hint is not JoinHint.NOT_OFFERED
        if self._page.support is not None:
            self._support = SupportCard(self._page.support.state, aside=has_session)
            # Before a session what can be mended comes first, and Join stays the one thing to do.
            (results if has_session else right).addWidget(self._support)
        results.addStretch(1)
        self._sound_only = SoundOnlyRow()
        right.addWidget(self._sound_only)
        self._no_picture = Text("", wrap=True)
        self._no_picture.setObjectName("no_picture_comes")
        self._no_picture.set_tone(Tone.WARN)
        self._no_picture.hide()
        right.addWidget(self._no_picture)
        right.addLayout(self._build_foot())
        yield True
        # The numeric pad's Enter is another key to Qt.
        QShortcut(QKeySequence("Ctrl+Enter"), self, self._press_join)
        self.preview.show_from(self._page.preview)
        bind(self, self._page.state, self.render_state)
        yield True

    def _build_preview(self) -> QWidget:
        self.preview = VideoView(fit=Fit.FILL)
        self.preview.setObjectName("preflight_preview")
        self.preview.setAccessibleName(self.tr("Your camera, mirrored"))
        self.preview.set_mirrored(True)
        self.preview.set_corner_radius(_PICTURE_RADIUS_PX)
        self.preview.setMinimumHeight(140)
        self._mode = Pill("", over_video=True, parent=self.preview)
        # In a layout: what comes and goes below changes the picture's height.
        corner = vbox(gap=0, margins=(14, 14, 14, 14))
        corner.addStretch(1)
        corner.addWidget(self._mode, 0, Qt.AlignmentFlag.AlignLeft)
        self.preview.setLayout(corner)
        return self.preview

    def _build_heading(self, column: QVBoxLayout) -> None:
        self._heading = Text("", TextRole.TITLE, wrap=True)
        self._heading.setObjectName("preflight_heading")
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
        self._counted = Text("", TextRole.DIM)
        self._counted.setObjectName("checks_counted")
        told = vbox(gap=GAP_XS)
        told.addWidget(self._progress)
        told.addWidget(self._counted)
        column.addLayout(told)

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
        self._hint = Text("", TextRole.DIM, wrap=True)
        self._hint.setObjectName("join_hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._hint.setMinimumWidth(_HINT_PX)
        right = vbox(gap=4)
        right.addStretch(1)
        right.addWidget(self._join, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self._hint)
        foot = hbox(gap=16)
        foot.addLayout(left, 1)
        foot.addLayout(right)
        return foot

    def _press_join(self) -> None:
        if self._join.isEnabled():
            self._join.click()

    def fit(self) -> None:
        """Lay out what depends on the size that the page has now."""
        self.preview.setMaximumHeight(max(140, round(self.preview.width() * 9 / 16)))
