"""Short notices that float over a page and go by themselves, newest below. They take no focus."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QLabel, QWidget

from desktop.views.announce import announce
from desktop.views.theme import Tone, icon_pixmap, scheme_of
from desktop.views.widgets.button import Button, Command
from desktop.views.widgets.text import Text

_STAY_MS: Final = 6000
_STAY_WITH_BUTTON_MS: Final = 12000
_MOST_AT_ONCE: Final = 3
_MARGIN_PX: Final = 16
_GAP_PX: Final = 8
_ICON_PX: Final = 20
_ICONS: Final = {
    Tone.NEUTRAL: "info",
    Tone.OK: "check-circle",
    Tone.WARN: "warning",
    Tone.BAD: "cross-circle",
    Tone.ACCENT: "info",
}


class Notice(QFrame):
    """One floating line: icon, words, at most one button.

    Signals:
        used: its button was pressed, so it has done its work.
    """

    used = Signal()

    def __init__(
        self, text: str, tone: Tone, action: str, command: Command | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("role", "float")
        self.setAccessibleName(text)
        mark = QLabel()
        mark.setFixedSize(_ICON_PX, _ICON_PX)
        ink = scheme_of(parent).ink(tone if tone is not Tone.ACCENT else Tone.WARN)
        mark.setPixmap(icon_pixmap(_ICONS[tone], ink, _ICON_PX, parent.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(12)
        row.addWidget(mark)
        row.addWidget(Text(text))
        if action and command is not None:
            button = Button(action, name="notice_action")
            button.set_command(command)
            button.clicked.connect(self.used)
            row.addWidget(button)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)


class NoticeHost(QObject):
    """Shows notices at the bottom middle of a widget, three at most."""

    def __init__(self, page: QWidget, *, bottom_px: int = _MARGIN_PX) -> None:
        super().__init__(page)
        self._page = page
        self._bottom_px = bottom_px
        self._shown: list[Notice] = []
        page.installEventFilter(self)

    def show_notice(
        self,
        text: str,
        tone: Tone = Tone.NEUTRAL,
        *,
        action: str = "",
        command: Command | None = None,
    ) -> None:
        """Show a notice for 6 s, or 12 s when it offers something to do."""
        notice = Notice(text, tone, action, command, self._page)
        notice.used.connect(lambda: self._dismiss(notice))
        self._shown.append(notice)
        while len(self._shown) > _MOST_AT_ONCE:
            self._dismiss(self._shown[0])
        timer = QTimer(notice)
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._dismiss(notice))
        timer.start(_STAY_WITH_BUTTON_MS if action else _STAY_MS)
        notice.show()
        self._place()
        announce(self._page, text)

    def texts(self) -> tuple[str, ...]:
        """Return the words of the notices in sight, oldest first."""
        return tuple(notice.accessibleName() for notice in self._shown)

    def _dismiss(self, notice: Notice) -> None:
        if notice in self._shown:
            self._shown.remove(notice)
            notice.hide()
            notice.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._page.height() - self._bottom_px
        for notice in reversed(self._shown):
            notice.adjustSize()
            left = max(_MARGIN_PX, (self._page.width() - notice.width()) // 2)
            bottom -= notice.height()
            notice.move(QPoint(left, bottom))
            notice.raise_()
            bottom -= _GAP_PX

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
