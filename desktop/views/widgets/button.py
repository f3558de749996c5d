"""Buttons: what a page offers to do. Big enough for a gloved hand, named for a screen reader.

A button follows a *command* of a page state: a callable while it can be done, ``None`` while not,
so "may I?" and "do it" cannot disagree.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QIcon, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.views.theme import CLICKED_PROPERTY, Palette, icon, restyle, scheme_of, set_role

Command = Callable[[], object]

MIN_HIT_PX: Final = 44
CONTROL_PX: Final = 56
_TEXT_ICON_PX: Final = 20
_CONTROL_ICON_PX: Final = 24
_BADGE_PX: Final = 20
_ICON_GAP_PX: Final = 4


class ButtonKind(StrEnum):
    """What a button is for; the style sheet knows each by this name."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    LINK = "link"
    GHOST = "ghost"
    NAV = "nav"
    TAB = "tab"
    CHOICE = "choice"
    PLAN = "plan"
    AVATAR = "avatar"
    OVERLAY = "overlay"
    CONTROL = "control"
    CONTROL_ARROW = "control-arrow"
    CONTROL_END = "control-end"


class Button(QPushButton):
    """A push button that knows its name, its kind, its icon and the command behind it."""

    def __init__(
        self,
        text: str,
        *,
        name: str,
        kind: ButtonKind = ButtonKind.SECONDARY,
        icon_name: str | None = None,
        accessible: str | None = None,
        shortcut: str | None = None,
        big: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a button.

        Args:
            text: what it says; may be empty when ``icon_name`` and ``accessible`` are given.
            name: its lasting object name, by which tests and the demo find it.
            kind: how it looks and how much it asks for attention.
            icon_name: an icon of ``resources``, left of the text.
            accessible: what a screen reader says, where that is not the text.
            shortcut: a key sequence such as ``Ctrl+Return``.
            big: taller, for the one thing to do next on a page.
        """
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible or text)
        self.setProperty("kind", kind.value)
        self.setProperty("big", "true" if big else "false")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        self.setMinimumSize(MIN_HIT_PX, MIN_HIT_PX)
        self._kind = kind
        self._icon_name = icon_name
        self._command: Command | None = None
        self._inked: tuple[object, ...] | None = None
        self._sequence = shortcut or ""
        if not text and accessible:
            self.setToolTip(accessible)
        if shortcut:
            self._renew_shortcut()
        self.clicked.connect(self._on_clicked)
        self.toggled.connect(self._tint)
        self._tint()

    def set_command(self, command: Command | None) -> None:
        """Follow a command: pressing calls it; without one the button is disabled."""
        self._command = command
        self.setEnabled(command is not None)

    def offer(self, command: Command | None) -> None:
        """Follow a command, and be seen only while there is one."""
        self.set_command(command)
        self.setVisible(command is not None)

    def set_icon(self, name: str | None) -> None:
        """Show another icon, or none."""
        if name != self._icon_name:
            self._icon_name = name
            self._tint()

    def set_kind(self, kind: ButtonKind) -> None:
        """Look another way: the one thing to do next on a page may pass to another button."""
        if kind is not self._kind:
            self._kind = kind
            self.setProperty("kind", kind.value)
            restyle(self)
            self._tint()

    def set_words(self, text: str, accessible: str | None = None) -> None:
        """Say something else, to the eye and to a screen reader."""
        if text != self.text():
            self.setText(text)
            if self._sequence:
                # Qt drops a shortcut whenever the text changes.
                self._renew_shortcut()
        spoken = accessible or text
        if spoken != self.accessibleName():
            self.setAccessibleName(spoken)
            if not text:
                self.setToolTip(spoken)

    def ink(self, colours: Palette) -> str:
        """Return the colour of the icon, which is that of the text."""
        match self._kind:
            case ButtonKind.PRIMARY:
                return colours.on_accent
            case ButtonKind.DANGER:
                return colours.on_bad
            case ButtonKind.LINK:
                return colours.accent_text
            case ButtonKind.NAV | ButtonKind.TAB:
                return colours.text if self.isChecked() else colours.dim
            case ButtonKind.CONTROL | ButtonKind.CONTROL_ARROW:
                return colours.on_accent if self.isChecked() else "#FFFFFF"
            case ButtonKind.CONTROL_END | ButtonKind.OVERLAY:
                return "#FFFFFF"
            case _:
                return colours.text

    def icon_px(self) -> int:
        """Return the edge of the icon in logical pixels."""
        return _TEXT_ICON_PX

    def _renew_shortcut(self) -> None:
        self.setShortcut(QKeySequence(self._sequence))

    def _on_clicked(self) -> None:
        if self._command is not None:
            self._command()

    def _tint(self) -> None:
        if self._icon_name is None:
            if not self.icon().isNull():
                self.setIcon(QIcon())
                self._inked = None
            return
        colours = scheme_of(self)
        edge = self.icon_px()
        gap = _ICON_GAP_PX if self.text() else 0
        inked = (self._icon_name, self.ink(colours), edge, colours.dim, gap)
        if inked == self._inked:
            return
        self._inked = inked
        self.setIconSize(QSize(edge + gap, edge))
        self.setIcon(icon(self._icon_name, self.ink(colours), edge, off=colours.dim, gap_px=gap))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setProperty(CLICKED_PROPERTY, event.reason() == Qt.FocusReason.MouseFocusReason)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt presses a focused button with Space alone; everybody expects Enter too.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()


class IconButton(Button):
    """A square button with an icon alone; its words are for screen readers and the tip."""

    def __init__(
        self,
        icon_name: str,
        accessible: str,
        *,
        name: str,
        kind: ButtonKind = ButtonKind.GHOST,
        shortcut: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "",
            name=name,
            kind=kind,
            icon_name=icon_name,
            accessible=accessible,
            shortcut=shortcut,
            parent=parent,
        )
        self.setProperty("square", "true")
        self.setFixedSize(MIN_HIT_PX, MIN_HIT_PX)


class ControlButton(Button):
    """A 56 px control of a call, or a 44 px tool; may carry a count in its corner."""

    def __init__(
        self,
        icon_name: str,
        accessible: str,
        *,
        name: str,
        kind: ButtonKind = ButtonKind.CONTROL,
        tool: bool = False,
        checkable: bool = False,
        shortcut: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._count = 0
        self._alert = False
        self._tool = tool
        super().__init__(
            "",
            name=name,
            kind=kind,
            icon_name=icon_name,
            accessible=accessible,
            shortcut=shortcut,
            parent=parent,
        )
        edge = MIN_HIT_PX if tool else CONTROL_PX
        width = MIN_HIT_PX if kind is ButtonKind.CONTROL_ARROW else edge
        self.setFixedSize(width, edge)
        self.setProperty("size", "tool" if tool else "control")
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_alert(self, alert: bool) -> None:
        """Stand out in red on white: something the user should notice is off."""
        if alert != self._alert:
            self._alert = alert
            set_role(self, "alert", "true" if alert else "false")
            self._tint()

    def set_count(self, count: int) -> None:
        """Show how many unread things wait behind this control; 0 hides the badge."""
        if count != self._count:
            self._count = count
            self.update()

    def ink(self, colours: Palette) -> str:
        """Return the icon's colour: red while alerting, otherwise as every control."""
        return "#B91C1C" if self._alert else super().ink(colours)

    def icon_px(self) -> int:
        """Return 24 for controls, 20 for tools."""
        return _TEXT_ICON_PX if self._tool else _CONTROL_ICON_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._count <= 0:
            return
        colours = scheme_of(self)
        text = str(self._count) if self._count < 100 else "99+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(12)
        painter.setFont(font)
        width = max(_BADGE_PX, painter.fontMetrics().horizontalAdvance(text) + 10)
        badge = QRect(self.width() - width - 2, 2, width, _BADGE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        ground, ink = colours.accent_fill, colours.on_accent
        if self.isChecked():
            # The button itself is amber then.
            ground, ink = ink, ground
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(badge, 8, 8)
        painter.setPen(QColor(ink))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
