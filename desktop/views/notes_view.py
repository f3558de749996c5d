"""The mechanic's notes beside the picture: findings, free text, and when they were saved."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from client_api.records import Finding
from desktop.viewmodels.notes_panel import NotesPanel, NotesPanelState, SaveState
from desktop.views.bind import bind
from desktop.views.finding_editor import FindingEditor
from desktop.views.phrases import cost_range, severity, short_time
from desktop.views.theme import Tone
from desktop.views.widgets.button import Button, ButtonKind, IconButton
from desktop.views.widgets.card import GAP_M, Card, hbox, plain, scroller, vbox
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole

_TEXT_HEIGHT_PX = 120


class NotesView(QWidget):
    """Shows a `NotesPanelState`; everything typed is saved by itself."""

    def __init__(self, panel: NotesPanel, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notes_panel")
        self.setProperty("role", "plain")
        self._panel = panel
        self._currency = currency
        self._editing: int | None = None
        self._shown: tuple[Finding, ...] | None = None
        self._cards: list[QWidget] = []
        self._build()
        bind(self, panel.state, self.render_state)

    def _build(self) -> None:
        content = plain()
        column = self._column = vbox(gap=GAP_M, margins=(18, 16, 18, 16))
        self._list = vbox(gap=GAP_M)
        self._editor: FindingEditor | None = None
        self._add = Button(
            self.tr("Finding"),
            name="add_finding",
            icon_name="plus",
            accessible=self.tr("Add a finding"),
        )
        self._add.clicked.connect(lambda: self._open_editor(None))
        self._text = QPlainTextEdit()
        self._text.setObjectName("notes_text")
        self._text.setAccessibleName(self.tr("Notes for the report"))
        self._text.setPlaceholderText(self.tr("Notes for the report"))
        self._text.setProperty("role", "note")
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(_TEXT_HEIGHT_PX)
        self._text.textChanged.connect(self._on_text_changed)
        self._saved = Text("", TextRole.DIM, wrap=True)
        self._saved.setObjectName("notes_saved")
        column.addLayout(self._list)
        column.addWidget(self._add)
        column.addWidget(self._text)
        column.addWidget(self._saved)
        column.addStretch(1)
        content.setLayout(column)
        outer = vbox(gap=0)
        outer.addWidget(scroller(content, name="notes_scroll"))
        self.setLayout(outer)

    def render_state(self, state: NotesPanelState) -> None:
        """Show a state; what the person types just now is never replaced under the caret."""
        if state.findings != self._shown:
            self._shown = state.findings
            self._render_findings(state.findings)
        if state.text != self._text.toPlainText():
            self._text.blockSignals(True)
            self._text.setPlainText(state.text)
            self._text.blockSignals(False)
        words, tone = self._save_words(state)
        self._saved.setText(words)
        self._saved.set_tone(tone)

    def _save_words(self, state: NotesPanelState) -> tuple[str, Tone | None]:
        match state.save:
            case SaveState.NOTHING:
                return self.tr("Saved by itself; the customer sees it after the session."), None
            case SaveState.SAVING:
                return self.tr("Saving"), None
            case SaveState.SAVED:
                time = short_time(state.saved_at.isoformat()) if state.saved_at else ""
                return self.tr("Saved {time}").format(time=time), None
            case SaveState.WAITING:
                return self.tr("Not saved yet: you are offline. We keep trying."), Tone.WARN
            case SaveState.REFUSED:
                return self.tr("Not saved. Change something to try again."), Tone.BAD

    def _render_findings(self, findings: tuple[Finding, ...]) -> None:
        for card in self._cards:
            self._list.removeWidget(card)
            card.deleteLater()
        self._cards = [self._card(index, each) for index, each in enumerate(findings)]
        for card in self._cards:
            self._list.addWidget(card)

    def _card(self, index: int, found: Finding) -> QWidget:
        card = Card(inner=True, pad=12)
        card.body.setSpacing(2)
        # The buttons' own height is room enough below.
        card.body.setContentsMargins(12, 12, 6, 2)
        word, tone, icon_name = severity(found.severity)
        top = hbox(gap=6)
        top.addWidget(Text(found.title, TextRole.STRONG, wrap=True), 1)
        top.addWidget(Pill(word, tone, icon_name=icon_name), 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(top)
        if found.detail:
            card.body.addWidget(Text(found.detail, TextRole.DIM, wrap=True))
        foot = hbox(gap=0)
        costs = cost_range(found.cost_low_cents, found.cost_high_cents, self._currency)
        foot.addWidget(Text(costs), 1)
        change = IconButton(
            "pen",
            self.tr("Change: {finding}").format(finding=found.title),
            name=f"edit_finding_{index}",
        )
        change.clicked.connect(lambda: self._open_editor(index))
        remove = IconButton(
            "cross",
            self.tr("Remove: {finding}").format(finding=found.title),
            name=f"remove_finding_{index}",
            kind=ButtonKind.GHOST,
        )
        remove.clicked.connect(lambda: self._panel.remove_finding(index))
        foot.addWidget(change)
        foot.addWidget(remove)
        card.body.addLayout(foot)
        return card

    def _open_editor(self, index: int | None) -> None:
        findings = self._panel.state.value.findings
        self._editing = index
        self._add.hide()
        if self._editor is None:
            # A call opens quicker without it, and not every one has a finding.
            self._editor = FindingEditor(self._on_kept, self._close_editor)
            self._column.insertWidget(self._column.indexOf(self._add), self._editor)
        self._editor.show()
        self._editor.edit(findings[index] if index is not None else None)

    def _close_editor(self) -> None:
        self._editing = None
        self._add.show()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._editor is not None:
            self._editor.hide()

    def _on_kept(self, found: Finding) -> None:
        self._panel.put_finding(self._editing, found)
        self._close_editor()

    def _on_text_changed(self) -> None:
        self._panel.write(self._text.toPlainText())
