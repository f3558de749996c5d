"""The card over the results that names what was plugged in, says how it works, and offers it."""

from collections.abc import Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.viewmodels.preflight_desk import DeviceRole, Newcomer, NewcomerOffer
from desktop.views.announce import announce
from desktop.views.check_words import remedy
from desktop.views.group_card import ICON_PX, StateIcon
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_S, Card, hbox, vbox
from desktop.views.widgets.text import Text
from preflight.model import CheckState
from preflight.running.trial import DeviceTrial, LeftAlone

_CONTEXT = "newcomer"
_CAME = {
    DeviceRole.CAMERA: QT_TRANSLATE_NOOP("newcomer", "New camera: {device}."),
    DeviceRole.MICROPHONE: QT_TRANSLATE_NOOP("newcomer", "New microphone: {device}."),
    DeviceRole.SPEAKER: QT_TRANSLATE_NOOP("newcomer", "New loudspeaker: {device}."),
}
_WORKS = {
    DeviceRole.CAMERA: QT_TRANSLATE_NOOP("newcomer", "It works: its picture can be seen."),
    DeviceRole.MICROPHONE: QT_TRANSLATE_NOOP("newcomer", "It works: sound arrives from it."),
}
_LEFT_ALONE = {
    LeftAlone.BLUETOOTH: QT_TRANSLATE_NOOP(
        "newcomer",
        "It is checked once you use it: opening it now would lower your headset’s sound.",
    ),
    LeftAlone.DISTURBED: QT_TRANSLATE_NOOP(
        "newcomer",
        "It is checked once you use it: trying it held up the one in use.",
    ),
}
_TRYING = QT_TRANSLATE_NOOP("newcomer", "Trying it, one moment.")
_LATER = QT_TRANSLATE_NOOP("newcomer", "It is checked once you use it.")


_BUTTONS_BESIDE_FROM_PX = 500


class NewcomerCard(Card):
    """Shows a `NewcomerOffer`, a line for each device; hidden while there is none."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(pad=0, parent=parent)
        self.setObjectName("newcomers")
        self._offer: NewcomerOffer | None = None
        self._said = ""
        self._lines = [_Line(self._on_use_one) for _ in DeviceRole]
        self._use = Button(self.tr("Use it"), name="use_newcomer", shortcut="Alt+U")
        self._no = Button(
            self.tr("Not now"), name="decline_newcomer", kind=ButtonKind.GHOST, shortcut="Alt+N"
        )
        self._use.clicked.connect(self._on_use)
        self._no.clicked.connect(self._on_decline)
        words = vbox(gap=GAP_S)
        words.addStretch(1)
        self._rows = vbox(gap=GAP_S)
        for line in self._lines:
            self._rows.addWidget(line)
        words.addLayout(self._rows)
        words.addStretch(1)
        self._buttons = buttons = hbox(gap=GAP_S)
        buttons.addWidget(self._use)
        buttons.addWidget(self._no)
        buttons.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(GAP_S)
        self._row.addLayout(words, 1)
        self._row.addLayout(buttons)
        self.body.setContentsMargins(18, 12, 18, 12)
        self.body.addLayout(self._row)
        self.hide()

    def has_focus_within(self) -> bool:
        """Say whether one of its buttons has the focus."""
        buttons = (self._use, self._no, *(line.use for line in self._lines))
        return any(button.hasFocus() for button in buttons)

    def render_offer(self, offer: NewcomerOffer | None) -> None:
        """Name them and say how they work; what changed is announced."""
        self._offer = offer
        came = () if offer is None else offer.newcomers
        said = [newcomer_words(each) for each in came]
        while len(self._lines) < len(came):
            self._lines.append(_Line(self._on_use_one))
            self._rows.addWidget(self._lines[-1])
        one_by_one = offer is not None and offer.use_one is not None
        for number, line in enumerate(self._lines):
            if number < len(came):
                line.show_line(said[number], came[number], has_button=one_by_one)
            else:
                line.show_line("", None, has_button=False)
        self._use.setVisible(not one_by_one)
        words = " ".join(said)
        if words and words != self._said:
            announce(self, " ".join(each for each in said if each not in self._said))
        self._said = words
        for button in (self._use, self._no):
            button.setAccessibleDescription(words)
        self.setVisible(offer is not None)

    def _on_use(self) -> None:
        if self._offer is not None:
            self._offer.use()

    def _on_use_one(self, newcomer: Newcomer) -> None:
        if self._offer is not None and self._offer.use_one is not None:
            self._offer.use_one(newcomer)

    def _on_decline(self) -> None:
        if self._offer is not None:
            self._offer.decline()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Beside the buttons narrow words would become a column of single words.
        across = self.width() >= _BUTTONS_BESIDE_FROM_PX
        way = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        if way is not self._row.direction():
            self._row.setDirection(way)
            # Below the words they stand where the words begin.
            self._buttons.setContentsMargins(0 if across else ICON_PX + 16, 0, 0, 0)


class _Line(QWidget):
    """One device: the state of its trial as a shape, the words, and a button of its own.

    Args:
        on_use: told of the device when its button is pressed.
    """

    def __init__(self, on_use: Callable[[Newcomer], None]) -> None:
        super().__init__()
        self._on_use = on_use
        self._newcomer: Newcomer | None = None
        self.setProperty("role", "plain")
        self._icon = StateIcon()
        self._words = Text("", wrap=True)
        self._words.setObjectName("newcomer")
        row = hbox(gap=16)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignTop)
        self.use = Button(self.tr("Use it"), name="use_one_newcomer")
        self.use.clicked.connect(self._on_pressed)
        row.addWidget(self.use, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)
        self.hide()

    def show_line(self, words: str, newcomer: Newcomer | None, *, has_button: bool) -> None:
        """Show a device's line, or none."""
        self._newcomer = newcomer
        self.use.setVisible(has_button)
        self.use.setAccessibleDescription(words)
        trial = None if newcomer is None else newcomer.trial
        self._icon.show_state(CheckState.PENDING if trial is None else trial.state)
        self._words.setText(words)
        self.setVisible(newcomer is not None)

    def _on_pressed(self) -> None:
        if self._newcomer is not None:
            self._on_use(self._newcomer)


def newcomer_words(newcomer: Newcomer) -> str:
    """Return what came, and how the short look at it went."""
    came = _tr(_CAME[newcomer.role]).format(device=newcomer.device.name)
    return f"{came} {_trial_words(newcomer.role, newcomer.trial)}"


def _trial_words(role: DeviceRole, trial: DeviceTrial | None) -> str:
    if trial is None:
        return _tr(_LATER)
    if trial.left_alone is not None:
        return _tr(_LEFT_ALONE[trial.left_alone])
    if trial.told is not None:
        return remedy(trial.told)
    return _tr(_TRYING if trial.state is CheckState.RUNNING else _WORKS[role])


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))
