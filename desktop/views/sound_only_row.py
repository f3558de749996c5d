"""The offer to begin with sound alone, where the connection hardly carries a picture."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.viewmodels.preflight_state import SoundOnly
from desktop.views.announce import announce
from desktop.views.kept_focus import KeptFocus
from desktop.views.theme import Tone
from desktop.views.widgets.card import GAP_S, vbox
from desktop.views.widgets.choice import ChoiceGroup
from desktop.views.widgets.text import Text

_PICTURE, _SOUND = "picture", "sound"


class SoundOnlyRow(QWidget):
    """Shows a `SoundOnly`: two choices, one of them pressed in; hidden while none is offered.

    While something is checked again it keeps its place, and what was chosen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._offer: SoundOnly | None = None
        self._words = Text("", wrap=True)
        self._words.setObjectName("sound_only_words")
        self._words.set_tone(Tone.WARN)
        self._choices = ChoiceGroup(
            name="begin_with", accessible=self.tr("How the call begins"), stretch=False
        )
        self._choices.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._choices.chosen.connect(self._on_chosen)
        column = vbox(gap=GAP_S)
        column.addWidget(self._words)
        column.addWidget(self._choices)
        self.setLayout(column)
        self._focus = KeptFocus(self)
        self.hide()

    def render_offer(self, offer: SoundOnly | None, *, checking: bool = False) -> None:
        """Show an offer, or that there is none.

        Args:
            checking: something that Join needs is being checked, so none can be made now.
        """
        if offer is None and checking and not self.isHidden():
            self._focus.before(self._choices.buttons)
            self._choices.set_all_enabled(False)
            self._offer = None
            return
        new = offer is not None and self.isHidden()
        self._offer = offer
        if offer is not None:
            self._words.setText(
                self.tr(
                    "The other side’s connection hardly carries a picture: the call starts with "
                    "sound only, and you can turn the camera on later."
                )
                if offer.theirs
                else self.tr(
                    "Your connection is weak: you can start with sound only, and turn the camera "
                    "on later."
                )
            )
            self._choices.show_choices(
                ((_PICTURE, self.tr("Start with picture")), (_SOUND, self.tr("Sound only"))),
                _SOUND if offer.chosen else _PICTURE,
            )
            self._choices.set_all_enabled(True)
        self.setVisible(offer is not None)
        self._focus.after()
        if new:
            announce(self._words, self._words.text())

    def _on_chosen(self, key: str) -> None:
        if self._offer is not None:
            self._offer.choose(key == _SOUND)
