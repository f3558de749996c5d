"""One line about a session that is over: when, with whom, how long, how much, and its summary."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from client_api.wire import PaymentStatus, SessionStatus, WorkState
from desktop.viewmodels.dashboard_state import PastRow
from desktop.views.phrases import joined, money, short_day, vehicle
from desktop.views.theme import Tone
from desktop.views.widgets.button import IconButton
from desktop.views.widgets.card import GAP_L, hbox, plain
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole

_DAY_PX = 84
_MINUTES_PX = 64
_AMOUNT_PX = 76
_STATE_PX = 160


class PastRowView(QFrame):
    """Shows a ``PastRow``. Its button is called ``open_summary``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "row")
        self._day = Text(role=TextRole.DIM)
        self._day.setFixedWidth(_DAY_PX)
        self._who = Text(wrap=True)
        self._minutes = Text(role=TextRole.DIM)
        self._minutes.setFixedWidth(_MINUTES_PX)
        self._amount = Text()
        self._amount.setFixedWidth(_AMOUNT_PX)
        for right in (self._minutes, self._amount):
            right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._state = Pill()
        # All pills in a column begin at one line, whatever word they hold.
        state = plain()
        state.setFixedWidth(_STATE_PX)
        holder = hbox(gap=0)
        holder.addWidget(self._state)
        holder.addStretch(1)
        state.setLayout(holder)
        self._open = IconButton("chevron-right", self.tr("Open the summary"), name="open_summary")
        row = hbox(gap=GAP_L, margins=(0, 6, 0, 6))
        row.addWidget(self._day)
        row.addWidget(self._who, 1)
        row.addWidget(self._minutes)
        row.addWidget(self._amount)
        row.addWidget(state)
        row.addWidget(self._open)
        self.setLayout(row)

    def render_row(self, row: PastRow) -> None:
        """Show a row; showing the same one again changes nothing."""
        self.setProperty("session", row.session)
        car = vehicle(row.vehicle)
        self._day.setText(short_day(row.ended_at_iso))
        self._who.setText(joined(row.name, car))
        self._minutes.setText(self.tr("{n} min").format(n=row.minutes) if row.minutes else "")
        self._amount.setText(money(row.amount_cents, row.currency))
        word, tone, icon_name = self._state_of(row)
        self._state.show_status(word, tone, icon_name)
        self._open.set_words(
            "", self.tr("Open the summary of {what}").format(what=joined(row.name, car))
        )
        self._open.set_command(row.open)

    def _state_of(self, row: PastRow) -> tuple[str, Tone, str | None]:
        if row.status is SessionStatus.COMPLETED and row.payout is not None:
            match row.payout:
                case WorkState.PAID:
                    return self.tr("Paid out"), Tone.OK, "check-circle"
                case WorkState.FAILED:
                    return self.tr("Payout delayed"), Tone.WARN, "warning"
                case WorkState.REVERSED:
                    return self.tr("Taken back"), Tone.WARN, "undo"
                case WorkState.NOT_DUE:
                    return self.tr("No payout"), Tone.NEUTRAL, None
                case _:
                    return self.tr("On its way"), Tone.NEUTRAL, "clock"
        if row.payment is PaymentStatus.REFUNDED:
            return self.tr("Refunded"), Tone.NEUTRAL, "undo"
        if row.payment is PaymentStatus.REFUNDING:
            return self.tr("Refund on its way"), Tone.NEUTRAL, "clock"
        match row.status:
            case SessionStatus.COMPLETED | SessionStatus.ARCHIVED:
                return self.tr("Completed"), Tone.OK, "check-circle"
            case SessionStatus.UNATTENDED:
                return self.tr("No mechanic free"), Tone.NEUTRAL, "info"
            case SessionStatus.EXPIRED:
                return self.tr("Not started"), Tone.NEUTRAL, "info"
            case SessionStatus.REFUNDED:
                return self.tr("Refunded"), Tone.NEUTRAL, "undo"
            case _:
                return self.tr("Cancelled"), Tone.NEUTRAL, "info"
