"""The sign-in card in the middle of an empty page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from client_api.wire import Role
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import SignedOutWhy
from desktop.viewmodels.sign_in_page import SignInState
from desktop.views.bind import bind
from desktop.views.phrases import field_trouble
from desktop.views.texts import trouble_words
from desktop.views.theme import Tone
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_M, Card, hbox, plain, scroller, vbox
from desktop.views.widgets.choice import ChoiceGroup
from desktop.views.widgets.field import TextField
from desktop.views.widgets.text import Text, TextRole, Wordmark, rule

CARD_WIDTH_PX = 420
_PAD_PX = 32


class SignInView(QWidget):
    """Shows a ``SignInState``; the password leaves it through ``submit`` alone."""

    def __init__(self, state: Observable[SignInState], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._state = state
        self._build()
        bind(self, state, self.render_state)

    def focus_first(self) -> None:
        """Put the caret where a person starts."""
        self._email.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: SignInState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._roles.show_choices(
            [
                (Role.CUSTOMER.value, self.tr("I am a customer")),
                (Role.MECHANIC.value, self.tr("I am a mechanic")),
            ],
            state.role.value,
        )
        self._roles.set_all_enabled(state.choose_role is not None)
        self._email.show_trouble(field_trouble(state.email_trouble))
        self._password.show_trouble(field_trouble(state.password_trouble))
        self._submit.set_words(self.tr("Signing in…") if state.is_busy else self.tr("Sign in"))
        self._submit.setEnabled(state.submit is not None)
        is_customer = state.role is Role.CUSTOMER
        self._create.offer(state.create_account if is_customer else None)
        self._diagnose.set_command(state.run_diagnostics)
        if state.trouble is not None:
            words = trouble_words(state.trouble)
            self._banner.show_words(words.headline, words.advice, tone=Tone.BAD)
        elif state.signed_out_why is SignedOutWhy.EXPIRED:
            self._banner.show_words(
                self.tr("Your sign-in has expired."), self.tr("Sign in again to go on.")
            )
        elif state.service_ignored is not None:
            self._banner.show_words(
                self.tr("Your settings name no usable service."),
                self.tr("The one on this computer is asked instead. ({code})").format(
                    code=state.service_ignored
                ),
                tone=Tone.WARN,
            )
        else:
            self._banner.show_words("")

    def _build(self) -> None:
        card = Card(pad=_PAD_PX)
        card.setFixedWidth(CARD_WIDTH_PX)
        self._banner = Banner(name="sign_in_banner", rounded=True, upright=True)
        self._roles = ChoiceGroup(
            name="sign_in_role", accessible=self.tr("Sign in as"), kind=ButtonKind.CHOICE
        )
        self._roles.chosen.connect(self._on_role_chosen)
        self._email = TextField(
            self.tr("E-mail"), name="sign_in_email", placeholder=self.tr("you@example.com")
        )
        self._password = TextField(self.tr("Password"), name="sign_in_password", secret=True)
        self._submit = Button("", name="sign_in_submit", kind=ButtonKind.PRIMARY)
        self._submit.clicked.connect(self._on_submit)
        self._email.submitted.connect(self._on_submit)
        self._password.submitted.connect(self._on_submit)
        self._create = Button(
            self.tr("Create an account"), name="create_account", kind=ButtonKind.LINK
        )
        self._diagnose = Button(self.tr("Run diagnostics"), name="run_diagnostics")
        foot = hbox(gap=GAP_M)
        foot.addWidget(
            Text(self.tr("Trouble with camera, sound or network?"), TextRole.DIM, wrap=True), 1
        )
        foot.addWidget(self._diagnose)
        body = card.body
        body.addWidget(Wordmark(big=True))
        body.addWidget(Text(self.tr("A mechanic beside you, on screen."), TextRole.DIM))
        body.addWidget(self._roles)
        body.addWidget(self._banner)
        body.addWidget(self._email)
        body.addWidget(self._password)
        body.addWidget(self._submit)
        body.addWidget(self._create, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(rule())
        body.addLayout(foot)
        centred(self, card, name="sign_in_scroll")

    def _on_role_chosen(self, key: str) -> None:
        choose = self._state.value.choose_role
        if choose is not None:
            choose(Role(key))

    def _on_submit(self) -> None:
        submit = self._state.value.submit
        if submit is not None:
            submit(self._email.edit.text(), self._password.edit.text())


def centred(page: QWidget, card: QWidget, *, name: str) -> None:
    """Put a card into the middle of a page, scrolling when the window is too low for it."""
    middle = plain()
    column = vbox(margins=(24, 24, 24, 24))
    column.addStretch(1)
    column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    middle.setLayout(column)
    outer = vbox()
    outer.addWidget(scroller(middle, name=name))
    page.setLayout(outer)
