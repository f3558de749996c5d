"""One gating group of the preflight: its state in icon and word, what was seen, what to do."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.viewmodels.preflight_state import GroupRow
from desktop.views.announce import announce
from desktop.views.check_words import reason, remedy, state_word
from desktop.views.fix_words import other_words, page_words
from desktop.views.group_words import group_detail, group_name
from desktop.views.theme import Tone, icon_pixmap, scheme_of
from desktop.views.widgets.button import Button
from desktop.views.widgets.card import GAP_M, GAP_XS, Card, hbox, plain, vbox
from desktop.views.widgets.flow import Flow
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import Text, TextRole
from preflight.model import CheckState, Group

ICON_PX = 20

_LOOKS = {
    CheckState.PENDING: (Tone.NEUTRAL, "clock"),
    CheckState.RUNNING: (Tone.NEUTRAL, "refresh"),
    CheckState.PASSED: (Tone.OK, "check-circle"),
    CheckState.WARNED: (Tone.WARN, "warning"),
    CheckState.FAILED: (Tone.BAD, "cross-circle"),
    CheckState.SKIPPED: (Tone.NEUTRAL, "minus"),
    CheckState.UNKNOWN: (Tone.NEUTRAL, "question"),
}


def look_of(state: CheckState) -> tuple[Tone, str]:
    """Return the tone and the icon of a state."""
    return _LOOKS[state]


class StateIcon(QLabel):
    """The icon of a check's state, tinted by the theme."""

    def __init__(self, *, edge_px: int = ICON_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge_px = edge_px
        self._state = CheckState.PENDING
        self.setFixedSize(edge_px, edge_px)
        self._tint()

    def show_state(self, state: CheckState) -> None:
        """Show another state."""
        if state is not self._state:
            self._state = state
            self._tint()

    def _tint(self) -> None:
        tone, name = look_of(self._state)
        ink = scheme_of(self).ink(tone)
        self.setPixmap(icon_pixmap(name, ink, self._edge_px, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()


class GroupCard(Card):
    """Shows a `GroupRow`; a change of its state is announced, and the focus stays where it is."""

    def __init__(self, group: Group, *, parent: QWidget | None = None) -> None:
        super().__init__(pad=0, parent=parent)
        self._group = group
        self._state: CheckState | None = None
        self.setObjectName(f"group_{group.value}")
        self.body.setContentsMargins(18, 12, 18, 12)
        self.body.setSpacing(GAP_M)
        self._icon = StateIcon()
        self._name = Text(group_name(group), TextRole.SECTION)
        self._detail = Text("", TextRole.DIM, wrap=True)
        self._pill = Pill("")
        words = vbox(gap=2)
        words.addWidget(self._name)
        words.addWidget(self._detail)
        top = hbox(gap=16)
        top.addWidget(self._icon)
        top.addLayout(words, 1)
        top.addWidget(self._pill)
        self.body.addLayout(top)
        self._fix = self._build_fix()
        self.body.addWidget(self._fix)

    def _build_fix(self) -> QWidget:
        fix = plain()
        fix.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._remedy = Text("", wrap=True)
        self._remedy.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._settings = Button("", name=f"settings_{self._group.value}")
        self._retry = Button(
            self.tr("Try again"),
            name=f"retry_{self._group.value}",
            accessible=self.tr("Try again: {group}").format(group=group_name(self._group)),
        )
        self._other = Button("", name=f"other_{self._group.value}")
        buttons = Flow(gap=10)
        buttons.addWidget(self._settings)
        buttons.addWidget(self._retry)
        buttons.addWidget(self._other)
        column = vbox(gap=GAP_M, margins=(ICON_PX + 16, 0, 0, GAP_XS))
        column.addWidget(self._remedy)
        column.addLayout(buttons)
        fix.setLayout(column)
        fix.hide()
        return fix

    def render_row(self, row: GroupRow) -> None:
        """Show a row; showing the same one again changes nothing."""
        tone, _ = look_of(row.state)
        self._icon.show_state(row.state)
        # What speaks may be advice: a login page tells why the network of the gate fails.
        gates = row.state is CheckState.FAILED or row.speaks is None or row.speaks.gating
        word = state_word(row.state, gating=gates)
        self._pill.show_status(word, tone)
        detail = group_detail(row.group, row.state, row.speaks, row.results)
        late = reason(row.speaks) if row.speaks is not None else ""
        self._detail.show_text(late or detail)
        self._remedy.setText(self._remedy_words(row))
        failed = row.state is CheckState.FAILED
        self._keep_focus(row)
        self.set_tone(Tone.BAD if failed else None)
        if row.fix.page is not None:
            opens = page_words(row.fix.page)
            spoken = self.tr("{button}: {group}")
            self._settings.set_words(
                opens, spoken.format(button=opens, group=group_name(row.group))
            )
        if row.fix.role is not None:
            self._other.set_words(other_words(row.fix.role))
        self._settings.offer(row.open_settings)
        self._retry.offer(row.retry)
        self._other.offer(row.choose_other)
        self._remedy.setVisible(bool(self._remedy.text()))
        self._fix.setVisible(failed or row.state is CheckState.WARNED)
        spoken = f"{group_name(row.group)}: {word}"
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(self._remedy.text() or self._detail.text())
        if self._state is not None and row.state is not self._state and row.state.final:
            announce(self, f"{spoken}. {self._remedy.text()}".strip())
        self._state = row.state

    def _remedy_words(self, row: GroupRow) -> str:
        if row.speaks is None:
            return ""
        return remedy(row.speaks, has_settings=row.open_settings is not None)

    def _keep_focus(self, row: GroupRow) -> None:
        # Qt hands the focus of a hidden button to the next one, which may be Join.
        for button, command in (
            (self._settings, row.open_settings),
            (self._retry, row.retry),
            (self._other, row.choose_other),
        ):
            if command is None and button.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
