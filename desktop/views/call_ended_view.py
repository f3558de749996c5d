"""Says in words why a call is over, and offers the way back in or out."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.call_ended_page import CallEndedState
from desktop.viewmodels.observable import Observable
from desktop.views.bind import bind
from desktop.views.texts import call_end_words
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_M, Card, hbox, vbox
from desktop.views.widgets.text import Text, TextRole

CARD_WIDTH_PX = 520


class CallEndedView(QWidget):
    """Shows a `CallEndedState` as a card in the middle."""

    def __init__(self, state: Observable[CallEndedState], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("call_ended_page")
        self.setProperty("role", "page")
        self._build()
        bind(self, state, self.render_state)

    def render_state(self, state: CallEndedState) -> None:
        """Show a state; showing the same one again changes nothing."""
        words = call_end_words(state.reason)
        self._title.setText(words.headline)
        self._text.show_text(words.advice)
        self._code.show_text("" if state.code is None else state.code.value)
        self._again.offer(state.again)
        self._back.set_command(state.back)

    def focus_first(self) -> None:
        """Take the focus to what most people do next."""
        first = self._again if self._again.isVisibleTo(self) else self._back
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        card = Card(pad=32)
        card.setFixedWidth(CARD_WIDTH_PX)
        self._title = Text(role=TextRole.SECTION, wrap=True)
        self._title.setObjectName("call_ended_title")
        self._text = Text(wrap=True)
        self._code = Text(role=TextRole.DIM)
        self._again = Button(
            self.tr("Join again"), name="call_ended_again", kind=ButtonKind.PRIMARY
        )
        self._back = Button(self.tr("Back to the dashboard"), name="call_ended_back")
        buttons = hbox(gap=GAP_M)
        buttons.addWidget(self._again)
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        for part in (self._title, self._text, self._code):
            card.body.addWidget(part)
        card.body.addSpacing(GAP_M)
        card.body.addLayout(buttons)
        outer = vbox(gap=0)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        self.setLayout(outer)
