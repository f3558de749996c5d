"""The single checks of a preflight, folded under how many of them passed."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.command import On
from desktop.viewmodels.preflight_fixes import ASKED, NO_FIX, Fix
from desktop.viewmodels.preflight_state import PreflightPageState
from desktop.views.check_words import advice, reason, seen, state_word, title
from desktop.views.fix_words import other_words, page_words
from desktop.views.group_card import StateIcon
from desktop.views.page_arrival import Later
from desktop.views.phrases import ago, joined
from desktop.views.turns import Turns
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_M, GAP_S, hbox, vbox
from desktop.views.widgets.flow import Flow
from desktop.views.widgets.long_column import LongColumn
from desktop.views.widgets.text import Text, TextRole
from preflight.model import CheckResult, CheckState

_SMALL_ICON_PX = 16
# Dressed, laid out and painted, a row takes up to 2 ms on a slow core.
_ROWS_PER_TURN = 2


class CheckList(QWidget):
    """One line while folded; unfolded, a row for every check with its state in a word.

    Args:
        later: lets the rows come in turns of the event loop; without it all are there at once.
    """

    def __init__(
        self,
        toggle: Callable[[], object],
        *,
        later: Later | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._rows: dict[str, _CheckRow] = {}
        self._checks: tuple[CheckResult, ...] = ()
        self._again: Callable[[str], object] | None = None
        self._ages: Mapping[str, int] = {}
        self._fixes: Mapping[str, Fix] = {}
        self._turns = Turns(self, later)
        self._icon = StateIcon(edge_px=_SMALL_ICON_PX)
        self._icon.show_state(CheckState.PASSED)
        self._count = Text("", TextRole.DIM)
        self._toggle = Button(
            self.tr("Show all"),
            name="toggle_checks",
            kind=ButtonKind.LINK,
            accessible=self.tr("Show all checks"),
        )
        self._toggle.set_command(toggle)
        line = hbox(gap=GAP_S, margins=(4, 0, 4, 0))
        line.addWidget(self._icon)
        line.addWidget(self._count)
        line.addWidget(self._toggle)
        line.addStretch(1)
        self._list = LongColumn(gap=6, side=4)
        column = vbox(gap=4)
        column.addLayout(line)
        column.addWidget(self._list)
        self.setLayout(column)

    def render_state(self, state: PreflightPageState) -> None:
        """Show the checks of a state."""
        self.setVisible(bool(state.checks))
        # The one total is beside the bar above: how many there are, whatever became of them.
        self._count.setText(self.tr("%n check(s) passed", "", state.passed_count))
        if state.unfolded:
            self._toggle.set_words(self.tr("Hide"), self.tr("Hide the single checks"))
        else:
            self._toggle.set_words(self.tr("Show all"), self.tr("Show all checks"))
        self._list.setVisible(state.unfolded)
        if state.unfolded:
            self._checks, self._again = state.checks, state.check_again
            self._ages, self._fixes = state.reused_s, state.fixes
            self._render_rows()
        else:
            self._turns.stop()

    def _render_rows(self) -> None:
        codes = {check.code for check in self._checks}
        for code in [each for each in self._rows if each not in codes]:
            row = self._rows.pop(code)
            self._list.take(row)
            row.deleteLater()
        for check in self._checks:
            if check.code in self._rows:
                self._render_row(check)
        if len(self._rows) < len(codes):
            self._turns.begin(self._add_rows())

    def _add_rows(self) -> Iterator[None]:
        """Add the rows that are missing, each before those that follow it in the catalogue."""
        added = 0
        before: QWidget = self._toggle
        for place, check in enumerate(self._checks):
            if check.code in self._rows:
                before = self._rows[check.code].last_button
                continue
            row = self._rows[check.code] = _CheckRow(check.code)
            self._render_row(check)
            self._list.add(row, place)
            # Qt lets Tab come to it last of all, after Join.
            row.stand_behind(before)
            before = row.last_button
            added += 1
            if added % _ROWS_PER_TURN == 0:
                yield

    def _render_row(self, check: CheckResult) -> None:
        age_s, fix = self._ages.get(check.code), self._fixes.get(check.code, NO_FIX)
        self._rows[check.code].show_check(check, self._again, age_s, fix)


class _CheckRow(QWidget):
    """Icon, title, what was seen, the state in a word, and the spoken number for support.

    One that failed or warned can be measured again alone, and what a program can do about it
    stands below its words.
    """

    def __init__(self, code: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._code = code
        self._shown: tuple[object, ...] | None = None
        self._icon = StateIcon(edge_px=_SMALL_ICON_PX)
        self._seen = Text("", TextRole.DIM, wrap=True)
        self._word = Text("", TextRole.DIM)
        words = vbox(gap=0)
        words.addWidget(Text(title(code), wrap=True))
        words.addWidget(self._seen)
        # Few rows ever have them, and each button takes its time to be dressed.
        self._settings: Button | None = None
        self._other: Button | None = None
        self._retry = Button(
            self.tr("Try again"),
            name=f"again_{code}",
            kind=ButtonKind.LINK,
            accessible=self.tr("Try again: {check}").format(check=title(code)),
        )
        self._retry.hide()
        row = hbox(gap=GAP_S)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._word, 0, Qt.AlignmentFlag.AlignTop)
        self._links = Flow(gap=GAP_M)
        self._links.setContentsMargins(_SMALL_ICON_PX + GAP_S, 0, 0, 0)
        self._links.addWidget(self._retry)
        column = vbox(gap=0)
        column.addLayout(row)
        column.addLayout(self._links)
        self.setLayout(column)

    @property
    def last_button(self) -> Button:
        """The last one that Tab comes to in this row; it may be hidden."""
        return self._other or self._settings or self._retry

    def stand_behind(self, before: QWidget) -> None:
        """Let Tab come to this row's buttons after ``before``."""
        for button in (self._retry, self._settings, self._other):
            if button is not None:
                QWidget.setTabOrder(before, button)
                before = button

    def show_check(
        self,
        check: CheckResult,
        again: Callable[[str], object] | None,
        age_s: int | None = None,
        fix: Fix = NO_FIX,
    ) -> None:
        """Show how a check stands, and offer to measure it again where it is not well.

        Args:
            age_s: how old its figures are, where they are of an earlier run.
            fix: what else a program can do about it.
        """
        if self._shown == (check, again, age_s, fix):
            return
        self._shown = (check, again, age_s, fix)
        bad = check.state in (CheckState.WARNED, CheckState.FAILED)
        offered = bad and again is not None and check.code not in ASKED
        if not offered and self._retry.hasFocus():
            # Qt hands the focus of a hidden button to the next one, which may be Join.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._retry.offer(On(again, check.code) if offered and again is not None else None)
        self._offer_fix(fix)
        advised = not check.gating and check.state is CheckState.FAILED
        self._icon.show_state(CheckState.WARNED if advised else check.state)
        words = reason(check) or advice(check) or seen(check)
        self._seen.show_text(joined(words, ago(age_s)))
        self._word.setText(f"{state_word(check.state, gating=check.gating)} · {check.no}")

    def _offer_fix(self, fix: Fix) -> None:
        for button, command in (
            (self._settings, fix.open_settings),
            (self._other, fix.choose_other),
        ):
            if command is None and button is not None and button.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
        if fix.page is not None:
            if self._settings is None:
                self._settings = self._link(f"fix_settings_{self._code}")
                QWidget.setTabOrder(self._retry, self._settings)
            self._say(self._settings, page_words(fix.page))
        if fix.role is not None:
            if self._other is None:
                self._other = self._link(f"fix_other_{self._code}")
                QWidget.setTabOrder(self._settings or self._retry, self._other)
            self._say(self._other, other_words(fix.role))
        if self._settings is not None:
            self._settings.offer(fix.open_settings)
        if self._other is not None:
            self._other.offer(fix.choose_other)

    def _link(self, name: str) -> Button:
        link = Button("", name=name, kind=ButtonKind.LINK)
        self._links.addWidget(link)
        return link

    def _say(self, button: Button, words: str) -> None:
        spoken = self.tr("{button}: {check}").format(button=words, check=title(self._code))
        button.set_words(words, spoken)
