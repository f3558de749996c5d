"""The money of a session: what was paid, what came back, what the mechanic gets, how far it is.

Nothing here is ever given up: the service tries money that did not move again until it has.
"""

from typing import TypeAlias

from PySide6.QtWidgets import QWidget

from client_api.records import Summary, SummaryLine
from client_api.wire import PayoutError, Plan, Role, SessionType, Settlement, WorkState
from desktop.views.phrases import money, plan_minutes
from desktop.views.theme import Tone
from desktop.views.widgets.card import GAP_M, Card, hbox
from desktop.views.widgets.keyed_list import KeyedList
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole, rule

_Shown: TypeAlias = tuple[str, Tone, str]
"""What a pill shows: its word, its tone, its icon."""


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
        for widget in (self._refunded, self._paid, self._share):
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
        refunded = summary.refunded_cents
        self._refunded.setVisible(refunded > 0)
        # A sign of our own: where QLocale writes less than nothing in brackets, few know them.
        self._refunded.show_line(self.tr("Refunded"), f"−{money(refunded, summary.currency)}")
        self._paid.show_line(
            self.tr("Paid by the customer") if is_mechanic else self.tr("You paid"),
            money(summary.paid_cents - refunded, summary.currency),
        )
        share = summary.mechanic_share_cents
        self._share.setVisible(is_mechanic and share is not None)
        self._share.show_line(self.tr("Your share"), money(share or 0, summary.currency))
        self._show_state(summary, is_settling=is_settling)

    def _show_line(self, widget: _Line, row: tuple[int, SummaryLine]) -> None:
        line = row[1]
        label = self.tr("Extra {minutes} min").format(minutes=line.minutes)
        known = Plan(line.label)
        if known is not Plan.UNKNOWN:
            label = plan_minutes(known, SessionType.VIDEO, line.minutes)
        widget.show_line(label, money(line.amount_cents, self._currency))

    def _show_state(self, summary: Summary, *, is_settling: bool) -> None:
        settlement = summary.settlement
        if is_settling or settlement is None:
            shown = (self.tr("Settling"), Tone.NEUTRAL, "clock")
            words = self.tr("This takes a moment. You need not wait.")
        elif summary.my_role is Role.MECHANIC:
            shown, words = self._payout(summary, settlement)
        else:
            shown, words = self._payment(summary, settlement)
        self._state.show_status(*shown)
        self._state_words.show_text(words)

    def _payment(self, summary: Summary, settlement: Settlement) -> tuple[_Shown, str]:
        """Say how far the customer's money is; what a mechanic gets is none of their business."""
        refunded = summary.refunded_cents
        if settlement.state is WorkState.FAILED:
            return (self.tr("Refund delayed"), Tone.WARN, "warning"), self._tried_again()
        if summary.paid_cents == 0:
            return (self.tr("Nothing to pay"), Tone.NEUTRAL, "info"), ""
        if refunded >= summary.paid_cents:
            return (self.tr("Refunded"), Tone.NEUTRAL, "undo"), ""
        if summary.end is not None and not summary.end.billable:
            return (self.tr("Refund on its way"), Tone.NEUTRAL, "clock"), ""
        if refunded > 0:
            return (self.tr("Partly refunded"), Tone.NEUTRAL, "undo"), ""
        return (self.tr("Paid"), Tone.OK, "check-circle"), ""

    def _payout(self, summary: Summary, settlement: Settlement) -> tuple[_Shown, str]:
        """Say how far the mechanic's money is, whatever becomes of a refund to the customer."""
        state = settlement.payout_state
        if state is WorkState.NOT_DUE:
            return (self.tr("No payout"), Tone.NEUTRAL, "info"), self._why_not_due(summary)
        if settlement.payout_error is PayoutError.NO_ACCOUNT:
            words = self.tr("Your payout account is missing: tell support. Nothing is lost.")
            return (self.tr("Delayed"), Tone.WARN, "warning"), words
        if settlement.payout_error is not None or state is WorkState.FAILED:
            return (self.tr("Delayed"), Tone.WARN, "warning"), self._tried_again()
        match state:
            case WorkState.PAID:
                return (self.tr("Paid out"), Tone.OK, "check-circle"), ""
            case WorkState.REVERSED:
                words = self.tr("The customer was refunded.")
                return (self.tr("Taken back"), Tone.WARN, "undo"), words
            case _:
                return (self.tr("On its way"), Tone.NEUTRAL, "clock"), ""

    def _why_not_due(self, summary: Summary) -> str:
        if summary.started_at is None:
            return self.tr("The session did not take place.")
        if summary.end is not None and not summary.end.billable:
            return self.tr("The session was too short to be paid.")
        return self.tr("The customer was refunded.")

    def _tried_again(self) -> str:
        return self.tr("It did not go through. We try again by ourselves; nothing is lost.")
