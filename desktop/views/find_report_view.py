"""Support's page: a code typed as it was heard, and the report under it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.find_report_page import FindPhase, FindReportState, ShownReport
from desktop.viewmodels.observable import Observable
from desktop.views.announce import announce
from desktop.views.bind import bind
from desktop.views.page_arrival import Later
from desktop.views.report_cards import CompareCard, FactsCard, FaultsCard, PlotsCard, VerdictCard
from desktop.views.report_tree import ReportTree
from desktop.views.report_words import verdict_words
from desktop.views.texts import trouble_words
from desktop.views.turns import Turns
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import (
    GAP_L,
    GAP_M,
    GAP_XL,
    GAP_XXL,
    Card,
    hbox,
    plain,
    scroller,
    vbox,
)
from desktop.views.widgets.empty import EmptyState
from desktop.views.widgets.field import TextField
from desktop.views.widgets.long_column import LongColumn
from desktop.views.widgets.skeleton import Skeleton
from desktop.views.widgets.text import Text, TextRole

_WIDEST_PX = 1000
_FIELD_PX = 320
_LONGEST_CODE = 40


class FindReportView(QWidget):
    """Shows a ``FindReportState``.

    Args:
        later: lets a report come in turns of the event loop; without it all is there at once.
    """

    def __init__(
        self,
        state: Observable[FindReportState],
        parent: QWidget | None = None,
        *,
        later: Later | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._state = state
        self._shown: ShownReport | None = None
        self._result: QWidget | None = None
        self._turns = Turns(self, later)
        self._build()
        bind(self, state, self.render_state)

    def focus_first(self) -> None:
        """Put the caret where support starts."""
        self._code.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: FindReportState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._code.show_trouble(self._field_words(state))
        loading = state.phase is FindPhase.LOADING
        self._find.set_words(self.tr("Looking…") if loading else self.tr("Find"))
        self._skeleton.setVisible(loading)
        self._empty.setVisible(state.phase is FindPhase.IDLE and state.shown is None)
        self._failed.setVisible(state.phase is FindPhase.FAILED)
        if state.trouble is not None:
            words = trouble_words(state.trouble)
            self._failed.show_words(
                words.headline, words.advice, action=self.tr("Try again"), command=state.retry
            )
        if state.shown is not self._shown:
            self._show(state.shown)
            self._shown = state.shown

    def _field_words(self, state: FindReportState) -> str:
        if state.is_empty:
            return self.tr("Type the code first.")
        if state.code_trouble is None:
            return ""
        words = trouble_words(state.code_trouble)
        return f"{words.headline} {words.advice}"

    def _show(self, shown: ShownReport | None) -> None:
        self._turns.stop()
        old, self._result = self._result, None
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        if shown is None:
            return
        self._code.show_text(shown.code)
        self._result = result = LongColumn(gap=GAP_L)
        result.setMaximumWidth(_WIDEST_PX)
        self._column.insertWidget(self._column.count() - 1, result)
        self._turns.begin(self._add_cards(shown, result))
        words, _, _ = verdict_words(shown)
        announce(self, self.tr("Report {code}: {verdict}").format(code=shown.code, verdict=words))

    def _add_cards(self, shown: ShownReport, column: LongColumn) -> Iterator[None]:
        """Add what is read first in the first step, then the other cards from top to bottom."""
        column.add(VerdictCard(shown))
        yield
        filled = (FaultsCard(shown.report.checks), CompareCard(shown), PlotsCard(shown))
        for card in filled:
            column.add(card)
            yield from card.fill()
        checks = Card()
        checks.body.addWidget(Text(self.tr("All checks"), TextRole.SECTION))
        tree = ReportTree(shown.report.checks)
        checks.body.addWidget(tree)
        column.add(checks)
        yield from tree.fill()
        facts = FactsCard(shown)
        column.add(facts)
        yield from facts.fill()

    def _build(self) -> None:
        self._code = TextField(
            self.tr("Code"),
            name="report_code_field",
            placeholder="7K3M-Q2XZ",
            hint=self.tr(
                "As you hear it: small letters, spaces and dashes do not matter, and O, I, L, S "
                "and U are read as the signs they look like."
            ),
            max_length=_LONGEST_CODE,
        )
        self._code.setMaximumWidth(_WIDEST_PX)
        self._code.edit.setMaximumWidth(_FIELD_PX)
        self._code.submitted.connect(self._on_find)
        self._find = Button(self.tr("Find"), name="find_report", kind=ButtonKind.PRIMARY)
        self._find.setMaximumWidth(_FIELD_PX)
        self._find.clicked.connect(self._on_find)
        self._skeleton = Skeleton(lines=5, accessible=self.tr("Looking for the report"))
        self._failed = EmptyState("offline", name="report_failed")
        self._empty = EmptyState("search", name="report_empty")
        self._empty.show_words(
            self.tr("No report yet"),
            self.tr(
                "People see their code after they press “Send to support” in the diagnosis, or "
                "beside “Report” when their checks pass. Codes last 30 days."
            ),
        )
        foot = hbox(gap=GAP_M)
        foot.addWidget(self._find)
        foot.addStretch(1)
        content = plain()
        self._column = vbox(gap=GAP_L, margins=(GAP_XXL, GAP_XL, GAP_XXL, GAP_XL))
        self._column.addWidget(Text(self.tr("Find a report"), TextRole.TITLE))
        self._column.addWidget(self._code)
        self._column.addLayout(foot)
        for widget in (self._skeleton, self._failed, self._empty):
            widget.setMaximumWidth(_WIDEST_PX)
            self._column.addWidget(widget)
        self._column.addStretch(1)
        content.setLayout(self._column)
        outer = vbox()
        outer.addWidget(scroller(content, name="find_report_scroll"))
        self.setLayout(outer)

    def _on_find(self) -> None:
        find = self._state.value.find
        if find is not None:
            find(self._code.edit.text())
