"""The preflight on the screen: what its run decides before a page is there."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client_api.errors import ErrorCode
from client_api.wire import SessionId
from desktop.app.preflight_run import is_refused_report
from desktop.app.running_desk import open_page
from desktop.call.events import JoinRequested
from desktop.call.machine import step
from desktop.call.states import CallState, Ended, EndReason, FetchingToken, Idle
from desktop.viewmodels.preflight_state import JoinRefused
from desktop.views.preflight_words import again_words
from preflight.system.settings_pages import Opening
from tests.conftest import ExpectedLogs
from tests.fakes.calls import setup

SETUP = setup()


def ended(reason: EndReason) -> Ended:
    """A call of `SETUP` that was refused its token."""
    asking, _ = step(Idle(), JoinRequested(SETUP))
    assert isinstance(asking, FetchingToken)
    return Ended(reason, asking.talk, ErrorCode.PREFLIGHT_REQUIRED)


class _System(QObject):
    """Stands for the system that opens addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def system(qapp: QApplication) -> Iterator[_System]:
    """Who opens the addresses of this system's settings for the length of a test."""
    system = _System()
    QDesktopServices.setUrlHandler("ms-settings", system, "take")  # type: ignore[arg-type]  # PySide6 refuses the bytes of its stub
    yield system
    QDesktopServices.unsetUrlHandler("ms-settings")


def test_the_system_opens_its_settings(system: _System) -> None:
    open_page(Opening("ms-settings:privacy-webcam"))

    assert system.opened == ["ms-settings:privacy-webcam"]


def test_a_page_that_is_a_program_is_started(qtbot: QtBot, tmp_path: Path) -> None:
    mark = tmp_path / "opened"
    script = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"

    open_page(Opening(command=(sys.executable, "-c", script, str(mark))))

    qtbot.waitUntil(mark.exists, timeout=20_000)


def test_a_program_that_is_gone_is_noted(
    caplog: pytest.LogCaptureFixture, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("settings could not be opened")

    open_page(Opening(command=("/nowhere/control-center", "sound")))

    assert "settings could not be opened" in caplog.text


@pytest.mark.parametrize(
    ("state", "session", "refused"),
    [
        (ended(EndReason.PREFLIGHT_NEEDED), SETUP.session, True),
        (ended(EndReason.PREFLIGHT_NEEDED), SessionId("another"), False),
        (ended(EndReason.USER_LEFT), SETUP.session, False),
        (Idle(), SETUP.session, False),
    ],
)
def test_only_a_refused_report_of_this_session_is_told_on_its_page(
    state: CallState, session: SessionId, refused: bool
) -> None:
    assert is_refused_report(state, session) is refused


def test_each_reason_why_a_join_was_refused_has_words_of_its_own() -> None:
    told = {again_words(why) for why in JoinRefused}

    assert len(told) == len(JoinRefused)
    assert "too old" in again_words(JoinRefused.STALE)
    assert "too old" not in again_words(JoinRefused.MISSING) + again_words(JoinRefused.FAILED)
