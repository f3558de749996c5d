"""The card where a customer makes an account."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.observable import Observable
from desktop.viewmodels.sign_in_page import FieldTrouble
from desktop.viewmodels.sign_up_page import SignUpState
from desktop.views.bind import bind
from desktop.views.phrases import field_trouble
from desktop.views.sign_in_view import CARD_WIDTH_PX, centred
from desktop.views.texts import trouble_words
from desktop.views.theme import Tone
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import Card
from desktop.views.widgets.field import TextField
from desktop.views.widgets.text import Text, TextRole

_PAD_PX = 32


class SignUpView(QWidget):
    """Shows a ``SignUpState``; the password leaves it through ``submit`` alone."""

    def __init__(self, state: Observable[SignUpState], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._state = state
        self._build()
        bind(self, state, self.render_state)

    def focus_first(self) -> None:
        """Put the caret where a person starts."""
        self._name.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: SignUpState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._name.show_trouble(field_trouble(state.name_trouble))
        self._email.show_trouble(field_trouble(state.email_trouble))
        too_short = state.password_trouble is FieldTrouble.TOO_SHORT
        self._password.show_trouble(
            self.tr("Use at least 8 characters.")
            if too_short
            else field_trouble(state.password_trouble)
        )
        self._submit.set_words(
            self.tr("Creating your account…") if state.is_busy else self.tr("Create account")
        )
        self._submit.setEnabled(state.submit is not None)
        self._back.set_command(state.back)
        if state.must_confirm:
            self._banner.show_words(
                self.tr("Check your mail."),
                self.tr("Open the link we sent you, then sign in."),
                tone=Tone.OK,
                icon_name="mail",
            )
        elif state.trouble is not None:
            words = trouble_words(state.trouble)
            self._banner.show_words(words.headline, words.advice, tone=Tone.BAD)
        else:
            self._banner.show_words("")

    def _build(self) -> None:
        card = Card(pad=_PAD_PX)
        card.setFixedWidth(CARD_WIDTH_PX)
        self._banner = Banner(name="sign_up_banner", rounded=True, upright=True)
        self._name = TextField(self.tr("Your name"), name="sign_up_name")
        self._email = TextField(
            self.tr("E-mail"), name="sign_up_email", placeholder=self.tr("you@example.com")
        )
        self._password = TextField(
            self.tr("Password"),
            name="sign_up_password",
            secret=True,
            hint=self.tr("At least 8 characters"),
        )
        self._submit = Button("", name="sign_up_submit", kind=ButtonKind.PRIMARY)
        self._submit.clicked.connect(self._on_submit)
        for field in (self._name, self._email, self._password):
            field.submitted.connect(self._on_submit)
        self._back = Button(self.tr("I have an account: sign in"), name="sign_up_back")
        body = card.body
        body.addWidget(Text(self.tr("Create an account"), TextRole.TITLE))
        body.addWidget(Text(self.tr("You see a mechanic within minutes."), TextRole.DIM, wrap=True))
        body.addWidget(self._banner)
        body.addWidget(self._name)
        body.addWidget(self._email)
        body.addWidget(self._password)
        body.addWidget(self._submit)
        body.addWidget(self._back)
        centred(self, card, name="sign_up_scroll")

    def _on_submit(self) -> None:
        submit = self._state.value.submit
        if submit is not None:
            submit(self._name.edit.text(), self._email.edit.text(), self._password.edit.text())
