"""The intake: one page, four short groups, the price beside the button that pays it."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QWidget

from client_api.wire import Plan, PlanOffer, SessionType, Urgency
from desktop.viewmodels.call_state import BILLABLE_FROM_S
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.intake_page import IntakeField, IntakeState
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.vin import VinDoubt
from desktop.views.bind import bind
from desktop.views.page_arrival import PageInTurns
from desktop.views.phrases import field_trouble, money, plan_minutes
from desktop.views.texts import trouble_words
from desktop.views.theme import Tone
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button, ButtonKind, IconButton
from desktop.views.widgets.card import (
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XL,
    GAP_XXL,
    Card,
    hbox,
    plain,
    scroller,
    vbox,
)
from desktop.views.widgets.choice import ChoiceGroup
from desktop.views.widgets.empty import EmptyState
from desktop.views.widgets.field import TextAreaField, TextField
from desktop.views.widgets.skeleton import Skeleton
from desktop.views.widgets.text import Text, TextRole, rule

STACKED_BELOW_PX: Final = 1100
_SIDE_PX: Final = 436
# As far down as the first card beside it: margin, title row, gap.
_SIDE_TOP_PX: Final = 84


class IntakeView(PageInTurns):
    """Shows an ``IntakeState``. What is typed goes out at once and comes back with the state."""

    def __init__(
        self,
        state: Observable[IntakeState],
        parent: QWidget | None = None,
        *,
        in_turns: bool = False,
    ) -> None:
        """Make the page; ``in_turns`` leaves its parts to `build_part`."""
        super().__init__(parent)
        self.setProperty("role", "page")
        self._state = state
        self._fields: dict[IntakeField, TextField | TextAreaField] = {}
        self._tried = False
        self._is_stacked: bool | None = None
        self._build_from(self._build(), in_turns=in_turns)

    def focus_first(self) -> None:
        """Put the caret where a person starts."""
        self._fields[IntakeField.YEAR].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: IntakeState) -> None:
        """Show a state; showing the same one again changes nothing."""
        for name, field in self._fields.items():
            field.show_text(state.text(name))
            field.show_trouble(field_trouble(state.trouble_of(name)))
            field.edit.setReadOnly(state.edit is None)
        self._show_vin_doubt(state)
        self._urgency.show_choices(
            [
                (Urgency.NOW.value, self.tr("Now")),
                (Urgency.SOON.value, self.tr("Soon")),
                (Urgency.WHENEVER.value, self.tr("No hurry")),
            ],
            state.text(IntakeField.URGENCY),
        )
        self._urgency.set_all_enabled(state.edit is not None)
        self._show_plans(state)
        self._show_bill(state)
        self._show_trouble(state)
        self._back.set_command(state.back)
        self._submit.set_words(self._submit_words(state))
        self._submit.set_command(self._pressed if state.submit else None)

    def _show_vin_doubt(self, state: IntakeState) -> None:
        doubts = {
            VinDoubt.TOO_SHORT: self.tr("A VIN has 17 characters. You can go on without it."),
            VinDoubt.TOO_LONG: self.tr("A VIN has 17 characters. You can go on all the same."),
            VinDoubt.WRONG_LETTER: self.tr("A VIN has no I, O or Q and no signs. Look again."),
            VinDoubt.CHECK_DIGIT: self.tr("This may be mistyped. You can go on all the same."),
        }
        doubt = doubts[state.vin_doubt] if state.vin_doubt else ""
        self._fields[IntakeField.VIN].show_trouble(doubt, Tone.WARN)

    def _show_plans(self, state: IntakeState) -> None:
        self._loading.setVisible(state.phase is Phase.LOADING)
        self._plans.setVisible(state.phase is Phase.READY)
        self._plans.show_choices(
            [(offer.plan.value, self._plan_words(offer)) for offer in state.plans],
            state.text(IntakeField.PLAN),
        )
        self._plans.set_all_enabled(state.edit is not None)
        self._failed.setVisible(state.phase is Phase.FAILED)
        if state.phase is Phase.FAILED and state.trouble is not None:
            words = trouble_words(state.trouble)
            self._failed.show_words(
                words.headline, words.advice, action=self.tr("Try again"), command=state.retry
            )

    def _plan_words(self, offer: PlanOffer) -> str:
        what = {
            Plan.DIAGNOSTIC: self.tr("A thorough look, with findings and cost ranges"),
            Plan.VIDEO15: self.tr("One question, shown live"),
        }.get(offer.plan, "")
        price = money(offer.price_cents, offer.currency)
        head = f"{plan_minutes(offer.plan, offer.type, offer.minutes)} · {price}"
        return f"{head}\n{what}" if what else head

    def _show_bill(self, state: IntakeState) -> None:
        car = " ".join(
            filter(
                None,
                (
                    state.text(IntakeField.YEAR),
                    state.text(IntakeField.MAKE),
                    state.text(IntakeField.MODEL),
                ),
            )
        )
        self._bill_car.setText(car or self.tr("Your car"))
        offer = state.chosen
        if offer is None:
            self._bill_plan.setText(self.tr("No plan chosen"))
            self._bill_price.setText("")
            self._total.setText("–")
            return
        price = money(offer.price_cents, offer.currency)
        self._bill_plan.setText(plan_minutes(offer.plan, SessionType.VIDEO, offer.minutes))
        self._bill_price.setText(price)
        self._total.setText(price)

    def _show_trouble(self, state: IntakeState) -> None:
        if state.checkout_url:
            self._banner.show_words(
                self.tr("One step left: pay in your browser."),
                self.tr("Mechanics see your request as soon as it is paid."),
                tone=Tone.WARN,
                icon_name="money",
                action=self.tr("Open the payment page"),
                command=lambda: QDesktopServices.openUrl(QUrl(state.checkout_url or "")),
            )
        elif state.trouble is not None and state.phase is Phase.READY:
            words = trouble_words(state.trouble)
            self._banner.show_words(
                words.headline,
                self.tr("{advice} Nothing is charged twice.").format(advice=words.advice),
                tone=Tone.BAD,
            )
        elif state.troubles:
            self._banner.show_words(
                self.tr("A few things are missing."),
                self.tr("They are marked in the form."),
                tone=Tone.BAD,
            )
        else:
            self._banner.show_words("")
        if self._tried and state.troubles:
            self._tried = False
            self._go_to(state.troubles[0][0])

    def _submit_words(self, state: IntakeState) -> str:
        if state.is_busy:
            return self.tr("Sending…")
        if state.chosen is None:
            return self.tr("Pay and send")
        price = money(state.chosen.price_cents, state.chosen.currency)
        return self.tr("Pay {price} and send").format(price=price)

    def _pressed(self) -> None:
        submit = self._state.value.submit
        if submit is not None:
            self._tried = True
            submit()
            self._tried = False

    def _go_to(self, name: IntakeField) -> None:
        field = self._fields.get(name)
        if field is not None:
            field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(field)

    def _edit(self, name: IntakeField, text: str) -> None:
        edit = self._state.value.edit
        if edit is not None:
            edit(name, text)

    def _build(self) -> Iterator[bool]:
        content = plain()
        self._column = vbox(gap=GAP_L)
        form = plain()
        column = vbox(gap=GAP_L)
        self._back = IconButton("arrow-left", self.tr("Back"), name="intake_back")
        top = hbox(gap=GAP_S)
        top.addWidget(self._back)
        top.addWidget(Text(self.tr("New consultation"), TextRole.TITLE))
        top.addStretch(1)
        column.addLayout(top)
        form.setLayout(column)
        self._column.addWidget(form, 1)
        content.setLayout(self._column)
        self._scroll = scroller(content, name="intake_scroll")
        outer = vbox(gap=0)
        outer.addWidget(self._scroll)
        self.setLayout(outer)
        column.addWidget(self._build_vehicle())
        yield True
        column.addWidget(self._build_concern())
        column.addWidget(self._build_plan())
        column.addStretch(1)
        yield True
        self._side = self._build_confirm()
        self._column.addWidget(self._side)
        self._scroll.viewport().installEventFilter(self)
        bind(self, self._state, self.render_state)
        yield True

    def _build_vehicle(self) -> QWidget:
        card = Card()
        card.body.addWidget(Text(self.tr("1. Your vehicle"), TextRole.SECTION))
        grid = QGridLayout()
        grid.setSpacing(GAP_M)
        places = (
            (IntakeField.YEAR, self.tr("Year"), "2016", 0, 0),
            (IntakeField.MAKE, self.tr("Make"), "Honda", 0, 1),
            (IntakeField.MODEL, self.tr("Model"), "Civic", 0, 2),
            (IntakeField.VIN, self.tr("VIN, if at hand"), "", 1, 0),
            (IntakeField.ODOMETER, self.tr("Odometer in km, if known"), "", 1, 1),
            (IntakeField.PLATE, self.tr("Plate, if you like"), "", 1, 2),
        )
        for name, label, example, row, at in places:
            field = TextField(
                label, name=f"intake_{name.value}", placeholder=example, max_length=60
            )
            field.edited.connect(lambda text, name=name: self._edit(name, text))
            self._fields[name] = field
            grid.addWidget(field, row, at, Qt.AlignmentFlag.AlignTop)
        for at in range(3):
            grid.setColumnStretch(at, 1)
        card.body.addLayout(grid)
        return card

    def _build_concern(self) -> QWidget:
        card = Card()
        card.body.addWidget(Text(self.tr("2. What is wrong"), TextRole.SECTION))
        concern = TextAreaField(
            self.tr("Describe it as you would to a friend"),
            name="intake_concern",
            placeholder=self.tr("It squeals for a minute after a cold start, then stops."),
            lines=3,
        )
        concern.edited.connect(lambda text: self._edit(IntakeField.CONCERN, text))
        self._fields[IntakeField.CONCERN] = concern
        card.body.addWidget(concern)
        self._urgency = ChoiceGroup(name="intake_urgency", accessible=self.tr("How urgent is it"))
        self._urgency.chosen.connect(lambda key: self._edit(IntakeField.URGENCY, key))
        card.body.addWidget(Text(self.tr("How urgent is it?"), TextRole.FIELD))
        card.body.addWidget(self._urgency)
        return card

    def _build_plan(self) -> QWidget:
        card = Card()
        card.body.addWidget(Text(self.tr("3. Plan"), TextRole.SECTION))
        self._loading = Skeleton(lines=2, accessible=self.tr("Loading the plans"))
        self._failed = EmptyState("offline", name="intake_failed")
        self._plans = ChoiceGroup(
            name="intake_plan", accessible=self.tr("Plan"), kind=ButtonKind.PLAN, upright=True
        )
        self._plans.chosen.connect(lambda key: self._edit(IntakeField.PLAN, key))
        card.body.addWidget(self._loading)
        card.body.addWidget(self._failed)
        card.body.addWidget(self._plans)
        return card

    def _build_confirm(self) -> QWidget:
        side = plain()
        column = vbox(gap=GAP_L)
        self._side_column = column
        card = Card()
        self._bill_car = Text(role=TextRole.NAME, wrap=True)
        self._bill_plan = Text(role=TextRole.DIM)
        self._bill_price = Text()
        self._total = Text(role=TextRole.STRONG)
        line = hbox()
        line.addWidget(self._bill_plan, 1)
        line.addWidget(self._bill_price)
        total = hbox()
        total.addWidget(Text(self.tr("To pay now"), TextRole.STRONG), 1)
        total.addWidget(self._total)
        self._banner = Banner(name="intake_banner", rounded=True, upright=True)
        self._submit = Button("", name="intake_submit", kind=ButtonKind.PRIMARY, big=True)
        card.body.addWidget(Text(self.tr("4. Confirm"), TextRole.SECTION))
        card.body.addWidget(self._bill_car)
        card.body.addLayout(line)
        card.body.addWidget(rule())
        card.body.addLayout(total)
        card.body.addWidget(self._banner)
        card.body.addWidget(self._submit)
        card.body.addWidget(
            Text(
                self.tr(
                    "If no mechanic takes it within 15 minutes, or the session does not take "
                    "place, you get everything back by itself. From {seconds} seconds on, a "
                    "session costs the whole price, also when it ends early."
                ).format(seconds=BILLABLE_FROM_S),
                TextRole.DIM,
                wrap=True,
            )
        )
        column.addWidget(card)
        column.addStretch(1)
        side.setLayout(column)
        return side

    def fit(self) -> None:
        """Lay out what depends on the size that the page has now."""
        stacked = self.width() < STACKED_BELOW_PX
        if stacked is self._is_stacked:
            return
        self._is_stacked = stacked
        if stacked:
            self._side_column.setContentsMargins(0, 0, 0, 0)
            self._column.setContentsMargins(GAP_XXL, GAP_XL, GAP_XL, GAP_XL)
            self._column.addWidget(self._side)
        else:
            # Over what scrolls, not in it: the price and its button stay in sight, and the bar
            # stands at the window's edge all the same.
            self._column.removeWidget(self._side)
            self._column.setContentsMargins(GAP_XXL, GAP_XL, _SIDE_PX, GAP_XL)
            self._side_column.setContentsMargins(GAP_XL, _SIDE_TOP_PX, GAP_XXL, 0)
            self._side.setParent(self._scroll.viewport())
            self._place_side()
            self._side.show()

    def _place_side(self) -> None:
        room = self._scroll.viewport().rect()
        self._side.setGeometry(room.width() - _SIDE_PX, 0, _SIDE_PX, room.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._is_stacked is False:
            self._place_side()
        return super().eventFilter(watched, event)
