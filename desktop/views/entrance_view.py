"""Stands where a page will be until its session is known, and says so when it cannot be."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from client_api.wire import Session
from desktop.viewmodels.entrance_page import EntranceState
from desktop.viewmodels.observable import Observable
from desktop.views.bind import bind
from desktop.views.page_arrival import Later, PageArrival
from desktop.views.texts import trouble_code, trouble_words
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_L, GAP_M, Card, hbox, plain, vbox
from desktop.views.widgets.skeleton import Skeleton
from desktop.views.widgets.text import Text, TextRole

CARD_WIDTH_PX = 520


class EntranceView(QWidget):
    """Shows an `EntranceState`; builds the page for the session once, when the way is free."""

    def __init__(
        self,
        state: Observable[EntranceState],
        make_page: Callable[[Session], QWidget],
        parent: QWidget | None = None,
        *,
        later: Later | None = None,
    ) -> None:
        """Make the page; ``later`` lets the one that it builds come in turns of the event loop."""
        super().__init__(parent)
        self.setObjectName("entrance_page")
        self.setProperty("role", "page")
        self._make_page = make_page
        self._later = later
        self._page: QWidget | None = None
        self._turned_away = False
        self._arrival: PageArrival | None = None
        self._build()
        bind(self, state, self.render_state)

    @property
    def has_arrived(self) -> bool:
        """True unless the preflight is on its way."""
        return self._arrival is None or self._arrival.is_over

    def render_state(self, state: EntranceState) -> None:
        """Show a state; showing the same one again changes nothing."""
        if state.session is not None:
            if self._page is None:
                page = self._page = self._make_page(state.session)
                self._arrival = PageArrival(
                    self,
                    page,
                    take_in=lambda: self._stack.addWidget(page),
                    show=lambda: self._show_page(page),
                    later=self._later,
                )
            return
        if state.trouble is None:
            self._stack.setCurrentWidget(self._waiting)
            return
        self._turned_away = self._page is not None
        words = trouble_words(state.trouble)
        self._title.setText(words.headline)
        self._text.show_text(words.advice)
        self._code.show_text(trouble_code(state.trouble))
        self._back.set_command(state.back)
        self._retry.offer(state.retry)
        self._summary.offer(state.see_summary)
        self._stack.setCurrentWidget(self._trouble)

    def _show_page(self, page: QWidget) -> None:
        if self._turned_away:
            # The way was closed again while the page was on its way.
            return
        self._stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        self._waiting = plain()
        column = vbox(gap=GAP_L, margins=(36, 36, 36, 36))
        column.addWidget(Text(self.tr("Looking your session up"), TextRole.SECTION))
        column.addWidget(Skeleton(lines=2, accessible=self.tr("Looking the session up")))
        column.addWidget(Skeleton(lines=6, accessible=self.tr("Looking the session up")))
        column.addStretch(1)
        self._waiting.setLayout(column)
        self._trouble = plain()
        self._trouble.setLayout(self._build_trouble())
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self._trouble)

    def _build_trouble(self) -> QVBoxLayout:
        card = Card(pad=32)
        card.setFixedWidth(CARD_WIDTH_PX)
        self._title = Text(role=TextRole.SECTION, wrap=True)
        self._text = Text(wrap=True)
        self._code = Text(role=TextRole.DIM)
        self._retry = Button(self.tr("Try again"), name="entrance_retry")
        self._summary = Button(self.tr("See the summary"), name="entrance_summary")
        self._back = Button(
            self.tr("Back to the dashboard"), name="entrance_back", kind=ButtonKind.PRIMARY
        )
        buttons = hbox(gap=GAP_M)
        buttons.addWidget(self._back)
        buttons.addWidget(self._retry)
        buttons.addWidget(self._summary)
        buttons.addStretch(1)
        for part in (self._title, self._text, self._code):
            card.body.addWidget(part)
        card.body.addSpacing(GAP_M)
        card.body.addLayout(buttons)
        outer = vbox(gap=0)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        return outer
