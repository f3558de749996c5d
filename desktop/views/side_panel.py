"""The panel beside the picture: notes, chat and vehicle, one tab at a time."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.call_state import CallPageState, PanelTab
from desktop.views.chat_view import ChatView
from desktop.views.notes_view import NotesView
from desktop.views.vehicle_view import VehicleView
from desktop.views.widgets.button import Button, ButtonKind, IconButton
from desktop.views.widgets.card import hbox, vbox
from desktop.views.widgets.text import rule

PANEL_PX = 350


class SidePanel(QWidget):
    """Shows the open tab of a `CallPageState`; its owner hides it when none is open."""

    def __init__(self, page: CallPage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("side_panel")
        self.setProperty("role", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._page = page
        state = page.state.value
        self._pages: dict[PanelTab, QWidget] = {}
        self._tabs = {tab: self._tab(tab) for tab in state.tabs}
        close = IconButton("cross", self.tr("Close the panel (P)"), name="close_panel")
        close.clicked.connect(lambda: page.open_panel(None))
        head = hbox(gap=6, margins=(12, 4, 8, 4))
        for button in self._tabs.values():
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(close)
        self._stack = QStackedWidget()
        column = vbox(gap=0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self._stack, 1)
        self.setLayout(column)

    def build_tabs(self) -> Iterator[bool]:
        """Build what the tabs open, one with each step; until then there is nothing to show."""
        state = self._page.state.value
        self.chat = ChatView(self._page.chat, state.first_name)
        self._take(PanelTab.CHAT, self.chat)
        yield True
        self._take(PanelTab.VEHICLE, VehicleView(state.vehicle, state.concern))
        yield True
        if self._page.notes is not None:
            self._take(PanelTab.NOTES, NotesView(self._page.notes, self._page.currency))
            yield True

    def _take(self, tab: PanelTab, view: QWidget) -> None:
        self._pages[tab] = view
        self._stack.addWidget(view)

    def render_state(self, state: CallPageState) -> None:
        """Show the open tab."""
        for tab, button in self._tabs.items():
            button.setChecked(tab is state.panel)
            if tab is PanelTab.CHAT:
                words = self.tr("Chat")
                if state.unread:
                    words = self.tr("Chat ({count})").format(count=state.unread)
                button.set_words(words)
        if state.panel is not None:
            self._stack.setCurrentWidget(self._pages[state.panel])

    def _tab(self, tab: PanelTab) -> Button:
        words = {
            PanelTab.NOTES: self.tr("Notes"),
            PanelTab.CHAT: self.tr("Chat"),
            PanelTab.VEHICLE: self.tr("Vehicle"),
        }[tab]
        button = Button(words, name=f"tab_{tab.value}", kind=ButtonKind.TAB)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._page.open_panel(tab))
        return button
