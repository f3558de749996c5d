"""Brings what is new on the dashboard to a person who looks elsewhere.

The window asks for attention, which moves no focus; a chime rings; and where the desktop has a
tray, it shows a notice while the window is not the one in use: in the window itself the page
says it. What a notice says stands on the dashboard's row too, and no more than that.
"""

from collections.abc import Callable
from typing import Protocol, TypeAlias, assert_never

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from desktop.viewmodels.dashboard_alerts import Alert, AlertKind
from desktop.views import phrases
from desktop.views.theme import Tone, icon, scheme_of

_ICON_PX = 24


class Tray(Protocol):
    """Shows a notice of the desktop."""

    def show_message(self, title: str, text: str) -> None:
        """Show it for as long as the desktop usually does."""

    def close(self) -> None:
        """Take everything off the desktop again."""


OpenTray: TypeAlias = Callable[[QWidget, Callable[[], None]], Tray | None]


class DesktopAlerts(QObject):
    """Implements the dashboard's ``Alerts`` for one window.

    Args:
        ring: plays the chime; returns at once.
        bring_up: shows the window in front; called when the person presses a notice.
        open_tray: makes the tray when it is first needed; None where there is no tray (now).
    """

    def __init__(
        self,
        window: QWidget,
        *,
        ring: Callable[[], None],
        bring_up: Callable[[], None],
        open_tray: OpenTray | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._ring = ring
        self._bring_up = bring_up
        self._open_tray = open_tray or SystemTray.open
        self._tray: Tray | None = None

    def announce(self, alert: Alert) -> None:
        """Ring and show. Returns at once, raises nothing, and takes no focus."""
        self._ring()
        if self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        if self._tray is None:
            # A tray may come and go with the desktop's shell: asked again each time.
            self._tray = self._open_tray(self._window, self._bring_up)
        if self._tray is not None:
            self._tray.show_message(*self._words(alert))

    def close(self) -> None:
        """Take everything off the desktop again."""
        tray, self._tray = self._tray, None
        if tray is not None:
            tray.close()

    def _words(self, alert: Alert) -> tuple[str, str]:
        match alert.kind:
            case AlertKind.NEW_REQUEST:
                return self.tr("New request"), phrases.vehicle(alert.vehicle)
            case AlertKind.MECHANIC_FOUND:
                title = self.tr("{name} takes your session").format(name=alert.name)
                return title, self.tr("Join when you are ready.")
            case AlertKind.OTHER_SIDE_READY:
                title = self.tr("{name} is ready").format(name=alert.name)
                return title, self.tr("Join when you are ready.")
            case _:
                assert_never(alert.kind)


class SystemTray(QObject):
    """The desktop's tray: shows notices; a click on one, or on the icon, is handed on."""

    def __init__(self, window: QWidget, on_wanted: Callable[[], None]) -> None:
        super().__init__(window)
        ink = scheme_of(window).ink(Tone.WARN)
        self._icon = QSystemTrayIcon(icon("bell", ink, _ICON_PX), self)
        self._icon.setToolTip(window.windowTitle())
        self._icon.messageClicked.connect(lambda: on_wanted())
        self._icon.activated.connect(lambda _reason: on_wanted())
        # Qt shows no message beside an icon that is not shown.
        self._icon.show()

    @staticmethod
    def open(window: QWidget, on_wanted: Callable[[], None]) -> "SystemTray | None":
        """Return the tray for a window, or None where the desktop has none."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return None
        return SystemTray(window, on_wanted)

    def show_message(self, title: str, text: str) -> None:
        """Show a notice for as long as the desktop usually does."""
        self._icon.showMessage(title, text, self._icon.icon())

    def close(self) -> None:
        """Take the icon off the tray."""
        self._icon.hide()
        self.deleteLater()
