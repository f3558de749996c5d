"""An open request as mechanics see it: the car, the trouble, the money, Accept."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from client_api.wire import SessionType
from desktop.viewmodels.dashboard_state import RequestCard
from desktop.views.phrases import (
    ago,
    joined,
    money,
    plan_minutes,
    short_day,
    short_time,
    urgency,
    vehicle,
)
from desktop.views.session_card import shortened
from desktop.views.theme import Tone
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_M, Card, hbox
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole


class RequestCardView(Card):
    """Shows a ``RequestCard``; its details unfold in place. Accept is ``accept_request``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._row: RequestCard | None = None
        self._car = Text(role=TextRole.NAME, wrap=True)
        self._urgency = Pill()
        self._concern = Text(wrap=True)
        self._money = Text(role=TextRole.DIM, wrap=True)
        self._facts = Text(role=TextRole.DIM, wrap=True)
        self._accept = Button("", name="accept_request", kind=ButtonKind.PRIMARY)
        self._more = Button("", name="request_details")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._on_more)
        top = hbox(gap=GAP_M)
        top.addWidget(self._car, 1)
        top.addWidget(self._urgency)
        buttons = hbox(gap=GAP_M)
        buttons.addWidget(self._accept, 1)
        buttons.addWidget(self._more)
        self.body.addLayout(top)
        self.body.addWidget(self._concern)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._money)
        self.body.addLayout(buttons)
        self._facts.hide()

    def render_card(self, row: RequestCard) -> None:
        """Show a request; showing the same one again changes nothing."""
        self.setProperty("request", row.request)
        self._row = row
        car = vehicle(row.vehicle)
        self._car.setText(car)
        word, tone = urgency(row.urgency)
        icon_name = {Tone.BAD: "warning", Tone.WARN: "clock"}.get(tone)
        self._urgency.show_status(word, tone, icon_name)
        share = self.tr("{amount} for you").format(amount=money(row.share_cents, row.currency))
        self._money.setText(
            joined(plan_minutes(row.plan, row.type, row.minutes), share, ago(row.age_s))
        )
        words = self.tr("Accepting…") if row.is_accepting else self.tr("Accept")
        self._accept.set_words(words, f"{words}, {car}")
        self._accept.set_command(row.accept)
        self._show_details()

    def _on_more(self) -> None:
        self._show_details()

    def _show_details(self) -> None:
        row = self._row
        if row is None:
            return
        is_open = self._more.isChecked()
        self._concern.setText(row.concern if is_open else shortened(row.concern))
        self._facts.setVisible(is_open)
        self._more.set_words(
            self.tr("Less") if is_open else self.tr("Details"),
            self.tr("Details of {car}").format(car=vehicle(row.vehicle)),
        )
        self._facts.setText("\n".join(self._facts_of(row)))

    def _facts_of(self, row: RequestCard) -> list[str]:
        car = row.vehicle
        facts = []
        if row.scheduled_for_iso:
            when = joined(short_day(row.scheduled_for_iso), short_time(row.scheduled_for_iso))
            facts.append(self.tr("Booked for {when}").format(when=when))
        if row.type is SessionType.CHAT:
            facts.append(self.tr("Chat on the web"))
        if car.vin:
            facts.append(self.tr("VIN {vin}").format(vin=car.vin))
        if car.plate:
            facts.append(self.tr("Plate {plate}").format(plate=car.plate))
        if car.odometer_km is not None:
            km = QLocale().toString(car.odometer_km)
            facts.append(self.tr("{km} km").format(km=km))
        return facts or [self.tr("Nothing more is known about the car.")]
