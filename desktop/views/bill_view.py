"""The money of a session: what was paid, what came back, what the mechanic gets, how far it is."""

from PySide6.QtWidgets import QWidget

from client_api.records import Summary, SummaryLine
from client_api.wire import Plan, Role, SessionType, Settlement, WorkState
from desktop.views.phrases import money, plan_minutes
from desktop.views.theme import Tone
from desktop.views.widgets.card import GAP_M, Card, hbox
from desktop.views.widgets.keyed_list import KeyedList
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole, rule


class _Line(QWidget):
    """A name on the left, an amount on the right."""

    def __init__(self, *, strong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._name = Text(role=TextRole.STRONG if strong else TextRole.DIM, wrap=True)
        self._amount = Text(role=TextRole.STRONG if strong else TextRole.BODY)
        row = hbox(gap=GAP_M)
        row.addWidget(self._name, 1)
        row.addWidget(self._amount)
        self.setLayout(row)

    def show_line(self, name: str, amount: str) -> None:
        """Show a line."""
        self._name.setText(name)
        self._amount.setText(amount)


class BillView(Card):
    """Shows the money side of a summary as its reader may see it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._currency = "usd"
        self._lines: KeyedList[tuple[int, SummaryLine], _Line] = KeyedList(
            key=lambda row: row[0], make=_Line, update=self._show_line, gap=GAP_M
        )
        self._paid = _Line(strong=True)
        self._refunded = _Line()
        self._share = _Line(strong=True)
        self._state = Pill()
        self._state_words = Text(role=TextRole.DIM, wrap=True)
        self.body.addWidget(self._lines)
        self.body.addWidget(rule())
        for widget in (self._paid, self._refunded, self._share):
            self.body.addWidget(widget)
        foot = hbox(gap=GAP_M)
        foot.addWidget(self._state)
        foot.addWidget(self._state_words, 1)
        foot.addStretch(0)
        self.body.addLayout(foot)

    def render_summary(self, summary: Summary, *, is_settling: bool) -> None:
        """Show the money of a summary; ``is_settling`` while it may still change."""
        self._currency = summary.currency
        is_mechanic = summary.my_role is Role.MECHANIC
        self._lines.show_rows(tuple(enumerate(summary.lines)))
        self._paid.show_line(
            self.tr("Paid by the customer") if is_mechanic else self.tr("Paid"),
            money(summary.paid_cents, summary.currency),
        )
        self._refunded.setVisible(summary.refunded_cents > 0)
        self._refunded.show_line(
            self.tr("Refunded"), money(summary.refunded_cents, summary.currency)
        )
        share = summary.mechanic_share_cents
        self._share.setVisible(is_mechanic and share is not None)
        self._share.show_line(self.tr("Your share"), money(share or 0, summary.currency))
        self._show_state(summary.settlement, is_mechanic, is_settling)

    def _show_line(self, widget: _Line, row: tuple[int, SummaryLine]) -> None:
        line = row[1]
        label = self.tr("Extra {minutes} min").format(minutes=line.minutes)
        known = Plan(line.label)
        if known is not Plan.UNKNOWN:
            label = plan_minutes(known, SessionType.VIDEO, line.minutes)
        widget.show_line(label, money(line.amount_cents, self._currency))

    def _show_state(
        self, settlement: Settlement | None, is_mechanic: bool, is_settling: bool
    ) -> None:
        if is_settling or settlement is None:
            self._state.show_status(self.tr("Settling"), Tone.NEUTRAL, "clock")
            self._state_words.show_text(self.tr("This takes a moment. You need not wait."))
            return
        if settlement.state is WorkState.FAILED:
            self._state.show_status(self.tr("Delayed"), Tone.WARN, "warning")
            self._state_words.show_text(self.tr("We look into it. Nothing is lost."))
            return
        self._state_words.show_text("")
        if not is_mechanic:
            self._state.show_status(self.tr("Settled"), Tone.OK, "check-circle")
            return
        match settlement.payout_state:
            case WorkState.PAID | WorkState.DONE:
                self._state.show_status(self.tr("Paid out"), Tone.OK, "check-circle")
            case WorkState.NOT_DUE | None:
                self._state.show_status(self.tr("No payout"), Tone.NEUTRAL, "info")
                self._state_words.show_text(self.tr("The session was too short to be paid."))
            case WorkState.REVERSED:
                self._state.show_status(self.tr("Taken back"), Tone.WARN, "undo")
                self._state_words.show_text(self.tr("The customer was refunded."))
            case WorkState.FAILED:
                self._state.show_status(self.tr("Payout failed"), Tone.BAD, "cross-circle")
                self._state_words.show_text(self.tr("Support was told. Nothing is lost."))
            case _:
                self._state.show_status(self.tr("On its way"), Tone.NEUTRAL, "clock")
