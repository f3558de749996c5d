"""Every page of the shell has a page of its own behind it."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client_api.clock import Clock
from client_api.wire import Role
from desktop.app.adapters import Adapters, OwnedRoom
from desktop.app.bootstrap import build_app
from desktop.app.page_factory import PageFactory
from desktop.app.profile import open_profile
from desktop.app.settings import Settings
from desktop.call.states import EndReason
from desktop.viewmodels.call_ended_page import CallEndedPage
from desktop.viewmodels.dashboard_page import DashboardPage
from desktop.viewmodels.earnings_page import EarningsPage
from desktop.viewmodels.entrance_page import EntrancePage
from desktop.viewmodels.find_report_page import FindReportPage
from desktop.viewmodels.history_page import HistoryPage
from desktop.viewmodels.intake_page import IntakePage
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.shell import CallEnd, Page, ShellState
from desktop.viewmodels.sign_in_page import SignInPage
from desktop.viewmodels.sign_up_page import SignUpPage
from desktop.viewmodels.summary_page import SummaryPage
from desktop.views.widgets.button import Button
from preflight.devices.ports import DeviceCatalogue
from tests.fakes.clock import FakeClock
from tests.fakes.wire_samples import sample_me, sample_session

SESSION = sample_session().id


def no_room(_clock: Clock, _camera: PictureMailbox, _screen: PictureMailbox) -> OwnedRoom:
    raise AssertionError("no page here opens a room")


def no_devices(_settings: Settings) -> DeviceCatalogue:
    raise AssertionError("no page here opens a device")


class NoSecrets:
    """A keyring that holds nothing."""

    async def load(self, name: str) -> None:
        return None

    async def save(self, name: str, secret: object) -> None:
        return None

    async def forget(self, name: str) -> None:
        return None


@pytest.mark.parametrize(
    ("button", "model"),
    [("nav_history", HistoryPage), ("nav_earnings", EarningsPage), ("nav_sessions", DashboardPage)],
)
async def test_a_button_of_the_header_leads_to_its_page(
    qapp: QApplication, tmp_path: Path, button: str, model: type
) -> None:
    profile = open_profile("test", tmp_path)
    profile.make()
    adapters = Adapters(FakeClock(), NoSecrets(), no_room, no_devices)
    program = build_app(qapp, profile, Settings(service_url="http://127.0.0.1:9"), adapters)
    program.window.show()
    program.shell.enter(sample_me(), Role.MECHANIC)
    if button == "nav_sessions":
        program.shell.go_history()

    pressed = program.window.findChild(Button, button)
    assert isinstance(pressed, Button)
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)

    opened = program.page.value
    assert opened is not None
    assert isinstance(opened.model, model)
    async with asyncio.timeout(10):
        while not opened.widget.isVisible():
            # A page comes in turns of the loop, so that nothing else waits for all of it.
            await asyncio.sleep(0)
    await program.close()


@pytest.mark.parametrize(
    ("state", "model"),
    [
        (ShellState(Page.SIGN_IN), SignInPage),
        (ShellState(Page.SIGN_UP), SignUpPage),
        (ShellState(Page.DASHBOARD, role=Role.MECHANIC), DashboardPage),
        (ShellState(Page.FIND_REPORT, role=Role.SUPPORT), FindReportPage),
        (ShellState(Page.HISTORY), HistoryPage),
        (ShellState(Page.EARNINGS, role=Role.MECHANIC), EarningsPage),
        (ShellState(Page.INTAKE), IntakePage),
        (ShellState(Page.PREFLIGHT, session=SESSION), EntrancePage),
        (
            ShellState(
                Page.CALL_ENDED, session=SESSION, call_end=CallEnd(EndReason.ROOM_UNREACHABLE)
            ),
            CallEndedPage,
        ),
        (ShellState(Page.SUMMARY, session=SESSION), SummaryPage),
    ],
    ids=lambda value: value.page.name.lower() if isinstance(value, ShellState) else "",
)
async def test_the_page_asked_for_is_the_page_that_comes(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, state: ShellState, model: type
) -> None:
    profile = open_profile("test", tmp_path)
    profile.make()
    adapters = Adapters(FakeClock(), NoSecrets(), no_room, no_devices)
    program = build_app(qapp, profile, Settings(service_url="http://127.0.0.1:9"), adapters)
    program.shell.enter(sample_me(), Role.CUSTOMER)

    opened = PageFactory(program).make(state)
    qtbot.addWidget(opened.widget)

    assert isinstance(opened.model, model)
    assert opened.page is state.page
    opened.close()
    await program.close()
