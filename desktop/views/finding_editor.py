"""The small form for one finding: title, detail, how soon, and what it may cost."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from client_api.records import Finding
from client_api.wire import Severity
from desktop.viewmodels.notes_panel import MAX_TITLE_CHARS, finding
from desktop.views.phrases import severity
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_S, Card, hbox
from desktop.views.widgets.choice import ChoiceGroup
from desktop.views.widgets.field import TextAreaField, TextField

_LEVELS = (Severity.NOW, Severity.SOON, Severity.WATCH, Severity.OK)
_CENTS = 100


class FindingEditor(Card):
    """Edits one finding in place. Escape gives up, Ctrl+Enter keeps it."""

    def __init__(
        self,
        keep: Callable[[Finding], None],
        give_up: Callable[[], None],
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(inner=True, pad=14, parent=parent)
        self._keep = keep
        self._severity = Severity.SOON
        self.body.setSpacing(GAP_S)
        self._title = TextField(
            self.tr("Finding"),
            name="finding_title",
            placeholder=self.tr("Alternator belt worn"),
            max_length=MAX_TITLE_CHARS,
        )
        self._detail = TextAreaField(self.tr("Detail"), name="finding_detail", lines=2)
        self._levels = ChoiceGroup(name="finding_severity", accessible=self.tr("How soon"))
        self._levels.chosen.connect(self._on_level)
        self._low = TextField(self.tr("Cost from"), name="finding_cost_low", max_length=6)
        self._high = TextField(self.tr("to"), name="finding_cost_high", max_length=6)
        costs = hbox(gap=GAP_S)
        costs.addWidget(self._low)
        costs.addWidget(self._high)
        self._done = Button(self.tr("Keep finding"), name="finding_keep", kind=ButtonKind.PRIMARY)
        back = Button(self.tr("Cancel"), name="finding_cancel")
        self._done.clicked.connect(self._on_keep)
        back.set_command(give_up)
        buttons = hbox(gap=GAP_S)
        buttons.addStretch(1)
        buttons.addWidget(back)
        buttons.addWidget(self._done)
        for widget in (self._title, self._detail, self._levels):
            self.body.addWidget(widget)
        self.body.addLayout(costs)
        self.body.addLayout(buttons)
        self._title.submitted.connect(self._on_keep)
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+Return"), self, self._on_keep, context=within)
        QShortcut(QKeySequence("Esc"), self, give_up, context=within)

    def edit(self, old: Finding | None) -> None:
        """Begin with a finding's words, or with nothing."""
        self._severity = old.severity if old is not None else Severity.SOON
        self._title.show_text(old.title if old else "")
        self._detail.show_text(old.detail if old else "")
        self._low.show_text(_whole(old.cost_low_cents) if old else "")
        self._high.show_text(_whole(old.cost_high_cents) if old else "")
        self._title.show_trouble("")
        self._low.show_trouble("")
        self._show_levels()
        self._title.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_levels(self) -> None:
        choices = [(level.value, severity(level)[0]) for level in _LEVELS]
        self._levels.show_choices(choices, self._severity.value)

    def _on_level(self, key: str) -> None:
        self._severity = Severity(key)

    def _on_keep(self) -> None:
        title = self._title.edit.text()
        if not title.strip():
            self._title.show_trouble(self.tr("Give the finding a name."))
            return
        try:
            low, high = _cents(self._low.edit.text()), _cents(self._high.edit.text())
        except ValueError:
            self._low.show_trouble(self.tr("Use digits only."))
            return
        self._keep(finding(title, self._detail.edit.toPlainText(), self._severity, low, high))


def _whole(cents: int | None) -> str:
    return "" if cents is None else str(round(cents / _CENTS))


def _cents(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text) * _CENTS
