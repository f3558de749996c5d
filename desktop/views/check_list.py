"""The single checks of a preflight, folded under how many of them passed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.preflight_state import PreflightPageState
from desktop.views.check_words import advice, reason, seen, state_word, title
from desktop.views.group_card import StateIcon
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_S, hbox, plain, vbox
from desktop.views.widgets.text import Text, TextRole
from preflight.model import CheckResult, CheckState

_SMALL_ICON_PX = 16


class CheckList(QWidget):
    """One line while folded; unfolded, a row for every check with its state in a word."""

    def __init__(self, toggle: Callable[[], object], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._rows: dict[str, _CheckRow] = {}
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
        self._list = plain()
        self._list_column = vbox(gap=6, margins=(4, 0, 4, 0))
        self._list.setLayout(self._list_column)
        column = vbox(gap=4)
        column.addLayout(line)
        column.addWidget(self._list)
        self.setLayout(column)

    def render_state(self, state: PreflightPageState) -> None:
        """Show the checks of a state."""
        self.setVisible(bool(state.checks))
        words = self.tr("{passed} of {all} checks passed")
        self._count.setText(words.format(passed=state.passed_count, all=state.judged_count))
        if state.unfolded:
            self._toggle.set_words(self.tr("Hide"), self.tr("Hide the single checks"))
        else:
            self._toggle.set_words(self.tr("Show all"), self.tr("Show all checks"))
        self._list.setVisible(state.unfolded)
        if state.unfolded:
            self._render_rows(state.checks)

    def _render_rows(self, checks: tuple[CheckResult, ...]) -> None:
        codes = [check.code for check in checks]
        for code in [each for each in self._rows if each not in codes]:
            row = self._rows.pop(code)
            self._list_column.removeWidget(row)
            row.deleteLater()
        for place, check in enumerate(checks):
            if check.code not in self._rows:
                self._rows[check.code] = _CheckRow(check.code)
                self._list_column.insertWidget(place, self._rows[check.code])
            self._rows[check.code].show_check(check)


class _CheckRow(QWidget):
    """Icon, title, what was seen, the state in a word, and the spoken number for support."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._icon = StateIcon(edge_px=_SMALL_ICON_PX)
        self._seen = Text("", TextRole.DIM, wrap=True)
        self._word = Text("", TextRole.DIM)
        words = vbox(gap=0)
        words.addWidget(Text(title(code), wrap=True))
        words.addWidget(self._seen)
        row = hbox(gap=GAP_S)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._word, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)

    def show_check(self, check: CheckResult) -> None:
        """Show how a check stands."""
        advised = not check.gating and check.state is CheckState.FAILED
        self._icon.show_state(CheckState.WARNED if advised else check.state)
        self._seen.show_text(reason(check) or advice(check) or seen(check))
        self._word.setText(f"{state_word(check.state, gating=check.gating)} · {check.no}")
