"""The chat of a session: who said what when, and what is still on its way."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop.viewmodels.chat_panel import (
    MAX_MESSAGE_CHARS,
    ChatLine,
    ChatPanel,
    ChatPanelState,
    SendState,
)
from desktop.views.announce import announce
from desktop.views.bind import bind
from desktop.views.phrases import short_time
from desktop.views.theme import Tone, set_role
from desktop.views.widgets.button import Button, ButtonKind, IconButton
from desktop.views.widgets.card import GAP_S, Card, hbox, plain, scroller, vbox
from desktop.views.widgets.text import Text, TextRole

_INDENT_PX = 40


class ChatView(QWidget):
    """Shows a `ChatPanelState`; Enter sends. New words of the other side are announced."""

    def __init__(self, panel: ChatPanel, other: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chat_panel")
        self.setProperty("role", "plain")
        self._other = other
        self._panel = panel
        self._bubbles: dict[str, _Bubble] = {}
        self._order: list[str] = []
        self._build()
        bind(self, panel.state, self.render_state)

    def _build(self) -> None:
        content = plain()
        self._column = vbox(gap=GAP_S, margins=(18, 14, 18, 6))
        self._empty = Text(
            self.tr("Write here what is hard to say, like a part number."), TextRole.DIM, wrap=True
        )
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        content.setLayout(self._column)
        self._area = scroller(content, name="chat_lines")
        self._input = QLineEdit()
        self._input.setObjectName("chat_input")
        self._input.setAccessibleName(self.tr("Message"))
        self._input.setPlaceholderText(self.tr("Message"))
        self._input.setMaxLength(MAX_MESSAGE_CHARS)
        self._input.returnPressed.connect(self._on_send)
        self._send = IconButton("send", self.tr("Send the message (Enter)"), name="chat_send")
        self._send.clicked.connect(self._on_send)
        foot = hbox(gap=GAP_S, margins=(18, 8, 18, 14))
        foot.addWidget(self._input, 1)
        foot.addWidget(self._send)
        column = vbox(gap=0)
        column.addWidget(self._area, 1)
        column.addLayout(foot)
        self.setLayout(column)

    def render_state(self, state: ChatPanelState) -> None:
        """Show a state; lines that did not change are left alone."""
        order = [str(line.client_id) for line in state.lines]
        added = [line for line in state.lines if str(line.client_id) not in self._bubbles]
        for place, line in enumerate(state.lines):
            key = str(line.client_id)
            if key not in self._bubbles:
                self._bubbles[key] = _Bubble(line, self._other)
                self._column.insertWidget(place + 1, self._bubbles[key])
            self._bubbles[key].show_line(line)
        if order[: len(self._order)] != self._order:
            for place, key in enumerate(order):
                self._column.removeWidget(self._bubbles[key])
                self._column.insertWidget(place + 1, self._bubbles[key])
        self._order = order
        self._empty.setVisible(not order)
        self._input.setEnabled(state.send is not None)
        self._send.setEnabled(state.send is not None)
        if added:
            # The new line has no height before the layout ran.
            QTimer.singleShot(0, self, self._scroll_down)
            news = [line.text for line in added if not line.mine]
            if news and self.isVisible():
                announce(self, f"{self._other}: {news[-1]}")

    def focus_input(self) -> None:
        """Put the caret into the message field, after the person opened the chat."""
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_send(self) -> None:
        send = self._panel.state.value.send
        text = self._input.text()
        if send is not None and text.strip():
            self._input.clear()
            send(text)

    def _scroll_down(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.maximum())


class _Bubble(QWidget):
    """One line: the words, and beneath them the time and how far it is."""

    def __init__(self, line: ChatLine, other: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._line: ChatLine | None = None
        self._other = other
        self._text = Text(line.text, wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._meta = Text("", TextRole.CAPTION)
        self._retry = Button(self.tr("Send again"), name="chat_retry", kind=ButtonKind.LINK)
        self._retry.hide()
        card = Card(inner=True, pad=10)
        card.body.setSpacing(2)
        card.body.addWidget(self._text)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        foot = hbox(gap=GAP_S)
        foot.addStretch(1 if line.mine else 0)
        foot.addWidget(self._meta)
        foot.addWidget(self._retry)
        foot.addStretch(0 if line.mine else 1)
        left, right = (_INDENT_PX, 0) if line.mine else (0, _INDENT_PX)
        column = vbox(gap=2, margins=(left, 0, right, 0))
        column.addWidget(card)
        column.addLayout(foot)
        self.setLayout(column)
        self._row = column
        set_role(card, "mine", "true" if line.mine else "false")

    def show_line(self, line: ChatLine) -> None:
        """Show how far the line is; an unchanged one costs nothing."""
        if line == self._line:
            return
        self._line = line
        time = short_time(line.at.isoformat())
        who = self.tr("You") if line.mine else self._other
        match line.state:
            case SendState.SENT:
                words, tone = f"{who} · {time}", None
            case SendState.SENDING:
                words, tone = self.tr("Sending"), None
            case SendState.FAILED:
                words, tone = self.tr("Not sent"), Tone.BAD
        self._meta.setText(words)
        self._meta.set_tone(tone)
        self._retry.offer(line.retry)
        self.setAccessibleName(f"{who}: {line.text}")
        self.setAccessibleDescription(words)
        # Now, not with the next event: a paint in between would cut the longer words.
        self._row.activate()
