"""Labels by what they are for, and the thin rule between rows."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop.views.theme import Tone, scheme_of, set_role

_NO_LIMIT_PX = 10_000
_DOT = " · "


class TextRole(StrEnum):
    """The sizes and weights there are; the style sheet knows each by this name."""

    TITLE = "title"
    SECTION = "section"
    NAME = "name"
    STRONG = "strong"
    BODY = "body"
    DIM = "dim"
    FIELD = "field"
    CAPTION = "caption"
    CLOCK = "clock"
    MONEY = "money"
    CODE = "code"
    WORDMARK = "wordmark"


class Text(QLabel):
    """A label that never reads its text as markup, since names and notes come from people."""

    def __init__(
        self,
        text: str = "",
        role: TextRole = TextRole.BODY,
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("role", role.value)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def set_tone(self, tone: Tone | None) -> None:
        """Colour the text by a tone, or give it back the colour of its role."""
        set_role(self, "tone", tone.value if tone else "")

    def show_text(self, text: str) -> None:
        """Show a text, and hide the label altogether while there is none."""
        if self.text() != text:
            self.setText(text)
        self.setVisible(bool(text))

    def setText(self, text: str) -> None:
        super().setText(text)
        self._claim_height()

    def _claim_height(self) -> None:
        # WORKAROUND: a scroll area asks its content for a minimum height without a width, and so
        # squeezes wrapped labels. The height they need for the width they have is their minimum.
        if not self.wordWrap() or self.width() <= 0:
            return
        # Measured here: the label's own heightForWidth() never falls below the last minimum.
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        room = QRect(0, 0, self.width(), _NO_LIMIT_PX)
        needed = self.fontMetrics().boundingRect(room, int(flags), self.text()).height()
        if needed != self.minimumHeight():
            self.setMinimumHeight(needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim_height()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Hidden, it is measured when it is shown; a page is dressed several times before that.
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.isVisible():
            self._claim_height()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._claim_height()


class PartsText(Text):
    """Short facts in a line, a dot between them; a line that is full ends without one."""

    def __init__(self, role: TextRole = TextRole.BODY, *, parent: QWidget | None = None) -> None:
        super().__init__(role=role, wrap=True, parent=parent)
        self._parts: tuple[str, ...] = ()

    def show_parts(self, *parts: str) -> None:
        """Show the facts; empty ones are left out."""
        self._parts = tuple(part for part in parts if part)
        self._break_lines()

    def _break_lines(self) -> None:
        lines: list[str] = []
        metrics = self.fontMetrics()
        for part in self._parts:
            longer = f"{lines[-1]}{_DOT}{part}" if lines else part
            fits = (
                not lines or self.width() <= 0 or metrics.horizontalAdvance(longer) <= self.width()
            )
            if fits and lines:
                lines[-1] = longer
            else:
                lines.append(part)
        self.setText("\n".join(lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._break_lines()
        super().resizeEvent(event)


class Wordmark(QLabel):
    """The product's name, its second half in the accent colour."""

    def __init__(self, *, big: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", TextRole.WORDMARK.value)
        self.setProperty("big", "true" if big else "false")
        self.setAccessibleName("Liftbay")
        self.setTextFormat(Qt.TextFormat.RichText)
        self._tint()

    def _tint(self) -> None:
        words = f'Lift<span style="color:{scheme_of(self).accent_text}">bay</span>'
        if self.text() != words:
            self.setText(words)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()


def rule(parent: QWidget | None = None) -> QFrame:
    """Return a thin line that parts two rows."""
    line = QFrame(parent)
    line.setProperty("role", "rule")
    return line
