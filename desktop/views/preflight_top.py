"""The bar over the preflight: the way back, with whom the session is, and how far they are."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from client_api.wire import ReadinessState, Role
from desktop.viewmodels.preflight_state import PreflightPageState
from desktop.views.theme import Tone
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import hbox
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole, Wordmark

_BAR_PX = 60
_WHOLE_SENTENCE_FROM_PX = 1000


class PreflightTop(QWidget):
    """Shows the top of a `PreflightPageState`."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_alone = True
        self._build()

    def readiness_words(self) -> str:
        """Return what is said about the other side."""
        return self._readiness.text()

    def render_state(self, state: PreflightPageState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._is_alone = state.counterpart_name is None
        self._leave.set_command(state.leave)
        if state.counterpart_name is None:
            self._with.setText(self.tr("Checking this computer"))
            self._name.show_text("")
            self._vehicle.show_text("")
        else:
            self._with.setText(self.tr("Getting ready for your session with"))
            self._name.show_text(state.counterpart_name)
            self._vehicle.show_text(f"· {state.vehicle_title}")
        text, tone, icon_name = self._readiness_words(state)
        self._readiness.show_status(text, tone, icon_name)
        self._show_sentence()

    def _readiness_words(self, state: PreflightPageState) -> tuple[str, Tone, str]:
        mechanic = state.counterpart_role is Role.MECHANIC
        if state.counterpart_name is None:
            return "", Tone.NEUTRAL, "user"
        match state.counterpart_readiness:
            case ReadinessState.READY:
                ready = self.tr("Your mechanic is ready") if mechanic else None
                return ready or self.tr("Your customer is ready"), Tone.OK, "check-circle"
            case ReadinessState.IN_CALL:
                waits = self.tr("Your mechanic is waiting for you") if mechanic else None
                return waits or self.tr("Your customer is waiting for you"), Tone.OK, "user"
            case ReadinessState.CHECKING | ReadinessState.FIXING:
                busy = self.tr("Your mechanic is getting ready") if mechanic else None
                return busy or self.tr("Your customer is getting ready"), Tone.NEUTRAL, "clock"
            case ReadinessState.UNKNOWN:
                silent = self.tr("No news of your mechanic just now") if mechanic else None
                words = silent or self.tr("No news of your customer just now")
                return words, Tone.NEUTRAL, "question"
            case _:
                away = self.tr("Your mechanic is not here yet") if mechanic else None
                return away or self.tr("Your customer is not here yet"), Tone.NEUTRAL, "clock"

    def _show_sentence(self) -> None:
        """Leave the sentence out of a narrow window, where a name beside it says enough."""
        self._with.setVisible(self._is_alone or self.width() >= _WHOLE_SENTENCE_FROM_PX)

    def _build(self) -> None:
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_BAR_PX)
        self._leave = Button(
            self.tr("Back"),
            name="leave_preflight",
            kind=ButtonKind.GHOST,
            icon_name="arrow-left",
            accessible=self.tr("Back to the dashboard"),
            shortcut="Alt+Left",
        )
        self._with = Text("", TextRole.DIM)
        self._name = Text("", TextRole.STRONG)
        self._vehicle = Text("", TextRole.DIM)
        self._readiness = Pill("")
        row = hbox(gap=6, margins=(12, 0, 24, 0))
        row.addWidget(self._leave)
        row.addWidget(Wordmark())
        row.addSpacing(18)
        for words in (self._with, self._name, self._vehicle):
            words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            row.addWidget(words)
        # Narrow windows leave the sentence out; it must not hold them open.
        self._with.setMinimumWidth(1)
        row.addStretch(1)
        row.addWidget(self._readiness)
        self.setLayout(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_sentence()
