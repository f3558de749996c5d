"""The frame of a page with one list: title, list, and what stands there while there is none."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.viewmodels.command import Command
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.trouble import Trouble
from desktop.views.texts import trouble_words
from desktop.views.widgets.card import GAP_L, GAP_S, GAP_XL, GAP_XXL, Card, plain, scroller, vbox
from desktop.views.widgets.empty import EmptyState
from desktop.views.widgets.skeleton import Skeleton
from desktop.views.widgets.text import Text, TextRole

_WIDEST_PX = 1000


class ListPage(QWidget):
    """Puts a title, ``head`` and a card with the list below each other, in one column."""

    def __init__(
        self, *, name: str, title: str, loading: str, empty_icon: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._skeleton = Skeleton(lines=4, accessible=loading)
        self._failed = EmptyState("offline", name=f"{name}_failed")
        self.empty = EmptyState(empty_icon, name=f"{name}_empty")
        self.head: QVBoxLayout = vbox(gap=GAP_L)
        self.card = Card()
        self.card.body.setContentsMargins(20, GAP_S, 20, GAP_S)
        self.card.body.setSpacing(0)
        content = plain()
        column = vbox(gap=GAP_L, margins=(GAP_XXL, GAP_XL, GAP_XXL, GAP_XL))
        column.addWidget(Text(title, TextRole.TITLE))
        column.addLayout(self.head)
        for widget in (self._skeleton, self._failed, self.empty, self.card):
            widget.setMaximumWidth(_WIDEST_PX)
            column.addWidget(widget)
        column.addStretch(1)
        content.setLayout(column)
        outer = vbox()
        outer.addWidget(scroller(content, name=f"{name}_scroll"))
        self.setLayout(outer)

    def show_phase(
        self, phase: Phase, trouble: Trouble | None, retry: Command | None, *, is_empty: bool
    ) -> None:
        """Show the list, or what stands in its place."""
        self._skeleton.setVisible(phase is Phase.LOADING)
        self._failed.setVisible(phase is Phase.FAILED)
        self.empty.setVisible(phase is Phase.READY and is_empty)
        self.card.setVisible(phase is Phase.READY and not is_empty)
        if trouble is not None:
            words = trouble_words(trouble)
            self._failed.show_words(
                words.headline, words.advice, action=self.tr("Try again"), command=retry
            )
