"""What a mechanic earned: two sums, and each session's share below them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from client_api.records import EarningRow
from client_api.wire import WorkState
from desktop.viewmodels.earnings_page import EarningsState
from desktop.viewmodels.observable import Observable
from desktop.views.bind import bind
from desktop.views.list_page import ListPage
from desktop.views.phrases import joined, money, short_day, vehicle
from desktop.views.theme import Tone
from desktop.views.widgets.card import GAP_L, GAP_M, GAP_XS, Card, hbox, plain
from desktop.views.widgets.keyed_list import KeyedList
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole

_DAY_PX = 84
_AMOUNT_PX = 84
_STATE_PX = 140


class EarningsView(ListPage):
    """Shows an ``EarningsState``."""

    def __init__(self, state: Observable[EarningsState], parent: QWidget | None = None) -> None:
        super().__init__(
            name="earnings",
            title=self.tr("Earnings"),
            loading=self.tr("Loading your earnings"),
            empty_icon="money",
            parent=parent,
        )
        self._currency = "usd"
        self._paid = _Sum()
        self._owed = _Sum()
        sums = hbox(gap=GAP_L)
        sums.addWidget(self._paid)
        sums.addWidget(self._owed)
        sums.addStretch(1)
        self.head.addLayout(sums)
        self.empty.show_words(
            self.tr("Nothing earned yet"),
            self.tr("Your share of every paid session appears here."),
        )
        self._rows: KeyedList[EarningRow, _EarningRow] = KeyedList(
            key=lambda row: row.session_id,
            make=_EarningRow,
            update=lambda widget, row: widget.render_row(row, self._currency),
            gap=0,
        )
        self.card.body.addWidget(self._rows)
        bind(self, state, self.render_state)

    def render_state(self, state: EarningsState) -> None:
        """Show a state; showing the same one again changes nothing."""
        earnings = state.earnings
        rows = earnings.sessions if earnings else ()
        self.show_phase(state.phase, state.trouble, state.retry, is_empty=not rows)
        for card in (self._paid, self._owed):
            card.setVisible(earnings is not None)
        if earnings is None:
            return
        self._currency = earnings.currency
        owed = earnings.owed_cents
        # Below zero a refund takes back more than is on its way.
        to_come = self.tr("To be paid out") if owed >= 0 else self.tr("To be taken back")
        self._paid.show_sum(self.tr("Paid out"), money(earnings.settled_cents, self._currency))
        self._owed.show_sum(to_come, money(abs(owed), self._currency))
        self._rows.show_rows(rows)


class _Sum(Card):
    """One sum, large."""

    def __init__(self) -> None:
        super().__init__()
        self._label = Text(role=TextRole.DIM)
        self._amount = Text(role=TextRole.MONEY)
        self.body.setSpacing(GAP_XS)
        self.body.addWidget(self._label)
        self.body.addWidget(self._amount)
        self.setMinimumWidth(200)

    def show_sum(self, label: str, amount: str) -> None:
        """Show a sum and what it is."""
        self._label.setText(label)
        self._amount.setText(amount)


class _EarningRow(QFrame):
    """One session's share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "row")
        self._day = Text(role=TextRole.DIM)
        self._day.setFixedWidth(_DAY_PX)
        self._who = Text(wrap=True)
        self._amount = Text()
        self._amount.setFixedWidth(_AMOUNT_PX)
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._state = Pill()
        holder = plain()
        holder.setFixedWidth(_STATE_PX)
        inside = hbox(gap=0)
        inside.addWidget(self._state)
        inside.addStretch(1)
        holder.setLayout(inside)
        row = hbox(gap=GAP_L, margins=(0, GAP_M, 0, GAP_M))
        row.addWidget(self._day)
        row.addWidget(self._who, 1)
        row.addWidget(self._amount)
        row.addWidget(holder)
        self.setLayout(row)

    def render_row(self, row: EarningRow, currency: str) -> None:
        """Show a row."""
        self._day.setText(short_day(row.ended_at.isoformat()))
        self._who.setText(joined(row.customer_name, vehicle(row.vehicle)))
        self._amount.setText(money(row.amount_cents, currency))
        match row.state:
            case WorkState.PAID:
                self._state.show_status(self.tr("Paid out"), Tone.OK, "check-circle")
            case WorkState.FAILED:
                self._state.show_status(self.tr("Delayed"), Tone.WARN, "warning")
            case _:
                self._state.show_status(self.tr("On its way"), Tone.NEUTRAL, "clock")
