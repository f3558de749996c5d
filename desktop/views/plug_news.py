"""What was plugged in and out while the page is open, over the results."""

from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.preflight_desk import NewcomerOffer
from desktop.views.announce import announce
from desktop.views.newcomer_card import NewcomerCard
from desktop.views.widgets.card import GAP_S, vbox
from desktop.views.widgets.text import Text, TextRole

_GONE = QT_TRANSLATE_NOOP("plug_news", "{device} was unplugged. It was not in use.")


class PlugNews(QWidget):
    """The card of what came, and a calm line for what went and was not in use."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._newcomers = NewcomerCard()
        self._gone = Text("", TextRole.DIM, wrap=True)
        self._gone.setObjectName("device_gone")
        self._gone.hide()
        self._told: tuple[str, ...] = ()
        column = vbox(gap=GAP_S)
        column.addWidget(self._gone)
        column.addWidget(self._newcomers)
        self.setLayout(column)
        self.hide()

    def has_focus_within(self) -> bool:
        """Say whether one of its buttons has the focus."""
        return self._newcomers.has_focus_within()

    def render_news(self, offer: NewcomerOffer | None, gone: tuple[str, ...]) -> None:
        """Show what came and what went; what is new of it is announced."""
        self._newcomers.render_offer(offer)
        announce(self._gone, gone_words(each for each in gone if each not in self._told))
        self._told = gone
        self._gone.show_text(gone_words(gone))
        self.setVisible(offer is not None or bool(gone))


def gone_words(devices: Iterable[str]) -> str:
    """Return a sentence or two for each device that went."""
    said = QCoreApplication.translate("plug_news", str(_GONE))
    return " ".join(said.format(device=each) for each in devices)
