"""The panel beside the picture: notes, chat and vehicle, one tab at a time."""

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
        self.chat = ChatView(page.chat, state.first_name)
        self._pages: dict[PanelTab, QWidget] = {
            PanelTab.CHAT: self.chat,
            PanelTab.VEHICLE: VehicleView(state.vehicle, state.concern),
        }
        if page.notes is not None:
            self._pages[PanelTab.NOTES] = NotesView(page.notes, page.currency)
        self._tabs = {tab: self._tab(tab) for tab in state.tabs}
        close = IconButton("cross", self.tr("Close the panel (P)"), name="close_panel")
        close.clicked.connect(lambda: page.open_panel(None))
        head = hbox(gap=6, margins=(12, 4, 8, 4))
        for button in self._tabs.values():
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(close)
        self._stack = QStackedWidget()
        for view in self._pages.values():
            self._stack.addWidget(view)
        column = vbox(gap=0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self._stack, 1)
        self.setLayout(column)

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
