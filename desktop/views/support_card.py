"""The foot of a diagnosis: what to read out, the code, and what can be saved or sent."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.observable import Observable
from desktop.viewmodels.support_panel import Outcome, SupportPanelState
from desktop.views.announce import announce
from desktop.views.bind import bind
from desktop.views.texts import trouble_words
from desktop.views.theme import Tone
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_M, GAP_S, Card, plain, vbox
from desktop.views.widgets.flow import Flow
from desktop.views.widgets.text import Text, TextRole


class SupportCard(Card):
    """Shows a ``SupportPanelState``."""

    def __init__(
        self,
        state: Observable[SupportPanelState],
        *,
        aside: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make it; ``aside`` of something else that is the page's main purpose."""
        super().__init__(pad=0, parent=parent)
        self._aside = aside
        self.setObjectName("support_card")
        self._build()
        bind(self, state, self.render_state)

    def render_state(self, state: SupportPanelState) -> None:
        """Show a state; showing the same one again changes nothing."""
        numbers = ", ".join(state.numbers)
        self._numbers.show_text(
            self.tr("On the phone, say: {numbers}").format(numbers=numbers) if numbers else ""
        )
        is_new = bool(state.code) and state.code != self._code.text()
        self._code.setText(state.code or "")
        self._code.setAccessibleName(_spelled(state.code or ""))
        self._code_box.setVisible(state.code is not None)
        self._copy.set_command(state.copy_code)
        self._plain.setVisible(state.code is None)
        again = state.code is not None
        if not self._aside:
            # Once it is sent, the code is what goes on.
            first, second = ButtonKind.PRIMARY, ButtonKind.SECONDARY
            self._copy.set_kind(first if again else second)
            self._send.set_kind(second if again else first)
        self._send.set_words(self.tr("Send again") if again else self.tr("Send to support"))
        for button, command in (
            (self._send, state.send),
            (self._bundle, state.save_bundle),
            (self._report, state.save_report),
            (self._page, state.save_page),
        ):
            button.set_command(command)
        words, tone = self._outcome_words(state)
        if is_new:
            announce(
                self, self.tr("Sent. The code is {code}.").format(code=_spelled(state.code or ""))
            )
        elif words and words != self._outcome.text():
            announce(self, words)
        self._outcome.show_text(words)
        self._outcome.set_tone(tone)

    def _outcome_words(self, state: SupportPanelState) -> tuple[str, Tone | None]:
        match state.outcome:
            case Outcome.NOT_PACKED:
                return self.tr("It could not be put together. Try again."), Tone.BAD
            case Outcome.SAVING:
                return self.tr("Saving…"), None
            case Outcome.SAVED:
                return self.tr("Saved as {name}.").format(name=state.saved_as), Tone.OK
            case Outcome.NOT_SAVED:
                return (
                    self.tr("It could not be saved there. Choose another folder, or free space."),
                    Tone.BAD,
                )
            case Outcome.SENDING:
                return self.tr("Sending…"), None
            case Outcome.SENT:
                return self.tr("Sent. Read this code to support."), Tone.OK
            case Outcome.COPIED:
                return self.tr("The code is in your clipboard."), Tone.OK
            case Outcome.NOT_SENT:
                told = trouble_words(state.trouble) if state.trouble is not None else None
                why = f"{told.headline} {told.advice}" if told is not None else ""
                kept = self.tr("Or save the bundle, and send it by e-mail.")
                return f"{why} {kept}".strip(), Tone.BAD
            case _:
                return "", None

    def _build(self) -> None:
        self.body.setContentsMargins(18, 12, 18, 14)
        self.body.setSpacing(GAP_S)
        self._plain = Text(
            self.tr("Support sees nothing of this until you send it."), TextRole.DIM, wrap=True
        )
        self._numbers = Text("", TextRole.STRONG, wrap=True)
        self._numbers.setObjectName("support_numbers")
        self._code = Text("", TextRole.CODE)
        self._code.setObjectName("support_code")
        self._code.setProperty("big", "true")
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = Button(
            self.tr("Copy code"), name="support_copy", accessible=self.tr("Copy the code")
        )
        self._code_box = plain()
        code = Flow(gap=GAP_M)
        code.addWidget(self._code)
        code.addWidget(self._copy)
        self._code_box.setLayout(code)
        self._outcome = Text("", wrap=True)
        self._outcome.setObjectName("support_outcome")
        self._send = Button(
            self.tr("Send to support"),
            name="support_send",
            kind=ButtonKind.SECONDARY if self._aside else ButtonKind.PRIMARY,
            icon_name="send",
        )
        self._bundle = Button(self.tr("Save bundle"), name="support_bundle", icon_name="download")
        self._report = Button(
            self.tr("Save report"),
            name="support_report",
            kind=ButtonKind.LINK,
            accessible=self.tr("Save the report as a file"),
        )
        self._page = Button(
            self.tr("Save page"),
            name="support_page",
            kind=ButtonKind.LINK,
            accessible=self.tr("Save the report as a page for a browser"),
        )
        row = Flow(gap=GAP_S)
        for button in (self._send, self._bundle, self._report, self._page):
            row.addWidget(button)
        words = vbox(gap=GAP_S)
        words.addWidget(self._plain)
        words.addWidget(self._numbers)
        words.addWidget(self._code_box)
        words.addWidget(self._outcome)
        self.body.addWidget(Text(self.tr("For support"), TextRole.SECTION))
        self.body.addLayout(words)
        self.body.addLayout(row)


def _spelled(code: str) -> str:
    """Return a code so that a screen reader says each symbol: ``7 K 3 M, Q 2 X Z``."""
    return ", ".join(" ".join(part) for part in code.split("-"))
