"""What reaches a person who looks elsewhere: a ring, a notice of the desktop, and no lost focus."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.viewmodels.dashboard_alerts import Alert, AlertKind
from desktop.views.dashboard_alerts import DesktopAlerts, SystemTray, Tray
from tests.fakes.wire_samples import sample_session

VEHICLE = sample_session().vehicle


class FakeTray:
    """A tray that remembers."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.is_closed = False

    def show_message(self, title: str, text: str) -> None:
        self.shown.append((title, text))

    def close(self) -> None:
        self.is_closed = True


class Desk:
    """A window, and the desktop around it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.rings = 0
        self.tray: FakeTray | None = FakeTray()
        self.opened = 0
        self.brought_up = 0
        self.press: Callable[[], None] | None = None
        self.alerts = DesktopAlerts(
            self.window, ring=self._ring, bring_up=self._bring_up, open_tray=self._open
        )

    def _ring(self) -> None:
        self.rings += 1

    def _bring_up(self) -> None:
        self.brought_up += 1

    def _open(self, window: QWidget, on_wanted: Callable[[], None]) -> Tray | None:
        self.opened += 1
        self.press = on_wanted
        return self.tray


@pytest.mark.parametrize(
    ("alert", "title", "text"),
    [
        (Alert(AlertKind.NEW_REQUEST, VEHICLE), "New request", "2016 Honda Civic"),
        (
            Alert(AlertKind.MECHANIC_FOUND, VEHICLE, "Dana Roy"),
            "Dana Roy takes your session",
            "Join when you are ready.",
        ),
        (
            Alert(AlertKind.OTHER_SIDE_READY, VEHICLE, "Dana Roy"),
            "Dana Roy is ready",
            "Join when you are ready.",
        ),
    ],
    ids=lambda value: value.kind.name.lower() if isinstance(value, Alert) else "",
)
def test_a_window_that_is_not_in_use_rings_and_shows_a_notice(
    qtbot: QtBot, alert: Alert, title: str, text: str
) -> None:
    desk = Desk(qtbot)

    desk.alerts.announce(alert)

    assert desk.tray is not None
    assert desk.rings == 1
    assert desk.tray.shown == [(title, text)]


def test_the_window_in_use_only_rings(qtbot: QtBot) -> None:
    """The page says it there; two notices of one thing are one too many."""
    desk = Desk(qtbot)
    with qtbot.waitActive(desk.window):
        desk.window.show()
        desk.window.activateWindow()

    desk.alerts.announce(Alert(AlertKind.NEW_REQUEST, VEHICLE))

    assert desk.rings == 1
    assert desk.opened == 0


def test_no_focus_moves(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    other = QLineEdit()
    qtbot.addWidget(other)
    desk.window.show()
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    other.setFocus()

    desk.alerts.announce(Alert(AlertKind.NEW_REQUEST, VEHICLE))

    assert other.isActiveWindow()
    assert other.hasFocus()


def test_without_a_tray_it_still_rings_and_asks_again_next_time(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    later, desk.tray = desk.tray, None

    desk.alerts.announce(Alert(AlertKind.NEW_REQUEST, VEHICLE))
    desk.tray = later
    desk.alerts.announce(Alert(AlertKind.NEW_REQUEST, VEHICLE))
    desk.alerts.announce(Alert(AlertKind.NEW_REQUEST, VEHICLE))

    assert later is not None
    assert desk.rings == 3
    assert len(later.shown) == 2
    assert desk.opened == 2


def test_the_end_takes_the_tray_away(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.alerts.announce(Alert(AlertKind.NEW_REQUEST, VEHICLE))

    desk.alerts.close()
    desk.alerts.close()

    assert desk.tray is not None
    assert desk.tray.is_closed


def test_a_desktop_without_a_tray_has_none(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    assert SystemTray.open(window, lambda: None) is None


def test_a_press_on_a_notice_brings_the_window_up(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.alerts.announce(Alert(AlertKind.NEW_REQUEST, VEHICLE))
    assert desk.press is not None

    desk.press()

    assert desk.brought_up == 1
