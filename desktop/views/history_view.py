"""All sessions of the past, with a search above them."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.viewmodels.dashboard_state import PastRow
from desktop.viewmodels.history_page import HistoryState
from desktop.viewmodels.observable import Observable
from desktop.views.bind import bind
from desktop.views.list_page import ListPage
from desktop.views.past_row import PastRowView
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.field import TextField
from desktop.views.widgets.keyed_list import KeyedList

_SEARCH_PX = 420


class HistoryView(ListPage):
    """Shows a ``HistoryState``."""

    def __init__(
        self,
        state: Observable[HistoryState],
        *,
        search: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            name="history",
            title=self.tr("History"),
            loading=self.tr("Loading your sessions"),
            empty_icon="search",
            parent=parent,
        )
        self._search = TextField(self.tr("Search by name, car or concern"), name="history_search")
        self._search.setMaximumWidth(_SEARCH_PX)
        self._search.edited.connect(search)
        self.head.addWidget(self._search)
        self._rows: KeyedList[PastRow, PastRowView] = KeyedList(
            key=lambda row: row.session, make=PastRowView, update=PastRowView.render_row, gap=0
        )
        self._more = Button(self.tr("Show more"), name="history_more", kind=ButtonKind.LINK)
        self.card.body.addWidget(self._rows)
        self.card.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        bind(self, state, self.render_state)

    def render_state(self, state: HistoryState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self.show_phase(state.phase, state.trouble, state.retry, is_empty=not state.rows)
        if state.query.strip():
            self.empty.show_words(
                self.tr("Nothing found"), self.tr("Try a shorter word, or clear the search.")
            )
        else:
            self.empty.show_words(
                self.tr("No sessions yet"), self.tr("Sessions that are over are kept here.")
            )
        self._rows.show_rows(state.rows)
        self._more.offer(state.more)
